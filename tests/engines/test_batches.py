"""How cells are cut into pieces of work."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smote_bench.engines.batches import LEAST_SECONDS, chains_of
from smote_bench.engines.contract import Request
from smote_bench.evaluation.outcome import Cell

_SECONDS = st.sampled_from([0.0, 0.001, 0.015, 0.05, 0.3, 2.0, 60.0])


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("AB"), st.sampled_from("MNO"), st.sampled_from("xyz")),
        _SECONDS,
        min_size=1,
    ),
    st.integers(1, 5),
)
def test_all_are_given_out_once_and_the_end_is_even(
    seconds: dict[tuple[str, str, str], float], n_workers: int
) -> None:
    cells = {Cell(*names): value for names, value in seconds.items()}
    requests = [Request(cell, cell.id, label=label) for label in ("", "part") for cell in cells]
    chains = chains_of(requests, cells.__getitem__, n_workers)
    given_out = [one for chain in chains for batch in chain for one in batch.requests]
    assert sorted((r.label, r.cell.id) for r in given_out) == sorted((r.label, r.cell.id) for r in requests)
    for chain in chains:
        whole = {(one.label, one.cell.group) for batch in chain for one in batch.requests}
        assert len(whole) == 1 or sum(batch.seconds for batch in chain) < 2 * LEAST_SECONDS + 60
        for batch in chain:
            assert abs(batch.seconds - sum(cells[one.cell] for one in batch.requests)) < 1e-9
    # Work as soon as a worker is free: nobody who is done waits longer than for the longest cell.
    free = [0.0] * n_workers
    for chain in chains:
        at = free.index(min(free))
        free[at] += sum(batch.seconds for batch in chain)
    longest = max([*cells.values(), LEAST_SECONDS])
    assert max(free) - min(free) <= longest + LEAST_SECONDS + 1e-9


def test_groups_stay_together_until_the_end() -> None:
    cells = {Cell("D", f"M{n}", name): 1.0 + n for n in range(20) for name in "abc"}
    chains = chains_of([Request(cell, cell.id) for cell in cells], cells.__getitem__, 2)
    assert [len(chain) for chain in chains[:11]] == [3] * 11
    assert len(chains[-1]) == 1
    assert chains[0][0].requests[0].cell.method == "M19"
    assert chains[-1][0].requests[0].cell.method == "M0"


def test_short_cells_go_together() -> None:
    cells = [Cell("D", f"M{n}", "a") for n in range(40)]
    chains = chains_of([Request(cell, cell.id) for cell in cells], lambda _cell: 0.001, 2)
    assert [len(batch.requests) for chain in chains for batch in chain] == [20, 20]
