"""Where a flow is found again: the entrypoint of a flow that is at hand, and the folder it is relative to."""

from __future__ import annotations

import os
import sys
from enum import Enum
from pathlib import Path
from typing import Any

from penstock.core.errors import ConfigurationError


class EntrypointType(str, Enum):
    """How an entrypoint names its flow: by a file's path, or by a module that is installed wherever it runs."""

    FILE_PATH = "file_path"
    MODULE_PATH = "module_path"


def entrypoint_of(flow: Any, kind: EntrypointType = EntrypointType.FILE_PATH) -> tuple[str, str | None]:
    """Return the entrypoint of a flow, and the folder that it is relative to.

    Parameters:
        flow: a flow that stands in a file or a module.
        kind: how it is to be named.

    Raises:
        ConfigurationError: it stands in no file, or within a function: no other process could find it.
    """
    remembered = getattr(flow, "_entrypoint", None)
    if remembered:
        return str(remembered), None
    fn = flow.fn
    name = getattr(fn, "__qualname__", flow.name)
    if "<locals>" in name or "<lambda>" in name:
        raise ConfigurationError(
            f"Flow {flow.name!r} is defined within a function, where no other process can find it. Define it at the top of a "
            "file."
        )
    if EntrypointType(kind) is EntrypointType.MODULE_PATH:
        module = fn.__module__
        if module == "__main__":
            raise ConfigurationError(
                f"Flow {flow.name!r} stands in the script that runs, which is no module. Import it from one, or name the file."
            )
        return f"{module}:{name}", None
    path = _file_of(fn)
    if path is None:
        raise ConfigurationError(
            f"Flow {flow.name!r} stands in no file, so no other process can find it. Save it in one, and import it from there."
        )
    folder = Path.cwd()
    if not path.is_relative_to(folder):
        folder = path.parent
    return f"{path.relative_to(folder).as_posix()}:{name}", str(folder)


def _file_of(fn: Any) -> Path | None:
    file = getattr(sys.modules.get(fn.__module__), "__file__", None) or getattr(
        getattr(fn, "__code__", None), "co_filename", None
    )
    if file is None or file.startswith("<") or not os.path.isfile(file):
        return None
    return Path(file).resolve()
