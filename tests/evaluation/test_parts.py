"""Parts of a longer protocol: names, protocols, and what a run lacks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.errors import ConfigError
from smote_bench.evaluation.parts import Part, parts_beyond
from smote_bench.evaluation.protocol import Protocol

small = st.integers(1, 6)


@given(st.builds(Part, st.integers(0, 20), st.integers(1, 20), st.integers(0, 9)))
def test_the_words_of_a_part_lead_back_to_it(part: Part) -> None:
    assert Part.from_label(part.label) == part


@given(small, small, small)
def test_a_run_and_its_parts_have_every_split_under_every_seed_once(
    n_own: int, n_splits: int, n_seeds: int
) -> None:
    protocol = Protocol(random_runs=n_own, cv_folds=3, test_size=0.3)
    parts = [part.protocol(protocol) for part in parts_beyond(protocol, n_splits, n_seeds)]
    covered = [(repeat, p.draw) for p in [protocol, *parts] for repeat in p.repeats]
    wanted = {(split, draw) for split in range(n_splits) for draw in range(n_seeds)}
    assert len(covered) == len(set(covered))
    assert set(covered) == wanted | {(split, 0) for split in range(n_own)}
    assert {(p.cv_folds, p.test_size) for p in parts} <= {(3, 0.3)}


def test_a_run_that_has_all_needs_no_parts() -> None:
    assert parts_beyond(Protocol(random_runs=5), 5, 1) == []


@pytest.mark.parametrize(("splits", "seeds", "what"), [(0, 4, "splits, got 0"), (5, -1, "seeds, got -1")])
def test_refuses_less_than_one_split_or_seed(splits: int, seeds: int, what: str) -> None:
    with pytest.raises(ConfigError, match=f"expected at least 1 of the gate's {what}: name 1 or more"):
        parts_beyond(Protocol(), splits, seeds)
