"""Steps of deployments: carried out in order, with checked inputs and references to what came before."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from support.git_hosting import WorkingRepository, git_host

from penstock.core.errors import StepExecutionError
from penstock.deployment_steps.running import run_step, run_steps
from penstock.deployments import steps as public
from penstock.deployments.steps.core import run_steps as run_steps_async
from penstock.settings import temporary_settings

OURS = "penstock.deployments.steps."
SHELL = f"{OURS}run_shell_script"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test works in a folder of its own."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of a repository."""
    WorkingRepository.made(tmp_path / "hosted" / "flows.git", {"flows.py": "one", "part/a.py": "a"})
    with git_host(tmp_path / "hosted") as host:
        yield f"{host.url}/flows.git"


def quiet(_: str) -> None:
    """Say nothing."""


@pytest.mark.parametrize("prefix", [OURS, "prefect.deployments.steps.", "prefect.deployments.steps.pull."])
def test_code_is_cloned_and_worked_in(url: str, tmp_path: Path, prefix: str) -> None:
    """A repository is put into the working directory, and the next step goes there: by Prefect's names as well."""
    outputs = run_steps(
        [
            {f"{prefix}git_clone": {"id": "clone", "repository": url, "directories": ["part"]}},
            {f"{prefix}set_working_directory": {"directory": "{{ clone.directory }}"}},
        ],
        tell=quiet,
    )
    assert outputs["directory"] == str(tmp_path / "work" / "flows") == os.getcwd()
    assert len(outputs["clone"]["commit_sha"]) == 40
    assert Path("part/a.py").read_text() == "a"


def test_each_run_has_code_of_its_own(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one run changes in its code, no other sees."""
    texts = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        directory = run_step({f"{OURS}git_clone": {"repository": url}}, tell=quiet)["directory"]
        texts.append((Path(directory) / "flows.py").read_text())
        (Path(directory) / "flows.py").write_text(name)
    assert texts == ["one", "one"]


def test_code_from_remote_storage() -> None:
    """A remote folder is put into the working directory; settings are passed on."""
    filesystem = fsspec.filesystem("memory")
    filesystem.pipe({"/bucket/code/flows.py": b"one"})
    try:
        output = run_step(
            {f"{OURS}pull_from_remote_storage": {"url": "memory://bucket/code", "requires": "fsspec"}}, tell=quiet
        )
    finally:
        filesystem.rm("/bucket", recursive=True)
    assert output == {"directory": str(Path("bucket/code").absolute())}
    assert Path("bucket/code/flows.py").read_text() == "one"


def test_scripts_and_their_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run one after the other; what they write is told as it comes, and can be referred to."""
    monkeypatch.setenv("COLOUR", "blue")
    told: list[str] = []
    outputs = run_steps(
        [
            {SHELL: {"id": "hash", "script": "# a comment\necho abc"}},
            {SHELL: {"id": "two", "script": "echo abc\n\necho d \\\n  e"}},
            {SHELL: {"id": "tag", "script": "echo image:{{ hash.stdout }}", "stream_output": False}},
            {SHELL: {"script": "echo $COLOUR ${NAME}", "env": {"NAME": "me"}, "expand_env_vars": True}},
            {SHELL: {"script": "echo $COLOUR {{ $COLOUR }}"}},
            {SHELL: {"script": "echo a b | tr a-z A-Z; echo oops >&2", "shell": True}},
        ],
        tell=told.append,
    )
    assert outputs["hash"] == {"stdout": "abc", "stderr": ""}
    assert outputs["two"]["stdout"] == "abc\nd e"
    assert outputs["tag"]["stdout"] == "image:abc"
    assert (outputs["stdout"], outputs["stderr"]) == ("A B", "oops")
    lines = [line for line in told if not line.startswith(" > ")]
    assert lines[:-2] == ["abc", "abc", "d e", "blue me", "$COLOUR blue"]
    assert set(lines[-2:]) == {"A B", "oops"}  # of two streams, which no clock puts in order
    assert told.count(" > Running run_shell_script step...") == 6


def test_a_script_in_a_folder() -> None:
    """A script runs where it is told to."""
    Path("there").mkdir()
    assert run_step({SHELL: {"script": "pwd", "directory": "there"}}, tell=quiet)["stdout"] == str(
        Path("there").absolute()
    )


def test_a_script_that_fails_ends_the_steps() -> None:
    """After a command that fails none is run, and the error has what it complained about."""
    with pytest.raises(StepExecutionError, match=r"exit code 7.*no good"):
        run_steps(
            [
                {SHELL: {"script": "sh -c 'echo no good >&2; exit 7'\ntouch after"}},
                {SHELL: {"script": "touch later"}},
            ],
            tell=quiet,
        )
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("script", "words"),
    [("no-such-program", "can't be started"), ("echo 'a", "quotes"), ("''", "no command")],
)
def test_a_script_that_is_none(script: str, words: str) -> None:
    """A command that is none is said to be one."""
    with pytest.raises(StepExecutionError, match=words):
        run_step({SHELL: {"script": script}}, tell=quiet)


def test_a_script_that_takes_too_long() -> None:
    """A step takes no longer than its bound."""
    with temporary_settings({"code.step_timeout_seconds": 0.2}), pytest.raises(StepExecutionError, match="too long"):
        run_step({SHELL: {"script": "sleep 1000"}}, tell=quiet)


def test_an_interrupted_script_leaves_nothing_behind() -> None:
    """When a step is interrupted, what its script started is ended."""
    told: list[str] = []

    def interrupt(line: str) -> None:
        told.append(line)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_step({SHELL: {"script": "sh -c 'echo $$; exec sleep 1000'"}}, tell=interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(int(told[0]), 0)


def test_long_lines_and_strange_bytes() -> None:
    """A line that never ends is told in pieces, and bytes that are no text do not matter."""
    told: list[str] = []
    program = "import sys; sys.stdout.buffer.write(b'x' * 25_000 + b'\\xff\\n' + 'é'.encode())"
    Path("program.py").write_text(program)
    run_step({SHELL: {"script": f"{sys.executable} program.py"}}, tell=told.append)
    assert "".join(told) == "x" * 25_000 + "�" + "é"
    assert max(map(len, told)) <= 10_000


WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel(path: Path) -> None:
    """Make a package that can be installed without any index."""
    with zipfile.ZipFile(path / "tiny_thing-1.0-py3-none-any.whl", "w") as file:
        file.writestr("tiny_thing.py", "answer = 42\n")
        file.writestr("tiny_thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n")
        file.writestr(
            "tiny_thing-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        file.writestr("tiny_thing-1.0.dist-info/RECORD", "")


def test_requirements_are_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a file lists is installed by the pip of this Python."""
    wheel(Path())
    Path("requirements.txt").write_text("./tiny_thing-1.0-py3-none-any.whl\n")
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "target"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    output = run_step({f"{OURS}pip_install_requirements": {"stream_output": False}}, tell=quiet)
    assert "tiny-thing-1.0" in output["stdout"].replace("_", "-")
    assert (tmp_path / "target" / "tiny_thing.py").exists()
    with pytest.raises(StepExecutionError, match="other.txt"):
        run_step({f"{OURS}pip_install_requirements": {"requirements_file": "other.txt"}}, tell=quiet)


def double(number: int) -> dict[str, int]:
    """A step of a user's own."""
    return {"doubled": 2 * number}


async def treble(number: int) -> dict[str, int]:
    """An async one."""
    return {"trebled": 3 * number}


def test_functions_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any function that can be imported is a step, sync or async."""
    Path("my_steps.py").write_text(inspect.getsource(double) + "\n\n" + inspect.getsource(treble))
    monkeypatch.syspath_prepend(os.getcwd())
    steps = [{"my_steps.double": {"number": 4}}, {"my_steps.treble": {"number": "{{ doubled }}"}}]
    assert run_steps(steps, tell=quiet) == {"doubled": 8, "trebled": 24}
    for step, words in (
        ({"my_steps.double": {"nmber": 4}}, "inputs of step my_steps.double"),
        ({"my_steps.half": {}}, "no such function"),
        ({"no_such_module.step": {}}, "no module 'no_such_module'"),
        ({"my_steps.double": {"number": "{{ missing }}"}}, "stands for nothing"),
        ({"os.path.join": {}}, "inputs"),
    ):
        with pytest.raises(StepExecutionError, match=words):
            run_step(step, tell=quiet)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({f"{OURS}git_clone": {"repository": "x", "branhc": "y"}}, "branhc.*It takes repository, branch"),
        ({f"{OURS}git_clone": {}}, "missing required field `repository`"),
        ({f"{OURS}git_clone": {"repository": 7}}, "Expected `str`, got `int`"),
        ({f"{OURS}git_clone": {"repository": "ext::sh -c x"}}, "no address of a git repository"),
        ({f"{OURS}git_clone": {"repository": "https://x.test/a.git", "branch": "--upload-pack=x"}}, "branch or tag"),
        ({f"{OURS}git_clone": {"repository": "https://x.test/a.git", "clone_directory_name": "../x"}}, "leads out"),
        (
            {
                f"{OURS}git_clone": {
                    "repository": "https://x.test/a.git",
                    "access_token": "a",
                    "credentials": {"token": "b"},
                }
            },
            "one of",
        ),
        ({f"{OURS}pull_from_remote_storage": {}}, "missing required field `url`"),
        ({f"{OURS}set_working_directory": {"directory": "missing"}}, "'missing' can't be the working directory"),
        ({f"{OURS}run_shell_script": {"script": ["a"]}}, "Expected `str`"),
        ({f"{OURS}make_coffee": {}}, "no step.*git_clone"),
        ({"make coffee": {}}, "no step 'make coffee'"),
        ({f"{OURS}git_clone": [1]}, "no names with values"),
        ({"a": {}, "b": {}}, "nothing beside the name"),
        ("git_clone", "Step 1 is none"),
        ({SHELL: {"script": "true", "requires": "no-such-package>=2"}}, "'no-such-package'.*not installed"),
        ({SHELL: {"script": "true", "requires": [7]}}, "no requirement"),
    ],
)
def test_steps_that_are_wrong(step: Any, words: str) -> None:
    """What is wrong with a step is named, and nothing is done."""
    with pytest.raises(StepExecutionError, match=words):
        run_steps([step], tell=quiet)
    assert list(Path().iterdir()) == []


def test_too_many_steps() -> None:
    """There is a bound on the number of steps."""
    with pytest.raises(StepExecutionError, match="may be 100"):
        run_steps([{SHELL: {"script": "true"}}] * 101, tell=quiet)


def test_empty_steps_and_packages_that_are_there() -> None:
    """An empty entry of a list is passed over, and a package that is there is enough."""
    assert (
        run_steps([{}, {SHELL: {"script": "true", "requires": ["msgspec>=0.1", "click"]}}], tell=quiet)["stdout"] == ""
    )


def test_the_public_functions(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each step can be called by its name; those that are async in Prefect are async here."""
    assert public.git_clone(url)["directory"] == str(tmp_path / "work" / "flows")

    async def use() -> None:
        cloned: Any = public.git_clone(url, clone_directory_name="again")
        assert (await cloned)["directory"] == str(tmp_path / "work" / "again")
        assert (await public.run_shell_script("echo told"))["stdout"] == "told"
        assert await public.run_step({SHELL: {"script": "echo {{ a }}", "stream_output": False}}, {"a": "b"}) == {
            "stdout": "b",
            "stderr": "",
        }

    asyncio.run(use())
    assert "told" in capsys.readouterr().out
    assert public.set_working_directory("flows") == {"directory": str(tmp_path / "work" / "flows")}


def test_lines_go_to_a_logger(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    """With a logger, what steps have to say is logged and not printed."""
    caplog.set_level(logging.INFO)
    asyncio.run(run_steps_async([{SHELL: {"script": "echo told"}}], logger=logging.getLogger("steps")))
    assert "told" in caplog.messages
    assert capsys.readouterr().out == ""


def test_a_token_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that a reference stands for is in no line and in no error."""
    WorkingRepository.made(tmp_path / "hosted" / "flows.git", {"flows.py": "one"})
    monkeypatch.setenv("GIT_TOKEN", "s3cr3t-tok3n")
    told: list[str] = []
    with git_host(tmp_path / "hosted", ("x-access-token", "s3cr3t-tok3n")) as host:
        step = {f"{OURS}git_clone": {"repository": f"{host.url}/flows.git", "access_token": "{{ $GIT_TOKEN }}"}}
        run_steps([step], tell=told.append)
        with git_host(tmp_path / "hosted", ("x-access-token", "another")) as other:
            step = {f"{OURS}git_clone": {"repository": f"{other.url}/flows.git", "access_token": "{{ $GIT_TOKEN }}"}}
            with pytest.raises(StepExecutionError) as failed:
                run_steps([step], tell=told.append)
    assert "Pulled" in "".join(told)
    assert "s3cr3t" not in f"{told}{failed.value}{failed.value.__cause__}"


@pytest.mark.parametrize("package", ["penstock", "prefect_docker"])
@pytest.mark.parametrize(
    ("step", "missing"),
    [("build_docker_image", "image_name"), ("push_docker_image", "image_name"), ("push_docker_image", "tag")],
)
def test_images_have_steps(package: str, step: str, missing: str) -> None:
    """Images are built and pushed by steps of their own, under Prefect's names too, whose inputs are checked."""
    inputs = {"image_name": "example.com/flows", "tag": "1"}
    del inputs[missing]
    with pytest.raises(StepExecutionError, match=f"step penstock.docker.{step} are wrong: missing .*'{missing}'"):
        run_steps([{f"{package}.deployments.steps.{step}": inputs}])
