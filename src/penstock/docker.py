"""Container images that hold a flow's code, built and pushed when a deployment is made."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from penstock.core import clock
from penstock.core.errors import ConfigurationError, InfrastructureError
from penstock.core.ids import uuid7

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DockerImage", "build_docker_image", "push_docker_image"]

BUILD_SECONDS = 3_600
"""How long the engine may be silent while it builds or pushes."""

_DOCKERFILE = """\
FROM {base}
{requirements}COPY [".", "/opt/penstock/{folder}/"]
WORKDIR /opt/penstock/{folder}
"""
_REQUIREMENTS = """\
COPY requirements.txt /opt/penstock/requirements.txt
RUN python -m pip install --no-cache-dir -r /opt/penstock/requirements.txt
"""
_IGNORED = ".git\n.venv\nvenv\n__pycache__\n*.pyc\n.env\n"


class DockerImage:
    """An image that is built from the folder a deployment is made in, and pushed to a registry.

    Parameters:
        name: with the registry, such as `registry.example.com/team/flows`; a tag may stand behind a colon.
        tag: by default the instant, to the second, so that no image takes another's place.
        dockerfile: a file, relative to the folder; `auto` for one that copies the folder and installs what its
            `requirements.txt` names, in the image `base_image`.
        base_image: what an `auto` image begins with: one in which Penstock is installed.
        stream_progress_to: where what the engine says goes; by default standard error.
        build_kwargs: further arguments of docker-py's `images.build`.

    Raises:
        ConfigurationError: the tag is given twice, or an `auto` image would take the place of a Dockerfile that is there.
    """

    def __init__(
        self,
        name: str,
        tag: str | None = None,
        dockerfile: str = "auto",
        *,
        base_image: str = "penstock:latest",
        stream_progress_to: IO[str] | None = None,
        **build_kwargs: Any,
    ) -> None:
        before, colon, own_tag = name.rpartition(":")
        if colon and "/" not in own_tag:
            if tag is not None:
                raise ConfigurationError(
                    f"The image {name!r} has a tag in its name, and another one, {tag!r}. Give one."
                )
            name, tag = before, own_tag
        self.name = name
        self.tag = tag or clock.now().strftime("%Y-%m-%dt%H-%M-%Sz")
        self.dockerfile = dockerfile
        self.base_image = base_image
        self.build_kwargs = build_kwargs
        self._progress = stream_progress_to

    @classmethod
    def of(cls, image: str | DockerImage) -> DockerImage:
        """Return an image that is given by its name, or as it is."""
        return image if isinstance(image, DockerImage) else cls(image)

    @property
    def reference(self) -> str:
        """Its name with its tag, as engines take it."""
        return f"{self.name}:{self.tag}"

    def build(self, folder: Path | None = None) -> str:
        """Build it from a folder, by default the working directory, and return its reference.

        Raises:
            InfrastructureError: no engine answers, or the build fails.
            ConfigurationError: there is no such Dockerfile.
        """
        here = (folder or Path.cwd()).resolve()
        with self._engine() as engine, self._described(here) as dockerfile:
            arguments = {"path": str(here), "dockerfile": dockerfile, "tag": self.reference, "rm": True, "decode": True}
            self._tell(engine.api.build(**(arguments | self.build_kwargs)))
        return self.reference

    def push(self) -> None:
        """Push it to its registry.

        Raises:
            InfrastructureError: no engine answers, or the registry refuses.
        """
        with self._engine() as engine:
            self._tell(engine.api.push(self.name, tag=self.tag, stream=True, decode=True))

    @contextmanager
    def _engine(self) -> Iterator[Any]:
        try:
            import docker
            from docker.errors import DockerException
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"Images need the module {error.name!r}. Install it: pip install 'penstock[docker]'"
            ) from error
        try:
            engine = docker.from_env(timeout=BUILD_SECONDS)
            try:
                engine.ping()
                yield engine
            finally:
                engine.close()
        except DockerException as error:
            raise InfrastructureError(
                f"The image {self.reference!r} can't be made: {error}. Is a container engine running, and named in "
                "DOCKER_HOST?"
            ) from error

    @contextmanager
    def _described(self, folder: Path) -> Iterator[str]:
        if self.dockerfile != "auto":
            if not (folder / self.dockerfile).is_file():
                raise ConfigurationError(f"There is no {self.dockerfile!r} in {str(folder)!r}. Check the path.")
            yield self.dockerfile
            return
        written: list[Path] = []
        try:
            name = f".penstock-{uuid7().hex}.Dockerfile"  # never one that is there
            has_requirements = (folder / "requirements.txt").is_file()
            words = _DOCKERFILE.format(
                base=self.base_image, folder=folder.name, requirements=_REQUIREMENTS if has_requirements else ""
            )
            for path, text in ((folder / name, words), (folder / ".dockerignore", _IGNORED)):
                if path.name == ".dockerignore" and path.exists():
                    continue
                path.write_text(text)
                written.append(path)
            yield name
        finally:
            for path in written:
                path.unlink(missing_ok=True)

    def _tell(self, lines: Any) -> None:
        stream = self._progress or sys.stderr
        for line in lines:
            if "error" in line:
                raise InfrastructureError(f"The image {self.reference!r} can't be made: {str(line['error']).strip()}")
            if line.get("stream"):
                stream.write(line["stream"])


def build_docker_image(
    image_name: str, dockerfile: str = "auto", tag: str | None = None, *, base_image: str = "penstock:latest"
) -> dict[str, str]:
    """Build an image from the working directory: the step `penstock.deployments.steps.build_docker_image`.

    Parameters:
        image_name: with the registry, such as `registry.example.com/team/flows`.
        dockerfile: a file, or `auto` for one that copies the folder and installs what its `requirements.txt` names.
        tag: by default the instant.
        base_image: what an `auto` image begins with.

    Returns:
        `image_name`, `tag` and both as `image`, for later steps and for `job_variables`.

    Raises:
        InfrastructureError: no engine answers, or the build fails.
        ConfigurationError: there is no such Dockerfile, or no docker-py.
    """
    image = DockerImage(image_name, tag, dockerfile, base_image=base_image)
    image.build()
    return {"image_name": image.name, "tag": image.tag, "image": image.reference}


def push_docker_image(image_name: str, tag: str) -> dict[str, str]:
    """Push an image to its registry: the step `penstock.deployments.steps.push_docker_image`.

    Parameters:
        image_name: with the registry.
        tag: which one.

    Returns:
        The same as `build_docker_image`.

    Raises:
        InfrastructureError: no engine answers, or the registry refuses.
    """
    image = DockerImage(image_name, tag)
    image.push()
    return {"image_name": image.name, "tag": image.tag, "image": image.reference}
