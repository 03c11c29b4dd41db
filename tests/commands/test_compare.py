"""``smote-bench compare``.

Also of: runs.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_up import made_up_run

from smote_bench import cli


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reports")
    for name, seed, folds in (("first", 0, 5), ("second", 1, 5), ("third", 2, 10)):
        made_up_run(out, datasets=2, methods=2, points=None, name=name, seed=seed, folds=folds)
    return out


def _compare(reports: Path, *arguments: str) -> int:
    return cli.main(["compare", "--reports", str(reports), *arguments])


def test_prints_writes_and_says_where(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _compare(reports, "first", "second") == 0
    text = capsys.readouterr().out
    folder = reports / "compare" / "one-first-vs-one-second"
    assert "8 cells in common, of which 0 identical, 8 changed." in text
    assert text.splitlines()[-4:] == [
        str(folder / name) for name in ("compare.html", "compare.md", "compare.json", "cell_changes.csv")
    ]
    assert all(Path(line).stat().st_size for line in text.splitlines()[-4:])


def test_writes_where_it_is_told(reports: Path, tmp_path: Path) -> None:
    assert _compare(reports, "first", "second", "--out", str(tmp_path / "here")) == 0
    assert (tmp_path / "here" / "compare.html").is_file()


def test_compares_each_with_the_first(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _compare(reports, "first", "second", "latest", "--out", str(tmp_path)) == 0
    assert "C against A" in capsys.readouterr().out
    plain = json.loads((tmp_path / "compare.json").read_text(encoding="utf-8"))
    assert plain["base"]["label"] == "one-first"
    assert [one["label"] for one in plain["comparisons"]] == ["one-second", "one-third"]


def test_the_same_run_with_itself_is_identical(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _compare(reports, "first", "first", "--out", str(tmp_path)) == 0
    text = capsys.readouterr().out
    assert "balanced_accuracy: identical in all 8 compared cells." in text
    assert "both are the same folder" in text


def test_the_files_are_there_though_nobody_reads_the_text(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("builtins.print", closed)
    monkeypatch.setattr("os.dup2", lambda *_: None)
    assert _compare(reports, "first", "second", "--out", str(tmp_path)) == 0
    assert (tmp_path / "compare.html").is_file()


@pytest.mark.parametrize("damage", ["no byte", "random bytes"])
def test_a_damaged_store_is_named_and_no_success(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    folder = made_up_run(tmp_path, datasets=2, methods=2, points=None, name="hurt")
    store = folder / "cells.sqlite"
    content = bytearray(store.read_bytes())
    content[4096::7] = b"\xa5" * len(content[4096::7])
    store.write_bytes(b"" if damage == "no byte" else content)
    assert _compare(reports, "first", str(folder), "--out", str(tmp_path / "out")) == 1
    said = capsys.readouterr()
    assert f"smote-bench compare: '{store.resolve()}' is damaged" in said.err
    assert "0 of 8 cells could be read; run again for the rest" in said.err
    for text in (said.out, (tmp_path / "out" / "compare.md").read_text(encoding="utf-8")):
        assert "a part of the other run is lost, and only the rest is compared" in " ".join(text.split())


def test_one_run_alone_is_a_wrong_call(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _compare(reports, "first") == 2
    assert "expected two runs or more, got 'first' alone" in capsys.readouterr().err


def test_a_misspelt_run_is_a_wrong_call_with_a_suggestion(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _compare(reports, "first", "one-secnod") == 2
    assert "Did you mean 'one-second'?" in capsys.readouterr().err


def test_a_run_of_another_schema_is_refused_with_what_to_do(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = made_up_run(tmp_path, datasets=1, methods=2, points=None, name="old")
    manifest = json.loads((old / "manifest.json").read_text(encoding="utf-8"))
    (old / "manifest.json").write_text(json.dumps(manifest | {"schema": 1}), encoding="utf-8")
    assert _compare(reports, "first", str(old)) == 2
    assert "finished: of schema 1, this release reads" in capsys.readouterr().err


def test_a_broken_manifest_is_a_wrong_call(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    (tmp_path / "cells.sqlite").touch()
    assert _compare(reports, "first", str(tmp_path)) == 2
    assert "manifest.json is not what a run writes" in capsys.readouterr().err
