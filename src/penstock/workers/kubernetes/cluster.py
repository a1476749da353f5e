"""The API of a Kubernetes cluster, as far as runs need it: objects are plain dicts, and an error says what to do about it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
from lightkube.config.client_adapter import ConnectionParams
from lightkube.config.kubeconfig import KubeConfig
from lightkube.core.exceptions import ApiError, ConfigError
from lightkube.core.generic_client import BasicRequest, GenericAsyncClient
from lightkube.generic_resource import GenericNamespacedResource, create_api_info
from lightkube.resources.core_v1 import PodLog

from penstock.core.errors import ConfigurationError, InfrastructureError

Object = dict[str, Any]

PAGE = 500
"""How many objects a list is asked for at once."""

WATCH_SECONDS = 240
"""After how long the cluster ends a watch by itself: a connection that died without a word is noticed soon after."""

OPENED = "OPENED"
"""The first event of a watch: the cluster has taken it."""

_ANSWER_SECONDS = 15.0
_MARGIN_SECONDS = 20.0
_GONE, _CONFLICT, _NOT_FOUND = 410, 409, 404
_LOST = (httpx2.HTTPError, httpx2.StreamError, OSError)


class ClusterError(InfrastructureError):
    """The cluster refused a request, or did not answer.

    Attributes:
        status: its HTTP status; None where there was no answer.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status

    @property
    def is_final(self) -> bool:
        """Whether asking again is of no use: it is a matter of rights, or of names."""
        return self.status is not None and 400 <= self.status < 500 and self.status not in {_GONE, 408, 429}


class VersionGone(ClusterError):
    """The cluster no longer knows what changed since the version a watch, or a list's page, is to go on from."""


_DEFAULT_NAMESPACE = "default"


def _kind(group: str, name: str, plural: str) -> type[GenericNamespacedResource]:
    return type(name, (GenericNamespacedResource,), {"_api_info": create_api_info(group, "v1", name, plural)})


JOBS = _kind("batch", "Job", "jobs")
PODS = _kind("", "Pod", "pods")
EVENTS = _kind("", "Event", "events")
SECRETS = _kind("", "Secret", "secrets")
Kind = type[GenericNamespacedResource]


def own_namespace() -> str:
    """Return the namespace that this program is in: its pod's, else that of its kubeconfig's context, else `default`."""
    try:
        config = KubeConfig.from_env().get()
    except (ConfigError, OSError, ValueError, KeyError, AttributeError):
        config = None  # that there is no cluster is said where one is asked
    return _DEFAULT_NAMESPACE if config is None else config.namespace or _DEFAULT_NAMESPACE


class Cluster:
    """A cluster: the one whose pod this is, else the one that `KUBECONFIG` or `~/.kube/config` names.

    Raises:
        ConfigurationError: neither says where it is.
    """

    def __init__(self) -> None:
        try:
            config = KubeConfig.from_env().get()
            self._client: Any = GenericAsyncClient(ConnectionParams(timeout=httpx2.Timeout(_ANSWER_SECONDS)), config)
        except (ConfigError, OSError, ValueError, KeyError, AttributeError) as error:
            raise ConfigurationError(
                f"No Kubernetes cluster is known here: {error}. Run the worker in a pod with a service account, or name a "
                "kubeconfig file in KUBECONFIG."
            ) from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def create(self, kind: Kind, namespace: str, body: Object) -> Object | None:
        """Create an object; return it as the cluster has it, or None where there is one of its name already."""
        try:
            return dict(await self._client.request("post", kind, obj=kind(**body), namespace=namespace))
        except _LOST as error:
            failure = _failure(error, f"The {kind.__name__} can't be made in namespace {namespace!r}")
            if failure.status == _CONFLICT:
                return None
            raise failure from error

    async def read(self, kind: Kind, namespace: str, name: str) -> Object | None:
        """Return an object, or None where it is not there."""
        try:
            return dict(await self._client.request("get", kind, name=name, namespace=namespace))
        except _LOST as error:
            failure = _failure(error, f"{kind.__name__} {namespace}/{name} can't be read")
            if failure.status == _NOT_FOUND:
                return None
            raise failure from error

    async def delete(self, kind: Kind, namespace: str, name: str, grace_seconds: float | None = None) -> bool:
        """Delete an object, and first what it owns; whether it was there.

        Parameters:
            kind: what it is.
            namespace: where it is.
            name: its name.
            grace_seconds: how long its processes may take to end; by default as it says itself.
        """
        params = {"propagationPolicy": "Foreground"}
        if grace_seconds is not None:
            params["gracePeriodSeconds"] = str(max(0, round(grace_seconds)))
        try:
            await self._client.request("delete", kind, name=name, namespace=namespace, params=params)
        except _LOST as error:
            failure = _failure(error, f"{kind.__name__} {namespace}/{name} can't be deleted")
            if failure.status in {_NOT_FOUND, _CONFLICT}:
                return failure.status == _CONFLICT
            raise failure from error
        return True

    async def list(
        self, kind: Kind, namespace: str, labels: str | None = None, fields: str | None = None
    ) -> tuple[list[Object], str]:
        """Return the objects of a kind, page by page, and the version that a watch is to go on from.

        Parameters:
            kind: what they are.
            namespace: where they are.
            labels: a label selector.
            fields: a field selector.

        Raises:
            VersionGone: the list changed so much meanwhile that it is to be begun anew.
        """
        params = {"limit": str(PAGE), "labelSelector": labels, "fieldSelector": fields}
        request = self._client.prepare_request("list", kind, namespace=namespace, params=params)
        found: list[Object] = []
        version = ""
        try:
            async for at, items in self._client.list_chunks(request):
                version = at or version
                found += [dict(item) for item in items]
        except _LOST as error:
            raise _failure(error, f"The {kind.__name__}s of namespace {namespace!r} can't be listed") from error
        return found, version

    async def watch(
        self, kind: Kind, namespace: str, version: str, labels: str | None = None, fields: str | None = None
    ) -> AsyncIterator[tuple[str, Object]]:
        """Yield what changes after a version, with bookmarks, until the cluster ends the watch.

        Raises:
            VersionGone: the version is too old.
            ClusterError: it was refused, or broke off.
        """
        params = {
            "resourceVersion": version,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": str(WATCH_SECONDS),
            "labelSelector": labels,
            "fieldSelector": fields,
        }
        request = self._client.prepare_request("list", kind, namespace=namespace, watch=True, params=params)
        what = f"The watch on {kind.__name__}s of namespace {namespace!r} broke off"
        async for line in self._lines(request, WATCH_SECONDS + _MARGIN_SECONDS, what):
            if line is None:
                yield OPENED, {}
                continue
            try:
                event = json.loads(line)
                change, changed = event["type"], event["object"]
            except (ValueError, KeyError, TypeError) as error:
                raise ClusterError(f"{what}: it said {line[:80]!r}.") from error
            if change == "ERROR":
                raise _refusal(what, changed.get("code"), str(changed.get("message", "")))
            yield change, changed

    async def log(self, namespace: str, pod: str, container: str, since: str | None) -> AsyncIterator[bytes]:
        """Yield the lines that a container printed and prints, each with its instant before it.

        Parameters:
            namespace: where the pod is.
            pod: its name.
            container: the name of the container in it.
            since: the instant of the first one that is wanted; whole seconds count.
        """
        params = {"container": container, "follow": "true", "timestamps": "true", "sinceTime": since}
        request = self._client.prepare_request("get", PodLog, name=pod, namespace=namespace, params=params)
        async for line in self._lines(request, None, f"The log of pod {namespace}/{pod} broke off"):
            if line is not None:
                yield line

    async def _lines(
        self, request: BasicRequest, silence_seconds: float | None, what: str
    ) -> AsyncIterator[bytes | None]:
        """Yield None once the answer has begun, then its lines; a line that broke off is left out of a broken answer."""
        request.timeout = httpx2.Timeout(_ANSWER_SECONDS, read=silence_seconds)
        try:
            response = await self._client.send(self._client.build_adapter_request(request), stream=True)
            try:
                if response.is_error:
                    await response.aread()
                self._client.raise_for_status(response)
                yield None
                rest = b""
                async for chunk in response.aiter_bytes():
                    *lines, rest = (rest + chunk).split(b"\n")
                    for line in lines:
                        yield line
                if rest:
                    yield rest
            finally:
                await response.aclose()
        except _LOST as error:
            raise _failure(error, what) from error


def _failure(error: Exception, what: str) -> ClusterError:
    if isinstance(error, ApiError):
        return _refusal(what, error.status.code, error.status.message or "")
    if isinstance(error, httpx2.HTTPStatusError):
        return _refusal(what, error.response.status_code, error.response.reason_phrase)
    return ClusterError(f"{what}: {type(error).__name__}: {error}".rstrip(": ") + ".")


def _refusal(what: str, status: int | None, message: str) -> ClusterError:
    words = f"{what}: {message.rstrip('.') or status}."
    if status == _GONE:
        return VersionGone(words, status)
    if status in {401, 403}:
        words += " Has the worker's service account a role that allows it? The Helm chart makes one."
    return ClusterError(words, status)
