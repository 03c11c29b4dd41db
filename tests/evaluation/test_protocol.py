"""The protocol: plain data about splits, repeats and seeds."""

from __future__ import annotations

import dataclasses

import pytest

from smote_bench.evaluation.protocol import Protocol


def test_the_defaults_are_the_published_protocol() -> None:
    assert Protocol().to_json() == {"test_size": 0.2, "cv_folds": 5, "random_state": 42, "random_runs": 1}


def test_its_json_holds_every_setting() -> None:
    protocol = Protocol(test_size=0.3, cv_folds=2, random_state=7, random_runs=4, first_repeat=1, draw=2)
    assert Protocol(**protocol.to_json()) == protocol
    assert set(protocol.to_json()) == {field.name for field in dataclasses.fields(Protocol)}


@pytest.mark.parametrize(("cv_folds", "random_runs", "n_fits"), [(5, 1, 6), (0, 1, 1), (5, 3, 18)])
def test_counts_the_final_evaluation_among_the_fits(cv_folds: int, random_runs: int, n_fits: int) -> None:
    assert Protocol(cv_folds=cv_folds, random_runs=random_runs).fits_per_cell == n_fits


def test_a_part_of_a_protocol_says_so_and_knows_its_repeats() -> None:
    part = Protocol(random_runs=4, first_repeat=1)
    assert part.to_json()["first_repeat"] == 1
    assert "draw" not in part.to_json()
    assert list(part.repeats) == [1, 2, 3, 4]
