"""What samplers of typed rows get, and what is refused of what they return."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fold_sources import fold_source
from mixed_table import mixed_experiment

from smote_bench.data.typed_rows import TypedRows
from smote_bench.evaluation.folds import FoldSource
from smote_bench.methods.resampling import SamplerError, resample
from smote_bench.methods.row_options import RowOptions
from smote_bench.methods.spec import parse_method
from smote_bench.methods.typed_step import FractionalRows, encoded_output

RETURN = "pd.concat([X, X[y == 1]], ignore_index=True), np.append(y, y[y == 1])"


@pytest.fixture
def rows(tmp_path: Path) -> tuple[np.ndarray, np.ndarray, TypedRows]:
    source: FoldSource = fold_source(mixed_experiment(tmp_path, ["Original"]))
    fold = next(iter(source._prepare("People", 0)))
    return fold.X, fold.y, fold.typed


def run(write: Callable[[str], str], rows: tuple, body: str, *, scaled: bool = False):
    target = write(f"import numpy as np, pandas as pd\ndef sample(X, y):\n    {body}")
    definition = {"method": target, "rows": "typed", **({"scaled": True} if scaled else {})}
    X, y, typed = rows
    return resample(parse_method("M", definition), X, y, seed=0, typed=typed)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    def write(code: str) -> str:
        (tmp_path / "typed_sampler_here.py").write_text(code)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(__import__("sys").modules, "typed_sampler_here", raising=False)
        return "typed_sampler_here:sample"

    return write


def test_numbers_come_as_they_are_or_scaled_where_that_is_asked_for(write, rows) -> None:
    check = "assert list(X.columns) == ['age', 'plan', 'income', 'city'] and X.city.dtype == 'category'\n    "
    plain = run(write, rows, f"{check}assert X.income.max() > 1000\n    return {RETURN}")
    scaled = run(
        write, rows, f"{check}assert abs(X.income.max() - 1) < 1e-9\n    return {RETURN}", scaled=True
    )
    n = len(rows[0])
    for made in (plain, scaled):
        assert made.X[:n].tobytes() == rows[0].tobytes()
        assert made.X[n:].tobytes() == rows[0][rows[1] == 1].tobytes()


def test_an_array_of_objects_is_taken_as_well(write, rows) -> None:
    made = run(write, rows, f"X, y = {RETURN}\n    return X.to_numpy(dtype=object), y")
    assert made.X[: len(rows[0])].tobytes() == rows[0].tobytes()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return X[['age', 'city']], y", "the columns .* in this order, got"),
        ("return X[['plan', 'age', 'income', 'city']], y", "the columns .* in this order, got"),
        ("return X.to_numpy(dtype=object)[:, :2], y", "X with 4 columns, got 2"),
        ("return X.assign(city='Rome'), y", "levels of the column 'city'.*'Rome' is none"),
        ("return X.assign(age=np.nan), y", "finite numbers in the column 'age'"),
        ("return X, y[1:]", "one label for each"),
        ("return X, y * 0", "labels 0 and 1, both"),
        ("return X", "a pair X, y"),
    ],
)
def test_what_no_classifier_may_be_trained_on_is_refused(write, rows, body: str, told: str) -> None:
    with pytest.raises(SamplerError, match=told):
        run(write, rows, body)


def test_the_arguments_stay_as_they_were_whatever_the_sampler_writes_into_its_frame(write, rows) -> None:
    before = rows[0].tobytes(), rows[2].numbers.tobytes()
    run(
        write,
        rows,
        f"made = {RETURN}\n    X.loc[:, 'age'] = 0.0\n    X.loc[:, 'city'] = 'Oslo'\n    return made",
    )
    assert (rows[0].tobytes(), rows[2].numbers.tobytes()) == before


def test_added_rows_are_counted_whatever_their_order(rows) -> None:
    X, _, typed = rows
    half = 0.5 * X[:40] + 0.5 * X[40:80]
    n_between = int(np.any(list(typed.columns.fractional(half).values()), axis=0).sum())
    assert 0 < n_between <= 40
    for made in (np.vstack([X, half]), np.vstack([half, X[::-1]])):
        found = encoded_output(made, X, typed.columns, RowOptions())[1]
        assert (found.n_rows, found.n_added, found.is_repaired) == (n_between, 40, False)


def test_a_sampler_that_took_rows_away_added_none(rows) -> None:
    X, _, typed = rows
    found = encoded_output(X[::2], X, typed.columns, RowOptions())[1]
    assert (found.n_rows, found.n_added, found.columns) == (0, 0, ())


def test_links_of_a_chain_are_counted_together_and_removed_rows_are_no_reason(rows) -> None:
    X, y, typed = rows
    alone, chained = (
        resample(parse_method("M", definition), X, y, seed=0, typed=typed).between
        for definition in ("SMOTE", ["SMOTE", "TomekLinks"])
    )
    assert alone.n_rows > 0
    assert (chained.n_rows, chained.n_added) == (alone.n_rows, alone.n_added)
    again = resample(
        parse_method("M", [{"SMOTE": {"sampling_strategy": 0.6}}, "SMOTE"]), X, y, seed=0, typed=typed
    ).between
    assert again.n_added == alone.n_added  # half and half
    assert 0 < again.n_rows <= again.n_added


def test_a_repair_in_the_middle_of_a_chain_is_not_forgotten(rows) -> None:
    X, y, typed = rows
    chain = [{"method": "SMOTE", "repair": "round"}, "TomekLinks"]
    made = resample(parse_method("M", chain), X, y, seed=0, typed=typed)
    assert made.between.is_repaired
    assert made.between.n_rows > 0
    assert not any(rows.any() for rows in typed.columns.fractional(made.X).values())
    half = FractionalRows(3, 9, ("a",), is_repaired=True)
    assert not (half + FractionalRows(2, 5, ("b",))).is_repaired
    assert half + FractionalRows(0, 5, ()) == FractionalRows(3, 14, ("a",), is_repaired=True)


def test_the_classic_chain_of_smote_and_undersampling_keeps_its_rows(rows) -> None:
    X, y, typed = rows
    chain = [{"SMOTE": {"sampling_strategy": 0.6}}, "RandomUnderSampler"]
    with_categories, without = (
        resample(parse_method("M", chain), X, y, seed=0, typed=known).X.tobytes() for known in (typed, None)
    )
    assert with_categories == without


def test_copies_that_a_sampler_adds_are_added(rows) -> None:
    X, _, typed = rows
    made = np.vstack([X[::-1], X[:7], X[:7]])
    found = encoded_output(made, X, typed.columns, RowOptions())[1]
    assert (found.n_rows, found.n_added) == (0, 14)
