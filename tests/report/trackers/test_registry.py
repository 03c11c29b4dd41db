"""Trackers by name."""

from __future__ import annotations

import importlib.metadata
from typing import Any

import pytest

from smote_bench.errors import ConfigError, UnavailableError
from smote_bench.report.trackers import registry
from smote_bench.report.trackers.registry import BUILT_IN, GROUP, check_tracker, make_tracker


def test_a_class_of_the_users_is_made(there: Any) -> None:
    assert type(make_tracker("toys:Toy")).__name__ == "Toy"


def test_another_packages_tracker_is_found_by_its_entry_point(
    there: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = importlib.metadata.EntryPoint("toy", "toys:Toy", GROUP)
    monkeypatch.setattr(
        importlib.metadata, "entry_points", lambda *, group: [entry] if group == GROUP else []
    )
    assert type(make_tracker("toy")).__name__ == "Toy"
    with pytest.raises(ConfigError, match="There are: clearml, mlflow, toy"):
        check_tracker("wandb")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mlfow", "Did you mean 'mlflow'?"),
        ("toys:Toyy", "'toys' has no 'Toyy'"),
        ("toyz:Toy", "there is no module 'toyz'"),
        ("toys:NoTracker", r"expected a class with a method publish\(run, ledger, say\)"),
        ("toys:not_a_class", "got 5"),
        (":", "expected 'package.module:Class'"),
    ],
)
def test_what_is_no_tracker_is_an_error(there: Any, name: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        check_tracker(name)


@pytest.mark.parametrize("name", BUILT_IN)
def test_without_its_package_a_tracker_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(registry, "is_installed", lambda package: False)
    with pytest.raises(UnavailableError, match=rf"pip install 'smote-bench\[{name}\]'"):
        check_tracker(name)
