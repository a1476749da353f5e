"""The dashboard's files: public, the same for everybody, and apart from every route that looks something up."""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from html import escape
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response

DIST = Path(__file__).with_name("dist")
"""What `scripts/ui-build` made of the sources in `ui/`."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_LEAST_BYTES_TO_PACK = 1_024
# The types that browsers must know, whatever the machine's own table says of them.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
_PACKED_TYPES = frozenset({".html", ".js", ".css", ".svg", ".json", ".txt"})
# What is asked for below these is none of the dashboard's pages, also where a browser asks.
_NO_PAGES = ("/api/", "/assets/")
_NO_PAGE = frozenset({"/api", "/assets", "/metrics"})


class Pages:
    """Answers a browser that asks for the dashboard. What it answers never depends on who asks.

    Parameters:
        base_path: under which a proxy shows the server, such as `/penstock`; empty where it is shown at the root.
        wants_key: whether people must sign in.
        dist: the built files.
    """

    def __init__(self, base_path: str = "", *, wants_key: bool = False, dist: Path = DIST) -> None:
        self._files = {f"/{path.relative_to(dist).as_posix()}": path for path in dist.rglob("*") if path.is_file()}
        index = self._files.pop("/index.html", None)
        self._index = None if index is None else _index(index.read_text(encoding="utf-8"), base_path, wants_key)

    @property
    def paths(self) -> frozenset[str]:
        """The files there are, as they are asked for."""
        return frozenset(self._files)

    def answer(self, method: str, path: str, headers: Headers) -> Response | None:
        """Return the file at a path, or the one page that shows every address of the dashboard; None for anything else.

        Parameters:
            method: of the request.
            path: as it was sent.
            headers: of the request: a program, which does not ask for HTML, gets no page where nothing is.
        """
        if method != "GET" or self._index is None:
            return None
        packed = "gzip" in headers.get("accept-encoding", "")
        if path in self._files:
            return _sent(_file(self._files[path]), packed=packed, lasting=path.startswith("/assets/"))
        if path in _NO_PAGE or path.startswith(_NO_PAGES):
            return None
        if path != "/" and "text/html" not in headers.get("accept", ""):
            return None
        return _sent(self._index, packed=packed, lasting=False)


class _File:
    """A file, as it is and packed.

    Parameters:
        suffix: says its type.
        body: its bytes.
    """

    def __init__(self, suffix: str, body: bytes) -> None:
        self.type = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
        self.body = body
        is_worth_it = suffix in _PACKED_TYPES and len(body) >= _LEAST_BYTES_TO_PACK
        self.packed = gzip.compress(body, mtime=0) if is_worth_it else None


@lru_cache(maxsize=256)
def _file(path: Path) -> _File:
    return _File(path.suffix, path.read_bytes())


def _index(text: str, base_path: str, wants_key: bool) -> _File:
    """Return the page with the addresses of its files, which are built as relative ones, under the base path."""
    text = text.replace('"./', f'"{escape(base_path)}/')
    return _File(".html", text.replace('content="sign-in"', f'content="{"key" if wants_key else "none"}"').encode())


def _sent(file: _File, *, packed: bool, lasting: bool) -> Response:
    headers = HEADERS | {"Cache-Control": _FOR_EVER if lasting else _ASK_AGAIN, "Vary": "Accept, Accept-Encoding"}
    if packed and file.packed is not None:
        return Response(file.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=file.type)
    return Response(file.body, headers=headers, media_type=file.type)
