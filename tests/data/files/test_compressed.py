"""Packed files: what is read is what was packed, up to a bound."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from pathlib import Path

import pytest

from smote_bench.data.files import compressed
from smote_bench.data.files.compressed import open_binary
from smote_bench.data.sources import UserFile
from smote_bench.data.tables.user_tables import read_user_table
from smote_bench.errors import ConfigError


def _zip(path: Path, content: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("table.csv", content)


PACKINGS = {
    "gz": lambda path, content: path.write_bytes(gzip.compress(content)),
    "bz2": lambda path, content: path.write_bytes(bz2.compress(content)),
    "xz": lambda path, content: path.write_bytes(lzma.compress(content)),
    "zip": _zip,
}


@pytest.mark.parametrize("ending", PACKINGS)
def test_the_bytes_come_back(tmp_path: Path, ending: str) -> None:
    content = b"".join(b"%d,%d\n" % (n, n * n) for n in range(50_000))
    path = tmp_path / f"table.csv.{ending}"
    PACKINGS[ending](path, content)
    with open_binary(path) as stream:
        assert stream.read() == content
    with open_binary(path) as stream:
        assert b"".join(stream) == content


@pytest.mark.parametrize("ending", PACKINGS)
@pytest.mark.parametrize("line", [b"0" * 999 + b",1\n", b"0"], ids=["lines", "one line"])
def test_a_small_file_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, line: bytes
) -> None:
    monkeypatch.setattr(compressed, "_MOST_BYTES", 100_000)
    path = tmp_path / f"table.csv.{ending}"
    PACKINGS[ending](path, b"a,y\n" + line * (3_000_000 // len(line)))
    with pytest.raises(ConfigError, match=r"table\.csv\..*more than [0-9,]+ unpacked bytes, over 200 times"):
        read_user_table(UserFile("own", path, "y", "1"))


def test_what_is_as_large_in_its_packing_is_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "_MOST_BYTES", 10)
    path = tmp_path / "table.csv.gz"
    content = b"".join(b"%d,%d\n" % (n, n * n) for n in range(5_000))
    PACKINGS["gz"](path, content)
    with open_binary(path) as stream:
        assert stream.read() == content
