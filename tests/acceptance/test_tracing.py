"""Traces of whole programs: in processes for tasks, and where what traces need is not installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.programs import ran, written

IN_PROCESSES = """
import os
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from penstock import flow, task
from penstock.task_runners import ProcessPoolTaskRunner

def line(span):
    around = format(span.parent.span_id, "x") if span.parent else "none"
    return f"span {span.name} {format(span.context.span_id, 'x')} {around} {os.getpid()}\\n"

def send_spans():
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(formatter=line)))
    trace.set_tracer_provider(provider)

@task(task_run_name="nested")
def nested():
    pass

@task(task_run_name="remote")
def remote():
    with trace.get_tracer("mine").start_as_current_span("mine"):
        nested()

@flow(flow_run_name="top", task_runner=ProcessPoolTaskRunner(max_workers=1, initializer=send_spans))
def top():
    remote.submit().result()

if __name__ == "__main__":
    send_spans()
    top()
"""

WITHOUT_THE_PACKAGE = """
import sys
sys.modules["opentelemetry"] = None
from penstock import flow, task

@{kind}
def run():
    print("it ran")

run()
"""


def test_a_trace_goes_on_in_a_process_for_tasks(tmp_path: Path) -> None:
    """The span of a task run is made here; what its function does in another process lies within it."""
    done = ran(written(tmp_path, IN_PROCESSES), tmp_path / "home", PENSTOCK_TRACING_ENABLED="true")
    assert done.returncode == 0, done.stderr
    spans = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("span ")]
    names = {span_id: name for name, span_id, _, _ in spans}
    assert {name: names.get(around) for name, _, around, _ in spans} == {
        "nested": "mine",
        "mine": "remote",
        "remote": "top",
        "top": None,
    }
    processes = {name: process for name, _, _, process in spans}
    assert processes["nested"] == processes["mine"] != processes["remote"] == processes["top"]


@pytest.mark.parametrize("kind", ["flow", "task"])
def test_a_missing_package_is_said_before_anything_runs(kind: str, tmp_path: Path) -> None:
    """With tracing on and OpenTelemetry not installed, the error names the setting and what to install."""
    program = written(tmp_path, WITHOUT_THE_PACKAGE.format(kind=kind))
    done = ran(program, tmp_path / "home", PENSTOCK_TRACING_ENABLED="true")
    assert done.returncode == 1
    assert "it ran" not in done.stdout
    last = done.stderr.strip().splitlines()[-1]
    assert "ConfigurationError: tracing.enabled is set" in last
    assert "pip install 'penstock[otel]'" in last
