"""N tasks that do nothing, built in one run by Luigi's local scheduler, which keeps no record."""

from __future__ import annotations

import json
import sys
import time

import luigi

count = int(sys.argv[1])


class Nothing(luigi.Task):
    number = luigi.IntParameter()
    done = False

    def complete(self) -> bool:
        return self.done

    def run(self) -> None:
        self.done = True


started = time.perf_counter()
assert luigi.build([Nothing(number=number) for number in range(count)], local_scheduler=True, log_level="ERROR")
print(json.dumps({"called_seconds": (time.perf_counter() - started) / count}))
