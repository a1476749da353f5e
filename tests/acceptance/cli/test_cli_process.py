"""The program as a process: it starts fast, ends quietly when nobody reads, and completes commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PENSTOCK = [sys.executable, "-m", "penstock"]
HEAVY = {
    "alembic", "asyncio", "cloudpickle", "fsspec", "msgspec", "pydantic", "rich", "sqlalchemy", "sqlite3", "tomllib",
    "multiprocessing", "ssl", "importlib.metadata",
}  # fmt: skip


def penstock(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PENSTOCK, *arguments], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("arguments", [["version"], ["--help"], ["flow-run", "--help"], ["completion", "bash"]])
def test_starting_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    """What only says what there is loads neither the database nor what draws tables."""
    program = (
        "import sys; before = set(sys.modules); from penstock.cli.program import run; run(sys.argv[1:]);"
        "print(*(set(sys.modules) - before), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert result.stdout
    assert HEAVY & set(result.stderr.split()) == set()


def test_listing_without_a_terminal_needs_no_drawing(tmp_path: Path) -> None:
    """A table for a pipe is written without the library that draws tables."""
    program = (
        "import sys; from penstock.cli.program import run; run(['flow-run', 'ls']); sys.exit('rich' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, cwd=tmp_path)


def test_a_reader_that_stops_ends_it_quietly() -> None:
    """`penstock … | head` ends as other programs do: with the code of a broken pipe, and without a word."""
    read, write = os.pipe()
    os.close(read)
    result = subprocess.run(
        [*PENSTOCK, "config", "view", "--show-defaults"], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert (result.returncode, result.stderr) == (141, "")


@pytest.mark.parametrize("stream", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_survived(stream: str) -> None:
    """With standard streams closed, commands work, and no file takes the place of one."""
    command = f'"{sys.executable}" -m penstock flow-run ls {stream}'
    assert subprocess.run(["sh", "-c", command], check=False, capture_output=True).returncode == 0


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    """Output that can't be written is an error in one line."""
    with Path("/dev/full").open("w") as full:
        result = subprocess.run([*PENSTOCK, "version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr == "Error: The output can't be written: No space left on device.\n"


def test_an_unknown_command_names_the_nearest() -> None:
    """A misspelt command gets one line with the one that was perhaps meant."""
    result = penstock("flow-runs", "ls")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "Error: There is no command 'flow-runs'. Did you mean 'flow-run'?\nSee `penstock --help`.\n"


def test_no_command_shows_the_help() -> None:
    """`penstock` alone lists the commands, as an error, since nothing was asked for."""
    result = penstock()
    assert (result.returncode, result.stdout) == (2, "")
    assert "Commands:" in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(shell: str) -> None:
    """Each shell's script asks `penstock` for completions under the same variable."""
    result = penstock("completion", shell)
    assert result.returncode == 0
    assert "_PENSTOCK_COMPLETE" in result.stdout


@pytest.mark.parametrize(
    ("words", "completions"),
    [
        (["pro"], ["profile"]),
        (["flow-run", "in"], ["inspect"]),
        (["config", "set", "logging.l"], ["logging.level", "logging.log_prints"]),
        (["profile", "use", "def"], ["default"]),
        (["flow-run", "ls", "--state", "comp"], ["Completed"]),
        (["flow", "run", "sur"], ["file,sur"]),
        (["flow-run", "inspect", "x"], [""]),
    ],
)
def test_words_are_completed(words: list[str], completions: list[str]) -> None:
    """A shell is told how a command, an option's value, a setting or a profile could go on."""
    question = {
        "_PENSTOCK_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["penstock", *words]),
        "COMP_CWORD": str(len(words)),
    }
    result = penstock(env={**os.environ, **question})
    assert [line.removeprefix("plain,") for line in result.stdout.splitlines()] == completions


def test_the_page_of_commands_is_up_to_date() -> None:
    """The committed page is made from the commands. If not: `python -m penstock.cli.reference > …/cli.md`."""
    from penstock.cli.reference import page

    assert (Path(__file__).parents[3] / "docs/reference/cli.md").read_text() == page()
