"""A large file is read once on a machine; what is kept of it is what was read, or is not used."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from smote_bench.data import dataset, read_cache
from smote_bench.data.dataset import load_dataset, without_duplicates
from smote_bench.data.sources import parse_source, parse_user_file
from smote_bench.data.tables import user_tables

KEYS = {"name": "t", "file": "t.csv", "target": "y", "minority": "1", "ordinal": {"size": ["s", "m", "l"]}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with a table of all kinds of columns, in a machine whose cache is empty."""
    rng = np.random.default_rng(0)
    n = 400
    table = pd.DataFrame(
        {
            "x": rng.normal(size=n),
            "gap": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)),
            "colour": rng.choice(["red", "blue", "grün"], n),
            "size": rng.choice(["s", "m", "l"], n),
            "who": rng.integers(0, 90, n),
            "w": rng.random(n),
            "when": pd.date_range("2024-01-01", periods=n).astype(str),
            "key": [f"customer {number:04d}" for number in range(n)],
        }
    )
    table["y"] = (rng.random(n) < 0.2).astype(int)
    table["copy"] = table["y"]
    table.to_csv(tmp_path / "t.csv", index=False)
    monkeypatch.setenv("SMOTE_BENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(read_cache, "SMALLEST_BYTES", 0)
    return tmp_path


@pytest.fixture
def reads(monkeypatch):
    """Return the files that were read, and not taken from the cache."""
    files = []
    real = read_cache.read_user_table

    def counted(source):
        files.append(source.file.name)
        return real(source)

    monkeypatch.setattr(read_cache, "read_user_table", counted)
    return files


def tables(folder):
    return [path for path in (folder / "cache" / "tables").iterdir() if path.is_dir()]


@pytest.mark.parametrize("roles", [{}, {"groups": "who", "weights": "w"}, {"time": "when"}])
def test_what_is_kept_is_what_was_read(folder, reads, monkeypatch, roles):
    kept = parse_source({**KEYS, **roles}, folder)
    first, again = load_dataset(kept), load_dataset(kept)
    assert reads == ["t.csv"]
    monkeypatch.setattr(read_cache, "SMALLEST_BYTES", 1 << 40)
    source = parse_source({**KEYS, **roles}, folder)
    plain = load_dataset(source)
    assert reads == ["t.csv", "t.csv"], "once for the cache, once in memory"
    for table in (first, again):
        pd.testing.assert_frame_equal(table.X, plain.X)
        np.testing.assert_array_equal(table.y, plain.y)
        assert table.digest == plain.digest
        for name in ("groups", "times", "is_test", "weights"):
            np.testing.assert_array_equal(getattr(table.roles, name), getattr(plain.roles, name))
    assert kept.findings == source.findings
    assert {finding.kind for finding in kept.findings} >= {"left out", "leak"}


def test_a_small_table_is_read_once_by_a_process_and_is_its_users_own(folder, reads, monkeypatch):
    monkeypatch.setattr(read_cache, "SMALLEST_BYTES", 1 << 40)
    source = parse_source({**KEYS, "groups": "who"}, folder)
    first = load_dataset(source)
    before = first.X.copy()
    first.X.loc[:, "x"] = 0.0
    first.y[:] = 0
    first.roles.groups[:] = 0
    again = load_dataset(source)
    assert reads == ["t.csv"]
    pd.testing.assert_frame_equal(again.X, before)
    assert again.y.any()
    assert len(set(again.roles.groups)) > 1
    for n in range(read_cache.MOST_TABLES):
        parse_source({**KEYS, "drop": ["x"], "name": f"t{n}"}, folder)
    load_dataset(source)
    assert len(reads) == read_cache.MOST_TABLES + 2


@pytest.mark.parametrize("size", [0, 1 << 40])
def test_another_file_or_another_reading_is_read_anew(folder, reads, monkeypatch, size):
    monkeypatch.setattr(read_cache, "SMALLEST_BYTES", size)
    parse_source(KEYS, folder)
    parse_source({**KEYS, "drop": ["copy"]}, folder)
    assert len(reads) == 2
    with (folder / "t.csv").open("a") as file:
        file.write("0.5,0.5,red,s,1,0.5,2024-02-02,customer 9999,1,1\n")
    source = parse_source(KEYS, folder)
    assert len(reads) == 3
    assert len(load_dataset(source).y) == 401


def test_edited_code_reads_anew(folder, reads, monkeypatch):
    parse_source(KEYS, folder)
    monkeypatch.setattr(read_cache, "_code", lambda: "another")
    parse_source(KEYS, folder)
    assert len(reads) == 2


@pytest.mark.fault(
    injected="damaged, cut or missing files in the cache of tables",
    seen="nothing: the table is read anew and kept again",
    lost="nothing",
)
@pytest.mark.parametrize("name", ["rows.arrow", "roles.npz", "findings.json"])
@pytest.mark.parametrize("damage", ["cut", "overwritten", "missing"])
def test_what_cannot_be_read_of_the_cache_is_read_anew(folder, reads, name, damage):
    source = parse_source(KEYS, folder)
    (place,) = tables(folder)
    path = place / name
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:40] if damage == "cut" else b"\x00\xff" * 500)
    assert len(load_dataset(source).y) == 400
    load_dataset(source)
    assert len(reads) == 2


@pytest.mark.fault(
    injected="a cache of tables that cannot be written",
    seen="nothing: every process reads the file for itself",
    lost="nothing",
)
def test_without_a_cache_the_file_is_read(folder, reads, monkeypatch):
    (folder / "no folder").write_text("")
    monkeypatch.setenv("SMOTE_BENCH_CACHE", str(folder / "no folder"))
    source = parse_source(KEYS, folder)
    assert len(load_dataset(source).y) == 400
    assert len(reads) == 2


def test_the_newest_tables_are_kept_and_nobody_else_can_read_them(folder):
    for n in range(read_cache.MOST_TABLES + 3):
        last = parse_source({**KEYS, "name": f"t{n}"}, folder)
    assert len(tables(folder)) == read_cache.MOST_TABLES
    if os.name == "posix":
        assert (folder / "cache" / "tables").stat().st_mode & 0o077 == 0
    first = tables(folder)
    load_dataset(last)
    assert sorted(tables(folder)) == sorted(first)


def test_processes_that_come_at_once_read_it_once(folder):
    script = (
        "import pathlib, sys\n"
        "from smote_bench.data import read_cache\n"
        "from smote_bench.data.sources import parse_source\n"
        "read_cache.SMALLEST_BYTES = 0\n"
        "real = read_cache.read_user_table\n"
        "def counted(source):\n"
        "    print('read')\n"
        "    return real(source)\n"
        "read_cache.read_user_table = counted\n"
        f"print(len(parse_source({KEYS!r}, pathlib.Path({str(folder)!r})).findings))\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[0].split() for process in started]
    assert sorted(map(len, said)) == [1, 1, 2]
    assert len({words[-1] for words in said}) == 1


def test_small_files_are_copied_nowhere(folder, monkeypatch):
    monkeypatch.setattr(read_cache, "SMALLEST_BYTES", 1 << 20)
    load_dataset(parse_source(KEYS, folder))
    assert not (folder / "cache").exists()


@pytest.mark.parametrize("smallest", [0, 1 << 20])
def test_rows_that_repeat_others_are_looked_for_once(folder, monkeypatch, smallest):
    monkeypatch.setattr(read_cache, "SMALLEST_BYTES", smallest)
    expected = without_duplicates(load_dataset(parse_source({**KEYS, "drop": ["key"]}, folder)))[0].y
    calls = []
    for module in (read_cache, dataset):
        real = module.first_of_equals
        monkeypatch.setattr(
            module, "first_of_equals", lambda *table, real=real: calls.append(1) or real(*table)
        )
    (folder / "t.csv").write_bytes((folder / "t.csv").read_bytes() + b"\n")
    found = load_dataset(parse_source({**KEYS, "drop": ["key"]}, folder))
    assert without_duplicates(found)[0].y.tolist() == expected.tolist()
    assert len(calls) == 1


def test_columns_and_findings_come_of_one_reading(folder, monkeypatch):
    files = []
    real = read_cache.read_columns
    monkeypatch.setattr(
        read_cache, "read_columns", lambda path, layout: files.append(path) or real(path, layout)
    )
    monkeypatch.setattr(user_tables, "read_columns", lambda *_: pytest.fail("read again"))
    source = parse_user_file(KEYS, folder)
    columns, y, findings = read_cache.read_with_findings(source)
    monkeypatch.undo()
    assert files == [folder / "t.csv"]
    assert findings == parse_source(KEYS, folder).findings
    assert source.findings == ()
    assert len(columns.X) == len(y) == 400
