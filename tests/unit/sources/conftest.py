"""What tests of sources share: a repository, and a host of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.git_hosting import GitHost, WorkingRepository, git_host

FILES = {"flows.py": "one", "daily/load.py": "load", "weekly/report.py": "report", "readme.txt": "read me"}


@pytest.fixture
def repository(tmp_path: Path) -> WorkingRepository:
    """A repository with one commit on `main`."""
    return WorkingRepository.made(tmp_path / "hosted" / "team" / "flows.git", FILES)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    """A host of the repositories under `hosted`, open to all."""
    with git_host(tmp_path / "hosted") as serving:
        yield serving


@pytest.fixture
def closed_host(tmp_path: Path) -> Iterator[GitHost]:
    """A host of the same that asks for a name and password."""
    with git_host(tmp_path / "hosted", ("reader", "s3cr3t-tok3n/+")) as serving:
        yield serving
