"""The contract of sources: where the code of a deployment comes from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from penstock.core import clock
from penstock.core.errors import SourceUnreachable

PAUSES_SECONDS = (1.0, 3.0)
"""How long to wait before each further try, where a source does not answer."""

_kept: list[Pulled] = []


class Pulled:
    """Code that is on this machine, and stays there until it is released.

    Others may read it at the same time, so nobody may change it.

    Parameters:
        path: its folder.
        version: what tells this state of the code from others, such as a commit; None where nothing does.
        release: lets it go.
    """

    def __init__(self, path: Path, version: str | None, release: Callable[[], None] | None = None) -> None:
        self.path = path
        self.version = version
        self._release = release

    def release(self) -> None:
        """Let it go: it may vanish from now on. Doing so twice does nothing."""
        release, self._release = self._release, None
        if release is not None:
            release()

    def keep(self) -> Path:
        """Keep it until this process, and every process forked from it, has ended. Returns its folder."""
        _kept.append(self)
        return self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def __repr__(self) -> str:
        return f"Pulled({str(self.path)!r}, version={self.version!r})"


class Source(ABC):
    """Where code comes from."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Where it is, for people and records: without secrets."""

    @abstractmethod
    def to_pull_step(self) -> dict[str, Any]:
        """Return the step that pulls this code elsewhere: JSON that travels with a deployment, without secrets.

        Raises:
            InvalidSource: it would have to hold a secret.
        """

    @abstractmethod
    def fetch_once(self, deadline: float) -> Pulled:
        """Bring the code onto this machine, or find it there. See `fetch`.

        Parameters:
            deadline: the instant to give up at, by the monotonic clock.
        """

    def fetch(self) -> Pulled:
        """Bring the code onto this machine, or find it there, and return it: shared, and not to be changed.

        A source that does not answer is asked again, twice.

        Raises:
            SourceError: it can't be had.
        """
        from penstock import settings

        deadline = clock.current().monotonic() + settings.current().code.timeout_seconds
        for pause_seconds in PAUSES_SECONDS:
            try:
                return self.fetch_once(deadline)
            except SourceUnreachable:
                if clock.current().monotonic() + pause_seconds >= deadline:
                    raise
                clock.current().sleep(pause_seconds)
        return self.fetch_once(deadline)

    def pull(self, into: Path) -> Path:
        """Put a copy of the code, which may be changed, into a folder, and return the folder where it is.

        Parameters:
            into: a folder that is not there yet, is empty, or was pulled here before from the same address.

        Raises:
            SourceError: the code can't be had, or the folder holds something else.
        """
        with self.fetch() as pulled:
            return self.put(pulled, into)

    def put(self, pulled: Pulled, into: Path) -> Path:
        """Put a copy of what was fetched into a folder. See `pull`."""
        from penstock.sources.copies import put_copy

        return put_copy(pulled, self.address, into)
