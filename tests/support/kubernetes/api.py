"""The API of a fake cluster over HTTP: lists in pages, watches with bookmarks, logs that are followed, refusals as they are."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from support.kubernetes.controllers import Controllers
from support.kubernetes.kubelet import Kubelet
from support.kubernetes.objects import KINDS, Objects, Refused, selected


class Dropped(Exception):
    """A connection broke off."""


class Api:
    """Answers requests.

    Parameters:
        objects: the objects.
        controllers: what deletes.
        token: what requests have to show.

    Attributes:
        requests: the method and path, with its query, of each request.
        broken: refusals to answer next requests with: a function of method and path returns one, or None.
        lost: whether the answer to a request, which is carried out, gets lost: a function of method and path.
        page: how many objects are in a page at most.
    """

    def __init__(self, objects: Objects, controllers: Controllers, token: str) -> None:
        self.objects = objects
        self.kubelet: Kubelet | None = None
        self._controllers = controllers
        self._token = token
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wakers: set[asyncio.Event] = set()
        self._drops = 0
        self._bookmarks = 0
        self.closing = False
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.broken: Callable[[str, str], Refused | None] = lambda method, path: None
        self.lost: Callable[[str, str], bool] = lambda method, path: False
        self.page = 500
        objects.listen(lambda *_: self.wake())

    def application(self) -> Starlette:
        """Return what a server is to serve."""
        routes = []
        for kind, (version, _) in KINDS.items():
            base = f"/{'apis' if '/' in version else 'api'}/{version}/namespaces/{{namespace}}/{kind}"
            routes += [
                Route(base, self._answering(self._collection, kind), methods=["GET", "POST"]),
                Route(f"{base}/{{name}}", self._answering(self._one, kind), methods=["GET", "DELETE"]),
            ]
        routes.append(Route("/api/v1/namespaces/{namespace}/pods/{name}/log", self._answering(self._log, "pods")))
        return Starlette(routes=routes)

    def wake(self) -> None:
        """Have all that is followed look again. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(lambda: [one.set() for one in self._wakers])

    def drop(self) -> None:
        """Break off whatever is followed."""
        self._drops += 1
        self.wake()

    def bookmark(self) -> None:
        """Send all watches a bookmark."""
        self._bookmarks += 1
        self.wake()

    def close(self) -> None:
        """End whatever is followed."""
        self.closing = True
        self.wake()

    def _answering(self, answer: Any, kind: str) -> Any:
        async def endpoint(request: Request) -> Response:
            self._loop = asyncio.get_running_loop()
            self.requests.append((request.method, request.url.path, dict(request.query_params)))
            try:
                self._check(request)
                found: Response = await answer(kind, request)
                if self.lost(request.method, request.url.path):
                    return JSONResponse({}, 502)
            except Refused as refusal:
                return JSONResponse(refusal.status(), refusal.code)
            return found

        return endpoint

    def _check(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self._token}":
            raise Refused(401, "Unauthorized", "Unauthorized")
        refused = self.broken(request.method, request.url.path)
        if refused is not None:
            raise refused

    async def _collection(self, kind: str, request: Request) -> Response:
        namespace = request.path_params["namespace"]
        if request.method == "POST":
            return JSONResponse(self.objects.create(kind, namespace, await request.json()), 201)
        query = request.query_params
        if query.get("watch") == "true":
            version = int(query["resourceVersion"]) if query.get("resourceVersion") else self.objects.version
            self.objects.since(kind, namespace, version)  # refused before it begins
            return StreamingResponse(
                self._changes(kind, namespace, version, dict(query)), media_type="application/json"
            )
        return JSONResponse(self._list(kind, namespace, dict(query)))

    def _list(self, kind: str, namespace: str, query: dict[str, str]) -> Any:
        with self.objects.lock:
            found = [one for one in self.objects.all(kind, namespace) if _is_wanted(one, query)]
            version, first = str(self.objects.version), 0
            if query.get("continue"):
                version, _, place = query["continue"].partition("/")
                self.objects.since(kind, namespace, int(version))
                first = int(place)
        size = min(int(query.get("limit") or self.page), self.page)
        metadata = {"resourceVersion": version}
        if first + size < len(found):
            metadata |= {"continue": f"{version}/{first + size}"}
        api, name = KINDS[kind]
        return {"apiVersion": api, "kind": f"{name}List", "metadata": metadata, "items": found[first : first + size]}

    async def _changes(self, kind: str, namespace: str, version: int, query: dict[str, str]) -> AsyncIterator[bytes]:
        bookmarks = self._bookmarks
        async for _ in self._woken():
            try:
                changes = self.objects.since(kind, namespace, version)
            except Refused as refusal:
                yield _line("ERROR", refusal.status())
                return
            for change, one in changes:
                version = int(one["metadata"]["resourceVersion"])
                if _is_wanted(one, query):
                    yield _line(change, one)
            if bookmarks != self._bookmarks and query.get("allowWatchBookmarks") == "true":
                bookmarks, version = self._bookmarks, max(version, self.objects.version)
                api, name = KINDS[kind]
                yield _line(
                    "BOOKMARK", {"apiVersion": api, "kind": name, "metadata": {"resourceVersion": str(version)}}
                )

    async def _woken(self) -> AsyncIterator[None]:
        """Yield at once and whenever something has changed, until all ends; raise where connections are dropped."""
        waker, drops = asyncio.Event(), self._drops
        self._wakers.add(waker)
        try:
            while not self.closing:
                waker.clear()
                yield
                await waker.wait()
                if drops != self._drops:
                    raise Dropped
        finally:
            self._wakers.discard(waker)

    async def _one(self, kind: str, request: Request) -> Response:
        namespace, name = request.path_params["namespace"], request.path_params["name"]
        if request.method == "GET":
            return JSONResponse(self.objects.read(kind, namespace, name))
        query = request.query_params
        grace = query.get("gracePeriodSeconds")
        policy = query.get("propagationPolicy", "Background")
        deleted = self._controllers.delete(kind, namespace, name, policy, None if grace is None else int(grace))
        return JSONResponse(deleted)

    async def _log(self, kind: str, request: Request) -> Response:
        namespace, name = request.path_params["namespace"], request.path_params["name"]
        pod, query = self.objects.read("pods", namespace, name), request.query_params
        container = query.get("container")
        state = (pod["status"].get("containerStatuses") or [{}])[0].get("state", {})
        if container not in {one["name"] for one in pod["spec"]["containers"]}:
            raise Refused(400, "BadRequest", f"container {container} is not valid for pod {name}")
        if not state.get("running") and not state.get("terminated"):
            raise Refused(400, "BadRequest", f'container "{container}" in pod "{name}" is waiting to start')
        since = query.get("sinceTime", "")
        return StreamingResponse(self._printed(name, since.removesuffix("Z").encode()), media_type="text/plain")

    async def _printed(self, name: str, since: bytes) -> AsyncIterator[bytes]:
        assert self.kubelet is not None
        lines, place = self.kubelet.lines[name], 0
        async for _ in self._woken():
            ended = lines.ended
            while place < len(lines.kept):
                line = lines.kept[place]
                place += 1
                if line[:19] >= since:
                    yield line + b"\n"
            if ended:
                return


def _is_wanted(one: dict[str, Any], query: dict[str, str]) -> bool:
    return selected(one, query.get("labelSelector", ""), query.get("fieldSelector", ""))


def _line(change: str, one: dict[str, Any]) -> bytes:
    return json.dumps({"type": change, "object": one}).encode() + b"\n"
