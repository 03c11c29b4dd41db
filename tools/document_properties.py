"""Write the list of properties and a real failure into docs/validate.md.

``python tools/document_properties.py``;
``--check`` only says whether the document is up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from smote_bench.commands.documents import write_into
from smote_bench.properties import FAMILIES, GROUPS, PROPERTIES, Property, as_subject, run_property
from smote_bench.properties.families import MIXED, NUMERIC, OVERSAMPLERS, REMOVERS

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "validate.md"
EXAMPLE = ("imblearn.over_sampling:ADASYN", "answers_ordinary_data")
_GROUPS = {
    FAMILIES: "all",
    NUMERIC: f"all but {' and '.join(MIXED)}",
    OVERSAMPLERS: "all oversamplers",
    REMOVERS: "all that remove rows",
}


def properties_text() -> str:
    """Return a table for each group."""
    parts = []
    for group in GROUPS:
        members = [prop for prop in PROPERTIES.values() if prop.group == group]
        rows = "\n".join(
            f"| `{prop.name}` | {prop.meaning} | {prop.kind} | {_families(prop)} |" for prop in members
        )
        parts.append(
            f"### {group}\n\n| property | where it does not hold | kind | families |\n"
            f"| --- | --- | --- | --- |\n{rows}\n"
        )
    return "\n" + "\n".join(parts) + "\n"


def _families(prop: Property) -> str:
    return _GROUPS.get(tuple(prop.families), ", ".join(prop.families))


def example_text() -> str:
    """Return a failure of a released sampler as `smote-bench validate` prints it."""
    target, name = EXAMPLE
    return f"\n```\n{run_property(PROPERTIES[name], as_subject(target))}```\n\n"


def main() -> int:
    """Write both parts; return 1 if ``--check`` was given and the document was not up to date."""
    before = DOCUMENT.read_text(encoding="utf-8")
    write_into(DOCUMENT, "properties", properties_text())
    write_into(DOCUMENT, "example", example_text())
    changed = DOCUMENT.read_text(encoding="utf-8") != before
    if "--check" in sys.argv:
        DOCUMENT.write_text(before, encoding="utf-8")
        print("out of date: run python tools/document_properties.py" if changed else "up to date")
        return int(changed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
