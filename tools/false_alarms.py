"""Put the kit to correct samplers with many seeds: none may be rejected.

``python tools/false_alarms.py --seeds 200`` prints every false alarm and keeps each verdict (``--keep FILE``)
as soon as it is there; stopped, the same command goes on. ``--write`` writes the table of what is kept, over
or not, into docs/validate.md. It exits with 1 if there was any alarm. ``--styles`` looks at all samplers of
tests/correct_samplers.py instead, which are right and written in as many ways. ``--properties`` puts these
alone, into a table of their own, as is enough after they were added: what a property draws depends on its
name and the seed, and on no other property.

A second process for each call is one property of a hundred and a third of the time: every tenth seed has it.
No verdict is cut short by the clock, so that a busy machine draws as many cases as an idle one.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

from smote_bench.commands.documents import check_document, write_into
from smote_bench.environment.code_digest import digest_of_files, modules_behind
from smote_bench.environment.processes import map_in_processes
from smote_bench.properties import PROPERTIES, validate
from smote_bench.properties import verdict as limits
from smote_bench.properties.verdict import select

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "validate.md"
KEPT = ROOT / "reports" / "false_alarms.jsonl"
SLOW, EVERY = "another_process_gives_the_same_rows", 10
_HOUR = 3600.0

# Ours, and samplers of other styles, with the families that they claim.
REFERENCES = {
    "smote_impls:SMOTE": "smote",
    "smote_impls:BorderlineSMOTE": "borderline1",
    'smote_impls:BorderlineSMOTE?{"kind": "borderline-2"}': "borderline2",
    "smote_impls:ADASYN": "adasyn",
    "correct_samplers:FloatsAlways": "smote",
    "correct_samplers:TreeSMOTE": "smote",
    "correct_samplers:smote_function": "smote",
    "correct_samplers:OnOurs": "interpolating",
    "smote_impls:SMOTENC": "smotenc",
    "smote_impls:SMOTEN": "smoten",
}


def references(*, styles: bool = False) -> dict[str, str]:
    """Return samplers with the families that they claim: those above, or tests/correct_samplers.py's."""
    if not styles:
        return REFERENCES
    _see_tests()
    correct = importlib.import_module("correct_samplers")
    return {f"{correct.__name__}:{made.__name__}": family for made, family in correct.CORRECT.items()}


def _see_tests() -> None:
    sys.path[:0] = [tests for tests in [str(ROOT / "tests")] if tests not in sys.path]


def verdict(target: str, seed: int, *, smoke: bool, properties: Sequence[str] = ()) -> dict[str, Any]:
    """Return what came of one verdict: its seconds of CPU, and every property that failed, as text."""
    _see_tests()
    family = REFERENCES.get(target) or references(styles=True)[target]
    names = list(properties) or [name for name in PROPERTIES if name != SLOW or seed % EVERY == 0]
    before = os.times()
    with patch.multiple(limits, FULL_SECONDS=_HOUR, MIXED_SECONDS=_HOUR, SMOKE_SECONDS=_HOUR):
        found = validate(target, family=family, seed=seed, smoke=smoke, properties=names)
    seconds = sum(os.times()[:4]) - sum(before[:4])
    failed = [str(result) for result in found.failures]
    return {"target": target, "seed": seed, "smoke": smoke, "seconds": round(seconds, 2), "failed": failed}


def kept(path: Path, *, smoke: bool, kit: str = "", properties: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the verdicts of a file by these properties: of that kit, or of that which made the last."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    # The last line may have been cut off with the machine.
    records = [json.loads(line) for line in lines if line.endswith("}")]
    asked = smoke, list(properties)
    records = [record for record in records if (record["smoke"], record["kit"].split()[1:]) == asked]
    kit = kit or (records[-1]["kit"] if records else "")
    return [record for record in records if record["kit"] == kit]


def table(found: Iterable[dict[str, Any]], *, smoke: bool) -> str:
    """Return verdicts and false alarms, sampler by sampler, with the seeds that were really run."""
    found = list(found)
    mode = "smoke" if smoke else "full"
    lines = [
        f"| sampler | family | verdicts ({mode}) | seeds | rejected | CPU seconds each |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for target, family in {**REFERENCES, **references(styles=True)}.items():
        own = [one for one in found if one["target"] == target]
        if own:
            seeds = [one["seed"] for one in own]
            seconds = sum(one["seconds"] for one in own) / len(own)
            n_alarms = sum(bool(one["failed"]) for one in own)
            cells = (
                f"`{target}`",
                family,
                len(own),
                f"{min(seeds)} to {max(seeds)}",
                n_alarms,
                f"{seconds:.1f}",
            )
            lines.append(f"| {' | '.join(map(str, cells))} |")
    n_alarms = sum(bool(one["failed"]) for one in found)
    n_seeds = len({one["seed"] for one in found})
    total = f"{len(found)} verdicts, {n_alarms} false alarms; {n_seeds} seeds were run."
    return "\n".join([*lines, "", total])


def campaign(
    path: Path,
    seeds: range,
    targets: Sequence[str] = (*REFERENCES,),
    *,
    smoke: bool,
    n_processes: int = 1,
    properties: Sequence[str] = (),
) -> None:
    """Make the verdicts that are not kept yet, seed after seed, and keep each."""
    kit = " ".join([digest_of_files(modules_behind(["properties"])), *properties])
    done = {(one["target"], one["seed"]) for one in kept(path, smoke=smoke, kit=kit, properties=properties)}
    todo = [(seed, target) for seed, target in product(seeds, targets) if (target, seed) not in done]
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if before and not before.endswith("\n"):
        path.write_text(before + "\n", encoding="utf-8")
    judge = partial(_judge, smoke=smoke, properties=properties)
    judged = map_in_processes(judge, todo, n_processes) if n_processes > 1 and todo else map(judge, todo)
    for n, one in enumerate(judged, start=1):
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**one, "kit": kit}) + "\n")
        for text in one["failed"]:
            print(f"seed {one['seed']}: {one['target']}: {text}", flush=True)
        if n % len(targets) == 0:
            print(f"{n} of {len(todo)} verdicts", flush=True)


def _judge(asked: tuple[int, str], *, smoke: bool, properties: Sequence[str]) -> dict[str, Any]:
    seed, target = asked
    return verdict(target, seed, smoke=smoke, properties=properties)


def main() -> int:
    """Run the campaign, or write down what is kept of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds (200)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--samplers", default="", metavar="WORD", help="only those whose name has it")
    parser.add_argument("--styles", action="store_true", help="those of tests/correct_samplers.py")
    parser.add_argument(
        "--properties", default="", metavar="A,B", help="these alone, as after they were added (all)"
    )
    parser.add_argument("--smoke", action="store_true", help="fewer cases for each seed")
    parser.add_argument("-n", type=int, default=1, metavar="N", help="in so many processes (1)")
    parser.add_argument("--keep", type=Path, default=KEPT, metavar="FILE")
    parser.add_argument("--write", action="store_true", help="write those kept into the document")
    parser.add_argument("--document", type=Path, default=DOCUMENT)
    args = parser.parse_args()
    properties = [prop.name for prop in select(args.properties.split(","))] if args.properties else []
    block = "false_alarms_of_new" if properties else "false_alarms"
    check_document(args.document, block)
    if not args.write:
        known = references(styles=args.styles)
        targets = [target for target in known if args.samplers in target]
        if not targets:
            parser.error(f"expected a part of {', '.join(known)}, got {args.samplers!r}")
        seeds = range(args.first, args.first + args.seeds)
        campaign(args.keep, seeds, targets, smoke=args.smoke, n_processes=args.n, properties=properties)
    found = kept(args.keep, smoke=args.smoke, properties=properties)
    text = table(found, smoke=args.smoke)
    print(text)
    if args.write:
        write_into(args.document, block, f"\n{text}\n\n")
    return int(any(one["failed"] for one in found))


if __name__ == "__main__":
    sys.exit(main())
