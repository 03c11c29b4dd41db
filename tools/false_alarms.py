"""Put the kit to correct samplers with many seeds: none may be rejected.

``python tools/false_alarms.py --seeds 200 --smoke -n 2`` prints every false alarm and, at the end, a table of
verdicts; it exits with 1 if there was any alarm. ``--out docs/validate.md`` writes it into the document.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path

from smote_bench.commands.documents import check_document, write_into
from smote_bench.properties import validate

TESTS = Path(__file__).resolve().parent.parent / "tests"

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
}


def failures(job: tuple[int, str], *, smoke: bool) -> tuple[int, str, float, list[str]]:
    """Return the seed, the sampler, the CPU seconds, and every property that failed, as text."""
    seed, target = job
    sys.path.insert(0, str(TESTS))
    started = time.process_time()
    verdict = validate(target, family=REFERENCES[target], seed=seed, smoke=smoke)
    return seed, target, time.process_time() - started, [str(result) for result in verdict.failures]


def table(found: Sequence[tuple[int, str, float, list[str]]], *, smoke: bool) -> str:
    """Return verdicts and false alarms, sampler by sampler."""
    mode = "smoke" if smoke else "full"
    lines = [
        f"| sampler | family | verdicts ({mode}) | seeds | rejected | CPU seconds each |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for target, family in REFERENCES.items():
        own = [one for one in found if one[1] == target]
        if own:
            seeds = [seed for seed, *_ in own]
            seconds = sum(one[2] for one in own) / len(own)
            n_alarms = sum(bool(one[3]) for one in own)
            cells = (
                f"`{target}`",
                family,
                len(own),
                f"{min(seeds)} to {max(seeds)}",
                n_alarms,
                f"{seconds:.1f}",
            )
            lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds (200)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--smoke", action="store_true", help="fewer cases for each seed")
    parser.add_argument("-n", dest="jobs", type=int, default=1, help="processes side by side (1)")
    parser.add_argument("--out", type=Path, help="write the table into this document")
    args = parser.parse_args()
    if args.out is not None:
        check_document(args.out, "false_alarms")
    jobs = list(product(range(args.first, args.first + args.seeds), REFERENCES))
    found = []
    with ProcessPoolExecutor(args.jobs) as pool:
        run = partial(failures, smoke=args.smoke)
        for one in pool.map(run, jobs):
            found.append(one)
            for text in one[3]:
                print(f"seed {one[0]}: {one[1]}: {text}", flush=True)
            if len(found) % 40 == 0:
                print(f"{len(found)} of {len(jobs)} verdicts", flush=True)
    n_alarms = sum(bool(one[3]) for one in found)
    text = table(found, smoke=args.smoke)
    print(text)
    print(f"{len(jobs)} verdicts on {len(REFERENCES)} samplers, {n_alarms} false alarms")
    if args.out is not None:
        write_into(args.out, "false_alarms", f"\n{text}\n\n")
    return int(n_alarms > 0)


if __name__ == "__main__":
    sys.exit(main())
