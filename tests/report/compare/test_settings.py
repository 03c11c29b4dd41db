"""Two manifests side by side."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from report.two_runs import a_run

from smote_bench.report.compare.settings import SECTIONS, renamed, setting_changes


@pytest.fixture
def manifest() -> Any:
    return copy.deepcopy(a_run({("one", "Original"): [0.5] * 5, ("one", "SMOTE"): [0.5] * 5}).manifest)


def _changes(base: Any, other: Any) -> list[tuple[str, str, str, str]]:
    return [(c.section, c.what, c.base, c.other) for c in setting_changes(base, other)]


def test_the_same_manifest_has_no_changes(manifest: Any) -> None:
    assert _changes(manifest, manifest) == []


def test_when_and_how_many_cells_are_no_settings(manifest: Any) -> None:
    other = copy.deepcopy(manifest)
    other["finished"] = "2027-01-01T00:00:00+00:00"
    other["cells"]["total"] = 99
    assert _changes(manifest, other) == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("experiment", "name"), "mine", ("experiment", "name", "by-hand", "mine")),
        (("experiment", "protocol", "cv_folds"), 10, ("protocol", "cv_folds", "5", "10")),
        (("experiment", "datasets", "one", "digest"), "e", ("data", "one: digest", "d", "e")),
        (
            ("experiment", "classifiers", "kNN", "params"),
            {"n_neighbors": 3},
            ("classifiers", "kNN: params.n_neighbors", "-", "3"),
        ),
        (
            ("experiment", "priority_metrics"),
            ["brier"],
            ("metrics", "priority_metrics", "roc_auc, brier", "brier"),
        ),
        (("versions", "numpy"), "2.0", ("code", "numpy", "1.0", "2.0")),
        (("versions", "scipy"), "1.17", ("code", "scipy", "-", "1.17")),
        (("code_digest",), "5eed", ("code", "code digest", "c0de", "5eed")),
        (("machine", "n_workers"), 2, ("machine", "n_workers", "1", "2")),
        (("timeout_seconds",), 9.0, ("experiment", "timeout_seconds", "0.0", "9.0")),
    ],
)
def test_names_the_one_setting_that_differs(
    manifest: Any, path: tuple[str, ...], value: Any, expected: tuple[str, ...]
) -> None:
    other = copy.deepcopy(manifest)
    place = other
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert _changes(manifest, other) == [expected]


def test_a_data_set_that_was_not_read_has_not_changed(manifest: Any) -> None:
    other = copy.deepcopy(manifest)
    other["experiment"]["datasets"]["one"]["digest"] = None
    assert _changes(manifest, other) == []


def test_a_methods_parameters_are_named_by_step(manifest: Any) -> None:
    other = copy.deepcopy(manifest)
    manifest["experiment"]["methods"]["SMOTE"]["steps"][0]["params"] = {"k_neighbors": 5}
    other["experiment"]["methods"]["SMOTE"]["steps"][0]["params"] = {"k_neighbors": 7}
    assert _changes(manifest, other) == [("methods", "SMOTE: steps.0.params.k_neighbors", "5", "7")]


def test_a_method_in_one_run_only_is_one_line_without_its_settings(manifest: Any) -> None:
    other = copy.deepcopy(manifest)
    other["experiment"]["methods"]["new: one"] = {
        "name": "new: one",
        "steps": [{"target": "T", "params": {}}],
    }
    assert _changes(manifest, other) == [("methods", "new: one", "-", "there")]


def test_a_run_without_a_commit_is_compared_with_one_that_has_it(manifest: Any) -> None:
    other = copy.deepcopy(manifest)
    other["commit"] = {"id": "abc", "dirty": True}
    assert _changes(manifest, other) == [
        ("code", "commit", "-", "abc"),
        ("code", "uncommitted changes", "-", "True"),
    ]


def test_changes_come_in_the_order_of_the_sections(manifest: Any) -> None:
    other = copy.deepcopy(manifest)
    other["machine"]["cores"] = 64
    other["versions"]["numpy"] = "2.0"
    other["experiment"]["protocol"]["test_size"] = 0.3
    sections = [change.section for change in setting_changes(manifest, other)]
    assert sections == sorted(sections, key=SECTIONS.index) == ["protocol", "code", "machine"]


def test_two_new_names_for_one_definition_are_no_renaming() -> None:
    one = {"a": {"name": "a", "steps": [1]}}
    assert renamed(one, {"b": {"name": "b", "steps": [1]}}) == {"a": "b"}
    assert renamed(one, {"b": {"name": "b", "steps": [1]}, "c": {"name": "c", "steps": [1]}}) == {}
    assert renamed(one | {"d": {"name": "d", "steps": [1]}}, {"b": {"name": "b", "steps": [1]}}) == {}
