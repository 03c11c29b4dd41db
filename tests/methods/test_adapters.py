"""Each adapter mends what it says, and the library is as it was afterwards."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.manifold import TSNE

from smote_bench.methods.adapters import ADAPTERS, REMARKS, Adapter, adapter_of, remark_on
from smote_bench.methods.names import SMOTE_VARIANTS
from smote_bench.methods.resampling import load_sampler, resample
from smote_bench.methods.spec import parse_method

smote_variants = pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")
Table = tuple[np.ndarray, np.ndarray]


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.target.partition(":")[2])
def test_an_adapter_is_a_subclass_under_the_name_the_user_knows(adapter: Adapter) -> None:
    sampler, name = load_sampler(adapter.target), adapter.target.partition(":")[2]
    assert issubclass(sampler, getattr(smote_variants, name))
    assert sampler is not getattr(smote_variants, name)
    assert sampler.__name__ == name
    assert adapter.source_path.is_file()
    assert adapter_of(adapter.target) is adapter
    assert "smote_variants 1.0.1" in remark_on(adapter.target)


def test_remarks_are_on_samplers_that_exist_and_run_as_they_are() -> None:
    for target in REMARKS:
        assert target.partition(":")[2] in SMOTE_VARIANTS
        assert adapter_of(target) is None


def test_every_module_of_the_folder_is_registered() -> None:
    folder = Path(importlib.import_module("smote_bench.methods.adapters").__file__ or "").parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules == {adapter.module for adapter in ADAPTERS}


def test_mot2ld_samples_with_todays_tsne_and_leaves_the_library_alone(table: Table) -> None:
    resampled = resample(parse_method("MOT2LD"), *table, seed=0)
    assert resampled.y.sum() > table[1].sum()
    assert importlib.import_module("smote_variants.oversampling._mot2ld").TSNE is TSNE
    with pytest.raises(TypeError, match="n_iter"):
        smote_variants.MOT2LD(random_state=0).sample(*table)


def collinear(table: Table) -> Table:
    """Return a table in which a column is constant in the minority."""
    X, y = table[0].copy(), table[1].copy()
    X[y == 1, 3] = 0.5
    return X, y


def test_smmo_samples_where_a_column_is_constant_in_one_class(table: Table) -> None:
    X, y = collinear(table)
    with pytest.raises(np.linalg.LinAlgError):
        smote_variants.SMMO(random_state=0).sample(X, y)
    resampled = resample(parse_method("SMMO"), X, y, seed=0)
    assert len(resampled.y) >= len(y)


def test_smmo_uses_plain_discriminant_analysis_where_it_works(table: Table) -> None:
    plain = smote_variants.SMMO(random_state=4).sample(*table)
    adapted = resample(parse_method("SMMO"), *table, seed=4)
    assert np.array_equal(adapted.X, plain[0])
    assert np.array_equal(adapted.y, plain[1])


def test_shrunken_qda_tells_classes_apart_where_the_plain_one_refuses(table: Table) -> None:
    X, y = collinear(table)
    qda = importlib.import_module("smote_bench.methods.adapters.smmo").ShrunkenQDA
    with pytest.raises(np.linalg.LinAlgError):
        QuadraticDiscriminantAnalysis().fit(X, y)
    assert qda().fit(X, y).score(X, y) > 0.9


def test_smote_enn_returns_what_edited_nearest_neighbours_left() -> None:
    # Two far groups, and one majority row among the minority: it is all that cleaning takes away.
    rng = np.random.default_rng(0)
    X = np.vstack([rng.normal(0, 1, (10, 2)), rng.normal(50, 1, (30, 2)), [[0.0, 0.0]]])
    y = np.repeat([1, 0], [10, 31])
    assert np.array_equal(smote_variants.SMOTE_ENN(random_state=0).sample(X, y)[0], X)
    resampled = resample(parse_method("SMOTE_ENN"), X, y, seed=0)
    assert np.bincount(resampled.y).tolist() == [30, 31]
    assert not resampled.noop


def test_smote_enn_gives_its_input_back_when_a_class_is_gone() -> None:
    # Each minority row sits alone among majority rows, and nothing is added to keep it company.
    middles = np.arange(0.0, 60.0, 10.0)[:, None]
    X = np.vstack([middles, *(middles + step for step in (-0.2, -0.1, 0.1, 0.2))])
    y = np.repeat([1, 0], [len(middles), 4 * len(middles)])
    resampled = resample(parse_method("SMOTE_ENN", {"proportion": 0.0}), X, y, seed=0)
    assert resampled.noop
    assert "ENN removed a whole class" in resampled.warnings[-1]


def test_soi_cj_keeps_the_clusters_it_merged() -> None:
    # Two groups of minority rows, the majority between them: the cluster of each row is its group.
    minority = np.array([[0.0, 0], [0, 1], [0, 2], [0, 3], [50, 0], [50, 1], [50, 2], [50, 3]])
    majority = np.array([[25.0, float(row)] for row in range(30)])
    X, y = np.vstack([minority, majority]), np.repeat([1, 0], [8, 30])

    def clusters(sampler: Any) -> list[list[int]]:
        sampler.class_label_statistics(y)
        return sorted(map(sorted, sampler.clustering(X, y, {})))

    assert clusters(smote_variants.SOI_CJ(random_state=0)) == [[4, 5, 6, 7]]
    assert clusters(load_sampler("smote_variants:SOI_CJ")(random_state=0)) == [[0, 1, 2, 3], [4, 5, 6, 7]]
    resampled = resample(parse_method("SOI_CJ"), X, y, seed=0)
    assert np.bincount(resampled.y).tolist() == [30, 30]
    assert set(resampled.X[len(X) :, 0].tolist()) == {0.0, 50.0}


def test_soi_cj_takes_minority_rows_far_from_any_majority_for_one_cluster() -> None:
    X, y = np.vstack([np.arange(4.0)[:, None], np.arange(100.0, 110)[:, None]]), np.repeat([1, 0], [4, 10])
    assert np.bincount(resample(parse_method("SOI_CJ"), X, y, seed=0).y).tolist() == [10, 10]


@pytest.mark.parametrize("name", ["E_SMOTE", "ISOMAP_Hybrid"])
def test_the_map_for_new_rows_changes_nothing_if_nothing_was_done(name: str, table: Table) -> None:
    X, y = table[0], np.append(1, np.zeros(59, dtype=int))
    plain = getattr(smote_variants, name)(random_state=0)
    plain.sample(X, y)
    if name == "E_SMOTE":
        assert plain.preprocessing_transform(X).shape != X.shape
    else:
        with pytest.raises(AttributeError, match=r"not fitted|has no attribute"):
            plain.preprocessing_transform(X)
    resampled = resample(parse_method(name), X, y, seed=0)
    assert resampled.noop
    assert resampled.transform is None


def test_deago_samples_repeatably_quietly_and_by_its_seed(
    table: Table, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("tensorflow", reason="DEAGO needs TensorFlow")
    spec = parse_method("DEAGO", {"e": 2})
    resampled = [resample(spec, *table, seed=seed) for seed in (3, 3, 4)]
    assert np.bincount(resampled[0].y).tolist() == [45, 45]
    assert resampled[0].X.tobytes() == resampled[1].X.tobytes() != resampled[2].X.tobytes()
    assert not re.search("cuda|oneDNN|absl|TensorFlow", capfd.readouterr().err)
    with pytest.raises((ValueError, RuntimeError), match=r"units|parallelism"):
        smote_variants.DEAGO(random_state=3).sample(*table)
