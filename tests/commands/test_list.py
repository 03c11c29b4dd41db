"""``smote-bench list``."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_up import made_up_run
from runs.kept_runs import manifest_of, write_finished, write_unfinished

from smote_bench import cli
from smote_bench.errors import ConfigError
from smote_bench.runs.asked import Asked, write_asked
from smote_bench.runs.listing import find_run, list_runs
from smote_bench.runs.open import open_run
from smote_bench.runs.run_store import READABLE


def _list(out: Path, *arguments: str) -> int:
    return cli.main(["list", "--out", str(out), *arguments])


def _json(out: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert _list(out, "--json", *arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_lists_what_a_run_leaves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, points=None)
    (entry,) = _json(tmp_path, capsys)
    assert entry["folder"] == str(folder)
    assert (entry["status"], entry["experiment"], entry["datasets"]) == ("finished", "made-up", ["Ecoli"])
    assert entry["cells"] == {
        "total": 4,
        "from_memo": 0,
        "by_status": {"ok": 4},
        "asked": 4,
        "not_run": {},
    }
    assert entry["report"] is None


def test_newest_comes_first_by_when_it_finished(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_finished(tmp_path, "a", finished="2026-01-01T12:00:00+00:00")
    write_finished(tmp_path, "b", finished="2026-01-03T12:00:00+00:00")
    # an hour before midnight in New York is the next day in UTC
    write_finished(tmp_path, "c", finished="2026-01-02T23:00:00-05:00")
    assert [Path(entry["folder"]).name for entry in _json(tmp_path, capsys)] == ["b", "c", "a"]
    assert [Path(entry["folder"]).name for entry in _json(tmp_path, capsys, "-n", "1")] == ["b"]


def test_a_line_shows_commit_counts_statuses_and_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_finished(tmp_path, "a", datasets=[f"a_long_name_of_number_{n}" for n in range(14)])
    (folder / "report.html").touch()
    (tmp_path / "latest").symlink_to("runs/a")
    assert _list(tmp_path) == 0
    _header, row = capsys.readouterr().out.splitlines()
    when = datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    assert re.split(" {2,}", row) == [
        when,
        "quick",
        "0123456+",
        "14",
        "Original, SMOTE",
        "kNN",
        "1 error, 1 ok",
        "yes",
        f"{folder} (latest)",
    ]


def test_data_sets_that_were_deselected_are_not_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    experiment = manifest_of()["experiment"] | {
        "datasets": {"Ecoli": {"digest": "d"}, "Oil": {"digest": None}}
    }
    write_finished(tmp_path, "a", experiment=experiment)
    (entry,) = _json(tmp_path, capsys)
    assert entry["datasets"] == ["Ecoli"]


def test_a_run_without_git_has_no_commit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_finished(tmp_path, "a", commit=None)
    (entry,) = _json(tmp_path, capsys)
    assert (entry["commit"], entry["dirty"]) == (None, False)


def test_an_unfinished_run_says_how_to_finish_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_unfinished(tmp_path, "20260101-120000-000-quick", 3)
    assert _list(tmp_path) == 0
    text = capsys.readouterr().out
    assert "3 ok, unfinished" in text
    assert "stopped after 3 cells: run the same command again" in text
    (entry,) = list_runs(tmp_path)
    assert (entry.experiment, entry.status) == ("quick", "unfinished")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"experiment": 3}', json.dumps(manifest_of(cells={"by_status": 1}))]
)
def test_a_broken_manifest_is_named_and_the_others_listed(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = write_finished(tmp_path, "broken")
    (broken / "manifest.json").write_text(content, encoding="utf-8")
    write_finished(tmp_path, "good")
    assert _list(tmp_path) == 0
    text = capsys.readouterr().out
    assert f"broken: {broken}: manifest.json is not what a run writes" in text
    assert str(tmp_path / "runs" / "good") in text


def test_a_damaged_store_of_a_finished_run_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = write_finished(tmp_path, "hurt") / "cells.sqlite"
    store.write_bytes(b"")
    assert _list(tmp_path) == 0
    text = capsys.readouterr().out
    assert "1 error, 1 ok, broken" in text
    assert f"'{store}' is damaged (no such table: cells)" in text
    assert find_run("hurt", tmp_path) == store.parent, "a report can be made of what is left"


@pytest.mark.parametrize("schema", sorted(READABLE))
def test_runs_of_every_schema_that_is_read_are_found(tmp_path: Path, schema: int) -> None:
    write_finished(tmp_path, "old", schema=schema)
    (listed,) = list_runs(tmp_path)
    assert listed.remark == ""
    assert find_run(listed.folder.name, tmp_path) == listed.folder


def test_a_run_of_another_schema_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_finished(tmp_path, "old", schema=1)
    assert _list(tmp_path) == 0
    assert "of schema 1, this release reads" in capsys.readouterr().out


def test_filters_by_experiment_and_data_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_finished(tmp_path, "a", name="quick")
    write_finished(tmp_path, "b", name="default", datasets=["Ecoli", "Satimage"])
    assert [entry["experiment"] for entry in _json(tmp_path, capsys, "--experiment", "quick")] == ["quick"]
    assert [entry["experiment"] for entry in _json(tmp_path, capsys, "--dataset", "Satimage")] == ["default"]
    assert _json(tmp_path, capsys, "--dataset", "Satimage", "--experiment", "quick") == []


def test_a_filter_that_leaves_nothing_suggests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_finished(tmp_path, "a", name="quick")
    assert _list(tmp_path, "--experiment", "quik") == 0
    assert "Did you mean 'quick'?" in capsys.readouterr().out
    assert _list(tmp_path, "--dataset", "Ecolli") == 0
    assert "Did you mean 'Ecoli'?" in capsys.readouterr().out


def test_no_runs_yet_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["list"]) == 0
    assert "`smote-bench run quick` makes one" in capsys.readouterr().out
    assert cli.main(["list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_folder_that_is_not_there_is_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _list(tmp_path / "reprots") == 2
    assert "expected a folder of reports for --out" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "many", "1.5"])
def test_refuses_a_limit_that_is_no_number_from_1(
    tmp_path: Path, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        _list(tmp_path, f"-n={number}")
    assert end.value.code == 2
    assert "expected a whole number from 1" in capsys.readouterr().err


def test_imports_neither_numpy_nor_pandas_nor_other_commands(tmp_path: Path) -> None:
    write_finished(tmp_path, "a")
    code = (
        "import sys; from smote_bench import cli; status = cli.main(['list', '--out', sys.argv[1]]); "
        "slow = {'numpy', 'pandas', 'scipy', 'sklearn', 'matplotlib', 'smote_bench.commands.survey'}; "
        "print(status, sorted(slow & set(sys.modules)))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, env=environment
    )
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.fault(
    injected="a time in a run's store or manifest that no calendar has, or a file `latest` of other content",
    seen="that run by the time of its file, or as broken; all others are listed",
    lost="nothing",
)
def test_no_run_keeps_the_others_from_being_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tokyo: None
) -> None:
    write_finished(tmp_path, "good")
    write_finished(tmp_path, "early", finished="0001-01-01T00:00:00+14:00")
    late = write_unfinished(tmp_path, "late", 2)
    at_the_end = write_unfinished(tmp_path, "last", 2)
    with contextlib.closing(sqlite3.connect(at_the_end / "cells.sqlite")) as db, db:
        db.execute("UPDATE cells SET computed_at = 253402300799")  # east of Greenwich a year more
    with contextlib.closing(sqlite3.connect(late / "cells.sqlite")) as db, db:
        db.execute("UPDATE cells SET computed_at = 1e300")
    (tmp_path / "latest").unlink(missing_ok=True)
    (tmp_path / "latest").write_bytes(b"runs/\x00\xff")
    entries = {Path(entry["folder"]).name: entry["status"] for entry in _json(tmp_path, capsys)}
    assert entries == {"good": "finished", "early": "broken", "late": "unfinished", "last": "unfinished"}
    assert _list(tmp_path) == 0
    with pytest.raises(ConfigError, match=r"expected a run's folder or a file with its path"):
        open_run(tmp_path / "latest")


def test_without_a_memo_nothing_is_promised_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_unfinished(tmp_path, "one", 2)
    write_asked(folder / "cells.sqlite", Asked(()), ["grid.py", "--smote-memo=off"], tmp_path)
    (entry,) = _json(tmp_path, capsys)
    assert "run the same command again: " in entry["remark"]
    assert "from the memo" not in entry["remark"]


@pytest.mark.fault(
    injected="control characters in what others named: an experiment, a file, a column",
    seen="commands that print tables write them out, as \\x1b, and one name stays in one line",
    lost="nothing",
)
def test_a_name_with_control_characters_is_written_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_finished(tmp_path, "a", name="my\x1b[31m\ngrid")
    assert _list(tmp_path) == 0
    out = capsys.readouterr().out
    assert "my\\x1b[31m grid" in out
    assert "\x1b" not in out
