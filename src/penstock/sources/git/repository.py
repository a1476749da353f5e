"""Code in a git repository."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from penstock.core.errors import InvalidSource, SourceError
from penstock.sources.cache import CodeCache
from penstock.sources.git.addresses import parse
from penstock.sources.git.checkout import Checkout, MirrorDamaged
from penstock.sources.git.login import check_credentials, login_for
from penstock.sources.git.mirror import Mirror, protocols_for
from penstock.sources.git.process import Git
from penstock.sources.git.revisions import checked_commit, checked_folders, checked_ref, is_whole
from penstock.sources.measure import TooLarge
from penstock.sources.secrets import portable
from penstock.sources.source import Pulled, Source


class GitSource(Source):
    """A git repository, at a branch, tag or commit.

    Parameters:
        url: its address: https, http, ssh, git, file, `user@host:path` or a path.
        branch: a branch or tag; the repository's own choice where neither this nor a commit is given.
        commit: the id of a commit, whole or its first digits. A whole one that was pulled before needs no network.
        credentials: a dict with `access_token` (or `token`, `password`) and perhaps `username`, whose values may be
            references such as `{{ $GIT_TOKEN }}`. They are shown to this repository's host alone.
        folders: the folders wanted, beside the files at the root; all, where none is named.
        submodules: whether submodules are wanted, too.

    Raises:
        InvalidSource: one of these can't be, or may not be.
    """

    def __init__(
        self,
        url: str,
        *,
        branch: str | None = None,
        commit: str | None = None,
        credentials: Any = None,
        folders: Sequence[str] | None = None,
        submodules: bool = False,
    ) -> None:
        if branch and commit:
            raise InvalidSource("Both a branch and a commit are given. Give one of them.")
        check_credentials(credentials)
        self._location = parse(url)
        self.branch = checked_ref(branch) if branch else None
        self.commit = checked_commit(commit) if commit else None
        self.credentials = credentials or None
        self.folders = checked_folders(list(folders) if folders else None)
        self.submodules = submodules

    @property
    def address(self) -> str:
        """The repository's address, without name and password."""
        return self._location.url

    @property
    def folder_name(self) -> str:
        """What a folder for its code is called, where nobody says: the repository's name, and the branch."""
        name = self.address.rstrip("/").rpartition("/")[2].rpartition(":")[2].removesuffix(".git") or "repository"
        return f"{name}-{self.branch.replace('/', '-')}" if self.branch else name

    def to_pull_step(self) -> dict[str, Any]:
        """Return the step `git_clone` for this repository.

        Raises:
            InvalidSource: the token is given as it is, and not as a reference.
        """
        if self._location.password or (self._location.username and not self.credentials):
            raise InvalidSource(
                f"The token in the address of {self.address} would be seen by all who may see the deployment. Take it "
                "out, and give credentials={'access_token': '{{ $GIT_TOKEN }}'} or another reference."
            )
        inputs: dict[str, Any] = {"repository": self.address, "branch": self.branch}
        if self.commit:
            inputs["commit_sha"] = self.commit
        if self.folders:
            inputs["directories"] = list(self.folders)
        if self.submodules:
            inputs["include_submodules"] = True
        if self.credentials is not None:
            inputs["credentials"] = portable("credentials", self.credentials, self.address)
        return {"penstock.deployments.steps.git_clone": inputs}

    def fetch_once(self, deadline: float) -> Pulled:
        """Bring the commit onto this machine, or find it there. See `Source.fetch`."""
        git = Git(self.address, deadline, login_for(self._location, self.credentials))
        cache = CodeCache.of_settings()
        commit = self._commit(git, cache)
        held = cache.obtain(
            self._key(commit), self.address, deadline, lambda folder: self._make(git, cache, commit, folder)
        )
        return Pulled(held.path, commit, held.release)

    def _commit(self, git: Git, cache: CodeCache) -> str:
        """Return the whole id of the commit that is meant now."""
        if self.commit is None:
            return self._tip(git)
        if is_whole(self.commit):
            return self.commit
        with cache.alone(self._mirror_key(self.commit), self.address, git.deadline) as entry:
            return self._mirror(git, entry).bring(self.commit)

    def _tip(self, git: Git) -> str:
        """Ask the repository which commit the branch, the tag or its own choice is at."""
        wanted = (
            [f"refs/heads/{self.branch}", f"refs/tags/{self.branch}^{{}}", f"refs/tags/{self.branch}"]
            if self.branch
            else ["HEAD"]
        )
        said = git.run(
            ["ls-remote", "--quiet", "--end-of-options", self.address, *wanted], protocols=protocols_for(self._location)
        )
        tips: dict[str, str] = {}
        for line in said.decode(errors="replace").splitlines():
            sha, _, name = line.partition("\t")
            tips[name] = sha
        found = next((tips[name] for name in wanted if name in tips), None)
        if found is None:
            what = f"branch or tag {self.branch!r}" if self.branch else "commit yet"
            raise SourceError(f"The repository {self.address} has no {what}. Check the name, and the address.")
        return checked_commit(found)

    def _make(self, git: Git, cache: CodeCache, commit: str, folder: Path) -> None:
        with cache.alone(self._mirror_key(commit), self.address, git.deadline) as entry:
            mirror = self._mirror(git, entry)
            checkout = Checkout(git, self._location, folder)
            whole = mirror.bring(commit)
            try:
                cache.note_size(entry, self.address)
                checkout.make(mirror.folder, whole, self.folders, submodules=self.submodules)
            except (MirrorDamaged, TooLarge):  # too large it may be by what was brought before
                shutil.rmtree(folder, ignore_errors=True)
                whole = mirror.bring_anew(commit)
                cache.note_size(entry, self.address)
                checkout.make(mirror.folder, whole, self.folders, submodules=self.submodules)

    def _mirror(self, git: Git, entry: Path) -> Mirror:
        return Mirror(git, self._location, entry / "mirror")

    def _mirror_key(self, commit: str) -> str:
        return f"git mirror\n{self.address}\n{len(commit) if is_whole(commit) else 40}"

    def _key(self, commit: str) -> str:
        return "\n".join(["git", self.address, commit, str(self.submodules), *self.folders])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GitSource) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[Any, ...]:
        return self.address, self.branch, self.commit, self.folders, self.submodules

    def __repr__(self) -> str:
        at = self.branch or self.commit
        return f"GitSource({self.address!r}{f', at {at!r}' if at else ''})"
