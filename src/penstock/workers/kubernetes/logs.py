"""What the pod of a run prints, followed to its end into the run's log, each line once."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from uuid import UUID

from penstock.core import clock
from penstock.workers.kubernetes.cluster import Cluster, ClusterError
from penstock.workers.process.output import Output

_log = logging.getLogger("penstock.workers.kubernetes")

_STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z ")
_PAUSE_SECONDS = 1.0
_MOST_FAILURES = 30


class PodLog:
    """The log of one container.

    A connection that drops is taken up again: the cluster goes by whole seconds, so lines that came already are left out.

    Parameters:
        cluster: the cluster.
        namespace: where the pod is.
        pod: its name.
        container: the name of the container in it.
        flow_run_id: whose log the lines go to.
        has_ended: whether the container has ended: then the end of its log is one.
    """

    def __init__(
        self,
        cluster: Cluster,
        namespace: str,
        pod: str,
        container: str,
        flow_run_id: UUID,
        has_ended: Callable[[], bool],
    ) -> None:
        self._cluster = cluster
        self._where = (namespace, pod, container)
        self._has_ended = has_ended
        self._output = Output(flow_run_id, logging.INFO)
        self._second: str | None = None
        self._last = b""
        self._same = 0
        self._skipped = 0
        self._repeats = False

    async def follow(self) -> None:
        """Read until the container has ended, or its log can't be had."""
        failures = 0
        try:
            while failures <= _MOST_FAILURES:
                ended = self._has_ended()
                try:
                    self._skipped, self._repeats = 0, self._second is not None
                    async for line in self._cluster.log(*self._where, self._second):
                        self._take(line)
                        failures = 0
                except ClusterError as error:
                    failures += 1
                    if error.is_final:
                        _log.info("%s", error)
                        return
                else:
                    if ended or self._has_ended():
                        return
                await clock.current().sleep_async(_PAUSE_SECONDS)
        finally:
            self._output.finish()

    def _take(self, line: bytes) -> None:
        stamped = _STAMP.match(line)
        if stamped is None:
            self._output.feed(line + b"\n")
            return
        instant = stamped[1] + b"." + (stamped[2] or b"").ljust(9, b"0")
        if self._repeats and self._came_already(instant):
            return
        self._repeats = False
        if instant == self._last:
            self._same += 1
        elif instant > self._last:
            self._last, self._same = instant, 1
            self._second = stamped[1].decode() + "Z"
        self._output.feed(line[stamped.end() :] + b"\n")

    def _came_already(self, instant: bytes) -> bool:
        if instant == self._last:
            self._skipped += 1
            return self._skipped <= self._same
        return instant < self._last
