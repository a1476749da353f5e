"""Code in a folder behind an address: whatever fsspec reaches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

from penstock.core.errors import InvalidSource, SourceError, SourceUnreachable
from penstock.filesystems.remote import RemoteFileSystem
from penstock.sources.cache import CodeCache
from penstock.sources.download import ReadingFailed, download, reading
from penstock.sources.listing import Listing, list_files
from penstock.sources.references import resolve
from penstock.sources.secrets import is_secret_name, portable, revealed, secrets_in, without_secrets
from penstock.sources.source import Pulled, Source

MOST_LISTINGS = 3
"""How often the folder is listed again because it changed while it was read."""

_STEP_SETTINGS = frozenset({"url", "id", "requires"})


class RemoteFolder(Source):
    """A folder behind an address such as `s3://bucket/folder`.

    Where the file system tells which version of each file it has, by an ETag, a checksum or a time, what was pulled once
    is found on this machine the next time. Where it does not, all is pulled anew.

    Parameters:
        url: the address.
        settings: passed on to fsspec: credentials, endpoints and the like. Values may be references such as
            `{{ $SECRET_KEY }}`.

    Raises:
        InvalidSource: it is no address of a folder elsewhere.
    """

    def __init__(self, url: str, settings: Mapping[str, Any] | None = None) -> None:
        try:
            self._shown = RemoteFileSystem(url).location("")
        except ValueError as error:
            raise InvalidSource(str(error)) from None
        if "::" in url.partition("://")[0] or "\0" in url or ".." in url.split("/"):
            raise InvalidSource(f"{self._shown!r} is no address of a folder. Give one such as 's3://bucket/folder'.")
        taken = _STEP_SETTINGS & (settings or {}).keys()
        if taken:
            raise InvalidSource(f"The settings of {self._shown} can't be called {', '.join(sorted(taken))}.")
        self.url = url.rstrip("/")
        self.settings = dict(settings or {})

    @property
    def address(self) -> str:
        """The address, without name and password."""
        return self._shown

    @property
    def scheme(self) -> str:
        """What comes before `://`."""
        return self.url.partition("://")[0]

    @property
    def folder_name(self) -> str:
        """What a folder for its code is called, where nobody says: host and path of the address."""
        return self.address.partition("://")[2].strip("/")

    def to_pull_step(self) -> dict[str, Any]:
        """Return the step `pull_from_remote_storage` for this folder.

        Raises:
            InvalidSource: a secret is given as it is, and not as a reference.
        """
        if self.url != self._shown:
            raise InvalidSource(
                f"The name and password in the address of {self._shown} would be seen by all who may see the deployment. "
                "Take them out, and give settings with references such as '{{ $PASSWORD }}'."
            )
        settings = {name: portable(name, value, self.address) for name, value in self.settings.items()}
        package = _package_for(self.scheme)
        requires = {"requires": package} if package else {}
        return {"penstock.deployments.steps.pull_from_remote_storage": {"url": self.url, **settings, **requires}}

    def fetch_once(self, deadline: float) -> Pulled:
        """Bring the folder onto this machine, or find it there. See `Source.fetch`."""
        settings = resolve(_all_revealed(self.settings))
        try:
            return self._fetch(settings, deadline)
        except ReadingFailed as failed:
            raise self._failure(failed.error, settings) from None

    def _fetch(self, settings: dict[str, Any], deadline: float) -> Pulled:
        with reading():
            filesystem = RemoteFileSystem(self.url, settings).filesystem
        cache = CodeCache.of_settings()
        for _ in range(MOST_LISTINGS):
            listing = self._listing(filesystem)
            version = listing.version
            key = "\n".join(["fsspec", self.url, _as_text(settings), str(version)])
            held = cache.find(key) if version else None
            if held is not None:
                return Pulled(held.path, version, held.release)

            def build(folder: Path, listing: Listing = listing) -> None:
                download(filesystem, listing, folder, self.address, deadline)
                if self._listing(filesystem) != listing:
                    raise _Changed

            try:
                held = (
                    cache.obtain(key, self.address, deadline, build)
                    if version
                    else cache.obtain_once(self.address, deadline, build)
                )
            except _Changed:
                continue
            return Pulled(held.path, version, held.release)
        raise SourceError(
            f"The folder {self.address} changed {MOST_LISTINGS} times while it was read. Wait until who writes to it has done."
        )

    def _listing(self, filesystem: Any) -> Listing:
        with reading():
            return list_files(filesystem, self.url, self.address)

    def _failure(self, error: Exception, settings: dict[str, Any]) -> SourceError:
        words = without_secrets(f"{type(error).__name__}: {error}", list(secrets_in(settings)))[:1_000].rstrip(".")
        kinds = {kind.__name__ for kind in type(error).__mro__}
        if isinstance(error, (ConnectionError, TimeoutError)) or any(
            "Connect" in one or "Timeout" in one for one in kinds
        ):
            return SourceUnreachable(f"{self.address} does not answer: {words}. Check the network and the address.")
        return SourceError(
            f"{self.address} can't be read: {words}. Check the address, the credentials and what they allow."
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemoteFolder) and (self.url, self.settings) == (other.url, other.settings)

    def __hash__(self) -> int:
        return hash(self.url)

    def __repr__(self) -> str:
        return f"RemoteFolder({self.address!r})"


class _Changed(Exception):
    """The folder is another than it was when it was listed."""


def _all_revealed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _all_revealed(one) for name, one in value.items()}
    return revealed(value)


def _as_text(settings: Mapping[str, Any]) -> str:
    """Return a digest of the settings that say where the folder is, without the secrets among them."""

    def told(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {str(name): told(one) for name, one in value.items() if not is_secret_name(str(name))}
        return repr(value)

    return blake2b(json.dumps(told(settings), sort_keys=True).encode(), digest_size=16).hexdigest()


def _package_for(scheme: str) -> str | None:
    """Return the package that reads such addresses, as fsspec's registry has it, or None where fsspec does so itself."""
    known: dict[str, dict[str, str]] = import_module("fsspec.registry").known_implementations
    package = str(known.get(scheme, {}).get("class", "fsspec")).partition(".")[0]
    return None if package == "fsspec" else package
