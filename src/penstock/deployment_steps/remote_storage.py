"""The step `pull_from_remote_storage`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from penstock.deployment_steps.git_clone import checked_folder
from penstock.deployment_steps.step import Step, Tell
from penstock.sources.remote_folder import RemoteFolder


class PullFromRemoteStorage(Step, frozen=True, kw_only=True):
    """Put the code of a folder behind an address into a folder in the working directory."""

    name: ClassVar[str] = "pull_from_remote_storage"

    url: str
    settings: dict[str, Any]

    @classmethod
    def of(cls, inputs: Mapping[str, Any]) -> Self:
        """Return the step; all inputs but `url` are settings of the file system."""
        url = {"url": inputs["url"]} if "url" in inputs else {}
        return super().of({**url, "settings": {name: value for name, value in inputs.items() if name != "url"}})

    def run(self, tell: Tell) -> dict[str, Any]:
        """Pull it.

        Returns:
            `directory`, the absolute path of the folder.
        """
        source = RemoteFolder(self.url, self.settings)
        directory = source.pull(Path.cwd() / checked_folder(source.folder_name))
        tell(f"Pulled {source.address} into {directory}")
        return {"directory": str(directory)}
