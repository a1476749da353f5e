"""The objects of a fake cluster, every change of which has a version; watches see changes in order, as far back as is kept."""

from __future__ import annotations

import copy
import re
import string
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

Object = dict[str, Any]

NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
LABEL = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")
LABEL_NAME = re.compile(r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
KINDS = {"jobs": ("batch/v1", "Job"), "pods": ("v1", "Pod"), "events": ("v1", "Event"), "secrets": ("v1", "Secret")}


class Refused(Exception):
    """What the API answers instead.

    Parameters:
        code: the HTTP status.
        reason: the word for it.
        message: the words for people.
    """

    def __init__(self, code: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.code, self.reason, self.message = code, reason, message

    def status(self) -> Object:
        """Return the answer's body."""
        return {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "code": self.code,
        }


class Objects:
    """All objects. Safe to use from several threads.

    Attributes:
        lock: held while several changes are to be seen as one.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._versions = count(1_000)
        self.version = next(self._versions)
        self._kept: dict[tuple[str, str, str], Object] = {}
        self._history: list[tuple[int, str, str, str, Object]] = []
        self._oldest = self.version
        self._listeners: list[Callable[[str, str, str, Object], None]] = []
        self._random = Random(7)

    def listen(self, listener: Callable[[str, str, str, Object], None]) -> Callable[[], None]:
        """Have a function called with every change: kind, namespace, change, object; return what ends that."""
        with self.lock:
            self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def create(self, kind: str, namespace: str, body: Object) -> Object:
        """Create an object as it is asked for."""
        with self.lock:
            api, name_of_kind = KINDS[kind]
            one = copy.deepcopy(body)
            if (one.get("apiVersion", api), one.get("kind", name_of_kind)) != (api, name_of_kind):
                raise Refused(400, "BadRequest", f"the object is no {api} {name_of_kind}")
            metadata = one.setdefault("metadata", {})
            if metadata.get("generateName") and not metadata.get("name"):
                tail = "".join(self._random.choices(string.ascii_lowercase + string.digits, k=5))
                metadata["name"] = f"{metadata['generateName'][:58]}{tail}"
            _check(kind, metadata)
            if (kind, namespace, metadata["name"]) in self._kept:
                raise Refused(409, "AlreadyExists", f'{kind} "{metadata["name"]}" already exists')
            metadata |= {"namespace": namespace, "uid": str(uuid.uuid4()), "creationTimestamp": instant()}
            one |= {"apiVersion": api, "kind": name_of_kind}
            return self._keep(kind, namespace, "ADDED", one)

    def read(self, kind: str, namespace: str, name: str) -> Object:
        """Return an object."""
        with self.lock:
            one = self._kept.get((kind, namespace, name))
            if one is None:
                raise Refused(404, "NotFound", f'{kind} "{name}" not found')
            return copy.deepcopy(one)

    def all(self, kind: str, namespace: str) -> list[Object]:
        """Return all objects of a kind, in the order of their names."""
        with self.lock:
            keys = sorted(key for key in self._kept if key[:2] == (kind, namespace))
            return [copy.deepcopy(self._kept[key]) for key in keys]

    def update(self, kind: str, namespace: str, name: str, change: Callable[[Object], None]) -> Object:
        """Change an object in place."""
        with self.lock:
            one = self.read(kind, namespace, name)
            change(one)
            return self._keep(kind, namespace, "MODIFIED", one)

    def remove(self, kind: str, namespace: str, name: str) -> None:
        """Remove an object for good."""
        with self.lock:
            one = self._kept.pop((kind, namespace, name), None)
            if one is not None:
                self._tell(kind, namespace, "DELETED", copy.deepcopy(one))

    def since(self, kind: str, namespace: str, version: int) -> list[tuple[str, Object]]:
        """Return what changed after a version."""
        with self.lock:
            if version < self._oldest:
                raise Refused(410, "Expired", f"too old resource version: {version} ({self._oldest})")
            return [
                (change, one)
                for at, its_kind, place, change, one in self._history
                if at > version and (its_kind, place) == (kind, namespace)
            ]

    def forget(self) -> None:
        """Forget what changed until now: older versions are gone."""
        with self.lock:
            self._oldest = self.version = next(self._versions)
            self._history.clear()

    def _keep(self, kind: str, namespace: str, change: str, one: Object) -> Object:
        self._kept[kind, namespace, one["metadata"]["name"]] = one
        self._tell(kind, namespace, change, one)
        return copy.deepcopy(one)

    def _tell(self, kind: str, namespace: str, change: str, one: Object) -> None:
        self.version = next(self._versions)
        one["metadata"]["resourceVersion"] = str(self.version)
        self._history.append((self.version, kind, namespace, change, copy.deepcopy(one)))
        for listener in list(self._listeners):
            listener(kind, namespace, change, copy.deepcopy(one))


def instant() -> str:
    """Return the present instant as the API writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check(kind: str, metadata: Object) -> None:
    """Refuse what a real cluster would: names and labels have an alphabet and a length."""
    name = str(metadata.get("name", ""))
    if not NAME.fullmatch(name) or (kind == "jobs" and len(name) > 63):
        raise Refused(422, "Invalid", f"metadata.name: Invalid value: {name!r}")
    for label, value in (metadata.get("labels") or {}).items():
        if not LABEL_NAME.fullmatch(label) or not isinstance(value, str) or not LABEL.fullmatch(value):
            raise Refused(422, "Invalid", f"metadata.labels: Invalid value: {label}={value!r}")


def selected(one: Object, labels: str, fields: str) -> bool:
    """Whether an object is among those that selectors name: `a`, `a=b`, several with commas."""
    own = one["metadata"].get("labels") or {}
    for part in filter(None, labels.split(",")):
        name, equals, value = part.partition("=")
        if (own.get(name) != value) if equals else (name not in own):
            return False
    for part in filter(None, fields.split(",")):
        path, _, value = part.partition("=")
        found: Any = one
        for step in path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        if str(found) != value:
            return False
    return True
