"""``smote-bench doctor``: versions and cores, the memo, and how to get what is not here."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import sqlite3
from pathlib import Path

import pytest

from smote_bench import cli
from smote_bench.commands import doctor
from smote_bench.data.cards import catalogue_names
from smote_bench.version import __version__


@pytest.fixture(autouse=True)
def no_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SMOTE_BENCH_DATA", raising=False)
    monkeypatch.setenv("SMOTE_BENCH_CACHE", str(tmp_path / "cache"))


def test_as_json_for_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--reports", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["smote-bench"], found["python"]) == (__version__, platform.python_version())
    assert found["packages"]["sklearn"] == importlib.metadata.version("scikit-learn")
    assert found["cores"]["here"] >= 1
    assert found["blas"]
    assert {*found["data"]["here"], *found["data"]["missing"]} == {*catalogue_names()}
    assert found["memo"] == {
        "path": str(tmp_path / "memo.sqlite"),
        "bytes": 0,
        "outcomes": 0,
        "trouble": "",
    }


def test_what_is_missing_comes_with_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "smote_bench.environment.optional_packages.is_installed", lambda name: name != "catboost"
    )
    monkeypatch.setattr("smote_bench.data.providers.locate", lambda card, folder: card.name != "Oil" or None)
    assert cli.main(["doctor", "--reports", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "catboost is not installed; install it with: pip install 'smote-bench[catboost]'" in text
    assert "  Oil: smote-bench datasets fetch Oil" in text
    assert f"data: {len(catalogue_names()) - 1} of {len(catalogue_names())} sets are here" in text
    assert f"memo: none yet at {tmp_path / 'memo.sqlite'}" in text


def test_a_memo_is_counted_or_its_damage_named(tmp_path: Path) -> None:
    memo = tmp_path / "memo.sqlite"
    with sqlite3.connect(memo) as db:
        db.execute("CREATE TABLE cells (key TEXT)")
        db.executemany("INSERT INTO cells VALUES (?)", [("a",), ("b",)])
    found = doctor.diagnosis(tmp_path)["memo"]
    assert (found["outcomes"], found["trouble"]) == (2, "")
    assert found["bytes"] > 0
    memo.write_bytes(b"no database at all" * 99)
    found = doctor.diagnosis(tmp_path)
    assert found["memo"]["trouble"]
    assert any("cannot be read" in line and "puts it aside" in line for line in doctor._lines(found))
