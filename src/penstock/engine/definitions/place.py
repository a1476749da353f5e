"""Where a task's function stands: what its task key and its cache keys call it by.

A task key is made to be read, and two scripts of one name share theirs. In a cache key they must not, so there a function
that stands in a script is told by the script's path.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import PurePath
from typing import Any

OWN_NAME = "penstock_file_"
"""How a module's name begins that was imported from a file whose own name was taken."""

_MAIN = {"__main__", "__mp_main__"}
_STANDARD_LIBRARY = os.path.dirname(os.path.realpath(os.__file__)) + os.sep
_INSTALLED = ("site-packages", "dist-packages")

_from_files: set[str] = set()


def note_file_module(name: str) -> None:
    """Remember that the module `name` is imported because somebody named its file, as one does with a script."""
    _from_files.add(name)


def task_key_of(fn: Any) -> str:
    """Return the key of the task with the function `fn`: where it stands, the same in every process and after every edit."""
    module = _module_of(fn)
    if module in _MAIN or module.startswith(OWN_NAME):
        # The file's name is what another file would import it by; a process for tasks imports it by a name of its own.
        file = _file_of(fn)
        module = module if file is None else PurePath(file).stem
    return f"{module}.{_name_of(fn)}"


def cache_identity_of(fn: Any) -> str:
    """Return what the task with the function `fn` is called in cache keys.

    It is the task key or, where another program may have a task of the same key, the path of the file and the name. It does
    not depend on whether the file is run, imported by its neighbour or named as an entrypoint.
    """
    file = _file_of(fn)
    path = None if file is None or file.startswith("<") else _script_at(os.path.abspath(file))
    if path is None or not _is_script(_module_of(fn), path):
        return task_key_of(fn)
    return f"{path}:{_name_of(fn)}"


def _is_script(module: str, path: str) -> bool:
    if module in _MAIN or module in _from_files:
        return True
    # A file that can be imported by its mere name lies beside a script, unless it was installed.
    return "." not in module and not _is_installed(path)


def _is_installed(path: str) -> bool:
    return path.startswith(_STANDARD_LIBRARY) or any(folder in PurePath(path).parts for folder in _INSTALLED)


@lru_cache(maxsize=1000)
def _script_at(path: str) -> str | None:
    """Return the path without links, or None where there is no such file, as for the cells of a notebook."""
    return os.path.realpath(path) if os.path.isfile(path) else None


def _name_of(fn: Any) -> str:
    return getattr(fn, "__qualname__", None) or type(fn).__qualname__


def _module_of(fn: Any) -> str:
    return getattr(fn, "__module__", None) or "unknown"


def _file_of(fn: Any) -> str | None:
    """Return the file of the function, not that of a decorator around it."""
    while (within := getattr(fn, "__wrapped__", None)) is not None and within is not fn:
        fn = within
    code = getattr(fn, "__code__", None)
    if code is not None:
        return str(code.co_filename)
    return getattr(sys.modules.get(_module_of(fn)), "__file__", None)
