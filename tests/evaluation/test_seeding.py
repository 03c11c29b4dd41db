"""Seeds: a function of the protocol, and of nothing else."""

from __future__ import annotations

import inspect
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from smote_bench.evaluation.seeding import HOLDOUT, classifier_seed, repeat_seed, sampler_seed

folds = st.one_of(st.integers(0, 20), st.just(HOLDOUT))


def test_repeat_0_has_the_published_seed() -> None:
    assert [repeat_seed(42, repeat) for repeat in range(3)] == [42, 43, 44]


@given(st.integers(0, 2**31 - 1), st.integers(0, 100), folds)
def test_a_sampler_seed_is_a_plain_int_that_every_library_takes(
    random_state: int, repeat: int, fold: int | str
) -> None:
    seed = sampler_seed(random_state, repeat, fold)
    assert type(seed) is int
    assert 0 <= seed < 2**31


def test_a_sampler_seed_depends_on_random_state_repeat_fold_and_draw_only() -> None:
    assert list(inspect.signature(sampler_seed).parameters) == ["random_state", "repeat", "fold", "draw"]


def test_draw_0_is_the_protocol_itself() -> None:
    assert sampler_seed(42, 1, HOLDOUT, 0) == sampler_seed(42, 1, HOLDOUT)
    assert classifier_seed(42, 1, 0) == repeat_seed(42, 1)


def test_every_draw_has_seeds_of_its_own() -> None:
    places = [(repeat, draw) for repeat in range(5) for draw in range(5)]
    assert len({sampler_seed(42, repeat, 0, draw) for repeat, draw in places}) == len(places)
    of_classifiers = {classifier_seed(42, repeat, draw) for repeat, draw in places}
    assert len(of_classifiers) == len(places)
    assert all(type(seed) is int and 0 <= seed < 2**31 for seed in of_classifiers)


def test_every_fold_repeat_and_random_state_has_a_sampler_seed_of_its_own() -> None:
    seeds = {
        sampler_seed(random_state, repeat, fold)
        for random_state in range(5)
        for repeat in range(10)
        for fold in (*range(10), HOLDOUT)
    }
    assert len(seeds) == 5 * 10 * 11


def test_a_sampler_seed_is_the_same_in_every_process_and_release() -> None:
    # Written out: another derivation would give other rows under the same key.
    code = (
        "from smote_bench.evaluation.seeding import *; "
        "print([sampler_seed(42, *at) for at in ((0, 0), (0, HOLDOUT), (1, 0))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[460578808, 1000656083, 604991829]"
