"""The program's main module, which a new process imports before anything else."""

from __future__ import annotations

import os
import sys

from penstock.core.errors import ProcessDied

PROCESS_NAME = "penstock-tasks"
UNGUARDED = 78
"""The exit code of a process that, while it imported the main module, was about to run a flow (EX_CONFIG of sysexits.h)."""


def can_be_imported_again() -> bool:
    """Whether a new process imports the main module; a notebook, a prompt and `python -m package` have none for it."""
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    if spec is not None:
        return spec.name != "__main__" and not spec.name.endswith(".__main__")
    return getattr(main, "__file__", None) is not None


def refuse_unreadable_main() -> None:
    """Raise where a new process would look for the main module and not find it.

    Raises:
        ProcessDied: the program was read from standard input, say.
    """
    path = _path()
    if getattr(sys.modules["__main__"], "__spec__", None) is None and path is not None and not os.path.exists(path):
        raise ProcessDied(
            f"A process for tasks could not start: it would import the program again, and {path} is no file. "
            "Save the program as a file, or use ThreadPoolTaskRunner."
        )


def end_unguarded_import() -> None:
    """End this process if it is one for tasks that still imports the main module: nothing may run there yet."""
    if "multiprocessing.process" not in sys.modules:
        return
    # Imported, not taken from there: another thread may be in the middle of importing it.
    from multiprocessing.process import current_process

    process = current_process()
    if getattr(process, "_inheriting", False) and process.name == PROCESS_NAME:
        os._exit(UNGUARDED)


def unguarded_main() -> ProcessDied:
    """Return the error of a program whose main module runs a flow whenever it is imported."""
    return ProcessDied(
        f"No process for tasks can start: it first imports {_path()}, which would run the flow again. "
        'Put what starts the flow below `if __name__ == "__main__":`.',
        exit_code=UNGUARDED,
    )


def _path() -> str | None:
    return getattr(sys.modules["__main__"], "__file__", None)
