"""Digests of content: pinned, for what counts and for nothing else, and checked of every file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.cards import data_folder, get_card
from smote_bench.data.dataset import load_dataset
from smote_bench.data.digests import DigestMismatch, content_digest

pytestmark = pytest.mark.usefixtures("no_network")

PINNED_DIGEST = "c01f68897a6813450f73c9f95431c293d256068b1f5d2e451fb99bbc511bc9fd"


def test_a_changed_cell_in_a_bundled_file_fails_naming_both_digests(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    text = (data_folder() / "data" / "ecoli.csv").read_text()
    (tmp_path / "data" / "ecoli.csv").write_text(text.replace("0.49,0.29", "0.48,0.29", 1))
    monkeypatch.setattr("smote_bench.data.providers.data_folder", lambda: tmp_path)
    with pytest.raises(DigestMismatch, match=get_card("Ecoli").digest) as caught:
        load_dataset("Ecoli")
    assert caught.value.found in str(caught.value)
    assert caught.value.found != caught.value.expected


def test_the_digest_of_a_small_table_is_pinned():
    X = pd.DataFrame(
        {
            "number": [1.0, -0.0, np.nan],
            "kind": pd.Categorical(["b", "a", None], categories=["a", "b"]),
            "size": pd.Categorical(["low", "high", "low"], categories=["low", "high"], ordered=True),
        }
    )
    # Changing the digest orphans every stored result and every card: think twice.
    assert content_digest(X, np.array([0, 1, 0])) == PINNED_DIGEST


def test_the_digest_sees_values_order_kinds_and_target_but_not_names():
    X = pd.DataFrame({"a": [1.0, 2.0], "b": pd.Categorical(["x", "y"])})
    y = np.array([0, 1])
    digest = content_digest(X, y)
    assert content_digest(X.set_axis(["p", "q"], axis=1), y) == digest
    assert content_digest(X.iloc[::-1], y) != digest
    assert content_digest(X[["b", "a"]], y) != digest
    assert content_digest(X.assign(a=[1.0, np.nextafter(2.0, 3)]), y) != digest
    assert content_digest(X.assign(b=pd.Categorical(["x", "y"], ordered=True)), y) != digest
    assert content_digest(X, 1 - y) != digest


def test_the_digest_does_not_depend_on_how_categories_are_stored_or_which_zero_it_is():
    y = np.array([0, 1])
    stored = pd.DataFrame({"a": [0.0, 1.0], "b": pd.Categorical(["x", None], categories=["w", "x"])})
    same = pd.DataFrame({"a": [-0.0, 1.0], "b": pd.Categorical(["x", None])})
    assert content_digest(stored, y) == content_digest(same, y)
