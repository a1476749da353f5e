"""File systems: nothing leads out of their folder, and a file is old or new, never a part."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.exceptions import ConfigurationError
from penstock.filesystems import LocalFileSystem, MissingPath, RemoteFileSystem, WritableFileSystem
from penstock.filesystems.names import MOST_BYTES, safe_name, safe_path
from penstock.filesystems.resolve import resolve_file_system


@pytest.fixture(params=["local", "remote"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> WritableFileSystem:
    if request.param == "local":
        return LocalFileSystem(tmp_path / "files")
    return RemoteFileSystem(f"memory://{uuid4().hex}/files")


@pytest.mark.parametrize("path", ["a", "folder/a", ".hidden", "ä ö.txt"])
def test_what_is_written_can_be_read(storage: WritableFileSystem, path: str) -> None:
    """A file is there after it was written, folders included, and holds what was written last."""
    assert not storage.exists(path)
    storage.write_path(path, b"first, and longer")
    storage.write_path(path, b"second")
    assert storage.exists(path)
    assert storage.read_path(path) == b"second"
    assert storage.read_start(path, 3).content == b"sec"
    assert storage.read_start(path, 100).content == b"second"


def test_a_file_that_is_not_there_is_said_to_be(storage: WritableFileSystem) -> None:
    """Reading a missing file is a FileNotFoundError and, as in Prefect, a ValueError."""
    for read in (storage.read_path, lambda path: storage.read_start(path, 1)):
        for path in ("nothing", "no/thing"):
            with pytest.raises(MissingPath, match="There is no file"):
                read(path)
    assert issubclass(MissingPath, FileNotFoundError)
    assert issubclass(MissingPath, ValueError)


@pytest.mark.parametrize("path", ["../out", "a/../../out", "/etc/passwd", "folder/../../files-of-others/a"])
def test_no_local_path_leads_out(tmp_path: Path, path: str) -> None:
    """Neither `..` nor an absolute path gets out of the folder, to read, write or look."""
    files = LocalFileSystem(tmp_path / "files")
    for use in (files.read_path, files.exists, lambda path: files.write_path(path, b"x")):
        with pytest.raises(ValueError, match="leads out of the folder"):
            use(path)
    with pytest.raises(ValueError, match="NUL"):
        files.read_path("a\0b")


def test_no_link_leads_out(tmp_path: Path) -> None:
    """A link to a file or folder outside is refused; one to a place inside is followed."""
    files = LocalFileSystem(tmp_path / "files")
    files.write_path("inside", b"inside")
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "files/link").symlink_to(tmp_path / "secret")
    (tmp_path / "files/folder").symlink_to(tmp_path)
    (tmp_path / "files/good").symlink_to("inside")
    for path in ("link", "folder/secret"):
        with pytest.raises(ValueError, match="leads out of the folder"):
            files.read_path(path)
    assert files.read_path("good") == b"inside"
    files.write_path("link", b"mine")
    assert (tmp_path / "secret").read_bytes() == b"secret"
    assert files.read_path("link") == b"mine"


def test_an_absolute_path_inside_is_as_good_as_a_relative_one(tmp_path: Path) -> None:
    """What `write_path` returns can be read."""
    files = LocalFileSystem(tmp_path)
    assert files.read_path(files.write_path("folder/a", b"x")) == b"x"
    assert files.location("folder/a") == str(tmp_path / "folder/a")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """Reading or writing a folder is refused in words, and leaves nothing behind."""
    files = LocalFileSystem(tmp_path)
    (tmp_path / "folder").mkdir()
    for use in (files.read_path, lambda path: files.read_start(path, 1), lambda path: files.write_path(path, b"x")):
        with pytest.raises(ValueError, match="'folder' is (no file|a folder)"):
            use("folder")
    assert os.listdir(tmp_path) == ["folder"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk does not damage what was there."""
    files = LocalFileSystem(tmp_path)
    files.write_path("a", b"old")

    def full_disk(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.write", full_disk)
        with pytest.raises(OSError, match="No space left"):
            files.write_path("a", b"new")
    assert files.read_path("a") == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_reader_sees_the_old_content_or_the_new(tmp_path: Path) -> None:
    """While a file is replaced again and again, whoever reads sees one whole content."""
    from concurrent.futures import ThreadPoolExecutor

    files = LocalFileSystem(tmp_path)
    contents = [bytes([digit]) * 50_000 for digit in range(4)]
    files.write_path("a", contents[0])
    with ThreadPoolExecutor(2) as threads:
        writing = threads.submit(lambda: [files.write_path("a", content) for content in contents * 20])
        seen = {files.read_path("a") for _ in range(200)}
        writing.result()
    assert seen <= set(contents)


def test_a_relative_folder_is_found_from_where_the_process_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder it is the current one, at the time of use."""
    (tmp_path / "elsewhere").mkdir()
    files = LocalFileSystem()
    monkeypatch.chdir(tmp_path)
    files.write_path("a", b"here")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert not files.exists("a")


@pytest.mark.parametrize(
    "path",
    ["../out", "a/../out", "a/%2e%2e/out", "a\\..\\out", "memory://other/a", "memory://base/filesystem", "s3://x/a"],
)
def test_no_remote_path_leads_out(path: str) -> None:
    """Neither `..` in any spelling, nor another address, nor one that only begins alike gets out of the base."""
    files = RemoteFileSystem("memory://base/files")
    with pytest.raises(ValueError, match="leads out of memory://base/files"):
        files.write_path(path, b"x")
    assert files.resolve("memory://base/files/a") == files.resolve("a") == "memory://base/files/a"


def test_secrets_of_an_address_are_not_shown() -> None:
    """Neither the name and password in an address nor the settings are in what is shown; their names are."""
    files = RemoteFileSystem("ftp://me:password@host/folder", {"secret": "hidden"})
    for shown in (repr(files), files.location("a")):
        assert "password" not in shown
        assert "hidden" not in shown
    assert files.location("a") == "ftp://host/folder/a"
    assert "'secret'" in repr(files)


@pytest.mark.parametrize("address", ["folder", "s3://", "://a", "file:///a"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """A remote file system needs an address with a scheme and a place."""
    with pytest.raises(ValueError, match=r"no address|LocalFileSystem"):
        RemoteFileSystem(address)


def test_an_address_that_nobody_knows_is_refused_when_it_is_used() -> None:
    """What fsspec says when the first file is used becomes one clear error."""
    with pytest.raises(ConfigurationError, match="nowhere://a"):
        RemoteFileSystem("nowhere://a").read_path("b")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("results", LocalFileSystem("results")),
        ("results/mine", LocalFileSystem("results/mine")),
        (Path("/a"), LocalFileSystem("/a")),
        ("file:///a", LocalFileSystem("/a")),
        ("memory://a", RemoteFileSystem("memory://a")),
    ],
    ids=str,
)
def test_paths_and_addresses_name_file_systems(given: Any, meant: WritableFileSystem) -> None:
    """A path is a folder, an address with `://` is remote; equal names give equal file systems, also unpickled."""
    resolved = resolve_file_system(given)
    assert resolved == meant
    assert pickle.loads(pickle.dumps(resolved)) == meant
    assert hash(resolved) == hash(meant)
    assert resolve_file_system(resolved) is resolved


@pytest.mark.parametrize("name", ["local-file-system/mine", "s3-bucket/mine", uuid4()])
def test_a_block_is_refused_for_now(name: Any) -> None:
    """The name of a Prefect block is understood, and the error says what to give in its place."""
    with pytest.raises(ConfigurationError, match="name of a block, and there are no blocks yet"):
        resolve_file_system(name)


def test_an_object_that_reads_and_writes_is_a_file_system() -> None:
    """A user's storage need not be made from our class; its methods must be ordinary ones."""

    class InDict:
        def __init__(self) -> None:
            self.files: dict[str, bytes] = {}

        def read_path(self, path: str) -> bytes:
            return self.files[path]

        def write_path(self, path: str, content: bytes) -> None:
            self.files[path] = content

    class Async(InDict):
        async def read_path(self, path: str) -> bytes:  # type: ignore[override]
            return b""

    storage = resolve_file_system(InDict())
    storage.write_path("a", b"abc")
    assert storage.read_start("a", 2) == (b"ab", 3)
    assert storage.exists("a")
    assert not storage.exists("b")
    with pytest.raises(ConfigurationError, match="async method"):
        resolve_file_system(Async())
    with pytest.raises(TypeError, match="not a value of type 'int'"):
        resolve_file_system(3)
    with pytest.raises(ConfigurationError, match="empty"):
        resolve_file_system(" ")


keys = st.text(min_size=1) | st.text("ab./~%\\ \0:", min_size=1) | st.text("é", min_size=200, max_size=1200)


@given(keys)
def test_every_key_has_a_path_inside(key: str) -> None:
    """Whatever a key holds, its path stays in the folder, fits a file system, and is its own path."""
    path = safe_path(key)
    assert LocalFileSystem("/base").resolve(path).startswith("/base/")
    assert RemoteFileSystem("memory://base").resolve(path) == f"memory://base/{path}"
    assert all(0 < len(part.encode()) <= MOST_BYTES for part in path.split("/"))
    assert safe_path(path) == path
    name = safe_name(key)
    assert "/" not in name
    assert len(name.encode()) <= MOST_BYTES


@given(keys, keys)
def test_two_keys_never_have_the_same_path(one: str, other: str) -> None:
    """A key that had to be changed carries a hash of what it was."""
    assert (safe_path(one) == safe_path(other)) == (one == other)
    assert (safe_name(one) == safe_name(other)) == (one == other)


def test_a_good_key_is_its_own_path() -> None:
    """What users see in their folder is what they called it."""
    for key in ("totals", "2026/10/totals.json", "a b", "café"):
        assert safe_path(key) == key
    with pytest.raises(ValueError, match="empty"):
        safe_path("")
