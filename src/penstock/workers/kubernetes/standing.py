"""What a job and its pods say about a run: a rule that asks nobody and waits for nothing."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]

PATIENCE_SECONDS = 30.0
"""So long a pod may have trouble that may pass by itself: a registry that does not answer, a secret that is on its way."""

LOST_SECONDS = 30.0
"""So long after its grace time a pod that is being evicted may still be there before its node is taken for lost."""

_AT_ONCE = {"InvalidImageName", "ErrImageNeverPull"}
_MAY_PASS = {
    "ErrImagePull",
    "ImagePullBackOff",
    "ImageInspectError",
    "RegistryUnavailable",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
}
_OF_IMAGES = {"InvalidImageName", "ErrImageNeverPull", "ErrImagePull", "ImagePullBackOff", "ImageInspectError"}
_DISRUPTIONS = {
    "PreemptionByScheduler": "Its pod made way for one of a higher priority",
    "DeletionByTaintManager": "Its pod was evicted, as its node became unfit or was lost",
    "DeletionByPodGC": "Its node is gone",
    "EvictionByEvictionAPI": "Its pod was evicted",
    "TerminationByKubelet": "Its pod was evicted",
}
_SIGNALLED = 128


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that may be so for a while only.

    Attributes:
        name: what it is called; the time counts from when it first was so.
        seconds: how long it may last.
        reason: what the run is ended with then.
    """

    name: str
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands.

    Attributes:
        status: what it ended with; None while it goes on.
        reason: why it did not end well.
        limits: what may be so for a while only.
    """

    status: int | None = None
    reason: str | None = None
    limits: tuple[Limit, ...] = ()


def standing_of(job: Object, pods: list[Object], container: str, start_seconds: float, warning: str | None) -> Standing:
    """Return where a run stands.

    Parameters:
        job: its job.
        pods: the job's pods as they were last seen, the oldest first.
        container: the name of the container that the run is in.
        start_seconds: how long a pod may take to start.
        warning: the last one about it, which may say why it does not start.
    """
    conditions = {one["type"]: one for one in _status(job).get("conditions", []) if one.get("status") == "True"}
    if "Complete" in conditions:
        return Standing(0)
    if "Failed" in conditions:
        return _failed(conditions["Failed"], pods, container)
    limits: list[Limit] = []
    for pod in pods[-1:]:
        for reason, message in _waiting(pod):
            words = _trouble(reason, message)
            if reason in _AT_ONCE:
                return Standing(1, words)
            limits.append(Limit(f"trouble of {pod['metadata']['name']}", PATIENCE_SECONDS, words))
        limits += _leaving(pod)
    if not job.get("spec", {}).get("suspend") and not any(_has_started(pod, container) for pod in pods):
        limits.append(Limit("start", start_seconds, _not_started(pods, start_seconds, warning)))
    return Standing(limits=tuple(limits))


def has_started(pod: Object, container: str) -> bool:
    """Whether a container of a pod runs, or ran: whether it has a log."""
    return _has_started(pod, container)


def has_ended(pod: Object, container: str) -> bool:
    """Whether a container of a pod has ended for good."""
    return _phase(pod) in {"Succeeded", "Failed"} or bool(_state(pod, container).get("terminated"))


def _failed(condition: Object, pods: list[Object], container: str) -> Standing:
    if condition.get("reason") == "DeadlineExceeded":
        return Standing(1, "Its job ran for longer than activeDeadlineSeconds.")
    for pod in reversed(pods):
        status, reason = _end_of(pod, container)
        if reason is not None:
            return Standing(status, reason)
    words = f"{condition.get('reason', 'Failed')}: {condition.get('message', '')}".rstrip(": ")
    return Standing(1, f"Its job failed. {words}")


def _end_of(pod: Object, container: str) -> tuple[int, str | None]:
    """Return how a pod ended: what it is to blame for first, then what its container ended with."""
    status = _status(pod)
    ended = _terminated(pod, container)
    code = int(ended.get("exitCode", 1)) or 1
    if ended.get("reason") == "OOMKilled":
        return code, "Its container ran out of memory, and was killed. Raise its memory limit, or have it use less."
    if status.get("reason") == "Evicted":
        return code, f"Its pod was evicted{_where(pod)}: {status.get('message', 'the node ran short of something')}"
    if status.get("reason") == "NodeLost":
        return code, f"The node of its pod was lost{_where(pod)}."
    disruption = _disruption(pod)
    if disruption is not None:
        said = str(disruption.get("message", "")).rstrip(".")
        words = _DISRUPTIONS.get(str(disruption.get("reason")), "Its pod was disrupted")
        return code, f"{words}{_where(pod)}{f': {said}' if said else ''}."
    if ended.get("exitCode"):
        return code, _exit(int(ended["exitCode"]), str(ended.get("message") or ""))
    if ended.get("reason") not in {None, "Completed"}:
        return code, f"Its container ended: {ended['reason']}."
    for init in status.get("initContainerStatuses", []):
        if init.get("state", {}).get("terminated", {}).get("exitCode"):
            return (
                1,
                f"Its init container {init['name']!r} ended with exit code {init['state']['terminated']['exitCode']}.",
            )
    if pod["metadata"].get("deletionTimestamp"):
        return code, "Its pod was deleted by somebody else."
    if status.get("message"):
        return code, f"Its pod failed: {status['message']}"
    return code, None


def _exit(code: int, message: str) -> str:
    words = f"Its container ended with exit code {code}"
    if code > _SIGNALLED:
        try:
            words += f" ({signal.Signals(code - _SIGNALLED).name})"
        except ValueError:
            pass
    said = message.strip().rstrip(".")
    return f"{words}{f': {said}' if said else ''}."


def _leaving(pod: Object) -> Iterator[Limit]:
    """Yield the limit of a pod that is being evicted: where nothing answers on its node, it would stay for ever."""
    metadata, disruption = pod["metadata"], _disruption(pod)
    if metadata.get("deletionTimestamp") and disruption is not None:
        grace = float(metadata.get("deletionGracePeriodSeconds") or 0)
        words = f"The node of its pod was lost{_where(pod)}: nothing there says that the pod has ended."
        yield Limit(f"loss of {metadata['name']}", grace + LOST_SECONDS, words)
    elif _status(pod).get("reason") == "NodeLost" or _phase(pod) == "Unknown":
        yield Limit(
            f"loss of {metadata['name']}", LOST_SECONDS, f"The node of its pod does not answer any more{_where(pod)}."
        )


def _waiting(pod: Object) -> Iterator[tuple[str, str]]:
    """Yield what containers of a pod wait for in vain: the reason, and what is said about it."""
    status = _status(pod)
    for one in [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])]:
        waiting = one.get("state", {}).get("waiting") or {}
        if waiting.get("reason") in _AT_ONCE | _MAY_PASS:
            said = str(waiting.get("message") or "").strip()
            yield waiting["reason"], said or f"container {one.get('name')!r}, image {one.get('image')!r}"


def _trouble(reason: str, message: str) -> str:
    what = "The image of its pod can't be had" if reason in _OF_IMAGES else "The container of its pod can't be started"
    return f"{what} ({reason}): {message.rstrip('.')}."


def _not_started(pods: list[Object], seconds: float, warning: str | None) -> str:
    words = f"Its pod did not start within pod_watch_timeout_seconds={seconds:g}"
    if not pods:
        words = f"No pod was made for its job within pod_watch_timeout_seconds={seconds:g}"
    said = next((text for pod in reversed(pods) if (text := _unscheduled(pod))), None) or warning
    return f"{words}{f': {said.rstrip(chr(46))}' if said else ''}."


def _unscheduled(pod: Object) -> str | None:
    for one in _status(pod).get("conditions", []):
        if one.get("type") == "PodScheduled" and one.get("status") == "False":
            return f"{one.get('reason', '')}: {one.get('message', '')}".strip(": ")
    return None


def _disruption(pod: Object) -> Object | None:
    for one in _status(pod).get("conditions", []):
        if one.get("type") == "DisruptionTarget" and one.get("status") == "True":
            found: Object = one
            return found
    return None


def _has_started(pod: Object, container: str) -> bool:
    state = _state(pod, container)
    return bool(state.get("running") or state.get("terminated") or _phase(pod) in {"Succeeded", "Failed"})


def _terminated(pod: Object, container: str) -> Object:
    for one in _status(pod).get("containerStatuses", []):
        if one.get("name") == container:
            found = one.get("state", {}).get("terminated") or one.get("lastState", {}).get("terminated")
            return dict(found or {})
    return {}


def _state(pod: Object, container: str) -> Object:
    for one in _status(pod).get("containerStatuses", []):
        if one.get("name") == container:
            return dict(one.get("state") or {})
    return {}


def _where(pod: Object) -> str:
    node = pod.get("spec", {}).get("nodeName")
    return f" (node {node})" if node else ""


def _status(one: Object) -> Object:
    return one.get("status") or {}


def _phase(pod: Object) -> str:
    return str(_status(pod).get("phase", "Pending"))
