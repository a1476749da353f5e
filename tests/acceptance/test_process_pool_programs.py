"""Whole programs that run tasks in processes: scripts, what has no file, and what lacks its guard."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.programs import environment, listed, ran, written


def test_the_program_s_own_names_are_found_there(tmp_path: Path) -> None:
    """In a script, classes keep their identity both ways, globals need not be picklable, tasks below the guard work."""
    program = written(
        tmp_path,
        """
        import threading
        from dataclasses import dataclass
        from penstock import flow, runtime, task
        from penstock.task_runners import ProcessPoolTaskRunner

        LOCK = threading.Lock()

        @dataclass
        class Point:
            x: int

        @task
        def step(number: int) -> int:
            return number + 1

        @task
        def move(point: Point) -> Point:
            with LOCK:
                assert isinstance(point, Point), type(point)
                return Point(step(point.x))

        if __name__ == "__main__":
            def by(number: int) -> int:
                return number * 10

            @task
            def below(number: int) -> int:
                return by(number)

            @flow(task_runner=ProcessPoolTaskRunner(max_workers=1))
            def main() -> None:
                moved = move.submit(Point(1)).result()
                assert isinstance(moved, Point), type(moved)
                print(moved.x, below.submit(2).result())

            main()
        """,
        name="walk.py",
    )
    done = ran(program, tmp_path / "home")
    assert (done.returncode, done.stdout) == (0, "2 20\n"), done.stderr


def test_a_program_without_a_file_runs(tmp_path: Path) -> None:
    """What was typed at a prompt or given by `-c` is sent whole, for there is nothing that a process could import."""
    program = """
from penstock import flow, task
from penstock.task_runners import ProcessPoolTaskRunner
class Point:
    x = 7
def helper(point): return point.x
@task
def read(point): return helper(point)
@flow(task_runner=ProcessPoolTaskRunner(max_workers=1))
def main(): return read.submit(Point()).result()
print(main())
"""
    typed = [sys.executable, "-c", program]
    done = subprocess.run(
        typed, env=environment(tmp_path), capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stdout) == (0, "7\n"), done.stderr
    piped = subprocess.run(
        [sys.executable, "-"],
        input=program,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    assert piped.returncode == 1
    assert "Save the program as a file" in piped.stderr.strip().splitlines()[-1]


def test_a_program_without_a_guard_is_told_so(tmp_path: Path) -> None:
    """The one error names the file and the remedy; nothing of the flow is run or recorded a second time."""
    program = written(
        tmp_path,
        """
        from penstock import flow, task
        from penstock.task_runners import ProcessPoolTaskRunner

        @task
        def one(number): return number

        @flow(task_runner=ProcessPoolTaskRunner(max_workers=2))
        def main(): return one.map(range(5)).result()

        main()
        """,
    )
    done = ran(program, tmp_path / "home")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert str(program) in last
    assert last.endswith('Put what starts the flow below `if __name__ == "__main__":`.')
    assert "bootstrapping" not in done.stderr
    (run,) = listed(tmp_path / "home", "flow-run", "ls")
    assert run["state"]["type"] == "FAILED"
    tasks = listed(tmp_path / "home", "task-run", "ls")
    assert {one["state"]["type"] for one in tasks} == {"CRASHED"}


def test_a_module_that_processes_can_not_import_is_sent_whole(tmp_path: Path) -> None:
    """A module that was loaded from a file in an odd place: its tasks, functions and classes go along, both ways."""
    written(
        tmp_path,
        """
        import threading
        from dataclasses import dataclass
        from penstock import flow, task
        from penstock.task_runners import ProcessPoolTaskRunner

        @dataclass
        class Point:
            x: int

        LOCK = threading.Lock()

        def moved(point):
            return Point(point.x + 1)

        @task
        def step(point):
            return moved(point)

        @task
        def move(point: Point) -> Point:
            assert isinstance(point, Point)
            return step(point)

        @task
        def locked() -> bool:
            return LOCK.locked()

        @flow(task_runner=ProcessPoolTaskRunner(max_workers=1))
        def main() -> int:
            print(locked.submit(return_state=True).message)
            point = move.submit(Point(1)).result()
            assert isinstance(point, Point)
            return point.x
        """,
        name="plugin.txt",
    )
    program = written(
        tmp_path,
        """
        import sys
        from importlib.machinery import SourceFileLoader
        from importlib.util import module_from_spec, spec_from_loader

        if __name__ == "__main__":
            spec = spec_from_loader("odd_plugin", SourceFileLoader("odd_plugin", "plugin.txt"))
            sys.modules["odd_plugin"] = module = module_from_spec(spec)
            spec.loader.exec_module(module)
            print(module.main())
        """,
    )
    done = ran(program, tmp_path / "home")
    message, value = done.stdout.splitlines()
    assert value == "2", done.stderr
    assert "A process can't import 'odd_plugin', so that all has to be sent" in message


def test_tasks_may_start_processes_of_their_own(tmp_path: Path) -> None:
    """A task in a process may use multiprocessing, and a program may fork beside its processes for tasks."""
    program = written(
        tmp_path,
        """
        import multiprocessing
        import os
        from penstock import flow, task
        from penstock.task_runners import ProcessPoolTaskRunner

        @task
        def pooled(numbers: list[int]) -> list[int]:
            with multiprocessing.get_context("fork").Pool(2) as pool:
                return pool.map(abs, numbers)

        @flow(task_runner=ProcessPoolTaskRunner(max_workers=1))
        def main() -> None:
            print(pooled.submit([-1, -2]).result(), flush=True)
            # This process holds the pipes open for as long as the flow runs, and longer.
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(writer)
                os.read(reader, 1)
                os._exit(0)
            os.close(reader)
            return child, writer

        if __name__ == "__main__":
            child, writer = main()
            os.close(writer)
            os.waitpid(child, 0)
        """,
    )
    done = ran(program, tmp_path / "home")
    assert (done.returncode, done.stdout) == (0, "[1, 2]\n"), done.stderr
