"""Put each property to the broken samplers that it has to notice, on several seeds.

``python tools/kills.py --seeds 5`` looks at seeds 1 to 5 and prints each that is not noticed; ``--smoke`` has
fewer cases. What is found is kept (``--keep FILE``) as soon as it is there; a run that was stopped goes on.
``--write`` writes what is kept into docs/validate.md. It exits with 1 where a full run missed any.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from smote_bench.commands.documents import check_document, write_into
from smote_bench.properties import PROPERTIES, Subject, engine, run_property

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "validate.md"
KEPT = ROOT / "reports" / "kills.jsonl"
_NOT_SAMPLERS = ("__init__", "killing", "pasting", "plain")


def kills() -> list[tuple[str, str]]:
    """Return each broken sampler with each property that has to notice it."""
    tests = str(ROOT / "tests")
    if tests not in sys.path:
        sys.path.insert(0, tests)
    for path in sorted((ROOT / "tests" / "broken_samplers").glob("*.py")):
        if path.stem not in _NOT_SAMPLERS:
            importlib.import_module(f"broken_samplers.{path.stem}")
    broken = importlib.import_module("broken_samplers").BROKEN
    return [(name, wanted) for name, made in broken.items() for wanted in made.killed_by]


def look(name: str, wanted: str, seed: int, *, smoke: bool) -> dict[str, Any]:
    """Return whether one property notices one broken sampler on a seed, and in what time."""
    made = importlib.import_module("broken_samplers").BROKEN[name]
    started = time.process_time()
    result = run_property(
        PROPERTIES[wanted], Subject(made.sampler, family=made.family), seed=seed, smoke=smoke
    )
    return {
        "sampler": name,
        "property": wanted,
        "seed": seed,
        "smoke": smoke,
        "noticed": result.status == "failed",
        "seconds": round(time.process_time() - started, 2),
    }


def code() -> str:
    """Return a digest of the kit and the broken samplers."""
    folders = (ROOT / "smote_bench" / "properties", ROOT / "tests" / "broken_samplers")
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def kept(path: Path, of: str = "") -> list[dict[str, Any]]:
    """Return what was found with that code, or else with the code that found the last."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    # The last line may have been cut off with the machine.
    records = [json.loads(line) for line in lines if line.endswith("}")]
    of = of or (records[-1]["code"] if records else "")
    return [record for record in records if record["code"] == of]


def campaign(path: Path, seeds: range, *, smoke: bool) -> None:
    """Look at what is not kept yet, seed after seed."""
    of, all_kills = code(), kills()
    done = {(one["sampler"], one["property"], one["seed"], one["smoke"]) for one in kept(path, of)}
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if before and not before.endswith("\n"):
        path.write_text(before + "\n", encoding="utf-8")
    # Whether it is noticed is the question, not how small the data set gets.
    engine._SHRINK_CALLS = 0
    for seed in seeds:
        for name, wanted in all_kills:
            if (name, wanted, seed, smoke) in done:
                continue
            one = look(name, wanted, seed, smoke=smoke)
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({**one, "code": of}) + "\n")
            if not one["noticed"]:
                print(f"seed {seed}: {wanted} does not notice {name}", flush=True)
        print(f"seed {seed}: {len(all_kills)} kills looked at", flush=True)


def table(found: Iterable[dict[str, Any]]) -> str:
    """Return how many were noticed in each mode, seed by seed, and which were not."""
    found = list(found)
    lines = [
        "| mode | seed | kills | noticed | not noticed |",
        "| --- | --- | --- | --- | --- |",
    ]
    for smoke in (False, True):
        for seed in sorted({one["seed"] for one in found if one["smoke"] == smoke}):
            own = [one for one in found if (one["seed"], one["smoke"]) == (seed, smoke)]
            missed = [f"`{one['sampler']}`" for one in own if not one["noticed"]]
            cells = ("smoke" if smoke else "full", seed, len(own), len(own) - len(missed), ", ".join(missed))
            lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def main() -> int:
    """Look, or write down what is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds (5)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--smoke", action="store_true", help="with the cases of a smoke run")
    parser.add_argument("--keep", type=Path, default=KEPT, metavar="FILE")
    parser.add_argument("--write", action="store_true", help="write what is kept into the document")
    parser.add_argument("--document", type=Path, default=DOCUMENT)
    args = parser.parse_args()
    check_document(args.document, "kills")
    if not args.write:
        campaign(args.keep, range(args.first, args.first + args.seeds), smoke=args.smoke)
    found = kept(args.keep)
    print(table(found))
    if args.write:
        write_into(args.document, "kills", f"\n{table(found)}\n\n")
    return int(any(not one["noticed"] for one in found if not one["smoke"]))


if __name__ == "__main__":
    sys.exit(main())
