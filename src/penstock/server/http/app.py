"""The application: a route for each path of the table of operations, and a few of the server's own."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from penstock.core.errors import Forbidden, PenstockException
from penstock.core.ids import uuid7
from penstock.core.version import __version__
from penstock.server.context import LOCAL_ADMINISTRATOR, Context, Principal
from penstock.server.dispatcher import Dispatcher
from penstock.server.http import bodies, documents, metrics, openapi
from penstock.server.http.dashboard.cookies import Session
from penstock.server.http.dashboard.pages import Pages
from penstock.server.http.dashboard.signing_in import SigningIn
from penstock.server.http.downloading import Downloads
from penstock.server.http.guard import Guard
from penstock.server.http.json_models import body_model
from penstock.server.http.lanes import Lanes, TooManyWaiting
from penstock.server.http.options import ServerOptions
from penstock.server.http.problems import problem_response
from penstock.server.http.run_tokens import LiveAttempts, RunToken
from penstock.server.http.streaming import answer_of
from penstock.server.polls.disconnection import until_gone
from penstock.server.polls.waiters import Waiters
from penstock.server.streams.hints import Hints
from penstock.server.streams.hub import Hub
from penstock.wire.deploying.workers import Claimed
from penstock.wire.operations import FLOW_RUNS_CLAIM, FLOW_RUNS_RENEW, FLOWS_LIST, JOURNAL_APPEND, OPERATIONS, Operation
from penstock.wire.requests import FlowQuery
from penstock.wire.streams import DOWNLOADS, STREAMS

_LEAST_BYTES_TO_PACK = 1_024
_FASTEST_PACKING = 1
_BODY_PATIENCE_SECONDS = 60.0
_ID_OF_A_REQUEST = re.compile(r"[A-Za-z0-9_.-]{1,64}")

_log = logging.getLogger("penstock.server")

_HEARTBEATS = f"/api{FLOW_RUNS_RENEW.path}".encode()
_NOT_FOR_RUNS = frozenset({b"/metrics"})

_CUT_OFF = (PenstockException, TooManyWaiting, OSError)
"""What ends a stream in the ordinary way (a time-out is an OSError too): its client resumes."""

Answer = Callable[[Request], Awaitable[Response]]


class Application:
    """The server's operations over HTTP, as an ASGI application.

    Parameters:
        server: what carries operations out.
        options: bounds and keys.

    Attributes:
        metrics: what it counts about itself.
        lanes: the threads it works in.
        streams: what is followed.
        waiters: the workers that wait for runs.
        pages: the dashboard; None where it is not shown.
    """

    def __init__(self, server: Dispatcher, options: ServerOptions) -> None:
        self._server = server
        self._options = options
        self._guard = Guard(options)
        self._attempts = LiveAttempts(self._asked_in_context)
        self.lanes = Lanes()
        self._signing_in = SigningIn(
            options.api_key, self._guard.cookies, self._asked_in_context, self._written_in_context
        )
        self.metrics = metrics.Metrics(self.lanes)
        self.pages = Pages(options.ui_base_path, wants_key=options.api_key is not None) if options.ui_enabled else None
        self._document = openapi.document()
        self._hints = Hints(server.database)
        self.streams = Hub(
            server.database, lambda work: self.lanes.reading.run(lambda: server.database.ask(work)), self._hints
        )
        self.metrics.watch_streams(self.streams)
        self.waiters = Waiters(server, self.lanes, self._hints)
        self.metrics.watch_waiters(self.waiters)
        self.metrics.watch_ledger(server.ledger)
        self.routes = [*self._operation_routes(), *self._stream_routes(), *self._own_routes()]
        # A path has one spelling: none is redirected to another.
        router = Router(self.routes, redirect_slashes=False)
        self._routed = GZipMiddleware(router, _LEAST_BYTES_TO_PACK, compresslevel=_FASTEST_PACKING)
        self._outermost: ASGIApp = self._guarded
        if options.cors_origins:
            self._outermost = CORSMiddleware(
                self._guarded,
                allow_origins=options.cors_origins,
                allow_methods=("GET", "POST", "DELETE"),
                allow_headers=("Authorization", "Content-Type", "X-Request-ID"),
                expose_headers=("X-Request-ID", "Retry-After"),
            )

    def end_waits(self) -> None:
        """End the answers that are long in coming. Call it in the event loop."""
        self.streams.close()
        self.waiters.close()
        self._hints.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        scope["app"] = self  # has the router raise what it refuses, so that it is told like everything else
        scope["request_id"] = request_id = _request_id(Headers(scope=scope))
        begun = time.perf_counter()
        status = 0

        async def send_on(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode("ascii"))]
            await send(message)

        try:
            await self._outermost(scope, receive, send_on)
        finally:
            self.metrics.answered(scope.get("operation", "none"), status, time.perf_counter() - begun)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_on(message: Any) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            raw_path = scope.get("raw_path") or scope["path"].encode()
            headers = Headers(scope=scope)
            page = self._page_for(scope["method"], raw_path, headers)
            if page is not None:
                await page(scope, receive, send_on)
                return
            shown = self._guard.check(scope["method"], raw_path, headers)
            scope["principal"] = await self._principal_of(shown, raw_path)
            await self._routed(scope, receive, send_on)
        except ClientDisconnect:
            return
        except Exception as error:
            if not begun:
                await problem_response(error, scope["request_id"])(scope, receive, send)
            elif not isinstance(error, _CUT_OFF):
                _log.error("The answer to request %s broke off", scope["request_id"], exc_info=error)

    def _page_for(self, method: str, raw_path: bytes, headers: Headers) -> Response | None:
        """Return what the dashboard answers. It comes before the routes, so that what is open to all never reaches one."""
        if self.pages is None:
            return None
        self._guard.check_caller(headers)
        return self.pages.answer(method, raw_path.decode("latin-1"), headers)

    async def _principal_of(self, shown: RunToken | Session | None, raw_path: bytes) -> Principal:
        if isinstance(shown, RunToken):
            return await self._holder_of(shown, raw_path)
        if shown is not None:
            await self._signing_in.check(shown)
        return LOCAL_ADMINISTRATOR

    async def _holder_of(self, token: RunToken, raw_path: bytes) -> Principal:
        """Return who shows a run's token.

        Raises:
            StaleAttempt: its attempt is no longer the live one.
            Forbidden: what is asked for is none of a run's business.
        """
        if raw_path in _NOT_FOR_RUNS:
            raise Forbidden(f"{token.principal.name} may not ask for {raw_path.decode('ascii')}.")
        # A process learns by its heartbeat that its run is lost: its attempt is looked at there.
        if raw_path != _HEARTBEATS:
            await self._attempts.check(token)
        return token.principal

    async def _asked_in_context(self, work: Callable[[Context], Any]) -> Any:
        database = self._server.database
        return await self.lanes.reading.run(
            lambda: database.ask(lambda connection: work(Context(connection, database.dialect)))
        )

    async def _written_in_context(self, work: Callable[[Context], Any]) -> Any:
        return await self.lanes.writing.run(lambda: self._server.write(work))

    def _operation_routes(self) -> Iterable[Route]:
        by_path: dict[str, dict[str, Operation[Any, Any]]] = {}
        for operation in OPERATIONS.values():
            by_path.setdefault(operation.path, {})[operation.method] = operation
        for path, by_method in sorted(by_path.items(), key=lambda item: "{" in item[0]):
            yield _route(f"/api{path.replace('{id}', '{id:uuid}')}", self._carrier(by_method), by_method)

    def _stream_routes(self) -> Iterable[Route]:
        def admit(request: Request) -> None:
            raw_path = request.scope.get("raw_path") or request.scope["path"].encode()
            shown = self._guard.check(request.method, raw_path, request.headers)
            if isinstance(shown, Session):
                self._signing_in.check_again(shown)
            elif shown is not None:
                self._attempts.check_again(shown)

        for stream in STREAMS.values():
            yield _route(f"/api{stream.path}", answer_of(stream, self.streams, admit), ("GET",))
        downloads = Downloads(self._server, self.lanes.reading, admit)
        for download in DOWNLOADS.values():
            yield _route(f"/api{download.path}", downloads.answer_of(download), ("GET",))

    def _carrier(self, by_method: dict[str, Operation[Any, Any]]) -> Answer:
        async def carry_out(request: Request) -> Response:
            operation = by_method[request.method]
            request.scope["operation"] = operation.name
            # Before the body is read: what one may not ask for is none of one's business, however it is asked.
            self._server.admit(operation.name, operation.permission, request.scope["principal"])
            body, kind = b"", bodies.JSON
            if body_model(operation) is not None:
                kind = bodies.kind_of(request.headers.get("content-type"))
                body = await self._body(request)
            accept = request.headers.get("accept", "")
            if operation is FLOW_RUNS_CLAIM:
                asked_for = bodies.read(operation, kind, body, request.path_params)
                claimed = await until_gone(request, self.waiters.claim(asked_for, request.scope["principal"]))
                return bodies.written(operation, self._with_tokens(claimed), accept)

            def work() -> Response:
                asked = bodies.read(operation, kind, body, request.path_params)
                answer = self._server.call(operation, asked, request.scope["principal"])
                if operation is JOURNAL_APPEND:
                    self.metrics.journaled(asked)
                return bodies.written(operation, answer, accept)

            lane = self.lanes.writing if operation.writes else self.lanes.reading
            return await lane.run(work)

        return carry_out

    def _with_tokens(self, claimed: Claimed) -> Claimed:
        """Return what a worker gets, each run with the token that its process is to show instead of the key."""
        tokens = self._guard.tokens
        if tokens is None:
            return claimed
        runs = [
            msgspec.structs.replace(run, token=tokens.made(run.flow_run.id, run.flow_run.attempt))
            for run in claimed.runs
        ]
        return msgspec.structs.replace(claimed, runs=runs)

    async def _body(self, request: Request) -> bytes:
        try:
            async with asyncio.timeout(_BODY_PATIENCE_SECONDS):
                return await bodies.taken_in(request, self._options.max_body_bytes)
        except TimeoutError:
            raise HTTPException(408, f"The body did not come within {_BODY_PATIENCE_SECONDS:g} s.") from None

    def _own_routes(self) -> Iterable[Route]:
        page = documents.page(self._document)
        document = JSONResponse(self._document)

        async def health(request: Request) -> Response:
            return JSONResponse({"status": "ok"})

        async def ready(request: Request) -> Response:
            await self.lanes.reading.run(lambda: self._server.call(FLOWS_LIST, FlowQuery(limit=1)))
            return JSONResponse({"status": "ready"})

        async def version(request: Request) -> Response:
            return JSONResponse({"version": __version__})

        async def own_metrics(request: Request) -> Response:
            return Response(self.metrics.as_text(), media_type=metrics.CONTENT_TYPE)

        async def read_document(request: Request) -> Response:
            return document

        async def docs(request: Request) -> Response:
            return page

        answers = {
            "/api/health": health,
            "/api/ready": ready,
            "/api/version": version,
            "/api/openapi.json": read_document,
            "/api/docs": docs,
            "/metrics": own_metrics,
        }
        posted = {"/api/login": self._signing_in.sign_in, "/api/logout": self._signing_in.sign_out}
        return [
            *(_route(path, answer, ("GET",)) for path, answer in answers.items()),
            *(_route(path, answer, ("POST",)) for path, answer in posted.items()),
        ]


def _route(path: str, answer: Answer, methods: Iterable[str]) -> Route:
    route = Route(path, answer, methods=list(methods))
    route.methods = set(methods)  # without the HEAD that Starlette adds to a GET: the guard knows exact methods only
    return route


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _ID_OF_A_REQUEST.fullmatch(given) else uuid7().hex
