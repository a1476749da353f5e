"""Code that is on this machine already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from penstock.core.errors import InvalidSource, SourceError
from penstock.sources.source import Pulled, Source


class LocalFolder(Source):
    """A folder of this machine. It is used where it is, and never copied.

    Parameters:
        path: the folder; a relative one is taken from the working directory of now.
    """

    def __init__(self, path: str | Path) -> None:
        if not str(path).strip() or "\0" in str(path):
            raise InvalidSource(f"{str(path)!r} is no path of a folder. Give one such as '/srv/flows'.")
        self.path = Path(path).expanduser().resolve()

    @property
    def address(self) -> str:
        """The absolute path."""
        return str(self.path)

    def to_pull_step(self) -> dict[str, Any]:
        """Return the step that makes the folder the working directory."""
        return {"penstock.deployments.steps.set_working_directory": {"directory": str(self.path)}}

    def fetch_once(self, deadline: float) -> Pulled:
        """Return the folder itself.

        Raises:
            SourceError: there is none.
        """
        if not self.path.is_dir():
            raise SourceError(f"There is no folder {str(self.path)!r} for code to come from. Check the path.")
        return Pulled(self.path, None)

    def pull(self, into: Path) -> Path:
        """Return the folder itself: what is there already needs no copy.

        Raises:
            SourceError: there is none.
        """
        return self.fetch().path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalFolder) and bool(self.path == other.path)

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return f"LocalFolder({str(self.path)!r})"
