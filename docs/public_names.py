"""A Sphinx extension: each public name is described on the page of one module, and linked from the others that have it.

The pages are `reference/api/MODULE.md`; what stands on them, autodoc takes from docstrings.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from types import FunctionType, MethodType, ModuleType
from typing import Any

from docutils import nodes
from sphinx.addnodes import desc, desc_signature, pending_xref
from sphinx.application import Sphinx

PAGES = Path(__file__).parent / "reference" / "api"
SHOWN_IN_CLASSES = (FunctionType, MethodType, classmethod, staticmethod, property, cached_property, Enum)
TYPE_VARIABLES = {"~P", "~R", "~T"}


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("autodoc-skip-member", leave_out)
    app.connect("autodoc-process-docstring", add_what_another_page_describes)
    app.connect("autodoc-process-bases", show_known_bases)
    app.connect("doctree-read", tidy)
    return {"parallel_read_safe": True}


@cache
def documented_modules() -> dict[str, ModuleType]:
    """The modules that have a page, their lazy names loaded: autodoc describes what is there."""
    names = sorted(page.stem for page in PAGES.glob("penstock*.md"))
    modules = {name: importlib.import_module(name) for name in names}
    for module in modules.values():
        things = {name: getattr(module, name) for name in module.__all__}
        vars(module).update({name: thing for name, thing in things.items() if hasattr(thing, "__qualname__")})
    return modules


def home_of(thing: Any) -> str | None:
    """Name the module whose page describes a function or class: where it is defined, if that is public."""
    homes = [
        name
        for name, module in documented_modules().items()
        if name != "penstock" and any(getattr(module, one) is thing for one in module.__all__)
    ]
    return min(homes, key=lambda name: (not f"{thing.__module__}.".startswith(f"{name}."), name), default=None)


def described_elsewhere(module_name: str) -> dict[str, str]:
    """The names a module has from others, and where each is described."""
    module = documented_modules()[module_name]
    places: dict[str, str] = {}
    for name in module.__all__:
        thing = getattr(module, name)
        if isinstance(thing, ModuleType):
            places[name] = thing.__name__
        elif hasattr(thing, "__qualname__") and (home := home_of(thing)) not in {None, module_name}:
            places[name] = f"{home}.{thing.__name__}"
    return places


def leave_out(app: Sphinx, what: str, name: str, thing: Any, skip: bool, _: Any) -> bool | None:
    """Leave out what another page describes, and attributes that the docstring of their class lists already."""
    if what == "module" and name in described_elsewhere(app.env.temp_data["autodoc:module"]):
        return True
    if what in {"class", "exception"} and not isinstance(thing, SHOWN_IN_CLASSES):
        return True
    return None


def add_what_another_page_describes(
    _: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Add links to the names of a module that other pages describe."""
    places = described_elsewhere(name) if what == "module" else {}
    for short, place in places.items():
        summary = (inspect.getdoc(getattr(thing, short)) or "").partition("\n\n")[0].replace("\n", " ")
        lines += ["", f":py:obj:`{short} <{place}>`", f"   {summary}"]


def show_known_bases(_: Sphinx, name: str, thing: Any, options: Any, bases: list[Any]) -> None:
    """Show only those bases of a class that users know; in the place of a hidden one, the known one behind it."""
    known: list[type] = []
    for base in bases:
        line = (one for one in getattr(base, "__mro__", ()) if home_of(one) or one.__module__ == "builtins")
        known += [one for one in line if one not in known][:1]
    bases[:] = [one for one in known if one is not object] or [object]


def tidy(_: Sphinx, doctree: nodes.document) -> None:
    """Drop what says nothing to a reader: empty bases, overloads of methods, links from Python's own names to ours."""
    for method in [one for one in doctree.findall(desc) if one["objtype"] == "method"]:
        for overload in list(method.findall(desc_signature))[1:]:
            method.remove(overload)
    for text in list(doctree.findall(nodes.Text)):
        if text in TYPE_VARIABLES:
            text.parent.replace(text, nodes.Text(text[1:]))
    for paragraph in list(doctree.findall(nodes.paragraph)):
        if paragraph.astext() == "Bases: object":
            paragraph.parent.remove(paragraph)
    for reference in list(doctree.findall(pending_xref)):
        if reference.get("refspecific") and hasattr(builtins, reference["reftarget"]):
            reference.replace_self(nodes.Text(reference["reftarget"]))
