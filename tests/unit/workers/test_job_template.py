"""Job templates, filled in."""

from __future__ import annotations

import pytest
from pydantic import Field

from penstock.core.errors import ConfigurationError
from penstock.wire.deploying.job_templates import TEMPLATES
from penstock.workers.base import BaseJobConfiguration, BaseVariables
from penstock.workers.job_template import filled, filled_text, template_of
from penstock.workers.registry import worker_of_type

TEMPLATE = {
    "job_configuration": {
        "command": "{{ command }}",
        "name": "{{ name }}",
        "limits": {"memory": "{{ memory_mb }}", "label": "at {{ memory_mb }} MB"},
        "list": ["{{ name }}", "fixed"],
        "env": {"FIXED": "1"},
    },
    "variables": {"properties": {"memory_mb": {"type": "integer", "default": 64}, "env": {"default": {"A": "a"}}}},
}


def test_values_keep_their_types() -> None:
    """A reference that stands alone becomes the value itself; within text it becomes text."""
    job = filled(TEMPLATE, {"memory_mb": 512, "name": "x"})
    assert job["limits"] == {"memory": 512, "label": "at 512 MB"}
    assert job["list"] == ["x", "fixed"]


def test_defaults_and_what_nobody_said() -> None:
    """A variable that nobody gives has its default; a part that is one without a default is left out."""
    job = filled(TEMPLATE, {})
    assert job["limits"]["memory"] == 64
    assert "command" not in job
    assert job["list"] == ["fixed"]


def test_environments_are_merged() -> None:
    """What the template says, the variable's default and what is given are one environment, the last one counting."""
    assert filled(TEMPLATE, {"env": {"B": "b", "FIXED": "2"}})["env"] == {"FIXED": "2", "A": "a", "B": "b"}
    assert filled(TEMPLATE, {"env.B": "b"})["env"] == {"FIXED": "1", "A": "a", "B": "b"}


def test_braces_in_values_stay() -> None:
    """What is put in is not looked through again."""
    assert filled(TEMPLATE, {"name": "{{ memory_mb }}"})["name"] == "{{ memory_mb }}"


def test_names() -> None:
    """A name may refer to the run; what stands for nothing stays as it is."""
    known = {"ctx": {"flow": {"name": "etl"}}}
    assert filled_text("{{ ctx.flow.name }}-{{ other }}", known) == "etl-{{ other }}"


def test_a_reference_to_nothing_within_text_is_refused() -> None:
    """Half a text can't be left out."""
    template = {"job_configuration": {"name": "run of {{ nobody }}"}, "variables": {}}
    with pytest.raises(ConfigurationError, match="nobody"):
        filled(template, {})


class OwnVariables(BaseVariables):
    size: int = 3


class OwnConfiguration(BaseJobConfiguration):
    size: int = Field(3, json_schema_extra={"template": "{{ size }}"})


def test_the_template_of_an_own_type() -> None:
    """The template of a type has each field of its configuration as the variable of that name, and its variables' schema."""
    template = template_of(OwnConfiguration, OwnVariables)
    assert template["job_configuration"]["size"] == "{{ size }}"
    assert template["variables"]["properties"]["size"]["default"] == 3
    assert OwnConfiguration.from_template_and_values(template, {"size": 100}).size == 100


@pytest.mark.parametrize("type_name", ["process", "docker"])
def test_every_variable_of_a_known_type_is_used(type_name: str) -> None:
    """What the servers' templates let runs say is what the workers' configurations have, by the same names."""
    worker = worker_of_type(type_name)
    template = TEMPLATES[type_name]
    assert set(template["variables"]["properties"]) == set(worker.job_configuration.model_fields)
    assert worker.get_default_base_job_template() == template
