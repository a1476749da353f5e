"""The Helm chart: its values by their schema; its templates as far as can be told without Helm, and by Helm where it is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from penstock.wire.deploying.job_templates import TEMPLATES as OF_POOLS

CHART = Path(__file__).parents[2] / "charts" / "penstock"
TEMPLATES = sorted((CHART / "templates").glob("*.yaml"))
_WHOLE_LINE = re.compile(r"^\s*\{\{.*\}\}\s*$")
_INLINE = re.compile(r"\{\{.*?\}\}")


def _values() -> Any:
    return yaml.safe_load((CHART / "values.yaml").read_text())


def _schema() -> Any:
    return jsonschema_rs.validator_for(json.loads((CHART / "values.schema.json").read_text()))


def test_the_values_fit_their_schema() -> None:
    """What the chart comes with is allowed by its own schema."""
    _schema().validate(_values())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("server.replicas", 2),  # without a PostgreSQL
        ("server.replicas", "two"),
        ("server.port", 70_000),
        ("server.unknown", 1),
        ("server.apiKey.secretName", "Not A Name"),
        ("worker.pool", ""),
        ("worker.apiUrl", "file:///etc/passwd"),
        ("worker.env", {"BAD-NAME": "x"}),
        ("image.pullPolicy", "Sometimes"),
    ],
)
def test_wrong_values_are_refused(path: str, value: Any) -> None:
    """Values that can't work are refused before anything is installed."""
    values = _values()
    *way, last = path.split(".")
    place = values
    for step in way:
        place = place[step]
    place[last] = value
    assert not _schema().is_valid(values)


def _documents(path: Path) -> list[Any]:
    kept = [_INLINE.sub("x", line) for line in path.read_text().splitlines() if not _WHOLE_LINE.match(line)]
    return [one for one in yaml.safe_load_all("\n".join(kept)) if one]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_are_objects(path: Path) -> None:
    """Each template is YAML of objects with a kind and a name, when every action that has a line of its own is left out.

    This is no rendering: what `range`, `if` and `include` come to is not seen here. `test_helm_takes_the_chart` sees it, where
    Helm is.
    """
    for one in _documents(path):
        assert {"apiVersion", "kind", "metadata"} <= set(one)
        assert one["metadata"]["name"]
    text = path.read_text()
    opened = len(re.findall(r"\{\{-? (?:if|with|range|define)\b", text))
    assert opened == len(re.findall(r"\{\{-? end\b", text))


def test_templates_use_values_that_are_there() -> None:
    """Every value that a template names is among the chart's own."""
    for path in [*TEMPLATES, CHART / "templates" / "_names.tpl"]:
        for name in re.findall(r"\.Values\.([\w.]+)", path.read_text()):
            place = _values()
            for step in name.split("."):
                assert step in place, f"{path.name}: .Values.{name}"
                place = place[step]


def test_the_worker_may_do_what_it_does_and_read_no_secret() -> None:
    """The role has the rights that the worker asks the cluster for, and none to read secrets."""
    role = next(one for one in _documents(CHART / "templates" / "rights.yaml") if one["kind"] == "Role")
    rights = {resource: set(rule["verbs"]) for rule in role["rules"] for resource in rule["resources"]}
    assert rights == {
        "jobs": {"create", "delete", "get", "list", "watch"},
        "pods": {"delete", "get", "list", "watch"},
        "pods/log": {"get"},
        "events": {"list", "watch"},
        "secrets": {"create"},
    }


def test_runs_are_started_where_the_worker_has_its_role() -> None:
    """The role is made in the release's namespace, where the worker's pod is, and a pool names no other by default.

    The worker starts runs in its pod's namespace then: `tests/unit/workers/kubernetes/test_namespaces.py` shows that.
    """
    rights = (CHART / "templates" / "rights.yaml").read_text()
    assert "range $namespace := concat (list .Release.Namespace) .Values.worker.jobNamespaces" in rights
    [worker] = _documents(CHART / "templates" / "worker.yaml")
    assert "namespace" not in worker["metadata"]  # so it is the release's
    assert worker["spec"]["template"]["spec"].get("automountServiceAccountToken", True)
    assert "default" not in OF_POOLS["kubernetes"]["variables"]["properties"]["namespace"]


def test_probes_ask_for_what_the_server_has() -> None:
    """The probes ask the paths that need no key."""
    deployment = _documents(CHART / "templates" / "server.yaml")[0]
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    assert container["livenessProbe"]["httpGet"]["path"] == "/api/health"
    assert container["readinessProbe"]["httpGet"]["path"] == "/api/ready"


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not installed")
def test_helm_takes_the_chart() -> None:
    """Helm lints the chart strictly, and renders it."""
    for command in (["helm", "lint", "--strict", str(CHART)], ["helm", "template", "flows", str(CHART)]):
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr
