"""The OpenAPI document is true: whatever it allows is answered as it says, and nothing breaks the server."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS
from support.servers import Server, running

from penstock.server.http.openapi import document

SCHEMA = schemathesis.openapi.from_dict(document())
# Streams have no end to wait for; test_streams.py has them.
OPERATIONS = {
    one.label: one for one in (result.ok() for result in SCHEMA.get_all_operations()) if "/stream" not in one.label
}
EXAMPLES = 20
KEY = "a-long-and-random-key-for-tests"

# Services refuse more than a schema can say: an empty name, an end before the start.
(ACCEPTS_ALL_THAT_FITS,) = CHECKS.get_by_names(["positive_data_acceptance"])


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server with a key."""
    with running(tmp_path_factory.mktemp("keyed"), PENSTOCK_SERVER_API_KEY=KEY) as one:
        yield one


def test_the_server_gives_the_document(server: Server) -> None:
    """What the server gives is the document that is made from the table, as JSON."""
    assert json.loads(server.ask("GET", "/api/openapi.json").data) == json.loads(json.dumps(document()))


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_operation_keeps_the_document(keyed: Server, label: str) -> None:
    """Whatever is sent, there is no 5xx, every status is documented, and every answer is of its schema."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(base_url=keyed.url.removesuffix("/api"), headers={"Authorization": f"Bearer {KEY}"})
        assert answer.status_code < 500, answer.text
        case.validate_response(answer, excluded_checks=[ACCEPTS_ALL_THAT_FITS])

    ask()
