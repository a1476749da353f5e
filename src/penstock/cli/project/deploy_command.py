"""One `penstock deploy`: what is wanted, put together from the command, the project's file and answers; then made so."""

from __future__ import annotations

from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from penstock.cli.deploying.deployment_tables import plain
from penstock.cli.deploying.finding import full_name
from penstock.cli.deploying.parameters import given_job_variables, given_parameters
from penstock.cli.deploying.schedule_options import said_schedule
from penstock.cli.project import questions
from penstock.cli.project.choosing import chosen
from penstock.cli.project.deploying import Wanted
from penstock.cli.project.file import ProjectFile, find_project
from penstock.cli.project.saving import save_deployment
from penstock.cli.project.steps import ProjectSteps
from penstock.cli.screen.output import Format, print_json, say
from penstock.wire.deploying.deployments import Deployment

_PLAIN = ("description", "version", "enforce_parameter_schema")


@dataclass
class DeployCommand:
    """What the command line says.

    Attributes:
        entrypoint: a flow that is deployed, whatever the file says.
        names: which deployments.
        every: whether all of the file's.
        path: the project's file.
        prompt: whether to ask; None where it depends on who is there.
        save: whether what is deployed is added to the file.
        options: what else is said of the deployment.
    """

    entrypoint: str | None
    names: tuple[str, ...]
    every: bool
    path: Path | None
    prompt: bool | None
    save: bool
    options: dict[str, Any]
    _asks: bool = field(default=False, init=False)

    def carry_out(self, *, note: str | None, promote: bool, output: Format) -> None:
        """Deploy all that is wanted, and say so.

        Raises:
            ClickException: something is wrong; what was deployed before that has been said.
        """
        self._check()
        self._asks = questions.may_ask(self.prompt)
        file = find_project(Path.cwd(), self.path)
        folder = Path.cwd() if file is None else file.path.absolute().parent
        with chdir(folder):
            wanted = self._wanted(file)
            for one in wanted:
                one.load(folder)
                self._complete(one)
                one.check()
            deployed = self._deploy(wanted, file, folder, note=note, promote=promote, output=output)
        if self.save:
            say(f"Added it to {save_deployment(file, folder, wanted[0].written).name}.")
        if output == "json":
            print_json([plain(one) for one in deployed])
        else:
            _say_next_steps(deployed)

    def _check(self) -> None:
        if self.every and (self.names or self.entrypoint):
            raise click.UsageError("Give either --all or the ones to deploy.")
        if self.entrypoint and len(self.names) > 1:
            raise click.UsageError("One flow is deployed under one --name.")
        if self.save and not self.entrypoint:
            raise click.UsageError("--save goes with FILE.py:FLOW: what the file says is in it already.")
        if self.options["collision_strategy"] and not self.options["concurrency_limit"]:
            raise click.UsageError("--collision-strategy goes with --concurrency-limit.")

    def _wanted(self, file: ProjectFile | None) -> list[Wanted]:
        overrides = self._overrides()
        if self.entrypoint is not None:
            return [self._given_straight(file, overrides)]
        if file is None:
            if self._asks:
                self.entrypoint = questions.ask_text("Which flow? (FILE.py:FLOW)")
                return [self._given_straight(None, overrides)]
            raise click.UsageError(
                "There is no penstock.yaml here. Name a flow, FILE.py:FLOW, or begin with: penstock init"
            )
        if self._asks and not self.every and not self.names and len(file.entries) > 1:
            names = [entry.get("name") or "" for entry in file.entries]
            self.names = (questions.ask_choice("Which deployment?", names),)
        indexes = chosen(file, self.names, every=self.every)
        if len(indexes) > 1 and overrides:
            raise click.UsageError(
                f"Options would change {', '.join(sorted(overrides))} of {len(indexes)} deployments. Give the --name of one."
            )
        return [_from_file(file, index, overrides) for index in indexes]

    def _given_straight(self, file: ProjectFile | None, overrides: dict[str, Any]) -> Wanted:
        name = self.names[0] if self.names else None
        if name is None:
            if not self._asks:
                raise click.UsageError("Give the deployment a --name.")
            name = questions.ask_text("What is the deployment called?", "default")
        given = {"name": name, "entrypoint": self.entrypoint, **overrides}
        for index, entry in enumerate(file.entries if file is not None else ()):
            if file is not None and entry.get("name") == name:
                if self.save:
                    raise click.UsageError(f"{file.path.name} has a deployment {name!r} already. Leave --save out.")
                return _from_file(file, index, given)
        return Wanted(given, f"Deployment {name!r}", is_new=True)

    def _overrides(self) -> dict[str, Any]:
        """Return what options say of a deployment, as the project's file would say it."""
        given = self.options
        schedule = said_schedule(
            **{key: given[key] for key in ("cron", "interval", "rrule", "timezone", "anchor_date")}
        )
        limit = given["concurrency_limit"]
        if limit is not None and given["collision_strategy"]:
            limit = {"limit": limit, "collision_strategy": given["collision_strategy"]}
        pool = {
            "name": given["pool"],
            "work_queue_name": given["work_queue"],
            "job_variables": given_job_variables(given["job_variables"]) or None,
        }
        said = {
            **{key: given[key] for key in _PLAIN},
            "tags": list(given["tags"]) or None,
            "parameters": given_parameters(given["pairs"], given["document"]) or None,
            "concurrency_limit": limit,
            "schedules": None if schedule is None else [self._as_written()],
            "work_pool": {key: value for key, value in pool.items() if value is not None} or None,
        }
        return {key: value for key, value in said.items() if value is not None}

    def _as_written(self) -> dict[str, Any]:
        given = self.options
        interval, anchor = given["interval"], given["anchor_date"]
        said = {
            "cron": given["cron"],
            "interval": None if interval is None else interval.total_seconds(),
            "rrule": given["rrule"],
            "timezone": given["timezone"],
            "anchor_date": None if anchor is None else anchor.isoformat(),
        }
        return {key: value for key, value in said.items() if value is not None}

    def _complete(self, one: Wanted) -> None:
        """Ask for what a deployment lacks, or say that it does."""
        if not one.written.get("name"):
            if not self._asks:
                raise click.ClickException(f"{one.where}: it has no name. Add one.")
            one.written["name"] = questions.ask_text("What is the deployment called?", "default")
        if not (one.written.get("work_pool") or {}).get("name"):
            if not self._asks:
                raise click.ClickException(
                    f"{one.where}: it has no work pool. Give --pool, or add work_pool: {{name: …}}. Without one, "
                    "`penstock flow serve` carries its runs out."
                )
            one.written["work_pool"] = {**(one.written.get("work_pool") or {}), "name": questions.ask_pool()}
        if self.entrypoint is not None and self._asks and not one.written.keys() & {"schedule", "schedules"}:
            schedule = questions.ask_schedule()
            if schedule is not None:
                one.written["schedules"] = [schedule]

    def _deploy(
        self,
        wanted: list[Wanted],
        file: ProjectFile | None,
        folder: Path,
        *,
        note: str | None,
        promote: bool,
        output: Format,
    ) -> list[Deployment]:
        steps = ProjectSteps({} if file is None else file.text.value)
        deployed: list[Deployment] = []
        for one in wanted:
            outputs = steps.outputs_for(one.written)
            entry = one.resolved(outputs)
            made = one.applied(entry, steps.pull_steps_for(one.written), outputs, folder, note=note, promote=promote)
            deployed.append(made)
            if output == "text":
                held = "" if promote or made.newest_version == made.version_number else ", held back"
                say(f"Deployed {full_name(made)}, version {made.newest_version}{held}.")
        if not self.save and self._asks and self.entrypoint is not None and wanted[0].is_new:
            self.save = questions.ask_yes("Add it to penstock.yaml, to deploy it so again?")
        return deployed


def _from_file(file: ProjectFile, index: int, overrides: dict[str, Any]) -> Wanted:
    written = file.entries[index]
    merged = {**written, **overrides}
    if "schedules" in overrides:
        merged.pop("schedule", None)
    for key in ("work_pool", "parameters"):
        if key in overrides and isinstance(written.get(key), dict):
            merged[key] = {**written[key], **overrides[key]}
    where = f"{file.where(('deployments', index))}, deployment {merged.get('name') or index + 1!r}"
    for key in ("triggers", "sla"):
        if written.get(key):
            say(f"{file.where(('deployments', index, key))}: {key} are not carried out yet; the rest is deployed.")
    return Wanted(merged, where)


def _say_next_steps(deployed: list[Deployment]) -> None:
    pools = list(dict.fromkeys(one.spec.work_pool_name for one in deployed if one.spec.work_pool_name))
    if pools:
        say(f"A worker carries out their runs: penstock worker start --pool {pools[0]!r}")
    say(f"To run one now: penstock deployment run {full_name(deployed[0])!r} --watch")
