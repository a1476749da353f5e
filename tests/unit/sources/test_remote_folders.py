"""Code behind addresses that fsspec reaches: S3 as served by moto, memory, and file systems made to misbehave."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from penstock.core.errors import ConfigurationError, InvalidSource, SourceError, SourceUnreachable
from penstock.settings import current, temporary_settings
from penstock.sources.local_folder import LocalFolder
from penstock.sources.remote_folder import RemoteFolder
from penstock.sources.resolving import source_from

KEY, SECRET = "AKIAEXAMPLEEXAMPLE", "s3cr3t-acc3ss-k3y"


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    """The address of an S3 server on this machine."""
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        address = next(found for line in server.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        # What it logs of requests must not fill the pipe.
        reader = threading.Thread(target=server.stderr.read)
        reader.start()
        yield address[0]
        server.kill()
        reader.join()


@pytest.fixture
def settings(s3_url: str) -> dict[str, Any]:
    """What fsspec needs to reach the S3 server."""
    return {"key": KEY, "secret": SECRET, "client_kwargs": {"endpoint_url": s3_url, "region_name": "eu-west-1"}}


@pytest.fixture
def bucket(settings: dict[str, Any]) -> Iterator[Any]:
    """A bucket with a folder of code, by the file system that writes to it."""
    filesystem = fsspec.filesystem("s3", **settings, skip_instance_cache=True)
    filesystem.mkdir("bucket")
    filesystem.pipe(
        {"bucket/code/flows.py": b"one", "bucket/code/daily/load.py": b"load", "bucket/other.txt": b"other"}
    )
    yield filesystem
    filesystem.rm("bucket", recursive=True)


def files_of(source: RemoteFolder) -> dict[str, str]:
    """Return path and text of each file of a source."""
    with source.fetch() as pulled:
        found = [path for path in pulled.path.rglob("*") if path.is_file()]
        return {str(path.relative_to(pulled.path)): path.read_text() for path in found}


def test_code_from_s3(bucket: Any, settings: dict[str, Any]) -> None:
    """A folder of a bucket comes with what is in it, and nothing else."""
    source = RemoteFolder("s3://bucket/code/", settings)
    assert files_of(source) == {"flows.py": "one", "daily/load.py": "load"}


def test_the_second_time_only_the_listing_is_read(
    bucket: Any, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code that did not change is found on this machine; a change of one file is seen, of whatever size."""
    source = RemoteFolder("s3://bucket/code", settings)
    with source.fetch() as first:
        pass
    monkeypatch.setattr("penstock.sources.remote_folder.download", None)
    with source.fetch() as again:
        assert again.path == first.path
        assert again.version == first.version
    monkeypatch.undo()
    bucket.pipe("bucket/code/flows.py", b"two")
    assert files_of(source)["flows.py"] == "two"
    bucket.rm("bucket/code/daily/load.py")
    assert files_of(source) == {"flows.py": "two"}


def test_secrets_by_reference(bucket: Any, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings may be references; they travel as such."""
    monkeypatch.setenv("THE_KEY", KEY)
    monkeypatch.setenv("THE_SECRET", SECRET)
    given = {**settings, "key": "{{ $THE_KEY }}", "secret": "{{ $THE_SECRET }}"}
    source = RemoteFolder("s3://bucket/code", given)
    assert "flows.py" in files_of(source)
    assert source.to_pull_step() == {
        "penstock.deployments.steps.pull_from_remote_storage": {"url": "s3://bucket/code", **given, "requires": "s3fs"}
    }


@pytest.mark.parametrize(
    "settings",
    [
        {"secret": SECRET},
        {"client_kwargs": {"aws_secret_access_key": SECRET}},
        {"config": [{"token": SECRET}]},
        {"account": object()},
    ],
)
def test_a_secret_as_it_is_does_not_travel(settings: dict[str, Any]) -> None:
    """A secret, at whatever depth, and what is no JSON are refused for a pull step."""
    with pytest.raises(InvalidSource) as refused:
        RemoteFolder("s3://bucket/code", settings).to_pull_step()
    assert SECRET not in str(refused.value)


def test_a_password_in_the_address_does_not_travel() -> None:
    """Nor is the password of an address shown."""
    source = RemoteFolder(f"ftp://me:{SECRET}@example.test/code")
    assert source.address == "ftp://example.test/code"
    with pytest.raises(InvalidSource) as refused:
        source.to_pull_step()
    assert SECRET not in f"{refused.value}{source!r}"


def test_what_is_not_there(bucket: Any, settings: dict[str, Any]) -> None:
    """A folder, a bucket or a server that is not there is named, with what to do; a file is no folder."""
    with pytest.raises(SourceError, match="no folder s3://bucket/nothing"):
        RemoteFolder("s3://bucket/nothing", settings).fetch()
    with pytest.raises(SourceError, match="s3://nothing"):
        RemoteFolder("s3://nothing/code", settings).fetch()
    with pytest.raises(SourceError, match="is a file"):
        RemoteFolder("s3://bucket/other.txt", settings).fetch()
    away = {**settings, "client_kwargs": {"endpoint_url": "http://127.0.0.1:9", "region_name": "eu-west-1"}}
    source = RemoteFolder("s3://bucket/code", {**away, "config_kwargs": {"retries": {"max_attempts": 1}}})
    with pytest.raises(SourceUnreachable, match="does not answer"):
        source.fetch_once(float("inf"))


def test_secrets_are_kept_nowhere(
    bucket: Any, settings: dict[str, Any], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """No file under the home, no copy, no line of our log and no error holds the secret."""
    caplog.set_level(logging.DEBUG, logger="penstock")
    source = RemoteFolder("s3://bucket/code", settings)
    copy = source.pull(tmp_path / "copy")
    for folder in (current().home, copy):
        assert [path for path in folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()] == []
    assert SECRET not in caplog.text
    assert SECRET not in repr(source)


@pytest.fixture
def memory() -> Iterator[MemoryFileSystem]:
    """The file system in memory, with a folder of code."""
    filesystem = fsspec.filesystem("memory")
    filesystem.pipe({"/code/flows.py": b"one", "/code/empty/__init__.py": b""})
    yield filesystem
    filesystem.rm("/code", recursive=True)


def test_code_without_versions_is_pulled_anew(memory: MemoryFileSystem) -> None:
    """A file system that tells no version of its files gives them anew each time, and none is left behind."""
    source = RemoteFolder("memory://code")
    with source.fetch() as first, source.fetch() as second:
        assert first.version is None
        assert first.path != second.path
        assert (second.path / "flows.py").read_text() == "one"
    assert list((current().home / "code").glob("*/code")) == []


def test_a_copy_of_code_without_versions(memory: MemoryFileSystem, tmp_path: Path) -> None:
    """A copy of such code is replaced by each pull."""
    source = RemoteFolder("memory://code")
    source.pull(tmp_path / "copy")
    memory.pipe("/code/flows.py", b"two")
    assert (source.pull(tmp_path / "copy") / "flows.py").read_text() == "two"


class Strange(MemoryFileSystem):
    """A file system that lists what a test tells it to."""

    protocol = "strange"
    listed: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - set by each test
    read: list[tuple[int, int]] = []  # noqa: RUF012
    on_read: Any = None

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return "/" + path.removeprefix("strange://").strip("/")

    def find(self, path: str, **_: Any) -> dict[str, dict[str, Any]]:
        return dict(self.listed)

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **_: Any) -> bytes:
        assert start is not None
        assert end is not None
        self.read.append((start, end))
        if Strange.on_read is not None:
            Strange.on_read()
        return b"x" * (end - start + 100)  # more than it was asked for


@pytest.fixture
def strange() -> Iterator[type[Strange]]:
    """The file system, known to fsspec as `strange`."""
    fsspec.register_implementation("strange", Strange, clobber=True)
    Strange.listed, Strange.read, Strange.on_read = {}, [], None
    yield Strange
    Strange.listed, Strange.read, Strange.on_read = {}, [], None


def info(size: Any = 1, **more: Any) -> dict[str, Any]:
    """What a file system tells of a file."""
    return {"size": size, "type": "file", **more}


@pytest.mark.parametrize(
    "name",
    [
        "/code/../../etc/passwd",
        "/code/a/../../../b",
        "/code/..",
        "/etc/passwd",
        "/codes/flows.py",
        "/code//flows.py",
        "/code/./a",
        "/code/a\0b",
        "/code/..\\b",
        "/code/" + "a/" * 600 + "b",
    ],
)
def test_names_that_lead_out_are_refused(strange: type[Strange], name: str, tmp_path: Path) -> None:
    """A listed name that leads out of the folder, or is none, stops the pull before anything is written."""
    strange.listed = {name: info()}
    with pytest.raises(SourceError, match="leads out of the folder"):
        RemoteFolder("strange://code").fetch()
    assert strange.read == []
    strange.listed = {"/code/a": info()}
    RemoteFolder("strange://code").fetch().release()


def test_bounds_on_files_and_bytes(strange: type[Strange]) -> None:
    """Too many files or bytes are refused before anything is read."""
    strange.listed = {f"/code/{number}.py": info() for number in range(20)}
    with temporary_settings({"code.max_files": 10}), pytest.raises(SourceError, match="PENSTOCK_CODE_MAX_FILES"):
        RemoteFolder("strange://code").fetch()
    strange.listed = {"/code/a": info(2**50)}
    with pytest.raises(SourceError, match="PENSTOCK_CODE_MAX_BYTES"):
        RemoteFolder("strange://code").fetch()
    for size in (None, -1, "7"):
        strange.listed = {"/code/a": info(size)}
        with pytest.raises(SourceError, match="size"):
            RemoteFolder("strange://code").fetch()
    assert strange.read == []


def test_no_more_is_read_than_was_listed(strange: type[Strange]) -> None:
    """Files are read in pieces, and a file is not larger than it was said to be."""
    size = 20 * 1024 * 1024
    strange.listed = {"/code/large": info(size), "/code/empty": info(0)}
    with RemoteFolder("strange://code").fetch() as pulled:
        assert (pulled.path / "large").stat().st_size == size
        assert (pulled.path / "empty").stat().st_size == 0
    assert max(strange.read) == (16 * 1024 * 1024, size)


def test_a_folder_that_changes_while_it_is_read(strange: type[Strange]) -> None:
    """When a file changed meanwhile all is read again; when it never rests, that is said."""
    strange.listed = {"/code/a": info(1, ETag="1")}

    def change_once() -> None:
        strange.listed = {"/code/a": info(1, ETag="2")}

    strange.on_read = change_once
    with RemoteFolder("strange://code").fetch():
        assert len(strange.read) == 2

    def change() -> None:
        strange.listed = {"/code/a": info(1, ETag=str(len(strange.read)), mtime=datetime.now(UTC))}

    strange.on_read = change
    strange.listed = {"/code/a": info(1, ETag="first")}
    with pytest.raises(SourceError, match="changed 3 times"):
        RemoteFolder("strange://code").fetch()


def test_a_deadline_ends_the_reading(strange: type[Strange]) -> None:
    """A pull that takes too long is given up."""
    strange.listed = {"/code/a": info(1)}
    with pytest.raises(SourceError, match="PENSTOCK_CODE_TIMEOUT_SECONDS"):
        RemoteFolder("strange://code").fetch_once(float("-inf"))


def test_secrets_in_errors_are_masked(strange: type[Strange]) -> None:
    """What a file system complains of is shown without the secrets it repeats."""

    def fail() -> None:
        raise PermissionError(f"denied for {SECRET} at x")

    strange.listed = {"/code/a": info(1)}
    strange.on_read = fail
    with pytest.raises(SourceError, match=r"denied for \*+ at x") as refused:
        RemoteFolder("strange://code", {"token": SECRET}).fetch()
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    "url",
    [
        "bucket/code",
        "s3://",
        "file:///code",
        "simplecache::s3://bucket/code",
        "s3://bucket/../other",
        "s3://bucket/a\0",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    """What is no address of a folder elsewhere is refused."""
    with pytest.raises(InvalidSource):
        RemoteFolder(url)


def test_a_scheme_that_nobody_knows() -> None:
    """An address of a kind that fsspec has no package for says so."""
    with pytest.raises(ConfigurationError, match="Install the package"):
        RemoteFolder("nonsense://bucket/code").fetch()


@pytest.mark.parametrize("name", ["url", "requires", "id"])
def test_settings_that_would_be_lost(name: str) -> None:
    """A setting with the name of what a step keeps for itself is refused."""
    with pytest.raises(InvalidSource, match=name):
        RemoteFolder("s3://bucket/code", {name: "x"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("s3://bucket/code", "RemoteFolder('s3://bucket/code')"),
        ("memory://code", "RemoteFolder('memory://code')"),
        ("https://example.test/a.git", "GitSource('https://example.test/a.git')"),
        ("git@example.test:a.git", "GitSource('git@example.test:a.git')"),
        ("ssh://git@example.test/a.git", "GitSource('ssh://git@example.test/a.git')"),
        ("git://example.test/a", "GitSource('git://example.test/a')"),
        ("file:///code", "LocalFolder('/code')"),
        ("local:///code", "LocalFolder('/code')"),
        ("/code", "LocalFolder('/code')"),
    ],
)
def test_which_source_is_meant(text: str, shown: str) -> None:
    """A text is told apart by its scheme and its end."""
    assert repr(source_from(text)) == shown


def test_a_path_is_a_local_folder(tmp_path: Path) -> None:
    """A path object is a folder of this machine, and so is a relative text."""
    assert source_from(tmp_path) == LocalFolder(tmp_path)
    assert source_from("flows") == LocalFolder(Path(os.getcwd()) / "flows")


def test_steps_are_json(settings: dict[str, Any]) -> None:
    """Every step survives JSON."""
    given = {**settings, "key": "{{ $K }}", "secret": "{{ $S }}"}
    for source in (RemoteFolder("s3://bucket/code", given), LocalFolder("/code")):
        step = source.to_pull_step()
        assert json.loads(json.dumps(step)) == step
