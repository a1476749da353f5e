"""What a docstring says about each parameter, in the styles of Google, NumPy and Sphinx."""

from __future__ import annotations

import re
from inspect import cleandoc

_GOOGLE_HEADING = re.compile(
    r"^(Args|Arguments|Params|Parameters|Keyword Args|Keyword Arguments|Other Parameters):\s*$"
)
_GOOGLE_ENTRY = re.compile(r"^\*{0,2}(?P<names>\w+(?:\s*,\s*\*{0,2}\w+)*)\s*(?:\(.*?\))?\s*:(?:\s+(?P<text>.*))?$")
_NUMPY_HEADING = re.compile(r"^(Parameters|Other Parameters|Keyword Arguments)\s*$")
_NUMPY_ENTRY = re.compile(r"^\*{0,2}(?P<names>\w+(?:\s*,\s*\*{0,2}\w+)*)\s*(?::.*)?$")
_SPHINX_ENTRY = re.compile(
    r"^:(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\*{0,2}(?P<names>\w+)\s*:\s*(?P<text>.*)$"
)

Descriptions = dict[str, str]


def descriptions_in(docstring: str | None) -> Descriptions:
    """Return what a docstring says about parameters, by name."""
    if not docstring:
        return {}
    lines = cleandoc(docstring).splitlines()
    found: Descriptions = {}
    for index, line in enumerate(lines):
        if _GOOGLE_HEADING.match(line):
            found |= _entries(_indented(lines[index + 1 :]), _GOOGLE_ENTRY)
        elif _NUMPY_HEADING.match(line) and index + 1 < len(lines) and re.fullmatch(r"-{3,}\s*", lines[index + 1]):
            found |= _entries(_numpy_section(lines[index + 2 :]), _NUMPY_ENTRY)
        elif _SPHINX_ENTRY.match(line):
            found |= _entries([line, *_indented(lines[index + 1 :], keep=True)], _SPHINX_ENTRY)
    return found


def _indented(lines: list[str], *, keep: bool = False) -> list[str]:
    """Return the lines up to the next one that is not indented, moved to the left unless they are to `keep` their place."""
    section: list[str] = []
    for line in lines:
        if line.strip() and not line[0].isspace():
            break
        section.append(line)
    if keep:
        return section
    width = min((len(line) - len(line.lstrip()) for line in section if line.strip()), default=0)
    return [line[width:] for line in section]


def _numpy_section(lines: list[str]) -> list[str]:
    """Return the lines up to the next heading, which is one that is underlined."""
    for index, line in enumerate(lines[1:]):
        if re.fullmatch(r"[-=]{3,}\s*", line):
            return lines[:index]
    return lines


def _entries(lines: list[str], entry: re.Pattern[str]) -> Descriptions:
    """Read a section whose entries begin at the left; what is indented below one belongs to it."""
    found: Descriptions = {}
    names: list[str] = []
    for line in lines:
        match = entry.match(line)
        if match is not None:
            names = re.findall(r"\w+", match["names"])
            found |= dict.fromkeys(names, (match.groupdict().get("text") or "").strip())
        elif line.strip() and not line[0].isspace():
            names = []
        else:
            found |= {name: f"{found[name]}\n{line.strip()}" for name in names}
    return {name: text.strip() for name, text in found.items() if text.strip()}
