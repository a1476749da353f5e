"""What the documentation shows is true: every block of code in README and docs runs, as docs/design/writing.md says."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted(path for path in ROOT.glob("docs/**/*.md") if "_build" not in path.parts)]

FILE_NAME = re.compile(r"# (?P<name>[\w./-]+\.(?:py|ya?ml))")
NOT_RUN = re.compile(r"<!-- not run: \S.* -->")
OUTPUT = "<!-- output -->"
PROGRAMS = ("penstock", "python")
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line it begins at, and the comment above it."""

    language: str
    text: str
    line: int
    comment: str

    @property
    def file_name(self) -> str | None:
        """The file a Python or YAML block is to be saved as, where its first line names one."""
        named = FILE_NAME.fullmatch(self.text.partition("\n")[0])
        return named["name"] if named else None


def blocks_in(markdown: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page in order."""
    comment = ""
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.type == "html_block":
            comment = token.content.strip()
        elif token.type == "fence":
            assert token.map is not None
            yield Block(token.info.strip(), token.content, token.map[0] + 1, comment)
            comment = ""
        elif token.content:
            comment = ""


def commands_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a console block, each with the output shown below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.replace("\\\n", " ").partition("\n")
        yield command, output


def same(shown: str, real: str) -> bool:
    """Tell whether a real output is as shown: `...` stands for anything, white space counts once."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(f"{shown.strip()}\n", f"{real.strip()}\n", flags)


@dataclass
class Page:
    """A page being followed from top to bottom by a reader in an empty folder."""

    path: Path
    folder: Path
    waiting: list[Block] = field(default_factory=list)
    unused_files: dict[str, int] = field(default_factory=dict)

    def follow(self) -> None:
        """Do all that the page shows."""
        for block in blocks_in(self.path.read_text()):
            self.use_files(block.text)
            if NOT_RUN.fullmatch(block.comment):
                continue
            if block.language == "python":
                self.take_program(block)
            elif block.language == "yaml" and block.file_name is not None:
                self.save(block, block.file_name)
            elif block.language in {"console", "bash"}:
                self.run_waiting_programs()
                self.run_commands(block)
            elif block.comment == OUTPUT:
                self.compare(block.text, self.run_waiting_programs(), block.line)
        self.run_waiting_programs()
        assert not self.unused_files, f"{self.path}: shown, but neither run nor imported: {self.unused_files}"

    def take_program(self, block: Block) -> None:
        """Save a block that names its file; keep any other until the programs before the next command are run."""
        if block.file_name is None:
            self.waiting.append(block)
            return
        compile(block.text, f"{self.path}:{block.line}", "exec")
        self.save(block, block.file_name)

    def save(self, block: Block, name: str) -> None:
        """Save a block under the name that its first line gives."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(block.text)
        self.unused_files[name] = block.line

    def use_files(self, text: str) -> None:
        """Note which saved files a later block imports or runs."""
        for name in [name for name in self.unused_files if re.search(rf"\b{Path(name).stem}\b", text)]:
            del self.unused_files[name]

    def run_waiting_programs(self) -> str:
        """Run the Python blocks since the last command as one program, its lines numbered as in the page."""
        if not self.waiting:
            return ""
        lines: list[str] = []
        for block in self.waiting:
            lines += [""] * (block.line - len(lines)) + block.text.splitlines()
        first_line, self.waiting = self.waiting[0].line, []
        program = self.folder / f"{self.path.stem}_page.py"
        program.write_text("\n".join(lines) + "\n")
        return self.run([sys.executable, program.name], first_line)

    def run_commands(self, block: Block) -> None:
        """Run the commands of a console block and compare what they print with what is shown."""
        text = block.text
        if block.language == "bash" and "$ " not in text:
            text = re.sub(rf"^(?=({'|'.join(PROGRAMS)}) )", "$ ", text, flags=re.MULTILINE)
        for command, shown in commands_in(text):
            words = shlex.split(command, comments=True)
            assert words[0] in PROGRAMS, f"{self.path}:{block.line}: cannot run {words[0]!r}; show it as `sh`"
            real = self.run([str(Path(sys.executable).with_name(words[0])), *words[1:]], block.line)
            if shown.strip():
                self.compare(shown, real, block.line)

    def run(self, command: list[str], line: int) -> str:
        """Run a program as the reader would, and return what it prints."""
        result = subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert result.returncode == 0, f"{self.path}:{line}: {command}\n{result.stdout}{result.stderr}"
        return result.stdout

    def compare(self, shown: str, real: str, line: int) -> None:
        """Refuse an output that differs from the one on the page."""
        assert same(shown, real), f"{self.path}:{line}: the page shows\n{shown}\nand the program printed\n{real}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_does_what_it_shows(path: Path, tmp_path: Path) -> None:
    """A reader who follows the page from top to bottom in an empty folder meets no error, and sees what is shown."""
    folder = tmp_path / "reader"
    folder.mkdir()
    Page(path, folder).follow()


def follow(markdown: str, tmp_path: Path) -> None:
    """Follow a page made up by a test."""
    page = tmp_path / "page.md"
    page.write_text(markdown)
    folder = tmp_path / "reader"
    folder.mkdir()
    Page(page, folder).follow()


def test_blocks_share_names_and_output_is_compared(tmp_path: Path) -> None:
    """Blocks that follow each other are one program; `...` in its output stands for anything."""
    follow(
        "```python\nx = 1\n```\nthen\n```python\nprint(x, id(x))\n```\n<!-- output -->\n```text\n1 ...\n```\n", tmp_path
    )


def test_a_named_file_can_be_run(tmp_path: Path) -> None:
    """A block that names its file is saved, and a command below it runs it."""
    follow("```python\n# a.py\nprint('a')\n```\n```console\n$ python a.py\na\n```\n", tmp_path)


def test_a_named_file_of_yaml_is_saved(tmp_path: Path) -> None:
    """A YAML block that names its file is saved as it stands; one that names none is for reading."""
    read = "from pathlib import Path\nprint(Path('a.yaml').read_text())"
    files = "```yaml\nb: 2\n```\n```yaml\n# a.yaml\nx: 1\n```\n"
    follow(f"{files}```python\n{read}\n```\n<!-- output -->\n```text\n# a.yaml\nx: 1\n```\n", tmp_path)


@pytest.mark.parametrize(
    "markdown",
    [
        "```python\n1 / 0\n```\n",
        "```python\nprint(1)\n```\n<!-- output -->\n```text\n2\n```\n",
        "```python\n# a.py\nprint('a')\n```\n",
        "```console\n$ python missing.py\n```\n",
        "```console\n$ rm -rf everything\n```\n",
        "<!-- not run: -->\n```python\n1 / 0\n```\n",
    ],
    ids=["error", "other output", "unused file", "failing command", "unknown program", "no reason"],
)
def test_an_untrue_page_is_found(markdown: str, tmp_path: Path) -> None:
    """A page that shows what does not work is refused."""
    with pytest.raises(AssertionError):
        follow(markdown, tmp_path)


def test_a_block_with_a_reason_is_not_run(tmp_path: Path) -> None:
    """A block that cannot be run here says why in a comment, and is left alone."""
    follow("<!-- not run: needs a cluster -->\n```python\n1 / 0\n```\n", tmp_path)
