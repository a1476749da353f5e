"""The smallest program there is; the runner times the whole process."""

from __future__ import annotations

import luigi
from luigi.mock import MockTarget


class Greeting(luigi.Task):
    name = luigi.Parameter()

    def output(self) -> MockTarget:
        return MockTarget(f"greeting-{self.name}")

    def run(self) -> None:
        with self.output().open("w") as out:
            out.write(f"Hello, {self.name}")


assert luigi.build([Greeting(name="world")], local_scheduler=True, log_level="ERROR")
print("{}")
