"""Asked is done and not run; a run is cut where cells that were selected are not run."""

from __future__ import annotations

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.account import Account, account_of, cells_not_run
from smote_bench.runs.asked import Asked

A, B, C, D = (Cell("Ecoli", method, "kNN") for method in "ABCD")
DONE = [Outcome(A, "ok"), Outcome(B, "timeout", "slow")]


def test_counts_add_up_whatever_became_of_the_cells() -> None:
    not_run = cells_not_run(Asked((A, B, C), (D,)), {A, B}, "worker limit")
    assert not_run == {C: "worker limit", D: "not selected"}
    account = account_of(DONE, {A}, not_run)
    assert account == Account(4, 2, 1, 1, {"worker limit": 1, "not selected": 1}, "worker limit")
    assert account.headline == "This run was cut (worker limit): 2 of 3 cells are done."


def test_cells_that_were_not_selected_cut_nothing() -> None:
    account = account_of(DONE, set(), cells_not_run(Asked((A, B), (C, D)), {A, B}, "interrupted by Ctrl-C"))
    assert (account.cut, account.headline) == ("", "")
    assert account.line.endswith("2 not run (2 not selected)")


def test_a_cell_that_was_computed_without_being_selected_is_done() -> None:
    assert cells_not_run(Asked((B,), (A,)), {A, B}, "") == {}


def test_a_cell_that_nobody_knows_anything_of_is_not_left_out() -> None:
    assert cells_not_run(Asked((A, C), ()), {A}, "") == {C: "the session ended before it was recorded"}


def test_an_account_comes_back_from_a_manifest() -> None:
    account = account_of(DONE, {A}, {C: "worker limit"})
    cells = {"total": 2, "from_memo": 1, "by_status": {"ok": 1, "timeout": 1}}
    manifest = {"cells": {**cells, **account.to_json()}, "cut": account.cut}
    assert Account.from_manifest(manifest) == account


def test_a_manifest_of_an_earlier_release_counts_what_is_done() -> None:
    cells = {"total": 3, "from_memo": 0, "by_status": {"ok": 2, "error": 1}}
    assert Account.from_manifest({"cells": cells}) == Account(3, 3, 0, 1)
