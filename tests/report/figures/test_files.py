"""The files of a run's figures: all there, the same bytes each time, whole or not at all."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import made_up_run

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.figures.files import _stems, write_figures
from smote_bench.runs.open import open_run


def test_every_figure_is_there_as_png_and_svg_under_a_predictable_name(small):
    names = {path.name for path in write_figures(small, small.folder)}
    stems = {
        f"{kind}_{metric}"
        for kind in ("ranks", "heat_map", "bayes", "pareto")
        for metric in small.priority_metrics
    }
    stems |= {"seconds", "rows", "deltas_Ecoli", "folds_Ecoli", "confusion_Ecoli", "curves_Ecoli_SMOTE"}
    stems |= {"points_Ecoli_Original", "points_Ecoli_SMOTE"}
    assert names == {f"{stem}.{ending}" for stem in stems for ending in ("png", "svg")}
    assert {path.name for path in (small.folder / "figures").iterdir()} == names


def test_the_bytes_repeat_and_do_not_depend_on_the_number_of_processes(small):
    first = {path.name: path.read_bytes() for path in write_figures(small, small.folder)}
    second = {path.name: path.read_bytes() for path in write_figures(small, small.folder, jobs=2)}
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_refuses_no_processes(small):
    with pytest.raises(ValueError, match="expected jobs of at least 1, got 0"):
        write_figures(small, small.folder, jobs=0)


def test_figures_that_cannot_be_drawn_leave_the_old_ones(small, monkeypatch):
    write_figures(small, small.folder)
    before = {path.name for path in (small.folder / "figures").iterdir()}
    monkeypatch.setattr("smote_bench.report.figures.folds.draw_folds", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_figures(small, small.folder)
    assert {path.name for path in (small.folder / "figures").iterdir()} == before
    assert not list(small.folder.glob(".figures*"))


def test_nothing_of_pyplot_is_loaded(small):
    code = (
        "import sys; from pathlib import Path; from smote_bench.runs.open import open_run;"
        "from smote_bench.report.figures.files import write_figures;"
        f"write_figures(open_run(Path({str(small.folder)!r})), Path({str(small.folder)!r}));"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.lists(st.text("aA:_/é", min_size=1, max_size=3), unique=True, min_size=1, max_size=6))
@settings(max_examples=50)
def test_no_two_figures_have_one_files_name(names):
    class Named:
        priority_metrics = datasets = methods = tuple(names)

    stems = list(_stems(Named()).values())
    assert len({stem.lower() for stem in stems}) == len(stems)
    assert all(re.fullmatch(r"[\w.+-]+", stem) for stem in stems)


def test_a_run_of_original_alone_has_figures(tmp_path):
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, points=None)
    with sqlite3.connect(folder / "cells.sqlite") as store:
        store.execute("DELETE FROM cells WHERE method <> ?", [ORIGINAL])
    store.close()
    run = open_run(folder)
    assert run.methods == (ORIGINAL,)
    names = {path.stem for path in write_figures(run, run.folder)}
    assert {"curves_Ecoli_Original", "folds_Ecoli", "confusion_Ecoli", "seconds"} <= names
    assert not any(name.startswith(("points", "deltas", "heat_map", "bayes")) for name in names)
