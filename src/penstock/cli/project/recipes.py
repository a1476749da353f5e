"""What a new project's file says, by where the code comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from penstock.cli.project.saving import as_yaml
from penstock.deployment_steps.naming import PREFIX
from penstock.deployments.source_version import source_version
from penstock.settings.names import nearest

_HEAD = """\
# What `penstock deploy` reads: how this project's code is built, pushed and pulled, and its deployments.

"""
_NO_PULL = """\
# no pull steps: runs find the code in this folder
"""
_DOCKER_POOL = """\
# the pool of a deployment whose runs are started from the image: --pool NAME -jv image='{{ build-image.image }}', or
#   work_pool: {name: NAME, job_variables: {image: "{{ build-image.image }}"}}
"""
_NO_DEPLOYMENTS = """\
# the deployments; add one by hand, or by: penstock deploy FILE.py:FLOW --name NAME --pool POOL --save
deployments: []
"""


@dataclass(frozen=True)
class Recipe:
    """A way for code to come to where it runs.

    Attributes:
        words: what it is for.
        required: values that it must be given, by name, with the question that asks for each.
        optional: values that it may be given.
    """

    words: str
    required: dict[str, str] = field(default_factory=dict)
    optional: dict[str, str] = field(default_factory=dict)


RECIPES = {
    "local": Recipe("The code is in this folder, and stays there."),
    "git": Recipe(
        "Each run pulls the code from a git repository.",
        {"repository": "Which repository?"},
        {"branch": "Which branch?", "credentials_variable": "Which environment variable holds the access token?"},
    ),
    "docker": Recipe(
        "The code is built into a container image.",
        {"image_name": "What is the image called, with its registry?"},
        {"tag": "Which tag?", "dockerfile": "Which Dockerfile?"},
    ),
}


def recipe_of(name: str) -> Recipe:
    """Return a recipe.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in RECIPES:
        close = nearest(name, list(RECIPES))
        hint = f" Did you mean {close!r}?" if close else ""
        raise click.UsageError(f"There is no recipe {name!r}: there is {', '.join(RECIPES)}.{hint}")
    return RECIPES[name]


def defaults(name: str, folder: Path) -> dict[str, str]:
    """Return the values of a recipe that the folder shows."""
    source = source_version(folder) if name == "git" else None
    if source is None:
        return {}
    branch = source.branch if source.branch != "HEAD" else None
    return {key: value for key, value in (("repository", source.url), ("branch", branch)) if value}


def project_text(name: str, recipe: str, values: Mapping[str, str], folder: Path) -> str:
    """Return the text of a new project's file.

    Parameters:
        name: the project.
        recipe: the name of the recipe.
        values: those that the recipe takes.
        folder: where the code is.
    """
    build, push, pull = _STEPS[recipe](values, folder)
    parts = [
        f"{_HEAD}{as_yaml({'name': name})}",
        _part("build", build, "carried out by penstock deploy, to make what runs need"),
        _part("push", push, "carried out by penstock deploy, to take it where runs find it"),
        _part("pull", pull, "carried out before each run, to bring the code there") or _NO_PULL,
        _DOCKER_POOL if recipe == "docker" else "",
        _NO_DEPLOYMENTS,
    ]
    return "\n".join(part for part in parts if part)


def _part(kind: str, steps: list[dict[str, Any]], words: str) -> str:
    return f"# {words}\n{as_yaml({kind: steps})}" if steps else ""


def _local(_values: Mapping[str, str], _folder: Path) -> tuple[list[Any], list[Any], list[Any]]:
    return [], [], []


def _git(values: Mapping[str, str], _folder: Path) -> tuple[list[Any], list[Any], list[Any]]:
    inputs = {"repository": values["repository"]}
    if values.get("branch"):
        inputs["branch"] = values["branch"]
    if values.get("credentials_variable"):
        inputs["access_token"] = f"{{{{ ${values['credentials_variable'].lstrip('$')} }}}}"
    return [], [], [{f"{PREFIX}git_clone": {"id": "clone", **inputs}}]


def _docker(values: Mapping[str, str], folder: Path) -> tuple[list[Any], list[Any], list[Any]]:
    image = {"image_name": values["image_name"], "dockerfile": values.get("dockerfile") or "auto"}
    if values.get("tag"):
        image["tag"] = values["tag"]
    pushed = {"image_name": "{{ build-image.image_name }}", "tag": "{{ build-image.tag }}"}
    return (
        [{f"{PREFIX}build_docker_image": {"id": "build-image", **image}}],
        [{f"{PREFIX}push_docker_image": pushed}],
        [{f"{PREFIX}set_working_directory": {"directory": f"/opt/penstock/{folder.name}"}}],
    )


_STEPS = {"local": _local, "git": _git, "docker": _docker}
