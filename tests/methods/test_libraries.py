"""Which library a name reaches, and that lists, documents and shipped experiments say so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smote_bench.experiment.file import read_experiment
from smote_bench.experiment.shipped import experiment_path
from smote_bench.methods.check import _library
from smote_bench.methods.names import OURS, method_names
from smote_bench.methods.spec import MethodSpec, parse_method

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("quick", "default", "gate", "flare")


def test_every_name_that_is_listed_reaches_the_library_beside_it():
    assert {name: _library(parse_method(name)) for name, _, _ in method_names()} == {
        name: library for name, library, _ in method_names()
    }


def test_the_table_of_all_methods_names_each_once_with_its_library():
    text = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    table = text.partition("<!-- methods check: begin -->")[2]
    rows = re.findall(r"^\| ([\w.]+) \| (sv|imblearn|ours|trivial) \|", table, flags=re.MULTILINE)
    listed = {
        name: library
        for name, library, _ in method_names()
        if library != "trivial"
        and name.removeprefix("ours.") not in ("SMOTEN", "SMOTENC")  # they want categorical columns
    }
    assert dict(rows) == listed
    assert len(rows) == len(listed)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_bare_name_of_ours_is_ours_in_every_shipped_experiment(name):
    methods = read_experiment(experiment_path(name)).methods
    for method in set(OURS) & set(methods):
        assert _library(methods[method]) == "ours"
        assert methods[method] == parse_method(method)


@pytest.mark.parametrize("name", ["quick", "default"])
def test_the_experiments_that_people_begin_with_run_all_of_our_samplers(name):
    methods: dict[str, MethodSpec] = read_experiment(experiment_path(name)).methods
    assert set(OURS) <= set(methods)
