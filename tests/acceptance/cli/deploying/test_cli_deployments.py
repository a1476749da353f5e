"""`penstock deployment`: listing, inspecting, running, pausing, versions, schedules, backfills; every mistake in one line."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.schedules import CronSchedule

NAME = "report/daily"


def test_deployments_are_listed(cli: Any, deploy: Any) -> None:
    """A list says what each is, as a table and as JSON; conditions choose among them."""
    deploy(schedules=[ScheduleSpec(CronSchedule("0 9 * * *", "Europe/Oslo"), slug="mornings")], tags=["nightly"])
    deploy("weekly", paused=True)
    listed = cli("deployment", "ls")
    assert [line.split()[:2] for line in listed.lines[1:]] == [[NAME, "Active"], ["report/weekly", "Paused"]]
    assert "0 9 * * * (Europe/Oslo)" in listed.out
    assert [one["spec"]["name"] for one in cli("deployment", "ls", "--paused", "-o", "json").json] == ["weekly"]
    assert [one["spec"]["name"] for one in cli("deployment", "ls", "--tag", "nightly", "-o", "json").json] == ["daily"]
    assert cli("deployment", "ls", "--name", "nothing").err == "No deployments match.\n"


def test_there_is_none_yet(cli: Any) -> None:
    """An empty record says how to make a deployment."""
    assert "penstock deploy" in cli("deployment", "ls").err


def test_a_deployment_is_inspected(cli: Any, deploy: Any) -> None:
    """All that it says is shown, for people and as JSON; its bare name will do where no other has the same."""
    made = deploy(
        description="What it is for",
        entrypoint="flows.py:report",
        concurrency_limit=2,
        schedules=[ScheduleSpec(CronSchedule("0 9 * * *"), slug="mornings")],
    )
    shown = cli("deployment", "inspect", "daily")
    for words in (
        NAME,
        str(made.id),
        "What it is for",
        "flows.py:report",
        'city="Oslo"',
        "2 (others wait)",
        "mornings",
    ):
        assert words in shown.out
    assert cli("deployment", "inspect", NAME, "-o", "json").json["id"] == str(made.id)
    assert cli("deployment", "inspect", made.id, "-o", "json").json["version_number"] == 1


def test_what_is_not_there_is_said(cli: Any, deploy: Any) -> None:
    """A name that means nothing, or several, is one line on standard error and exit code 1."""
    deploy()
    deploy(flow_name="other")
    missing = cli("deployment", "inspect", "report/nothing")
    assert (missing.code, missing.out) == (1, "")
    assert missing.err.startswith("Error: ")
    assert len(missing.err.splitlines()) == 1
    several = cli("deployment", "inspect", "daily")
    assert several.code == 1
    assert "'daily' could be other/daily or report/daily. Give the flow's name, too." in several.err
    none = cli("deployment", "inspect", "nothing")
    assert "There is no deployment 'nothing'. `penstock deployment ls`" in none.err


def test_a_run_is_asked_for(cli: Any, deploy: Any) -> None:
    """A run has the arguments, tags, job variables, name and time that the options say."""
    made = deploy()
    options = (
        "-p",
        "count=3",
        "--params",
        '{"city": "Bergen", "count": 1}',
        "--tag",
        "by-hand",
        "-jv",
        'env={"A": "b"}',
    )
    run = cli("deployment", "run", NAME, *options, "--flow-run-name", "mine", "--in", "1h", "-o", "json").json
    assert run["parameters"] == {"city": "Bergen", "count": 3}
    assert (run["name"], run["tags"], run["job_variables"]) == ("mine", ["by-hand"], {"env": {"A": "b"}})
    assert (run["deployment_id"], run["state"]["name"]) == (str(made.id), "Scheduled")
    again = cli("deployment", "run", NAME, "--idempotency-key", "k", "-o", "json").json
    assert cli("deployment", "run", NAME, "--idempotency-key", "k", "-o", "json").json["id"] == again["id"]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("-p", "count"), 2, "is not of the form KEY=VALUE"),
        (("--params", "["), 2, "not valid JSON"),
        (("-jv", "x"), 2, "--job-variable 'x' is not of the form KEY=VALUE"),
        (("-jv", "x=1", "-jv", '{"x": 2}'), 2, "The job variable 'x' is given twice"),
        (("--in", "soon"), 2, "'soon' is no span of time"),
        (("--at", "soon"), 2, "'soon' is no date or time"),
        (("--at", "2040-01-01", "--in", "1h"), 2, "Give either --at or --in"),
        (("--watch-timeout", "3"), 2, "--watch-timeout goes with --watch"),
        (("-p", "count=0"), 1, "count"),
        (("-p", "nothing=0"), 1, "nothing"),
    ],
)
def test_a_mistake_is_one_line(cli: Any, deploy: Any, options: tuple[str, ...], code: int, words: str) -> None:
    """What can't be is said in one line that names it, and no run is made."""
    deploy()
    outcome = cli("deployment", "run", NAME, *options)
    assert outcome.code == code
    assert words in outcome.err.splitlines()[0]
    assert "Traceback" not in outcome.err
    assert cli("flow-run", "ls", "-o", "json").json == []


def test_pausing_and_resuming(cli: Any, deploy: Any) -> None:
    """A pause is a version of the deployment; asked again, it makes none."""
    deploy()
    assert "Paused report/daily" in cli("deployment", "pause", NAME).err
    assert cli("deployment", "pause", NAME, "-o", "json").json["version_number"] == 2
    resumed = cli("deployment", "resume", NAME, "-o", "json").json
    assert (resumed["version_number"], resumed["spec"].get("paused", False)) == (3, False)


def test_versions_are_listed_compared_and_promoted(cli: Any, deploy: Any) -> None:
    """Every change is listed; a diff names what differs; a rollback has runs go by the version before."""
    deploy()
    deploy(parameters={"city": "Bergen"})
    listed = cli("deployment", "version", "ls", NAME, "-o", "json").json
    assert [(one["number"], one["is_current"]) for one in listed] == [(2, True), (1, False)]
    compared = cli("deployment", "version", "diff", NAME)
    assert compared.lines == ["parameters.city", '- "Oslo"', '+ "Bergen"']
    assert compared.err == "From version 1 to 2:\n"
    back = cli("deployment", "rollback", NAME, "-o", "json").json
    assert (back["version_number"], back["newest_version"]) == (1, 2)
    ahead = cli("deployment", "version", "diff", NAME, "-o", "json").json
    assert ahead == {
        "before": 1,
        "after": 2,
        "differences": [{"path": "parameters.city", "before": "Oslo", "after": "Bergen"}],
    }
    assert "there is none" in cli("deployment", "rollback", NAME).err
    assert cli("deployment", "version", "promote", NAME, "2", "-o", "json").json["version_number"] == 2
    assert "from 1 to 1" in cli("deployment", "rollback", NAME, "7").err
    missing = cli("deployment", "version", "promote", NAME, "9")
    assert (missing.code, len(missing.err.splitlines())) == (1, 1)


def test_schedules_are_added_paused_and_removed(cli: Any, deploy: Any) -> None:
    """Schedules have slugs by which they are paused, resumed and deleted; each change is a version."""
    deploy()
    create = ("deployment", "schedule", "create", NAME)
    made = cli(*create, "--cron", "0 9 * * *", "--timezone", "Europe/Oslo", "--slug", "mornings", "-o", "json").json
    assert made["spec"]["schedule"] == {"type": "cron", "cron": "0 9 * * *", "timezone": "Europe/Oslo"}
    cli(*create, "--interval", "90m", "--paused", "--overlap", "skip", "--slug", "often")
    listed = cli("deployment", "schedule", "ls", NAME, "-o", "json").json
    assert [(one["slug"], one["next"] is None) for one in listed] == [("mornings", False), ("often", True)]
    assert listed[1]["spec"]["schedule"]["interval"] == 5400
    assert "has a schedule 'often'" in cli(*create, "--interval", "1h", "--slug", "often").err
    assert cli("deployment", "schedule", "resume", NAME, "often").code == 0
    assert cli("deployment", "schedule", "pause", NAME, "mornings").code == 0
    shown = cli("deployment", "schedule", "ls", NAME)
    assert [line.split()[0] for line in shown.lines[1:]] == ["mornings", "often"]
    assert cli("deployment", "schedule", "delete", NAME, "mornings", "--yes").code == 0
    assert "has no schedule 'mornings'. It has 'often'." in cli("deployment", "schedule", "pause", NAME, "mornings").err
    assert "Nobody is there to ask" in cli("deployment", "schedule", "clear", NAME).err
    assert cli("deployment", "schedule", "clear", NAME, "--yes").code == 0
    assert cli("deployment", "schedule", "ls", NAME, "-o", "json").json == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "Say when"),
        (("--cron", "0 9 * *"), "0 9 * *"),
        (("--cron", "0 0 30 2 *"), "never"),
        (("--cron", "@daily", "--interval", "1h"), "Give one of --cron and --interval"),
        (("--cron", "@daily", "--timezone", "Europe/Nowhere"), "Europe/Nowhere"),
        (("--interval", "often"), "'often' is no span of time"),
        (("--interval", "1h", "--day-and"), "--day-and goes with --cron"),
        (("--rrule", "FREQ=NEVER"), "NEVER"),
        (("--timezone", "UTC"), "--timezone goes with"),
    ],
)
def test_a_schedule_that_makes_no_sense(cli: Any, deploy: Any, options: tuple[str, ...], words: str) -> None:
    """It is refused before anything is changed, in one line."""
    deploy()
    refused = cli("deployment", "schedule", "create", NAME, *options)
    assert refused.code in (1, 2)
    assert words in refused.err.splitlines()[0]
    assert cli("deployment", "inspect", NAME, "-o", "json").json["version_number"] == 1


def test_backfills(cli: Any, deploy: Any) -> None:
    """A range is counted, asked for, looked at and cancelled."""
    deploy(schedules=[ScheduleSpec(CronSchedule("0 * * * *"), slug="hourly")])
    create = ("deployment", "backfill", "create", NAME, "--start", "2026-01-01T00:00Z", "--end", "2026-01-02T00:00Z")
    assert "There would be 24 runs" in cli(*create, "--dry-run").err
    made = cli(*create, "--concurrency", "2", "-p", "count=2", "-o", "json").json
    backfill = made["request"]["id"]
    assert (made["total"], made["request"]["parameters"]) == (24, {"count": 2})
    listed = cli("deployment", "backfill", "ls", NAME)
    assert listed.lines[1].split()[:3] == [backfill, NAME, "Running"]
    assert "of 24 runs ended" in cli("deployment", "backfill", "inspect", backfill).out
    assert cli("deployment", "backfill", "cancel", backfill, "-o", "json").json["status"] == "CANCELLED"
    assert "is not a valid UUID" in cli("deployment", "backfill", "inspect", "x").err


def test_deleting(cli: Any, deploy: Any) -> None:
    """Deletion asks, unless told not to."""
    deploy()
    assert "Nobody is there to ask" in cli("deployment", "delete", NAME).err
    assert cli("deployment", "delete", NAME, "--yes").err == "Deleted report/daily.\n"
    assert cli("deployment", "ls", "-o", "json").json == []
