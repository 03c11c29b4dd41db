"""``smote-bench prune``: says which runs go, and deletes them only if told so."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs.kept_runs import write_finished, write_unfinished

from smote_bench import cli


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for year in (2023, 2024, 2025):
        write_finished(tmp_path, f"of-{year}", finished=f"{year}-01-01T12:00:00+00:00")
    (tmp_path / "baselines").mkdir()
    (tmp_path / "baselines" / "main.json").write_text("{}")
    (tmp_path / "latest").symlink_to("runs/of-2025")
    return tmp_path


def _prune(out: Path, *arguments: str) -> int:
    return cli.main(["prune", "--reports", str(out), *arguments])


def _names(out: Path) -> list[str]:
    return sorted(path.name for path in (out / "runs").iterdir())


def test_without_yes_it_lists_with_sizes_and_changes_nothing(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in sorted(out.rglob("*"))}
    assert _prune(out, "--keep", "1", "--older", "30d") == 0
    text = capsys.readouterr().out
    assert text.splitlines()[0].startswith("2 of 3 runs would go: ")
    assert text.index("of-2023") < text.index("of-2024")
    assert " kB  finished  " in text
    assert "stay: 1 among the newest or too young" in text
    assert "the same command with --yes" in text
    assert {path: path.stat().st_mtime_ns for path in sorted(out.rglob("*"))} == before


def test_with_yes_it_deletes_and_leaves_all_else(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_unfinished(out, "cut", 1)
    (out / "runs" / "hollow").mkdir()
    assert _prune(out, "--keep", "1", "--older", "30d", "--yes") == 0
    text = capsys.readouterr().out
    assert _names(out) == ["cut", "hollow", "of-2025"]
    assert (out / "baselines" / "main.json").is_file()
    assert "2 deleted" in text
    assert "1 unfinished (--unfinished lets them go, too)" in text
    assert f"left, damaged: {out / 'runs' / 'hollow'}" in text


def test_what_cannot_be_deleted_is_named_and_the_others_go(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from smote_bench.runs import pruning

    delete = pruning.delete_run

    def refuse(folder: Path) -> None:
        if folder.name == "of-2023":
            raise PermissionError("not allowed")
        delete(folder)

    monkeypatch.setattr(pruning, "delete_run", refuse)
    assert _prune(out, "--keep", "1", "--yes") == 1
    assert _names(out) == ["of-2023", "of-2025"]
    text = capsys.readouterr().out
    assert "1 deleted" in text
    assert f"not deleted: {out / 'runs' / 'of-2023'}: not allowed" in text


def test_nothing_to_do_is_said(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _prune(out, "--keep", "20", "--yes") == 0
    assert capsys.readouterr().out.splitlines() == [
        "none of 3 runs go",
        "stay: 3 among the newest or too young",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "expected --keep, --older or both"),
        (["--older", "30"], "expected an age such as 12h, 30d or 8w, got '30'"),
        (["--keep", "-1"], "expected a whole number from 0, got '-1'"),
        (["--keep", "1", "--reports", "nowhere"], "expected a folder of reports"),
    ],
)
def test_wrong_use_is_told(
    out: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = _prune(out, *arguments)
    except SystemExit as end:
        code = end.code
    assert code == 2
    assert said in capsys.readouterr().err
    assert len(_names(out)) == 3
