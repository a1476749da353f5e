"""Loading flows from where their code comes from."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from penstock.core.errors import MissingFlowError
from penstock.core.steps import Block, RunHook, Steps
from penstock.engine.definitions.flow_definition import FlowDefinition
from penstock.runner.storage import LocalStorage, RunnerStorage, _Storage, create_storage_from_source


def loading(source: Any, entrypoint: str) -> Steps[Any]:
    """Load the flow that an entrypoint names, once its code is on this machine.

    The code stays there until this process has ended, so that what it imports later is found, too.

    Parameters:
        source: an address, a path or a storage.
        entrypoint: `path/to/file.py:flow` or `package.module:flow`, within the code.

    Returns:
        The flow, which remembers where it comes from.

    Raises:
        SourceError: the code can't be had.
        MissingFlowError: the code has no such flow.
        ScriptError: the code raised while it was imported.
    """
    storage = storage_from(source)
    folder = yield from _pulling(storage)
    flow: Any = yield Block(lambda: _loaded(folder, entrypoint))
    flow._storage, flow._entrypoint = storage, entrypoint
    return flow


def storage_from(source: Any) -> RunnerStorage:
    """Return the storage that is meant by an address, a path or a storage.

    Raises:
        TypeError: it is none of these.
    """
    if isinstance(source, Path):
        return LocalStorage(str(source))
    if isinstance(source, str):
        return create_storage_from_source(source)
    if isinstance(source, RunnerStorage):
        return source
    raise TypeError(
        f"Code can't come from a value of type {type(source).__name__!r}. Give an address, a path, or a storage such as "
        "penstock.runner.storage.GitRepository."
    )


def _pulling(storage: RunnerStorage) -> Steps[Path]:
    if isinstance(storage, _Storage) and type(storage).pull_code in {_Storage.pull_code, LocalStorage.pull_code}:
        folder: Path = yield Block(lambda: storage._source.fetch().keep())
        return folder
    base = Path(tempfile.mkdtemp(prefix="penstock-code-"))
    atexit.register(shutil.rmtree, base, ignore_errors=True)
    storage.set_base_path(base)
    yield RunHook(storage.pull_code)
    return storage.destination


def _loaded(folder: Path, entrypoint: str) -> FlowDefinition:
    from penstock.engine.entrypoints import load_flow_from_entrypoint

    place, colon, _ = entrypoint.partition(":")
    if not (place.endswith(".py") or "/" in place):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
        return load_flow_from_entrypoint(entrypoint)
    root = folder.resolve()
    if not (root / place).resolve().is_relative_to(root):
        raise MissingFlowError(
            f"The entrypoint {entrypoint!r} leads out of the code. Name a file in it, such as 'flows.py:my_flow'."
        )
    return load_flow_from_entrypoint(f"{root / place}{entrypoint[len(place) :]}" if colon else str(root / place))
