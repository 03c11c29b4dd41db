"""Simulated schedules against ones made by hand."""

from __future__ import annotations

import random

import pytest

from smote_bench.engines.planning.schedule import Group, simulate


def groups(*seconds: float, dataset: str = "D") -> list[Group]:
    """Groups of one cell each."""
    return [Group(dataset, f"m{n}", (value,)) for n, value in enumerate(seconds)]


def test_one_worker_takes_the_sum_and_its_start() -> None:
    found = simulate(groups(3, 2, 1), 1, start=5)
    assert found.seconds == 11
    assert found.critical == (("D", "m0"), ("D", "m1"), ("D", "m2"))
    assert found.busy == 6


def test_each_group_goes_to_whoever_is_free_first() -> None:
    # a: 4, then 2 of the second at 4; b: 3, 3 -> 6, 2 -> 8; by hand: a 4+2=6, b 3+3=6, then 1 to a
    found = simulate(groups(4, 3, 3, 2, 1), 2, asks_early=False)
    assert found.seconds == 7
    assert found.critical == (("D", "m0"), ("D", "m3"), ("D", "m4"))


def test_longest_first_is_better_than_longest_last() -> None:
    assert simulate(groups(6, 2, 2, 2), 2, asks_early=False).seconds == 6
    assert simulate(groups(2, 2, 2, 6), 2, asks_early=False).seconds == 8


def test_cells_of_a_group_stay_together() -> None:
    found = simulate([Group("D", "a", (1, 1, 1, 1))], 4)
    assert (found.seconds, found.n_used) == (4, 1)


def test_more_workers_than_groups_take_as_long_as_the_longest() -> None:
    found = simulate(groups(7, 1, 1), 4096, start=2, asks_early=False)
    assert (found.seconds, found.n_used) == (9, 3)
    assert found.critical == (("D", "m0"),)
    assert found.idle_share(3) == pytest.approx(1 - 9 / 27)


def test_a_worker_of_xdist_begins_with_two_groups_of_one_cell() -> None:
    found = simulate(groups(7, 1, 1), 4096, start=2)
    assert (found.seconds, found.n_used) == (10, 2)


def test_a_worker_of_xdist_is_given_the_next_group_when_it_begins_its_last_cell() -> None:
    """The first begins its 6 at 1 and is given the 5, which waits, although the second is free at 4."""
    made = [Group("D", "a", (1, 6)), Group("D", "b", (2, 2)), Group("D", "c", (5,))]
    assert simulate(made, 2).seconds == 12
    assert simulate(made, 2, asks_early=False).seconds == 9


def test_a_table_is_read_once_by_each_worker() -> None:
    of_one = [Group("D", "a", (1,)), Group("D", "b", (1,)), Group("E", "a", (1,))]
    assert simulate(of_one, 1, opening={"D": 10, "E": 5}).seconds == 18
    found = simulate(of_one, 2, opening={"D": 10}, asks_early=False)
    assert found.busy == 23  # both read D


def test_nothing_is_done_before_the_original_of_its_data_set_and_classifier() -> None:
    names = ("slow", "fast")
    original = Group("D", "Original", (9, 1), names)
    assert simulate([original, Group("D", "SMOTE", (1, 1), names)], 2).seconds == 10
    # the first cell is done at 1, its gain known at 9; the second ends at 12
    found = simulate([original, Group("D", "SMOTE", (1, 3), names)], 2)
    assert found.seconds == 12
    assert found.critical == (("D", "Original"), ("D", "SMOTE"))


def test_the_controller_may_be_the_last() -> None:
    found = simulate(groups(*[0.001] * 1000), 100, serial=0.01)
    assert found.seconds == pytest.approx(10)
    assert found.waits_for_controller


def test_no_group_takes_no_time() -> None:
    assert simulate([], 16, start=3).seconds == 3
    assert simulate([Group("D", "a", ())], 16, start=3).n_used == 0


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("asks_early", [True, False])
def test_every_schedule_is_between_the_bounds(seed: int, asks_early: bool) -> None:
    draw = random.Random(seed)
    made = [
        Group(f"D{draw.randrange(3)}", f"m{n}", tuple(draw.expovariate(1) for _ in range(draw.randint(1, 5))))
        for n in range(40)
    ]
    made.sort(key=lambda group: -group.total)
    work = sum(group.total for group in made)
    for n_workers in (1, 2, 7, 100):
        found = simulate(made, n_workers, asks_early=asks_early)
        assert found.seconds >= max(work / n_workers, made[0].total) - 1e-9
        assert found.busy == pytest.approx(work)
        if not asks_early:  # Graham's bound for any list
            assert found.seconds <= work / n_workers + (1 - 1 / n_workers) * made[0].total + 1e-9
        chain = [group for group in made if group.name in found.critical]
        assert sum(group.total for group in chain) == pytest.approx(found.seconds)
