"""Processes that are killed, or stand still, while they pull code: the next one has the code, and nothing is left over."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.git_hosting import GitHost, WorkingRepository, git_host

from penstock.core.errors import SourceError
from penstock.settings import current, temporary_settings
from penstock.sources.git.repository import GitSource

PULL = (
    "import sys\nfrom penstock.sources.git.repository import GitSource\nprint(GitSource(sys.argv[1]).fetch().version)\n"
)


@pytest.fixture
def repository(tmp_path: Path) -> WorkingRepository:
    return WorkingRepository.made(tmp_path / "hosted" / "flows.git", {"flows.py": "one"})


@pytest.fixture
def host(repository: WorkingRepository) -> Iterator[GitHost]:
    with git_host(repository.path.parent) as serving:
        yield serving
        serving.holds.set()


def pulling(host: GitHost) -> subprocess.Popen[str]:
    """Start a process that pulls."""
    return subprocess.Popen([sys.executable, "-c", PULL, f"{host.url}/flows.git"], stdout=subprocess.PIPE, text=True)


def test_a_killed_pull(repository: WorkingRepository, host: GitHost) -> None:
    """A process that is killed while it fetches leaves nothing that the next one stumbles over."""
    host.holds.clear()
    with pulling(host) as killed:
        assert host.waits.wait(60)
        killed.kill()
    host.holds.set()
    with pulling(host) as second:
        assert second.communicate()[0].strip() == repository.git("rev-parse", "HEAD")
    assert list((current().home / "code").glob("*/building")) == []


def test_processes_that_pull_at_once(repository: WorkingRepository, host: GitHost) -> None:
    """Of several processes that pull the same commit, one fetches it."""
    host.holds.clear()
    processes = [pulling(host) for _ in range(4)]
    assert host.waits.wait(60)
    host.holds.set()
    said = {process.communicate()[0].strip() for process in processes}
    assert said == {repository.git("rev-parse", "HEAD")}
    listings = sum(method == "GET" for method, _, _ in host.asked)
    assert listings == len(processes) + 1  # each asks where the branch is; one fetches


def test_a_host_that_stands_still(repository: WorkingRepository, host: GitHost) -> None:
    """A pull ends at its time limit, and so does the git that it started."""
    host.holds.clear()
    with temporary_settings({"code.timeout_seconds": 3.0}), pytest.raises(SourceError, match="took too long"):
        GitSource(f"{host.url}/flows.git").fetch()
    wait_for_the_end_of_git(host)


def test_an_interrupted_pull(repository: WorkingRepository, host: GitHost) -> None:
    """A process that is interrupted while it pulls ends at once, and takes its git along."""
    host.holds.clear()
    with pulling(host) as interrupted:
        assert host.waits.wait(60)
        interrupted.send_signal(signal.SIGINT)
        assert interrupted.wait(60) != 0
    wait_for_the_end_of_git(host)


def wait_for_the_end_of_git(host: GitHost) -> None:
    """Wait until no git process speaks to a host any more; one that goes on doing so is a failure."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            line = (path / "cmdline").read_bytes().decode()
            if "git" not in line or host.url not in line or sys.executable in line:
                continue
            descriptor = os.pidfd_open(int(path.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
        ended, _, _ = select.select([descriptor], [], [], 60)
        os.close(descriptor)
        assert ended, f"still there: {line}"
