"""What was sent where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smote_bench.errors import ConfigError
from smote_bench.report.trackers.ledger import LEDGER, Ledger, Sent


def test_an_item_is_begun_then_complete_and_another_process_sees_both(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "clearml")
    ledger.begin("https://api.example", "a + b", "id1")
    assert Ledger(tmp_path, "clearml").sent("https://api.example") == {"a + b": Sent("id1", False)}
    ledger.finish("https://api.example", "a + b")
    assert Ledger(tmp_path, "clearml").sent("https://api.example") == {"a + b": Sent("id1", True)}


def test_destinations_and_trackers_know_nothing_of_each_other(tmp_path: Path) -> None:
    Ledger(tmp_path, "clearml").begin("offline", "a", "1")
    ledger = Ledger(tmp_path, "mlflow")
    ledger.begin("sqlite:///x.db", "a", "2")
    assert ledger.sent("offline") == {}
    assert Ledger(tmp_path, "clearml").sent("offline") == {"a": Sent("1", False)}


def test_no_password_reaches_the_file(tmp_path: Path) -> None:
    address = "postgresql://me:secret@db:5432/mlflow"
    Ledger(tmp_path, "mlflow").begin(address, "a", "1")
    assert "secret" not in (tmp_path / LEDGER).read_text(encoding="utf-8")
    assert list(Ledger(tmp_path, "mlflow").sent(address)) == ["a"]


_ITEM = '{"schema": 1, "trackers": {"mlflow": %s}}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"schema": 2, "trackers": {}}',
        '{"schema": 1}',
        "5",
        _ITEM % "[]",
        _ITEM % '{"x": {"a": 1}}',
        _ITEM % '{"x": {"a": {"id": "1"}}}',
        _ITEM % '{"x": {"a": {"id": 1, "complete": true}}}',
    ],
)
def test_what_is_no_ledger_is_refused_with_the_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / LEDGER).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="remove it to send everything again"):
        Ledger(tmp_path, "clearml")


def test_the_file_is_replaced_whole(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "clearml")
    for n in range(3):
        ledger.begin("offline", str(n), str(n))
    assert json.loads((tmp_path / LEDGER).read_text(encoding="utf-8"))["schema"] == 1
    assert [path.name for path in tmp_path.iterdir()] == [LEDGER]
