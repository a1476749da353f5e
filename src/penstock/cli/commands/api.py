"""`penstock api`: any request to the server, as it is written in the API's documentation."""

from __future__ import annotations

import json
import sys

import click

from penstock.cli import exit_codes
from penstock.cli.screen.output import print_line, say_error

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_REFUSED = 400


@click.command("api")
@click.argument("method", type=click.Choice(_METHODS, case_sensitive=False))
@click.argument("path")
@click.option("-d", "--data", metavar="JSON", help="The body, as JSON; - to read it from standard input.")
def api(method: str, path: str, data: str | None) -> int:
    """Send a request to the server, and print its answer.

    PATH is what follows the address of the API, such as /flow_runs/filter. The exit code is 1 where the server refuses.
    """
    from penstock.client.http import http_transport, problem_in

    body = sys.stdin.read() if data == "-" else data
    if body is not None:
        _check(body)
    elif method.upper() in {"POST", "PUT", "PATCH"}:
        body = "{}"
    transport = http_transport()
    answer = transport.exchange(
        method.upper(),
        f"/{path.removeprefix('/').removeprefix('api/')}",
        None if body is None else body.encode(),
        "application/json",
        safe_to_repeat=method.upper() == "GET",
        accept="application/json",
    )
    if answer.status >= _REFUSED:
        say_error(f"{answer.status}: {problem_in(answer)}")
        return exit_codes.FAILED
    print_line(_shown(answer.data, answer.headers.get("Content-Type", "")))
    return exit_codes.COMPLETED


def _check(body: str) -> None:
    try:
        json.loads(body)
    except ValueError as error:
        raise click.UsageError(f"--data is no JSON: {error}.") from error


def _shown(data: bytes, content_type: str) -> str:
    text = data.decode("utf-8", "replace")
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False) if "json" in content_type else text.rstrip("\n")
