"""A run's manifest, and whatever else lies under its name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from runs.kept_runs import manifest_of, write_finished

from smote_bench.errors import ConfigError
from smote_bench.runs.manifest_file import read_json, read_manifest
from smote_bench.runs.manifest_of_store import headline_of


def test_reads_what_a_run_wrote(tmp_path: Path) -> None:
    assert read_manifest(write_finished(tmp_path, "a")) == manifest_of()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Expecting value"),
        (b"[1, 2]", "type list, no object"),
        (b"{}", "it names no experiment"),
        (b"\xff\xfe{", "can't decode byte"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" + b"9" * 5_000 + b"]", "Exceeds the limit"),
        (b'{"experiment": ["a"]}', "experiment is ['a'], expected an object"),
        (b'{"experiment": {"name": 3}}', "experiment.name is 3, expected text"),
        (
            b'{"experiment": {"classifiers": {"kNN": 1}}}',
            "experiment.classifiers.kNN is 1, expected an object",
        ),
        (b'{"experiment": {}, "commit": 1}', "commit is 1, expected an object"),
    ],
)
def test_says_in_words_what_is_no_manifest(tmp_path: Path, content: bytes, why: str) -> None:
    folder = write_finished(tmp_path, "a")
    (folder / "manifest.json").write_bytes(content)
    for read in (read_manifest, headline_of):
        with pytest.raises(ConfigError, match=r"expected manifest.json as a run writes it, got .*") as caught:
            read(folder)
        assert why in str(caught.value)


def test_waits_for_nobody_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"without manifest\.json: name a folder"):
        read_manifest(tmp_path)
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(ConfigError, match="it is no file"):
        read_manifest(tmp_path)


def test_a_number_or_a_word_is_json_too() -> None:
    assert read_json("3") == 3
