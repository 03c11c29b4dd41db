"""Write the table of docs/faults.md: what is injected, what the user sees, what is lost, and its test.

    python tools/fault_table.py

A row is a test with the marker ``fault(injected, seen, lost)``, read from the source: who changes what
happens changes the row beside it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smote_bench.commands.documents import write_into

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "faults.md"
PARTS = ("injected", "seen", "lost")


@dataclass(frozen=True)
class Fault:
    """A row: what the marker says, and where the test is."""

    injected: str
    seen: str
    lost: str
    test: str
    file: str


def faults(folder: Path = ROOT / "tests") -> list[Fault]:
    """Return the faults of all tests, in the order of their files."""
    return [fault for path in sorted(folder.rglob("test_*.py")) for fault in _faults_of(path)]


def _faults_of(path: Path) -> Iterator[Fault]:
    source = path.read_text(encoding="utf-8")
    if "mark.fault" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.fault":
                said = {word.arg: ast.literal_eval(word.value) for word in decorator.keywords if word.arg}
                if tuple(said) != PARTS or decorator.args:
                    raise SystemExit(f"{path}: {node.name}: expected fault({', '.join(PARTS)}), got {said}")
                yield Fault(**said, test=node.name, file=path.relative_to(ROOT).as_posix())


def table() -> str:
    """Return the rows as a Markdown table; the tests are in a list below it, by number."""
    rows = faults()
    lines = ["| | what is injected | what the user sees | what is lost |", "|---|---|---|---|"]
    lines += [f"| {n} | {fault.injected} | {fault.seen} | {fault.lost} |" for n, fault in enumerate(rows, 1)]
    lines += ["", "Tests:", ""]
    lines += [f"{n}. `{fault.file}`: `{fault.test}`" for n, fault in enumerate(rows, 1)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    write_into(DOCUMENT, "faults", f"\n{table()}\n")
