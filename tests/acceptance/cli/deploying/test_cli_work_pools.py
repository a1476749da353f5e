"""`penstock work-pool` and `penstock work-queue`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def test_a_pool_from_its_making_to_its_end(cli: Any) -> None:
    """A pool is made, listed, inspected, limited, paused, resumed and deleted."""
    made = cli("work-pool", "create", "near", "--concurrency-limit", "3", "--description", "in this room")
    assert made.err.startswith("Made the work pool 'near' of type process.")
    assert cli("work-pool", "ls").lines[1].split()[:2] == ["near", "process"]
    shown = cli("work-pool", "inspect", "near").out
    assert "0 of 3" in shown
    assert "in this room" in shown
    assert "default" in shown
    assert cli("work-pool", "set-concurrency-limit", "near", "7", "-o", "json").json["concurrency_limit"] == 7
    assert cli("work-pool", "clear-concurrency-limit", "near", "-o", "json").json["concurrency_limit"] is None
    assert cli("work-pool", "pause", "near", "-o", "json").json["status"] == "PAUSED"
    assert cli("work-pool", "resume", "near", "-o", "json").json["paused"] is False
    assert cli("work-pool", "update", "near", "--description", "far", "-o", "json").json["description"] == "far"
    assert "Nobody is there to ask" in cli("work-pool", "delete", "near").err
    assert cli("work-pool", "delete", "near", "--yes").code == 0
    assert "There is no work pool yet" in cli("work-pool", "ls").err


def test_mistakes_about_pools(cli: Any) -> None:
    """A name that is taken, unknown or of an unknown type is said in one line."""
    cli("work-pool", "create", "near")
    for command, words in (
        (("create", "near"), "near"),
        (("create", "other", "--type", "nothing"), "There is no type of worker 'nothing'"),
        (("inspect", "nothing"), "There is no work pool 'nothing'"),
        (("delete", "nothing", "--yes"), "There is no work pool 'nothing'"),
        (("preview", "nothing"), "There is no work pool 'nothing'"),
        (("update", "near"), "Say what is to be different"),
        (("set-concurrency-limit", "near", "-1"), "-1"),
    ):
        refused = cli("work-pool", *command)
        assert refused.code in (1, 2), command
        assert words in refused.err.splitlines()[0]


def test_templates_are_files(cli: Any, tmp_path: Path) -> None:
    """The template of a type is written to a file, changed there, and given to a pool; what is none is refused."""
    file = tmp_path / "template.json"
    assert cli("work-pool", "get-default-base-job-template", "--type", "docker").json["variables"]["properties"][
        "image"
    ]
    assert cli("work-pool", "get-default-base-job-template", "-f", file).code == 0
    template = json.loads(file.read_text())
    template["variables"]["properties"]["env"]["default"] = {"A": "b"}
    file.write_text(json.dumps(template))
    made = cli("work-pool", "create", "near", "--base-job-template", file, "-o", "json").json
    assert made["base_job_template"] == template
    for text in ("{", "[]"):
        file.write_text(text)
        refused = cli("work-pool", "update", "near", "--base-job-template", file)
        assert refused.code == 1
        assert str(file) in refused.err.splitlines()[0]


def test_what_waits_in_a_pool(cli: Any, deploy: Any) -> None:
    """The runs that are due within a time are listed, the first due first."""
    cli("work-pool", "create", "near")
    deploy(work_pool_name="near")
    for name, span in (("late", "50m"), ("soon", "5m"), ("never", "3h")):
        cli("deployment", "run", "daily", "--in", span, "--flow-run-name", name)
    assert [run["name"] for run in cli("work-pool", "preview", "near", "-o", "json").json] == ["soon", "late"]
    assert len(cli("work-pool", "preview", "near", "--within", "4h").lines) == 4
    assert "No run of 'near' is due" in cli("work-pool", "preview", "near", "--within", "1s").err


def test_a_queue_from_its_making_to_its_end(cli: Any) -> None:
    """A queue is made, listed, inspected, limited, paused, resumed and deleted."""
    cli("work-pool", "create", "near")
    on = ("--pool", "near")
    made = cli("work-queue", "create", "urgent", *on, "--priority", "1", "--limit", "2", "-o", "json").json
    assert (made["priority"], made["concurrency_limit"]) == (1, 2)
    listed = cli("work-queue", "ls", *on, "-o", "json").json
    assert sorted(one["name"] for one in listed) == ["default", "urgent"]
    assert "0 of 2" in cli("work-queue", "inspect", "urgent", *on).out
    assert cli("work-queue", "set-concurrency-limit", "urgent", "5", *on, "-o", "json").json["concurrency_limit"] == 5
    assert cli("work-queue", "clear-concurrency-limit", "urgent", *on, "-o", "json").json["concurrency_limit"] is None
    assert cli("work-queue", "pause", "urgent", *on, "-o", "json").json["paused"] is True
    assert cli("work-queue", "resume", "urgent", *on, "-o", "json").json["paused"] is False
    assert cli("work-queue", "delete", "urgent", *on, "--yes").err == "Deleted the queue 'urgent' of 'near'.\n"
    assert [one["name"] for one in cli("work-queue", "ls", *on, "-o", "json").json] == ["default"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("inspect", "nothing", "--pool", "near"), "nothing"),
        (("inspect", "default", "--pool", "nothing"), "nothing"),
        (("inspect", "default"), "Missing option"),
        (("delete", "default", "--pool", "near", "--yes"), "pause it instead"),
        (("create", "x", "--pool", "near", "--priority", "0"), "0"),
    ],
)
def test_mistakes_about_queues(cli: Any, command: tuple[str, ...], words: str) -> None:
    """They are one line that names what is wrong."""
    cli("work-pool", "create", "near")
    refused = cli("work-queue", *command)
    assert refused.code in (1, 2)
    assert words in refused.err.splitlines()[0]


def test_a_run_that_ended_badly_is_tried_again(cli: Any, deploy: Any) -> None:
    """`flow-run retry` has a cancelled run wait anew; a run that waits already is refused in one line."""
    cli("work-pool", "create", "near")
    deploy(work_pool_name="near")
    run = cli("deployment", "run", "daily", "-o", "json").json["id"]
    refused = cli("flow-run", "resume", run)
    assert refused.code == 1
    assert len(refused.err.splitlines()) == 1
    assert cli("flow-run", "cancel", run, "--yes").code == 0
    again = cli("flow-run", "retry", run, "--reason", "once more", "-o", "json").json
    assert again["state"]["type"] == "SCHEDULED"
