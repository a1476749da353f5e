"""Where the code of flows comes from: git repositories, remote folders, folders of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol, TypedDict, runtime_checkable

from penstock.core.errors import InvalidSource
from penstock.sources.git.repository import GitSource
from penstock.sources.local_folder import LocalFolder
from penstock.sources.remote_folder import RemoteFolder
from penstock.sources.resolving import source_from
from penstock.sources.source import Source

__all__ = [
    "GitCredentials",
    "GitRepository",
    "LocalStorage",
    "RemoteStorage",
    "RunnerStorage",
    "create_storage_from_source",
]


@runtime_checkable
class RunnerStorage(Protocol):
    """What a storage of code has. Anything with these can be given where a storage is wanted."""

    def set_base_path(self, path: Path) -> None:
        """Say in which folder the code is to be put."""
        ...

    @property
    def pull_interval(self) -> int | None:
        """After how many seconds who serves flows pulls again; None for once."""
        ...

    @property
    def destination(self) -> Path:
        """The folder of the code, once it is pulled."""
        ...

    async def pull_code(self) -> None:
        """Bring the code to its destination."""
        ...

    def to_pull_step(self) -> dict[str, Any] | list[dict[str, Any]]:
        """Return the step, or steps, that pull the code elsewhere: JSON that travels with a deployment."""
        ...


class GitCredentials(TypedDict, total=False):
    """What a host of git repositories knows a user by.

    Attributes:
        username: the name; each kind of host has one of its own where it is left out.
        access_token: the token, or a reference to it such as `{{ $GIT_TOKEN }}`.
    """

    username: str
    access_token: Any


class _Storage:
    """A source as a storage.

    Parameters:
        source: where the code comes from.
        name: what its folder is called.
        pull_interval: after how many seconds it is pulled again.
    """

    def __init__(self, source: Source, name: str, pull_interval: int | None) -> None:
        self._source = source
        self._name = name
        self._pull_interval = pull_interval
        self._base_path = Path.cwd()

    def set_base_path(self, path: Path) -> None:
        """Say in which folder the code's own folder is to lie; by default the working directory."""
        self._base_path = Path(path)

    @property
    def pull_interval(self) -> int | None:
        """After how many seconds who serves flows pulls again; None for once."""
        return self._pull_interval

    @property
    def destination(self) -> Path:
        """The folder of the code, once it is pulled."""
        return self._base_path / self._name

    async def pull_code(self) -> None:
        """Bring the code to its destination, or up to date there.

        Raises:
            SourceError: it can't be had, or the folder holds something else.
        """
        import asyncio

        await asyncio.to_thread(self._source.pull, self.destination)

    def to_pull_step(self) -> dict[str, Any]:
        """Return the step that pulls the code elsewhere: JSON that travels with a deployment.

        Raises:
            InvalidSource: it would have to hold a secret as it is. Give a reference to it.
        """
        return self._source.to_pull_step()


class GitRepository(_Storage):
    """Code in a git repository.

    Parameters:
        url: its address: https, http, ssh, git, file, `user@host:path`, or a path.
        credentials: `{"access_token": …}` and perhaps a `username`, for a private one. A token given as a reference, such
            as `{{ $GIT_TOKEN }}`, is looked up where the code is pulled, and so can travel with a deployment.
        name: what the folder is called; by default after the repository and the branch.
        branch: a branch or tag; by default the repository's own choice.
        commit_sha: the id of a commit, whole or its first digits, instead of a branch.
        include_submodules: whether submodules are wanted, too.
        pull_interval: after how many seconds who serves flows pulls again; None for once.
        directories: the folders wanted, beside the files at the root; by default all.

    Raises:
        InvalidSource: one of these can't be, or may not be; it is a ValueError, too.

    Example:
        >>> storage = GitRepository(
        ...     "https://github.com/org/repo.git",
        ...     branch="main",
        ...     credentials={"access_token": "{{ $GIT_TOKEN }}"},
        ... )
        >>> storage
        GitRepository(name='repo-main' repository='https://github.com/org/repo.git', branch='main')
    """

    _source: GitSource

    def __init__(
        self,
        url: str,
        credentials: GitCredentials | dict[str, Any] | Any | None = None,
        name: str | None = None,
        branch: str | None = None,
        commit_sha: str | None = None,
        include_submodules: bool = False,
        pull_interval: int | None = 60,
        directories: list[str] | None = None,
    ) -> None:
        source = GitSource(
            url,
            branch=branch,
            commit=commit_sha,
            credentials=credentials,
            folders=directories,
            submodules=include_submodules,
        )
        super().__init__(source, _checked_name(name or source.folder_name), pull_interval)

    def to_pull_step(self) -> dict[str, Any]:
        """Return the step `git_clone` for it: JSON that travels with a deployment.

        Raises:
            InvalidSource: the token is given as it is. Give a reference to it.
        """
        step = super().to_pull_step()
        if self._name != self._source.folder_name:
            (inputs,) = step.values()
            inputs["clone_directory_name"] = self._name
        return step

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GitRepository) and (self._source, self._name) == (other._source, other._name)

    def __hash__(self) -> int:
        return hash(self._source)

    def __repr__(self) -> str:
        address, branch = self._source.address, self._source.branch
        return f"GitRepository(name={self._name!r} repository={address!r}, branch={branch!r})"


class RemoteStorage(_Storage):
    """Code in a folder behind an address that fsspec reaches.

    Parameters:
        url: the address, such as `s3://bucket/folder`. Some kinds need a package of their own: `pip install
            'penstock[s3]'` for S3.
        pull_interval: after how many seconds who serves flows pulls again; None for once.
        settings: passed on to fsspec: credentials, endpoints and the like. A value given as a reference, such as
            `{{ $SECRET_KEY }}`, is looked up where the code is pulled, and so can travel with a deployment.

    Raises:
        InvalidSource: it is no address of a folder elsewhere; it is a ValueError, too.

    Example:
        >>> RemoteStorage("s3://bucket/flows", key="{{ $KEY }}", secret="{{ $SECRET }}")
        RemoteStorage(url='s3://bucket/flows')
    """

    _source: RemoteFolder

    def __init__(self, url: str, pull_interval: int | None = 60, **settings: Any) -> None:
        source = RemoteFolder(url, settings)
        super().__init__(source, source.folder_name, pull_interval)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemoteStorage) and self._source == other._source

    def __hash__(self) -> int:
        return hash(self._source)

    def __repr__(self) -> str:
        return f"RemoteStorage(url={self._source.address!r})"


class LocalStorage(_Storage):
    """Code in a folder of this machine. It is used where it is, and never copied.

    Parameters:
        path: the folder.
        pull_interval: after how many seconds who serves flows looks again; None for once.

    Example:
        >>> LocalStorage("/srv/flows")
        LocalStorage(path=PosixPath('/srv/flows'))
    """

    _source: LocalFolder

    def __init__(self, path: str, pull_interval: int | None = None) -> None:
        source = LocalFolder(path)
        super().__init__(source, source.path.name, pull_interval)

    @property
    def destination(self) -> Path:
        """The folder itself."""
        return self._source.path

    async def pull_code(self) -> None:
        """Do nothing: the code is there."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalStorage) and self._source == other._source

    def __hash__(self) -> int:
        return hash(self._source)

    def __repr__(self) -> str:
        return f"LocalStorage(path={self._source.path!r})"


def create_storage_from_source(source: str, pull_interval: int | None = 60) -> RunnerStorage:
    """Return the storage that an address or a path means.

    Parameters:
        source: an address that ends in `.git`, or begins with `git://` or `git@`, for a repository; one of a kind that
            fsspec knows for a remote folder; else a folder of this machine.
        pull_interval: after how many seconds who serves flows pulls again; None for once.

    Raises:
        InvalidSource: it is none of these.
    """
    found = source_from(source)
    if isinstance(found, GitSource):
        return GitRepository(source, pull_interval=pull_interval)
    if isinstance(found, RemoteFolder):
        return RemoteStorage(source, pull_interval=pull_interval)
    return LocalStorage(found.address, pull_interval=pull_interval)


def _checked_name(name: str) -> str:
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise InvalidSource(f"{name!r} leads out of the base path. Name a folder in it, such as 'flows'.")
    return name
