"""Code of elsewhere: storages, `flow.from_source`, and the steps that pull code and run scripts."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

from prefect import flow
from prefect.deployments.steps import git_clone, run_shell_script, set_working_directory
from prefect.deployments.steps.core import StepExecutionError, run_step, run_steps
from prefect.runner.storage import (
    GitRepository,
    LocalStorage,
    RemoteStorage,
    RunnerStorage,
    create_storage_from_source,
)

FLOWS = """
from {package} import flow

@flow(name="sales-of-a-day")
def sales(day="today"):
    return f"the sales of {{day}}"
"""

package = flow.__module__.partition(".")[0]
code = Path("code").resolve()
(code / "daily").mkdir(parents=True)
(code / "daily" / "sales.py").write_text(FLOWS.format(package=package))
(code / "other").mkdir()
(code / "other" / "file.txt").write_text("other")
for words in (
    "init --quiet --initial-branch=main",
    "config user.name me",
    "config user.email me@example.com",
    "config uploadpack.allowAnySHA1InWant true",
    "add --all",
    "commit --quiet --message=first",
    "tag v1",
):
    subprocess.run(["git", "-C", str(code), *words.split()], check=True)
(code / "other" / "file.txt").write_text("changed")
subprocess.run(["git", "-C", str(code), "commit", "--quiet", "--all", "--message=second"], check=True)

print("-- storages")
for source in (
    "https://example.com/a.git",
    "git@example.com:team/a.git",
    "s3://bucket/code",
    "/srv/code",
    "file:///srv/code",
):
    print(source, type(create_storage_from_source(source)).__name__)
print(LocalStorage("/srv/code").destination, LocalStorage("/srv/code").pull_interval)
print(LocalStorage("/srv/code") == LocalStorage("/srv/code"), isinstance(LocalStorage("/srv/code"), RunnerStorage))
repository = GitRepository("https://example.com/team/flows.git", branch="release/2")
print(repository, repository.pull_interval)
print(repository.destination.relative_to(Path.cwd()))
repository.set_base_path(Path("/base"))
print(repository.destination)


def inputs_of(storage):
    return dict(sorted(next(iter(storage.to_pull_step().values())).items()))


print(inputs_of(LocalStorage("/srv/code")))
print(inputs_of(repository))
print(inputs_of(GitRepository("https://example.com/a.git", name="mine", include_submodules=True, directories=["x"])))
print(inputs_of(GitRepository("https://example.com/a.git", commit_sha="deadbeef")))
print(inputs_of(RemoteStorage("s3://bucket/code", anon=True)))

print("-- refusals")
for options in (
    {"branch": "--upload-pack=x"},
    {"commit_sha": "main"},
    {"branch": "main", "commit_sha": "deadbeef"},
    {"credentials": {"username": "me"}},
):
    try:
        GitRepository("https://example.com/a.git", **options)
    except ValueError:
        print("ValueError", sorted(options))
try:
    inputs_of(GitRepository("https://example.com/a.git", credentials={"access_token": "token"}))
except ValueError:
    print("ValueError for a token")

print("-- flows")
loaded = flow.from_source(str(code), "daily/sales.py:sales")
print(loaded.name, loaded.fn("Monday"), loaded._entrypoint, type(loaded._storage).__name__)
loaded = flow.from_source(GitRepository(str(code)), "daily/sales.py:sales")
print(loaded.name, loaded.fn("Tuesday"), type(loaded._storage).__name__)


async def load():
    return await flow.from_source(str(code), entrypoint="daily/sales.py:sales")


print(asyncio.run(load()).fn("Wednesday"))

print("-- pulls")


def pull(storage):
    storage.set_base_path(Path("pulled").resolve())
    asyncio.run(storage.pull_code())
    return storage.destination


os.mkdir("pulled")
print((pull(GitRepository(str(code), name="newest")) / "other/file.txt").read_text())
print((pull(GitRepository(str(code), name="tagged", branch="v1")) / "other/file.txt").read_text())

print("-- steps")
PREFIX = f"{package}.deployments.steps."
print(
    (
        Path(git_clone(str(code), branch="main", clone_directory_name="cloned")["directory"]) / "other/file.txt"
    ).read_text()
)
print(asyncio.run(run_shell_script("echo one\necho two >&2 | cat", stream_output=False)))
print(asyncio.run(run_shell_script("echo a b | tr ' ' '-'", stream_output=False, shell=True)))
asyncio.run(run_shell_script("echo streamed $NAME", env={"NAME": "name"}, expand_env_vars=True))
outputs = asyncio.run(
    run_steps(
        [
            {f"{PREFIX}run_shell_script": {"id": "first", "script": "echo abc", "stream_output": False}},
            {f"{PREFIX}run_shell_script": {"script": "echo tag:{{ first.stdout }}", "stream_output": False}},
        ]
    )
)
print(outputs["first"], outputs["stdout"])
print(
    asyncio.run(run_step({f"{PREFIX}run_shell_script": {"script": "echo {{ x }}", "stream_output": False}}, {"x": 7}))
)
try:
    asyncio.run(run_steps([{f"{PREFIX}run_shell_script": {"script": "false"}}], print_function=lambda *a, **k: None))
except StepExecutionError as error:
    print(type(error).__name__)
print(Path(set_working_directory("cloned")["directory"]).name, Path.cwd().name)
