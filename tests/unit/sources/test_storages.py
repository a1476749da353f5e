"""`penstock.runner.storage` and `flow.from_source`: code of elsewhere, loaded as a flow."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import fsspec
import pytest
from support.git_hosting import GitHost, WorkingRepository

from penstock import Flow, flow
from penstock.core.errors import InvalidSource, MissingFlowError, ScriptError, SourceError
from penstock.runner.storage import (
    GitRepository,
    LocalStorage,
    RemoteStorage,
    RunnerStorage,
    create_storage_from_source,
)

CODE = """
from penstock import flow

@flow
def greet(name: str = "world") -> str:
    from lazily import greeting  # imported when it runs
    return greeting(name)
"""
LAZILY = "def greeting(name):\n    return 'Hello ' + name\n"


@pytest.fixture
def code(repository: WorkingRepository) -> WorkingRepository:
    """A repository with a flow in it."""
    repository.commit({"greetings/greet.py": CODE, "greetings/lazily.py": LAZILY})
    return repository


@pytest.fixture(autouse=True)
def _modules_as_before(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a test imports is forgotten after it."""
    before = set(sys.modules)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("greet", "lazily", "__penstock")):
            del sys.modules[name]


def test_a_flow_from_a_repository(code: WorkingRepository, host: GitHost) -> None:
    """The flow runs, what it imports late is found, and it remembers where it comes from."""
    storage = GitRepository(f"{host.url}/team/flows.git")
    loaded = flow.from_source(storage, "greetings/greet.py:greet")
    assert loaded("you") == "Hello you"
    assert loaded._storage is storage
    assert loaded._entrypoint == "greetings/greet.py:greet"
    changed = loaded.with_options(name="other")
    assert (changed._storage, changed._entrypoint) == (storage, "greetings/greet.py:greet")


def test_a_flow_from_an_address(code: WorkingRepository, host: GitHost) -> None:
    """An address is enough; `Flow.from_source` and `flow.from_source` are the same."""
    loaded = Flow.from_source(f"{host.url}/team/flows.git", "greetings/greet.py:greet")
    assert loaded() == "Hello world"
    assert loaded._storage == GitRepository(f"{host.url}/team/flows.git")


@pytest.mark.parametrize("given", [str, Path])
def test_a_flow_from_a_folder(tmp_path: Path, given: Any) -> None:
    """A folder of this machine is used where it is."""
    (tmp_path / "greet.py").write_text(CODE)
    (tmp_path / "lazily.py").write_text(LAZILY)
    loaded = flow.from_source(given(tmp_path), "greet.py:greet")
    assert loaded() == "Hello world"
    assert loaded._storage == LocalStorage(str(tmp_path))


def test_a_flow_from_a_remote_folder() -> None:
    """Code behind an address of fsspec's works as well."""
    filesystem = fsspec.filesystem("memory")
    filesystem.pipe({"/flows/greet.py": CODE.encode(), "/flows/lazily.py": LAZILY.encode()})
    try:
        loaded = flow.from_source("memory://flows", "greet.py:greet")
        assert loaded() == "Hello world"
    finally:
        filesystem.rm("/flows", recursive=True)


def test_a_module_as_entrypoint(code: WorkingRepository, host: GitHost) -> None:
    """The entrypoint may name a module of the code."""
    code.commit(
        {
            "greeted/__init__.py": "",
            "greeted/flows.py": "from penstock import flow\n\n@flow\ndef one():\n    return 1\n",
        }
    )
    loaded = flow.from_source(f"{host.url}/team/flows.git", "greeted.flows:one")
    assert loaded() == 1


def test_in_async_code_it_is_awaited(code: WorkingRepository, host: GitHost) -> None:
    """Called from async code, `from_source` is awaited; `afrom_source` always is."""
    url = f"{host.url}/team/flows.git"

    async def load() -> list[str]:
        first: Any = flow.from_source(url, "greetings/greet.py:greet")
        second = await flow.afrom_source(url, "greetings/greet.py:greet")
        return [(await first).name, second.name]

    assert asyncio.run(load()) == ["greet", "greet"]


class OwnStorage:
    """A storage as a user may write one, sync or async."""

    pull_interval = None

    def __init__(self) -> None:
        self.base = Path()

    def set_base_path(self, path: Path) -> None:
        self.base = path

    @property
    def destination(self) -> Path:
        return self.base / "own"

    async def pull_code(self) -> None:
        await asyncio.sleep(0)
        self.destination.mkdir()
        (self.destination / "greet.py").write_text(CODE)
        (self.destination / "lazily.py").write_text(LAZILY)

    def to_pull_step(self) -> dict[str, Any]:
        return {"my.step": {}}


def test_a_storage_of_ones_own() -> None:
    """Whatever has the methods of a storage can be given."""
    storage = OwnStorage()
    assert isinstance(storage, RunnerStorage)
    loaded = flow.from_source(storage, "greet.py:greet")
    assert loaded() == "Hello world"
    assert loaded._storage is storage


def test_a_storage_of_ones_own_is_cleared_at_the_end(tmp_path: Path) -> None:
    """What such a storage pulled is gone when the process has ended."""
    program = Path(__file__).read_text() + (
        "\nstorage = OwnStorage()\nflow.from_source(storage, 'greet.py:greet')\nprint(storage.base)\n"
    )
    (tmp_path / "program.py").write_text(program)
    path = f"{Path(__file__).parents[2]}"
    said = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": path, "PENSTOCK_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip()
    assert not Path(said.stdout.strip()).exists()


@pytest.mark.parametrize("entrypoint", ["../outside.py:f", "/etc/outside.py:f", "a/../../outside.py:f", "link.py:f"])
def test_entrypoints_that_lead_out(tmp_path: Path, entrypoint: str) -> None:
    """An entrypoint outside of the code is refused, also behind a link."""
    (tmp_path / "outside.py").write_text("raise SystemExit")
    code = tmp_path / "code"
    code.mkdir()
    (code / "link.py").symlink_to(tmp_path / "outside.py")
    with pytest.raises(MissingFlowError, match="leads out of the code"):
        flow.from_source(str(code), entrypoint)


def test_what_can_not_be_loaded(tmp_path: Path, code: WorkingRepository, host: GitHost) -> None:
    """A flow, a file or a storage that is not there is said; so is code that raises."""
    url = f"{host.url}/team/flows.git"
    with pytest.raises(MissingFlowError, match="no flow 'other'"):
        flow.from_source(url, "greetings/greet.py:other")
    with pytest.raises(MissingFlowError, match="no file"):
        flow.from_source(url, "missing.py:flow")
    with pytest.raises(SourceError, match="no folder"):
        flow.from_source(str(tmp_path / "nothing"), "greet.py:greet")
    with pytest.raises(TypeError, match="'int'"):
        flow.from_source(7, "greet.py:greet")  # type: ignore[arg-type]
    code.commit({"broken.py": "1 / 0\n"})
    with pytest.raises(ScriptError, match="ZeroDivisionError"):
        flow.from_source(url, "broken.py:flow")


def test_pulling_into_a_base_path(code: WorkingRepository, host: GitHost, tmp_path: Path) -> None:
    """`pull_code` puts the code at the destination, and brings it up to date there."""
    storage = GitRepository(f"{host.url}/team/flows.git", branch="main", pull_interval=5)
    storage.set_base_path(tmp_path)
    assert storage.destination == tmp_path / "flows-main"
    assert storage.pull_interval == 5
    asyncio.run(storage.pull_code())
    assert (storage.destination / "flows.py").read_text() == "one"
    code.commit({"flows.py": "two"})
    asyncio.run(storage.pull_code())
    assert (storage.destination / "flows.py").read_text() == "two"


def test_steps_of_storages() -> None:
    """Each storage says how it is pulled elsewhere; a name of its own travels along."""
    own = GitRepository("https://example.test/a.git", name="mine", commit_sha="deadbeef", directories=["x"])
    assert own.to_pull_step() == {
        "penstock.deployments.steps.git_clone": {
            "repository": "https://example.test/a.git",
            "branch": None,
            "commit_sha": "deadbeef",
            "directories": ["x"],
            "clone_directory_name": "mine",
        }
    }
    remote = RemoteStorage("s3://bucket/code", key="{{ $KEY }}")
    assert remote.to_pull_step() == {
        "penstock.deployments.steps.pull_from_remote_storage": {
            "url": "s3://bucket/code",
            "key": "{{ $KEY }}",
            "requires": "s3fs",
        }
    }
    assert remote.destination == Path.cwd() / "bucket" / "code"


@pytest.mark.parametrize(
    ("source", "storage"),
    [
        ("https://example.test/a.git", GitRepository("https://example.test/a.git")),
        ("git@example.test:team/a.git", GitRepository("git@example.test:team/a.git")),
        ("s3://bucket/code", RemoteStorage("s3://bucket/code")),
        ("file:///code", LocalStorage("/code")),
        ("/code", LocalStorage("/code")),
    ],
)
def test_which_storage_is_meant(source: str, storage: Any) -> None:
    """A text is told apart by its scheme and its end; equal storages are equal, also when pickled."""
    found = create_storage_from_source(source)
    assert found == storage
    assert hash(found) == hash(storage)
    assert repr(found) == repr(storage)
    assert pickle.loads(pickle.dumps(found)) == found


def test_what_prefect_refuses() -> None:
    """What Prefect refuses with a ValueError is one here."""
    for options in ({"branch": "-x"}, {"branch": "a", "commit_sha": "deadbeef"}, {"commit_sha": "main"}):
        with pytest.raises(ValueError, match=r"\w"):
            GitRepository("https://example.test/a.git", **options)  # type: ignore[arg-type]
    for name in ("../x", "/x"):
        with pytest.raises(InvalidSource, match="leads out"):
            GitRepository("https://example.test/a.git", name=name)
