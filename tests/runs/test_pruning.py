"""Which runs go, and why the others stay."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from runs.kept_runs import write_finished, write_unfinished

from smote_bench.errors import ConfigError
from smote_bench.runs.folder import claim_folder
from smote_bench.runs.listing import list_runs
from smote_bench.runs.pruning import delete_run, plan_pruning

NOW = datetime.datetime(2026, 3, 31, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Four runs, finished on 1, 2, 3 and 30 March."""
    for day in (1, 2, 3, 30):
        folder = write_finished(tmp_path, f"of-{day:02}", finished=f"2026-03-{day:02}T00:00:00+00:00")
        (folder / "scores.csv").write_bytes(b"x" * 1000)
    return tmp_path


def _going(out: Path, **settings: object) -> list[str]:
    plan = plan_pruning(out, **{"keep": None, "older": None, "now": NOW, **settings})
    return [one.run.folder.name for one in plan.going]


def test_what_is_old_and_not_among_the_newest_goes_the_oldest_first(out: Path) -> None:
    assert _going(out, keep=2) == ["of-01", "of-02"]
    assert _going(out, older=7 * DAY) == ["of-01", "of-02", "of-03"]
    assert _going(out, older=28 * DAY) == ["of-01", "of-02"], "not what is just as old"
    assert _going(out, keep=3, older=7 * DAY) == ["of-01"], "both have to hold"
    assert _going(out, keep=0, older=60 * DAY) == []


def test_what_latest_points_to_stays_however_old_it_is(out: Path) -> None:
    (out / "latest").symlink_to("runs/of-01")
    assert _going(out, keep=0) == ["of-02", "of-03", "of-30"]


@pytest.mark.parametrize("text", [b"", b"runs/\xff\xfe", b"runs/of-0", b"runs/of-01\nruns/of-02\n"])
def test_where_latest_is_damaged_nothing_goes(out: Path, text: bytes) -> None:
    (out / "latest").write_bytes(text)
    with pytest.raises(ConfigError, match=r"expected a .* with (its path|the path of a run)"):
        plan_pruning(out, keep=0, older=None)


def test_unfinished_runs_go_only_if_that_is_said_and_take_no_place_before(out: Path) -> None:
    write_unfinished(out, "cut", 1)
    assert _going(out, keep=4) == []
    assert _going(out, keep=4, unfinished=True) == ["of-01"], "the store's file is of today"
    assert "cut" in _going(out, keep=0, unfinished=True)


def test_damaged_folders_and_links_are_left(out: Path, tmp_path: Path) -> None:
    (out / "runs" / "nothing").mkdir()
    (out / "runs" / "of-01" / "manifest.json").write_text("{")
    (tmp_path / "elsewhere").mkdir()
    (out / "runs" / "link").symlink_to(tmp_path / "elsewhere")
    assert _going(out, keep=0, unfinished=True) == ["of-02", "of-03", "of-30"]
    plan = plan_pruning(out, keep=0, older=None)
    assert {one.run.folder.name: one.stays for one in plan.staying} == {
        "nothing": "damaged",
        "of-01": "damaged",
        "link": "link",
    }


def test_a_run_that_is_being_written_stays_and_cannot_be_deleted(out: Path) -> None:
    folder = out / "runs" / "of-01"
    give_back = claim_folder(folder)
    assert _going(out, keep=0) == ["of-02", "of-03", "of-30"]
    with pytest.raises(BlockingIOError, match="begun to write"):
        delete_run(folder)
    assert folder.is_dir()
    give_back()
    assert _going(out, keep=3) == ["of-01"]


def test_a_lock_that_a_killed_run_left_behind_holds_nothing(out: Path) -> None:
    (out / "runs" / "of-01" / ".running.lock").touch()
    assert _going(out, keep=3) == ["of-01"]


def test_sizes_are_of_all_files_of_a_folder(out: Path) -> None:
    nested = out / "runs" / "of-01" / "tables"
    nested.mkdir()
    (nested / "a.csv").write_bytes(b"x" * 500)
    first, second = plan_pruning(out, keep=2, older=None).going
    assert first.n_bytes - second.n_bytes == 500
    assert second.n_bytes > 1000


def test_what_is_deleted_is_gone_without_a_trace(out: Path) -> None:
    delete_run(out / "runs" / "of-01")
    assert sorted(path.name for path in (out / "runs").iterdir()) == ["of-02", "of-03", "of-30"]
    assert len(list_runs(out)) == 3
