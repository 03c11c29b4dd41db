"""Write the public names, from their docstrings, into docs/api.md.

``python tools/document_api.py``;
``--check`` only says whether the document is up to date.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import smote_bench
from smote_bench.commands.documents import write_into

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "api.md"
CHAPTERS = {
    "Runs": ("run", "open_run", "Run"),
    "Several runs": ("compare", "Comparison"),
    "Data sets": ("load_dataset", "Dataset"),
    "Oversamplers": ("validate", "PropertyVerdict", "parametrize_with_properties"),
    "The gate": ("gate", "GateVerdict", "save_baseline"),
    "Errors": ("SmoteBenchError", "ConfigError", "UnavailableError", "RunAborted", "TrackerError"),
}
_WIDTH = 100
_SECTION = re.compile(r"^([A-Z]\w+)\n-{3,}$", flags=re.MULTILINE)
_LISTS = ("Parameters", "Attributes", "Raises", "Returns")


def api_text() -> str:
    """Return a chapter for each group of names."""
    parts = []
    for chapter, names in CHAPTERS.items():
        parts.append(f"## {chapter}")
        for name in names:
            parts += _described(name, public_object(name))
    return "\n" + "\n\n".join(parts) + "\n\n"


def public_object(name: str) -> Any:
    """Return what a public name stands for; a package that can be called stands for its function."""
    found = getattr(smote_bench, name)
    if isinstance(found, ModuleType):
        return getattr(importlib.import_module("smote_bench.api.gating"), name)
    return found


def members(kind: type) -> dict[str, Any]:
    """Return the public methods and properties that a class brings itself, in their order."""
    return {
        name: member
        for name, member in vars(kind).items()
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property))
    }


def _described(name: str, found: Any) -> Iterator[str]:
    is_class = inspect.isclass(found)
    yield f"### {name}"
    if not is_class:
        yield _signature(name, found)
    yield from _prose(inspect.getdoc(found) or "")
    for own, member in members(found).items() if is_class else ():
        if isinstance(member, property):
            yield f"#### {name}.{own}"
            yield from _prose(inspect.getdoc(member) or "")
        else:
            yield f"#### {name}.{own}()"
            yield _signature(f"{name}.{own}", member)
            yield from _prose(inspect.getdoc(member) or "")


def _signature(name: str, function: Any) -> str:
    signature = inspect.signature(function)
    own = [one for one in signature.parameters.values() if one.name != "self"]
    words = [_parameter(one) for one in own]
    keyword_only = [one.kind is one.KEYWORD_ONLY for one in own]
    if True in keyword_only:
        words.insert(keyword_only.index(True), "*")
    end = f") -> {signature.return_annotation}"
    line = f"{name}({', '.join(words)}{end}"
    if len(line) > _WIDTH:
        line = "\n    ".join([f"{name}(", *(f"{word}," for word in words)]) + f"\n{end}"
    return f"```python\n{line}\n```"


def _parameter(one: inspect.Parameter) -> str:
    default = "" if one.default is one.empty else f" = {one.default!r}"
    return f"{one.name}: {one.annotation}{default}"


def _prose(text: str) -> Iterator[str]:
    """Yield a numpydoc text as Markdown: paragraphs, then its sections."""
    before, *sections = _SECTION.split(text)
    yield from _paragraphs(before)
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        yield f"*{title}*"
        if title in _LISTS:
            yield "\n".join(_items(body.strip("\n")))
        elif title == "Examples":
            yield f"```python\n{_without_directives(body.strip())}\n```"
        else:
            yield from _paragraphs(body)


def _paragraphs(text: str) -> Iterator[str]:
    yield from (_inline(" ".join(part.split())) for part in text.strip().split("\n\n") if part.strip())


def _items(body: str) -> Iterator[str]:
    """Yield a bullet for each name of a list; what stands further in explains it."""
    for entry in re.split(r"\n(?=\S)", body):
        head, *rest = entry.split("\n")
        name, colon, kind = head.partition(" : ")
        said = _inline(" ".join(" ".join(rest).split()))
        yield f"- `{name}`{f' ({_inline(kind)})' if colon else ''}{f': {said}' if said else ''}"


def _inline(text: str) -> str:
    return text.replace("``", "`")


def _without_directives(example: str) -> str:
    return re.sub(r"\s+# doctest: .*", "", example)


def main() -> int:
    """Write the document; return 1 if ``--check`` was given and it was not up to date."""
    before = DOCUMENT.read_text(encoding="utf-8")
    write_into(DOCUMENT, "api", api_text())
    changed = DOCUMENT.read_text(encoding="utf-8") != before
    if "--check" in sys.argv:
        DOCUMENT.write_text(before, encoding="utf-8")
        print("out of date: run python tools/document_api.py" if changed else "up to date")
        return int(changed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
