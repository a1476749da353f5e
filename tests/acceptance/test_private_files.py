"""What Penstock keeps is for its owner alone, whichever part of it comes first."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of this kind are POSIX's")

FIRST = {
    "a result": "from penstock.results import ResultStore; ResultStore().write(1, key='one')",
    "a flow": "from penstock import flow; flow(lambda: 1, name='one', persist_result=True)()",
    "the database": "from penstock import flow; flow(lambda: 1, name='one')()",
    "a file of the user's within it": (
        "import os; from penstock.filesystems import LocalFileSystem;"
        "LocalFileSystem(os.environ['PENSTOCK_HOME'] + '/mine').write_path('a/b', b'')"
    ),
    "a profile": (
        "import os; from pathlib import Path; from penstock.settings.toml_file import write_toml;"
        "write_toml(Path(os.environ['PENSTOCK_HOME']) / 'profiles.toml', {}, {})"
    ),
}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def run(program: str) -> None:
    open_to_all = f"import os; os.umask(0); {program}"
    subprocess.run([sys.executable, "-c", open_to_all], capture_output=True, text=True, check=True)


@pytest.mark.parametrize("program", FIRST.values(), ids=FIRST)
def test_home_is_private(program: str) -> None:
    """With a umask that lets everybody in, home, its folders and the database are for their owner."""
    run(program)
    home = Path(os.environ["PENSTOCK_HOME"])
    assert mode(home) == 0o700
    for path in home.rglob("*"):
        if path.is_dir():
            assert mode(path) == 0o700, path
        elif path.name.startswith("penstock.db"):
            assert mode(path) == 0o600, path


def test_local_storage_elsewhere_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default local storage is private where it was put, and a user's own storage is as the umask says."""
    monkeypatch.setenv("PENSTOCK_RESULTS_LOCAL_STORAGE_PATH", str(tmp_path / "kept" / "here"))
    run(FIRST["a result"])
    assert mode(tmp_path / "kept") == mode(tmp_path / "kept" / "here") == 0o700
    run(
        f"from penstock.filesystems import LocalFileSystem; LocalFileSystem({str(tmp_path / 'own')!r}).write_path('a', b'')"
    )
    assert mode(tmp_path / "own") == 0o777


def test_modules_load_where_there_is_no_fork() -> None:
    """As on Windows, whose `os` has neither forks nor some flags of files."""
    program = (
        "import os, threading, subprocess\n"
        "for name in ('register_at_fork', 'O_CLOEXEC', 'O_NOFOLLOW'):\n"
        "    delattr(os, name)\n"
        "import penstock.filesystems.unique_names, penstock.filesystems.local, penstock.locking.memory\n"
        "from penstock.filesystems import LocalFileSystem\n"
        "files = LocalFileSystem(os.environ['PENSTOCK_HOME'])\n"
        "files.write_path('a', b'1'); assert files.read_path('a') == b'1'\n"
    )
    subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
