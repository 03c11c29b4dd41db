"""What a manifest will say is in the run's store after its first cell, whatever the disk does."""

from __future__ import annotations

from pathlib import Path

import pytest

from smote_bench.errors import ConfigError, DiskError
from smote_bench.experiment.file import experiment_from_text
from smote_bench.runs import asked, manifest
from smote_bench.runs.asked import Asked, read_draft, write_asked
from smote_bench.runs.settings import RunSettings
from smote_bench.session.draft import Draft
from smote_bench.session.setup import Setup

TEXT = "methods: [SMOTE]\ndatasets: [Ecoli]\nselected_classifiers: [kNN]\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "cells.sqlite"
    write_asked(path, Asked(), [], tmp_path)
    return path


def _draft(store: Path) -> Draft:
    setup = Setup(experiment_from_text(TEXT, "grid.yaml"), RunSettings(str(store.parent)))
    return Draft(lambda: setup, ["benchmarks"])


def test_is_written_once(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = _draft(store)
    draft.write_once()
    assert read_draft(store) == draft.manifest
    assert draft.manifest is not None
    assert draft.manifest["command"] == ["pytest", "benchmarks"]
    monkeypatch.setattr(asked, "write_draft", None)
    draft.write_once()


def test_is_tried_again_where_the_disk_does_not_take_it(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise DiskError("no room", "the disk is full")

    draft = _draft(store)
    with monkeypatch.context() as patch:
        patch.setattr(asked, "write_draft", full)
        draft.write_once()
    assert read_draft(store) is None
    draft.write_once()
    assert read_draft(store) == draft.manifest


def test_a_failure_ends_no_run(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ConfigError("a file is gone")

    monkeypatch.setattr(manifest, "draft_manifest", fail)
    draft = _draft(store)
    draft.write_once()
    draft.write_once()
    assert (draft.manifest, read_draft(store)) == (None, None)
