"""Steps that bring code."""

from __future__ import annotations

from typing import Any

from penstock.core import dispatch
from penstock.deployment_steps.git_clone import GitClone
from penstock.deployment_steps.remote_storage import PullFromRemoteStorage
from penstock.deployment_steps.working_directory import SetWorkingDirectory

__all__ = ["git_clone", "pull_from_remote_storage", "set_working_directory"]


def set_working_directory(directory: str) -> dict[str, str]:
    """Make a folder the working directory of this process.

    Parameters:
        directory: the folder.

    Returns:
        `directory`: its absolute path.

    Raises:
        StepExecutionError: there is no such folder.
    """
    return SetWorkingDirectory(directory=directory).run(_say_nothing)


def git_clone(
    repository: str,
    branch: str | None = None,
    commit_sha: str | None = None,
    include_submodules: bool = False,
    access_token: str | None = None,
    credentials: Any = None,
    directories: list[str] | None = None,
    clone_directory_name: str | None = None,
) -> dict[str, str]:
    """Put the code of a git repository into a folder of the working directory; called from async code, return an awaitable.

    Parameters:
        repository: its address.
        branch: a branch or tag; by default the repository's own choice.
        commit_sha: the id of a commit, instead of a branch.
        include_submodules: whether submodules are wanted, too.
        access_token: the token of a private one.
        credentials: `{"access_token": …}` and perhaps a `username`, instead of a token alone.
        directories: the folders wanted, beside the files at the root; by default all.
        clone_directory_name: what the folder is called; by default after the repository and the branch.

    Returns:
        `directory`, the absolute path of the folder, and `commit_sha`, the whole id of the commit in it.

    Raises:
        SourceError: the code can't be had, or the folder holds something else.
    """
    step = GitClone(
        repository=repository,
        branch=branch,
        commit_sha=commit_sha,
        include_submodules=include_submodules,
        access_token=access_token,
        credentials=credentials,
        directories=directories,
        clone_directory_name=clone_directory_name,
    )
    if dispatch.in_async_code():
        import asyncio

        awaitable: Any = asyncio.to_thread(step.run, _say_nothing)
        return awaitable  # type: ignore[no-any-return]
    return step.run(_say_nothing)


async def pull_from_remote_storage(url: str, **settings: Any) -> dict[str, Any]:
    """Put the code of a folder behind an address into a folder of the working directory.

    Parameters:
        url: the address, such as `s3://bucket/folder`.
        settings: passed on to fsspec: credentials, endpoints and the like.

    Returns:
        `directory`: the absolute path of the folder.

    Raises:
        SourceError: the code can't be had, or the folder holds something else.
    """
    import asyncio

    return await asyncio.to_thread(PullFromRemoteStorage(url=url, settings=settings).run, _say_nothing)


def _say_nothing(line: str) -> None:
    """Leave it to the caller, who knows what was pulled, to say so."""
