"""Resampling: fresh samplers, seeds, arguments left alone, output checked, and what it says about it."""

from __future__ import annotations

import importlib.util
import logging
import pickle
import random
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.errors import ConfigError, UnavailableError
from smote_bench.methods import resampling
from smote_bench.methods.resampling import Resampled, SamplerError, resample
from smote_bench.methods.spec import parse_method

Table = tuple[np.ndarray, np.ndarray]
WriteSampler = Callable[[str], str]

COPY_MINORITY = "np.vstack([X, X[y == 1]]), np.append(y, y[y == 1])"


def run(definition: object, table: Table, seed: int = 0) -> Resampled:
    return resample(parse_method("method", definition), *table, seed=seed)


def same(a: Resampled, b: Resampled) -> bool:
    return a.X.tobytes() == b.X.tobytes() and a.y.tobytes() == b.y.tobytes()


@pytest.mark.parametrize("definition", ["Original", "class_weight", "tuned_threshold"])
def test_without_a_sampler_the_rows_come_back_and_are_no_noop(definition: str, table: Table) -> None:
    resampled = run(definition, table)
    assert np.array_equal(resampled.X, table[0])
    assert np.array_equal(resampled.y, table[1])
    assert not resampled.noop


@pytest.mark.parametrize("name", ["sv.SMOTE", "imblearn.SMOTE", "RandomUnderSampler"])
def test_the_seed_decides_the_rows(name: str, table: Table) -> None:
    assert same(run(name, table, 1), run(name, table, 1))
    assert not same(run(name, table, 1), run(name, table, 2))


def test_numpys_integers_are_seeds_too(table: Table) -> None:
    assert same(run("sv.SMOTE", table, np.int64(3)), run("sv.SMOTE", table, 3))


def test_gives_what_the_sampler_gives_with_that_seed(table: Table) -> None:
    import smote_variants

    X, y = smote_variants.SMOTE(n_neighbors=3, random_state=5).sample(*table)
    resampled = run({"method": "sv.SMOTE", "params": {"n_neighbors": 3}}, table, 5)
    assert np.array_equal(resampled.X, X)
    assert np.array_equal(resampled.y, y)


def test_the_same_sampler_twice_in_a_chain_draws_other_numbers(
    write_sampler: WriteSampler, table: Table
) -> None:
    target = write_sampler(
        """
        def sampler(X, y, random_state):
            return np.vstack([X, [[float(random_state), 0, 0, 0]]]), np.append(y, 1)
        """
    )
    seeds = run([target, target, target], table, 7).X[-3:, 0]
    assert seeds[0] == 7
    assert len(set(seeds)) == 3


def test_runs_the_chain_of_the_issue_in_its_order(table: Table) -> None:
    chain = [
        {"RandomOverSampler": {"sampling_strategy": 0.4}},
        {"RandomUnderSampler": {"sampling_strategy": 0.5}},
        "class_weight",
    ]
    X, y = np.arange(200.0).reshape(100, 2), np.repeat([0, 1], [90, 10])
    assert np.bincount(run(chain, (X, y)).y).tolist() == [72, 36]


def test_calls_sample_where_there_is_no_fit_resample(write_sampler: WriteSampler, table: Table) -> None:
    target = write_sampler(f"class sampler:\n    def sample(self, X, y):\n        return {COPY_MINORITY}\n")
    assert len(run(target, table).y) == 75


def test_gives_parameters_to_a_plain_function(write_sampler: WriteSampler, table: Table) -> None:
    target = write_sampler("def sampler(X, y, n=1):\n    return np.vstack([X] * n), np.tile(y, n)\n")
    assert len(run({"method": target, "params": {"n": 3}}, table).y) == 180


def test_builds_a_fresh_sampler_for_every_call(write_sampler: WriteSampler, table: Table) -> None:
    target = write_sampler(
        f"""
        class sampler:
            def fit_resample(self, X, y):
                assert not hasattr(self, "used")
                self.used = True
                return {COPY_MINORITY}
        """
    )
    run(target, table)
    run([target, target], table)


def test_a_sampler_cannot_change_its_arguments(write_sampler: WriteSampler, table: Table) -> None:
    X, y = table[0].copy(), table[1].copy()
    target = write_sampler("def sampler(X, y):\n    X[:] = 0\n    y[:30] = 1 - y[:30]\n    return X, y\n")
    run(target, (X, y))
    assert np.array_equal(X, table[0])
    assert np.array_equal(y, table[1])


@pytest.mark.parametrize("fails", [False, True])
def test_global_generators_warnings_and_logging_are_as_before(
    fails: bool, write_sampler: WriteSampler, table: Table
) -> None:
    target = write_sampler(
        f"""
        import logging, os, random, warnings
        def sampler(X, y):
            np.random.seed(0); random.seed(0); np.random.rand(); random.random()
            warnings.simplefilter("ignore")
            os.environ["PYTHONHASHSEED"] = "1"; os.environ["LEFT_BEHIND"] = "1"
            if {fails}:
                raise ValueError("on purpose")
            return {COPY_MINORITY}
        """
    )

    def state() -> object:
        import os

        numpy_state = np.random.get_state(legacy=False)["state"]
        logger = logging.getLogger("smote_variants")
        return (
            (numpy_state["key"].tobytes(), numpy_state["pos"], random.getstate()),
            (warnings.filters[:], logger.handlers[:], logger.propagate, logging.getLogger().handlers[:]),
            dict(os.environ),
        )

    before = state()
    if fails:
        with pytest.raises(ValueError, match="on purpose") as caught:
            run(target, table)
        assert "in step 1 of 1 of method 'method'" in caught.value.__notes__[0]
    else:
        run(target, table)
    assert state() == before


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_sampler_that_draws_from_the_global_generators_is_repeatable(seed: int) -> None:
    table = np.zeros((4, 1)), np.array([0, 0, 0, 1])
    np.random.rand()
    assert same(
        run(f"{__name__}:draws_globally", table, seed), run(f"{__name__}:draws_globally", table, seed)
    )
    assert not same(
        run(f"{__name__}:draws_globally", table, seed), run(f"{__name__}:draws_globally", table, seed ^ 1)
    )


def draws_globally(X: np.ndarray, y: np.ndarray) -> Table:
    return np.vstack([X, [[np.random.rand()], [random.random()]]]), np.append(y, [1, 1])


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_input_in_another_order_is_a_noop_and_another_label_is_not(shuffler: random.Random) -> None:
    X, y = np.array([[0.0, 1], [0, 1], [2, 2], [0, -0.0]]), np.array([0, 1, 0, 1])
    order = shuffler.sample(range(4), 4)
    assert resampling._same_rows(X, y, X[order], y[order])
    assert not resampling._same_rows(X, y, X[order], 1 - y[order])
    assert not resampling._same_rows(X, y, X[order[:3]], y[order[:3]])


def test_a_method_that_gives_its_input_back_is_a_noop_with_the_reason(table: Table) -> None:
    X, y = table[0], np.append(1, np.zeros(59, dtype=int))
    resampled = run("sv.SMOTE", (X, y))
    assert resampled.noop
    assert resampled.warnings == ("INFO: SMOTE: Too few minority samples for sampling",)


def test_a_noop_without_a_word_from_the_sampler_still_has_a_reason(
    write_sampler: WriteSampler, table: Table
) -> None:
    resampled = run(write_sampler("def sampler(X, y):\n    return X[::-1], y[::-1]\n"), table)
    assert resampled.noop
    assert resampled.warnings == ("INFO: the input came back, and the sampler does not say why",)


def test_warnings_and_log_records_are_told_once_each(write_sampler: WriteSampler, table: Table) -> None:
    target = write_sampler(
        f"""
        import logging, warnings
        def sampler(X, y):
            for _ in range(3):
                warnings.warn("careful")
                logging.getLogger("some.library").warning("look out")
                logging.getLogger("some.library").info("chatter")
            return {COPY_MINORITY}
        """
    )
    assert run(target, table).warnings == ("WARNING: look out", "UserWarning: careful")


def test_smote_variants_writes_nothing_to_stderr(table: Table, capfd: pytest.CaptureFixture[str]) -> None:
    run("sv.SMOTE", table)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ("X", r"expected a pair X, y .* got ndarray"),
        ("X[:, 0], y", r"expected X as a 2-d array of numbers .* got shape \(60,\)"),
        ("X.astype(str), y", "expected X as a 2-d array of numbers"),
        ("X, y[:-1]", r"one label for each of 60 rows .* got y of shape \(59,\)"),
        ("X[:, :2], y", "expected X with 4 columns .* got X with 2 columns"),
        ("np.where(y[:, None] == 1, np.nan, X), y", "expected finite values .* got 15 rows with NaN"),
        ("X, y * 2", r"expected labels 0 and 1, both .* got \[0, 2\]"),
        ("X[y == 0], y[y == 0]", r"expected labels 0 and 1, both .* got \[0\]"),
        ("X, y + 0.5", "expected labels 0 and 1"),
    ],
)
def test_output_no_classifier_may_see_is_refused(
    returned: str, message: str, write_sampler: WriteSampler, table: Table
) -> None:
    target = write_sampler(f"def sampler(X, y):\n    return {returned}\n")
    with pytest.raises(SamplerError, match=message):
        run(target, table)


def test_labels_may_come_as_floats(write_sampler: WriteSampler, table: Table) -> None:
    target = write_sampler("def sampler(X, y):\n    return X.astype('float32'), y.astype(float)\n")
    resampled = run(target, table)
    assert (resampled.X.dtype, resampled.y.dtype) == (np.float64, np.int64)


def test_a_misspelt_parameter_is_refused_where_the_library_would_swallow_it(table: Table) -> None:
    with pytest.raises(ConfigError, match=r"got 'n_neighbours'\. Did you mean 'n_neighbors'"):
        run({"method": "sv.SMOTE", "params": {"n_neighbours": 3}}, table)


def test_a_class_without_a_known_method_is_refused(write_sampler: WriteSampler, table: Table) -> None:
    with pytest.raises(ConfigError, match="has neither"):
        run(write_sampler("class sampler:\n    pass\n"), table)


@pytest.mark.parametrize(
    "source",
    [
        "import no_such_package\ndef sampler(X, y):\n    return X, y\n",
        "def sampler(X, y):\n    import no_such_package\n    return X, y\n",
    ],
)
def test_a_missing_package_is_unavailable_with_the_remedy(
    source: str, write_sampler: WriteSampler, table: Table
) -> None:
    with pytest.raises(UnavailableError, match="pip install no_such_package"):
        run(write_sampler(source), table)


def test_a_missing_library_of_samplers_is_unavailable(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UnavailableError, match="pip install imbalanced-learn"):
        run("TomekLinks", table)


def test_a_known_failure_is_an_error_with_its_reason(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resampling, "KNOWN_FAILURES", {"smote_variants:SMOTE": "its reason"})
    with pytest.raises(SamplerError, match="is known not to run: its reason"):
        run("sv.SMOTE", table)


def test_samplers_get_one_job_unless_told_otherwise(write_sampler: WriteSampler, table: Table) -> None:
    target = write_sampler(
        "def sampler(X, y, n_jobs=-1):\n    return np.vstack([X, [[n_jobs] * 4]]), np.append(y, 1)\n"
    )
    assert run(target, table).X[-1, 0] == 1
    assert run({"method": target, "params": {"n_jobs": 2}}, table).X[-1, 0] == 2


def test_seconds_are_those_of_the_calls(
    write_sampler: WriteSampler, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([10.0, 12.5, 20.0, 24.0])
    monkeypatch.setattr(resampling.time, "perf_counter", lambda: next(ticks))
    target = write_sampler(f"def sampler(X, y):\n    return {COPY_MINORITY}\n")
    assert run([target, target], table).seconds == 6.5


def test_a_method_that_leaves_the_feature_space_gives_the_map_for_new_rows(table: Table) -> None:
    selected = run("E_SMOTE", table)
    assert selected.transform is not None
    mapped = pickle.loads(pickle.dumps(selected.transform))(table[0])
    assert np.array_equal(mapped, selected.X[: len(mapped)])
    assert run("SMOTE", table).transform is None


def test_a_map_into_as_many_columns_is_not_overlooked(table: Table) -> None:
    X, y = table[0][:, :3], table[1]
    embedded = run("ISOMAP_Hybrid", (X, y))
    assert embedded.X.shape[1] == 3
    assert embedded.transform is not None
    assert not np.allclose(embedded.transform(X), X)


def test_the_maps_of_a_chain_follow_each_other(table: Table) -> None:
    chained = run(["E_SMOTE", {"ISOMAP_Hybrid": {"n_components": 1}}], table)
    assert chained.transform is not None
    assert chained.transform(table[0]).shape == (60, 1)
