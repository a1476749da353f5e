"""`penstock init` and `penstock deploy`: from a folder with flows to deployments, with and without questions."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

FLOWS = '''
from penstock import flow


@flow(version="7")
def report(city: str = "Oslo", count: int = 1) -> int:
    """Say how it is there."""
    return count


@flow
def clean_up() -> None: ...
'''


class Terminal(io.StringIO):
    """Standard input of a person who answers."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with flows, in which commands are given."""
    place = tmp_path / "project"
    place.mkdir()
    (place / "flows.py").write_text(FLOWS)
    monkeypatch.chdir(place)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delenv("CI", raising=False)
    return place


@pytest.fixture
def pool(cli: Any) -> None:
    cli("work-pool", "create", "near")


def project(folder: Path, text: str, name: str = "penstock.yaml") -> None:
    (folder / name).write_text(dedent(text))


def answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{answer}\n" for answer in answers)))


def test_init_writes_a_project(cli: Any, folder: Path) -> None:
    """Without questions the recipe is local; a file that is there stays, unless told otherwise."""
    made = cli("init", "--name", "mine", "-o", "json").json
    assert made == {"file": str(folder / "penstock.yaml"), "name": "mine", "recipe": "local"}
    assert "runs find the code in this folder" in (folder / "penstock.yaml").read_text()
    again = cli("init")
    assert (again.code, len(again.err.splitlines())) == (1, 1)
    assert "Give --overwrite" in again.err
    assert cli("init", "--overwrite", "--recipe", "git", "--field", "repository=https://example.com/a.git").code == 0
    assert "repository: https://example.com/a.git" in (folder / "penstock.yaml").read_text()


def test_init_asks_on_a_terminal(cli: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person is asked for the recipe and what it needs."""
    answering(monkeypatch, "docker", "registry.example.com/flows")
    assert cli("init", terminal=True).code == 0
    assert "image_name: registry.example.com/flows" in (folder / "penstock.yaml").read_text()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--recipe", "docker"), "needs --field image_name=VALUE"),
        (("--recipe", "docker", "--field", "image=x"), "image_name, tag, dockerfile"),
        (("--recipe", "nothing"), "nothing"),
        (("--prompt",), "Nobody is there to ask"),
    ],
)
def test_init_without_what_it_needs(cli: Any, folder: Path, options: tuple[str, ...], words: str) -> None:
    """Nothing is written."""
    refused = cli("init", *options)
    assert refused.code == 2
    assert words in refused.err.splitlines()[0]
    assert not (folder / "penstock.yaml").exists()


@pytest.mark.usefixtures("pool")
def test_a_flow_is_deployed_straight(cli: Any, folder: Path) -> None:
    """Options say all that is needed; the flow's own words are taken where they say nothing."""
    options = ("-n", "daily", "-p", "near", "--cron", "0 9 * * *", "--timezone", "Europe/Oslo", "--param", "count=2")
    more = (
        "-t",
        "a",
        "-jv",
        "env={}",
        "--concurrency-limit",
        "2",
        "--collision-strategy",
        "CANCEL_NEW",
        "--note",
        "why",
    )
    [made] = cli("deploy", "flows.py:report", *options, *more, "-o", "json").json
    spec = made["spec"]
    assert (spec["flow_name"], spec["version"], spec["description"]) == ("report", "7", "Say how it is there.")
    assert (spec["entrypoint"], spec["path"]) == ("flows.py:report", str(folder))
    assert (spec["parameters"], spec["tags"], spec["job_variables"]) == ({"count": 2}, ["a"], {"env": {}})
    assert (spec["concurrency_limit"], spec["collision_strategy"]) == (2, "CANCEL_NEW")
    assert spec["schedules"][0]["schedule"] == {"type": "cron", "cron": "0 9 * * *", "timezone": "Europe/Oslo"}
    assert sorted(spec["parameter_schema"]["properties"]) == ["city", "count"]
    assert cli("deployment", "version", "ls", "daily", "-o", "json").json[0]["note"] == "why"


@pytest.mark.usefixtures("pool")
def test_saving_adds_to_the_file(cli: Any, folder: Path) -> None:
    """What is saved is deployed the same again, and the lines that were there stay."""
    cli("init")
    before = (folder / "penstock.yaml").read_text().partition("deployments:")[0]
    for name in ("daily", "hourly"):
        saved = cli("deploy", "flows.py:report", "-n", name, "-p", "near", "--interval", "1h", "--save")
        assert saved.code == 0, saved.err
    text = (folder / "penstock.yaml").read_text()
    assert text.startswith(before)
    again = cli("deploy", "--all", "-o", "json").json
    assert [(one["spec"]["name"], one["version_number"]) for one in again] == [("daily", 1), ("hourly", 1)]
    assert (
        "has a deployment 'daily' already"
        in cli("deploy", "flows.py:report", "-n", "daily", "-p", "near", "--save").err
    )


SEVERAL = """
    name: mine
    definitions:
      pool: &pool {name: near, job_variables: {env: {WHERE: "{{ $WHERE }}"}}}
    build:
    - penstock.deployments.steps.run_shell_script:
        id: commit
        script: echo 4f2a91c
    pull:
    - penstock.deployments.steps.git_clone:
        repository: https://example.com/a.git
        commit_sha: "{{ commit.stdout }}"
        access_token: "{{ $TOKEN_OF_THE_WORKER }}"
    deployments:
    - name: nightly-report
      entrypoint: flows.py:report
      version: "{{ commit.stdout }}"
      parameters: {city: Bergen, count: 3}
      tags: [a, b]
      concurrency_limit: {limit: 1, collision_strategy: CANCEL_NEW, grace_period_seconds: 60}
      schedules:
      - {cron: "0 3 * * *", timezone: Europe/Oslo, slug: nights, parameters: {count: 4}}
      - {interval: 3600, anchor_date: 2026-01-01T00:00:00+00:00, slug: hours, active: false}
      work_pool: *pool
    - name: nightly-clean
      entrypoint: flows.py:clean_up
      pull: []
      schedule: {rrule: "FREQ=WEEKLY;BYDAY=MO"}
      work_pool:
        <<: *pool
        work_queue_name: slow
    - name: weekly
      entrypoint: flows.py:clean_up
      work_pool: {name: near}
"""


@pytest.mark.usefixtures("pool")
def test_a_project_is_deployed(cli: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps are carried out, references replaced but for those of pull steps that are of where runs are, anchors followed."""
    monkeypatch.setenv("WHERE", "here")
    project(folder, SEVERAL)
    done = cli("deploy", "--all", "-o", "json")
    assert done.code == 0, done.err
    report, clean, weekly = (one["spec"] for one in done.json)
    assert (report["version"], report["job_variables"]) == ("4f2a91c", {"env": {"WHERE": "here"}})
    assert report["pull_steps"] == [
        {
            "penstock.deployments.steps.git_clone": {
                "repository": "https://example.com/a.git",
                "commit_sha": "4f2a91c",
                "access_token": "{{ $TOKEN_OF_THE_WORKER }}",
            }
        }
    ]
    assert (report["concurrency_limit"], report["grace_seconds"]) == (1, 60)
    assert [one["slug"] for one in report["schedules"]] == ["nights", "hours"]
    assert report["schedules"][1]["schedule"]["anchor_date"] == "2026-01-01T00:00:00Z"
    assert (clean.get("pull_steps"), clean["path"], clean["work_queue_name"]) == (None, str(folder), "slow")
    assert clean["schedules"][0]["schedule"]["type"] == "rrule"
    assert weekly["flow_name"] == "clean-up"
    assert done.err.count("Running run_shell_script step") == 1


@pytest.mark.usefixtures("pool")
def test_names_and_patterns_choose(cli: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name, a pattern, or a flow's name before it; what means none is told, with what is near."""
    monkeypatch.setenv("WHERE", "here")
    project(folder, SEVERAL)

    def deployed(*names: str) -> list[str]:
        options = [word for name in names for word in ("--name", name)]
        return [one["spec"]["name"] for one in cli("deploy", *options, "-o", "json").json]

    assert deployed("weekly") == ["weekly"]
    assert deployed("nightly-*") == ["nightly-report", "nightly-clean"]
    assert deployed("clean-up/*") == ["nightly-clean", "weekly"]
    assert "Did you mean 'weekly'?" in cli("deploy", "--name", "weakly").err
    assert "Say which to deploy" in cli("deploy").err
    assert "Options would change tags of 3" in cli("deploy", "--all", "--tag", "x").err


@pytest.mark.usefixtures("pool")
def test_schedules_that_the_file_does_not_speak_of_stay(cli: Any, folder: Path) -> None:
    """Deploying again changes no schedule that was made by hand, unless the file says which there are."""
    project(folder, "deployments: [{name: daily, entrypoint: 'flows.py:report', work_pool: {name: near}}]")
    assert cli("deploy").code == 0
    cli("deployment", "schedule", "create", "daily", "--cron", "@daily", "--slug", "mine")
    [kept] = cli("deploy", "-t", "new", "-o", "json").json
    assert [one["slug"] for one in kept["schedules"]] == ["mine"]
    with (folder / "penstock.yaml").open("w") as file:
        file.write(
            "deployments: [{name: daily, entrypoint: 'flows.py:report', schedules: [], work_pool: {name: near}}]"
        )
    [gone] = cli("deploy", "-o", "json").json
    assert gone["schedules"] == []


@pytest.mark.usefixtures("pool")
def test_a_project_of_prefect_is_deployed(cli: Any, folder: Path) -> None:
    """`prefect.yaml` is read where there is no penstock.yaml, its steps under their own names; what is left out is told."""
    project(
        folder,
        """
        name: mine
        prefect-version: 3.4.0
        build: null
        push:
        pull:
        - prefect.deployments.steps.set_working_directory:
            directory: /srv
        deployments:
        - name: daily
          version: null
          tags: []
          description: null
          schedule: {}
          flow_name: null
          entrypoint: flows.py:report
          parameters: {}
          triggers: [{enabled: true}]
          work_pool:
            name: near
            work_queue_name: null
            job_variables: {}
        """.replace("schedule: {}", "schedules: []"),
        "prefect.yaml",
    )
    done = cli("deploy", "-o", "json")
    assert done.code == 0, done.err
    assert done.json[0]["spec"]["pull_steps"] == [
        {"prefect.deployments.steps.set_working_directory": {"directory": "/srv"}}
    ]
    assert "triggers are not carried out yet" in done.err


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{name: a, entrypoint: 'flows.py:report'}", "line 3, deployment 'a': it has no work pool"),
        ("{entrypoint: 'flows.py:report', work_pool: {name: near}}", "it has no name"),
        ("{name: a, work_pool: {name: near}}", "it has no entrypoint"),
        ("{name: a, entrypoint: 'nothing.py:report', work_pool: {name: near}}", "nothing.py"),
        ("{name: a, entrypoint: 'flows.py:nothing', work_pool: {name: near}}", "nothing"),
        ("{name: a, entrypoint: 'flows.py:report', flow_name: x, work_pool: {name: near}}", "is 'report', not 'x'"),
        ("{name: a, entrypoint: 'flows.py:report', work_pool: {name: far}}", "There is no work pool 'far'"),
        ("{name: a, entrypoint: 'flows.py:report', work_pool: {name: near}, parameters: {count: x}}", "count"),
        ("{name: a, entrypoint: 'flows.py:report', work_pool: {name: near}, tags: '{{ $NO_SUCH }}'}", "NO_SUCH"),
        ("{name: a, entrypoint: '{{ $NO_SUCH }}', work_pool: {name: near}}", "NO_SUCH"),
        ("{name: a, entrypoint: 'flows.py:report', work_pool: {name: near}, paused: '{{ $PATH }}'}", "Expected `bool`"),
        ("{name: a, entrypoint: 'flows.py:report', work_pool: {name: near}, schedule: {cron: x}}", "x"),
        ("{name: a, entrypoint: 'flows.py:report', work_pool: {name: near}, schedule: {}}", "neither"),
        ("{name: a, entrypoint: 'flows.py:report', work_pool: {name: near}, build: [{nothing: {}}]}", "nothing"),
    ],
)
def test_mistakes_in_a_project(cli: Any, folder: Path, entry: str, words: str) -> None:
    """Each is one line that names the deployment, the fact and the remedy; nothing is deployed."""
    project(folder, f"name: mine\ndeployments:\n- {entry}\n")
    refused = cli("deploy")
    assert refused.code == 1
    assert words in refused.err.splitlines()[-1]
    assert len([line for line in refused.err.splitlines() if line.startswith("Error: ")]) == 1
    assert cli("deployment", "ls", "-o", "json").json == []


@pytest.mark.usefixtures("pool")
def test_no_step_is_carried_out_for_what_makes_no_sense(cli: Any, folder: Path) -> None:
    """A mistake in one of several deployments is found before anything is built for the others."""
    project(
        folder,
        """
        build:
        - penstock.deployments.steps.run_shell_script: {script: touch built}
        deployments:
        - {name: a, entrypoint: 'flows.py:report', work_pool: {name: near}}
        - {name: b, entrypoint: 'flows.py:report', work_pool: {name: near}, schedule: {cron: '0 0 30 2 *'}}
        """,
    )
    refused = cli("deploy", "--all")
    assert refused.err.startswith("Error: penstock.yaml, line 6, deployment 'b': ")
    assert not (folder / "built").exists()
    assert cli("deploy", "--name", "a").code == 0
    assert (folder / "built").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "There is no penstock.yaml here"),
        (("flows.py:report",), "Give the deployment a --name"),
        (("--all", "--name", "x"), "Give either --all or"),
        (("--save",), "--save goes with"),
        (("--file", "nothing.yaml"), "nothing.yaml can't be read"),
        (("flows.py:report", "-n", "x", "--collision-strategy", "ENQUEUE"), "goes with --concurrency-limit"),
    ],
)
def test_mistakes_of_the_command(cli: Any, arguments: tuple[str, ...], words: str) -> None:
    """Each is one line that says what would be right."""
    refused = cli("deploy", *arguments)
    assert refused.code in (1, 2)
    assert words in refused.err.splitlines()[0]


def test_questions_lead_to_a_deployment(cli: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person is asked for what is missing: name, pool (made on the way), schedule (again where it makes no sense), file."""
    answering(monkeypatch, "daily", "near", "y", "cron", "no cron", "UTC", "0 9 * * *", "Europe/Oslo", "y")
    asked = cli("deploy", "flows.py:report", terminal=True)
    assert asked.code == 0, asked.err
    assert "name: daily" in (folder / "penstock.yaml").read_text()
    [made] = cli("deployment", "ls", "-o", "json").json
    assert made["spec"]["schedules"][0]["schedule"]["timezone"] == "Europe/Oslo"
    assert cli("work-pool", "inspect", "near", "-o", "json").json["type"] == "process"


def test_nobody_is_asked_in_ci(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """CI may have a terminal; nobody sits at it. Nor is anybody asked with --no-prompt."""
    answering(monkeypatch)
    assert cli("deploy", "flows.py:report", "--no-prompt", terminal=True).code == 2
    monkeypatch.setenv("CI", "true")
    assert cli("deploy", "flows.py:report", terminal=True).code == 2
