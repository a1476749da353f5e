"""Deployments of the test's own, made through operations as `penstock deploy` makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.deploying.specs import SCHEMA

from penstock.client import transport
from penstock.wire.deploying.deployments import ApplyDeployment, Deployment, DeploymentSpec
from penstock.wire.operations import DEPLOYMENTS_APPLY

Deploy = Callable[..., Deployment]


@pytest.fixture
def deploy(record: object) -> Deploy:
    """Make a deployment, or change it."""

    def apply(name: str = "daily", flow_name: str = "report", **fields: Any) -> Deployment:
        given = {"parameters": {"city": "Oslo"}, "parameter_schema": SCHEMA, **fields}
        return transport.call(DEPLOYMENTS_APPLY, ApplyDeployment(DeploymentSpec(flow_name, name, **given)))

    return apply
