"""Put the kit to our own samplers with many seeds: none may be rejected.

``python tools/false_alarms.py --seeds 200 --smoke -n 2`` prints every false alarm, and at the end how many
verdicts there were; it exits with 1 if there was any alarm.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product

from smote_bench.properties import validate

REFERENCES = (
    "smote_impls:SMOTE",
    "smote_impls:BorderlineSMOTE",
    'smote_impls:BorderlineSMOTE?{"kind": "borderline-2"}',
    "smote_impls:ADASYN",
)


def failures(job: tuple[int, str], *, smoke: bool) -> tuple[int, str, list[str]]:
    """Return the seed, the sampler, and every property that failed, as text."""
    seed, target = job
    verdict = validate(target, seed=seed, smoke=smoke)
    return seed, target, [str(result) for result in verdict.failures]


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds (200)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--smoke", action="store_true", help="fewer cases for each seed")
    parser.add_argument("-n", dest="jobs", type=int, default=1, help="processes side by side (1)")
    args = parser.parse_args()
    jobs = list(product(range(args.first, args.first + args.seeds), REFERENCES))
    n_alarms = 0
    with ProcessPoolExecutor(args.jobs) as pool:
        run = partial(failures, smoke=args.smoke)
        for n_done, (seed, target, failed) in enumerate(pool.map(run, jobs), start=1):
            n_alarms += bool(failed)
            for text in failed:
                print(f"seed {seed}: {target}: {text}", flush=True)
            if n_done % 40 == 0:
                print(f"{n_done} of {len(jobs)} verdicts, {n_alarms} false alarms", flush=True)
    print(f"{len(jobs)} verdicts on {len(REFERENCES)} samplers, {n_alarms} false alarms")
    return int(n_alarms > 0)


if __name__ == "__main__":
    sys.exit(main())
