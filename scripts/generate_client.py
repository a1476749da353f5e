"""Write the methods of the typed clients from the tables of what can be asked: `.venv/bin/python scripts/generate_client.py`.

Two packages come of it, one module a resource: `penstock.client.waiting` and `penstock.client.awaiting`. A test holds them
equal to the table.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from enum import Enum
from inspect import cleandoc
from pathlib import Path
from textwrap import wrap
from types import UnionType
from typing import Any, get_args

import msgspec

from penstock.wire import operations, streams
from penstock.wire.operations import OPERATIONS, Operation
from penstock.wire.streams import DOWNLOADS, Download

CLIENT = Path(__file__).parents[1] / "src/penstock/client"
PACKAGES = {"waiting": "that waits for each answer", "awaiting": "for coroutines"}

Entry = Operation[Any, Any] | Download

_CONSTANTS = {
    id(value): name
    for table in (operations, streams)
    for name, value in vars(table).items()
    if isinstance(value, Operation | Download)
}
_PLAIN = (type(None), bool, int, float, str)
_WIDTH = 110


def write(client: Path) -> None:
    """Write both packages into the folder `client`."""
    for package, kind in PACKAGES.items():
        folder = client / package
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.py"):
            old.unlink()
        for resource, of_it in _by_resource().items():
            (folder / f"{resource}.py").write_text(_module(resource, of_it, kind, sync=package == "waiting"))
        (folder / "__init__.py").write_text(_package(package, kind))
        ruff = Path(sys.executable).with_name("ruff")
        for arguments in (("check", "--quiet", "--select", "I,RUF022", "--fix"), ("format", "--quiet")):
            subprocess.run([ruff, *arguments, "--config", CLIENT.parents[2] / "pyproject.toml", folder], check=True)


def _by_resource() -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for operation in (*OPERATIONS.values(), *DOWNLOADS.values()):
        found.setdefault(operation.name.partition(".")[0], []).append(operation)
    return found


def _package(package: str, kind: str) -> str:
    resources = list(_by_resource())
    imports = "".join(f"from penstock.client.{package}.{one} import {class_name(one)}\n" for one in resources)
    about = "".join(f"        {one}: what can be asked about {one.replace('_', ' ')}.\n" for one in resources)
    fields = "".join(f"        self.{one} = {class_name(one)}(transport)\n" for one in resources)
    return (
        f'"""The client {kind}. Made by scripts/generate_client.py: change the table of operations."""\n\n'
        "from __future__ import annotations\n\n"
        f"from penstock.client.transport import Transport\n{imports}\n\n"
        "class Operations:\n"
        f'    """All that can be asked of a server, by the client {kind}.\n\n'
        f"    Parameters:\n        transport: the way to the server.\n\n    Attributes:\n{about}"
        '    """\n\n'
        f"    def __init__(self, transport: Transport) -> None:\n{fields}"
    )


def _module(resource: str, of_it: list[Entry], kind: str, *, sync: bool) -> str:
    words = resource.replace("_", " ")
    head = f'"""What can be asked about {words}, by the client {kind}. Made by scripts/generate_client.py."""\n\n'
    imports = "\n".join(_imports(of_it, sync=sync))
    return f"{head}from __future__ import annotations\n\n{imports}\n\n\n{_resource(resource, of_it, sync=sync)}\n"


def _imports(of_it: list[Entry], *, sync: bool) -> Iterator[str]:
    names: dict[str, set[str]] = {"penstock.client.transport": {"Transport"}}
    uses_lists = uses_msgspec = False
    for operation in of_it:
        table = operations if isinstance(operation, Operation) else streams
        names.setdefault(table.__name__, set()).add(_CONSTANTS[id(operation)])
        for model in (operation.request, _answer(operation, sync=sync)):
            names.setdefault(model.__module__, set()).add(model.__name__)
        if not sync:
            names.setdefault("penstock.client.threads", set()).add(_in_thread(operation))
        scope = vars(sys.modules[operation.request.__module__])
        for field in msgspec.structs.fields(operation.request):
            annotation = operation.request.__annotations__[field.name]
            uses_lists = uses_lists or "list[" in annotation
            for word in re.findall(r"[A-Za-z_]\w*", annotation):
                if isinstance(scope.get(word), (type, UnionType)):
                    names.setdefault(_module_of(scope[word], word), set()).add(word)
                elif word == "msgspec":
                    uses_msgspec = True
                elif word == "Any":
                    names.setdefault("typing", set()).add(word)
    yield "import builtins" if uses_lists else ""
    yield "import msgspec" if uses_msgspec else ""
    yield from _import_lines(names)


def _module_of(kind: Any, name: str) -> str:
    """Return the module that `kind` comes from. A union does not know; it stands beside the first of its kinds."""
    if isinstance(kind, UnionType):
        kind = next(one for one in get_args(kind) if name in vars(sys.modules[one.__module__]))
    return str(kind.__module__)


def _import_lines(names: dict[str, set[str]]) -> Iterator[str]:
    for module, found in sorted(names.items()):
        yield f"from {module} import {', '.join(sorted(found))}"


def _resource(resource: str, of_it: list[Entry], *, sync: bool) -> str:
    words = resource.replace("_", " ")
    methods = "\n\n".join(_method(operation, sync=sync) for operation in of_it)
    return (
        f"class {class_name(resource)}:\n"
        f'    """What can be asked of a server about {words}."""\n\n'
        "    def __init__(self, transport: Transport) -> None:\n"
        "        self._transport = transport\n\n"
        f"{methods}"
    )


def class_name(resource: str) -> str:
    """Return the name of the class that holds the operations on a resource."""
    return "".join(part.capitalize() for part in resource.split("_"))


def _method(operation: Entry, *, sync: bool) -> str:
    fields = msgspec.structs.fields(operation.request)
    parameters = ["self"]
    if fields and fields[0].name == "id":
        parameters.append(_parameter(operation, fields[0]))
        fields = fields[1:]
    if fields:
        # What must be given comes first, as everywhere.
        parameters += ["*", *(_parameter(operation, field) for field in fields)]
    is_file = isinstance(operation, Download)
    start = "def" if sync or is_file else "async def"
    verb, answer = operation.name.partition(".")[2], _answer(operation, sync=sync).__name__
    answer += "[bytes]" if is_file else ""
    head = f"    {start} {verb}({', '.join(parameters)}) -> {answer}:"
    if len(head) > _WIDTH:
        inner = "".join(f"        {parameter},\n" for parameter in parameters)
        head = f"    {start} {verb}(\n{inner}    ) -> {answer}:"
    call = f"self._transport.{'download' if is_file else 'call'}({_CONSTANTS[id(operation)]}, request)"
    if not sync:
        call = f"each_in_thread({call})" if is_file else f"await in_thread(lambda: {call})"
    given = "".join(
        f"            {field.name}={_value(field)},\n" for field in msgspec.structs.fields(operation.request)
    )
    return (
        f"{head}\n"
        f"{_words(operation)}\n"
        f"        request = {operation.request.__name__}(\n{given}        )\n"
        f"        return {call}"
    )


def _answer(operation: Entry, *, sync: bool) -> type[Any]:
    if isinstance(operation, Operation):
        answer: type[Any] = operation.response
        return answer
    return Iterator if sync else AsyncIterator


def _in_thread(operation: Entry) -> str:
    return "in_thread" if isinstance(operation, Operation) else "each_in_thread"


def _words(operation: Entry) -> str:
    about = cleandoc(operation.request.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
    method = operation.method if isinstance(operation, Operation) else "GET"
    first = f"`{method} /api{operation.path}`: {_verb(operation)}."
    lines = [f'"""{first}', "", *wrap(about, _WIDTH - 8), '"""']
    return "\n".join(f"        {line}".rstrip() for line in lines)


def _verb(operation: Entry) -> str:
    resource, _, verb = operation.name.partition(".")
    return f"{verb.replace('_', ' ')} of {resource.replace('_', ' ')}"


def _parameter(operation: Entry, field: Any) -> str:
    annotation = re.sub(r"\blist\[", "builtins.list[", operation.request.__annotations__[field.name])
    if field.required:
        return f"{field.name}: {annotation}"
    if field.default is not msgspec.NODEFAULT:
        return f"{field.name}: {annotation} = {_shown(field.default)}"
    return f"{field.name}: {annotation} | None = None"


def _shown(default: Any) -> str:
    if default is msgspec.UNSET:
        return "msgspec.UNSET"
    if isinstance(default, Enum):
        return f"{type(default).__name__}.{default.name}"
    if not isinstance(default, _PLAIN):
        raise TypeError(default)
    return repr(default)


def _value(field: Any) -> str:
    if field.default_factory is msgspec.NODEFAULT:
        return str(field.name)
    made = {list: "[]", dict: "{}"}.get(field.default_factory, f"{field.default_factory.__name__}()")
    return f"{made} if {field.name} is None else {field.name}"


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else CLIENT)
