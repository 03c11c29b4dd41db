"""The study of leaks counts what it says: alarms on noise, and planted leaks that were named."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import leak_study


def test_noise_gives_no_column_away_and_planted_leaks_are_named() -> None:
    for name, *cells in leak_study.null_table(2):
        assert all(cell.startswith("0") for cell in cells), name
    for name, _few_rows, *cells in leak_study.planted_table(2):
        is_rare = any(
            words in name for words in ("one row in two hundred", "score", "a third of the majority")
        )
        assert cells == ["2", "2", "2"] or (is_rare and cells[-1] == "2"), name


def test_tables_are_written_between_the_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"nulls": "old\n", "planted": "", "catalogue": "old\n"}
    document = tmp_path / "leaks.md"
    document.write_text("".join(f"<!-- leak_study: {n} -->\n{old}<!-- end -->\n" for n, old in names.items()))
    monkeypatch.setattr(leak_study, "SIZES", ((100, 20),))
    monkeypatch.setattr(leak_study, "catalogue_names", lambda: ["Ecoli", "Haberman"])
    assert leak_study.main(["--tables", "1", "--planted", "1", "--write", str(document)]) == 0
    text = document.read_text()
    assert "old" not in text
    assert "| copy of the target | 1 |" in text
    assert "| Ecoli | 0.873 |" in text
    assert "6 are wrong whatever a classifier says" in text
    assert text.count("<!-- end -->") == 3
    assert "| copy of the target | 1 |" in capsys.readouterr().out
