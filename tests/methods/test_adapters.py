"""Each adapter mends what it says, and the library is as it was afterwards."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import numpy as np
import pytest
import smote_variants
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.manifold import TSNE
from smote_variants.oversampling import _mot2ld

from smote_bench.methods.adapters import ADAPTERS, REMARKS, Adapter, adapter_of, remark_on
from smote_bench.methods.names import SMOTE_VARIANTS
from smote_bench.methods.resampling import load_sampler, resample
from smote_bench.methods.spec import parse_method

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
    assert _mot2ld.TSNE is TSNE
    with pytest.raises(TypeError, match="n_iter"):
        smote_variants.MOT2LD(random_state=0).sample(*table)


def collinear(table: Table) -> Table:
    """A table in which a column is constant in the minority, and some minority rows look like the majority."""
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


def test_smote_enn_returns_what_edited_nearest_neighbours_left(table: Table) -> None:
    assert np.array_equal(smote_variants.SMOTE_ENN(random_state=0).sample(*table)[0], table[0])
    resampled = resample(parse_method("SMOTE_ENN"), *table, seed=0)
    n_majority, n_minority = np.bincount(resampled.y)
    assert table[1].sum() < n_minority
    assert n_majority < n_minority


def test_soi_cj_keeps_the_clusters_it_merged() -> None:
    # Two far groups of minority rows in a line with the majority between them: each row's cluster is its group.
    minority = np.array([[0.0, 0], [0, 1], [0, 2], [0, 3], [50, 0], [50, 1], [50, 2], [50, 3]])
    majority = np.array([[25.0, float(row)] for row in range(30)])
    X, y = np.vstack([minority, majority]), np.repeat([1, 0], [8, 30])
    assert len(smote_variants.SOI_CJ(random_state=0).sample(X, y)[0]) == len(X)
    sampler = load_sampler("smote_variants:SOI_CJ")(random_state=0)
    sampler.class_label_statistics(y)
    assert sorted(map(sorted, sampler.clustering(X, y, {}))) == [[0, 1, 2, 3], [4, 5, 6, 7]]
    new_X, new_y = sampler.sample(X, y)
    assert np.bincount(new_y).tolist() == [30, 30]
    assert set(new_X[len(X) :, 0].tolist()) == {0.0, 50.0}


@pytest.mark.parametrize("name", ["E_SMOTE", "ISOMAP_Hybrid"])
def test_the_map_for_new_rows_changes_nothing_if_nothing_was_done(name: str, table: Table) -> None:
    X, y = table[0], np.append(1, np.zeros(59, dtype=int))
    with pytest.raises((IndexError, AttributeError, ValueError, AssertionError)):
        sampler = getattr(smote_variants, name)(random_state=0)
        sampler.sample(X, y)
        assert sampler.preprocessing_transform(X).shape == X.shape
    resampled = resample(parse_method(name), X, y, seed=0)
    assert resampled.noop
    assert resampled.transform is None


def test_deago_samples_repeatably_quietly_and_by_its_seed(table: Table, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tensorflow", reason="DEAGO needs TensorFlow")
    spec = parse_method("DEAGO", {"e": 2})
    resampled = [resample(spec, *table, seed=seed) for seed in (3, 3, 4)]
    assert np.bincount(resampled[0].y).tolist() == [45, 45]
    assert resampled[0].X.tobytes() == resampled[1].X.tobytes() != resampled[2].X.tobytes()
    assert not re.search("cuda|oneDNN|absl|TensorFlow", capfd.readouterr().err)
    with pytest.raises(ValueError, match="units"):
        smote_variants.DEAGO(random_state=3).sample(*table)
