"""A file whose name says another format than its bytes is refused by what it is."""

from __future__ import annotations

import bz2
import gzip
import importlib.util
import io
import lzma
import pickle
import zipfile

import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

TABLE = pd.DataFrame({"a": [1.5, 2.0, 3.0], "y": ["yes", "no", "no"]})
CSV = TABLE.to_csv(index=False).encode()
ARFF = b"% by x\n@relation t\n@attribute a {\xe9, b}\n@attribute y {yes, no}\n@data\n\xe9,yes\nb,no\nb,no\n"


def zipped(*names):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as packed:
        for name in names:
            packed.writestr(name, CSV)
    return into.getvalue()


def read(folder, content, file="own.csv", **keys):
    (folder / file).write_bytes(content)
    return parse_source({"name": "own", "file": file, "target": "y", "minority": "yes", **keys}, folder)


@pytest.mark.parametrize(
    ("content", "what", "remedy"),
    [
        (zipped("xl/workbook.xml"), "an Excel file", r"call it own\.xlsx"),
        (zipped("content.xml"), "an OpenDocument file", "write its table as CSV"),
        (zipped("own.csv"), "a zip file", r"call it own\.csv\.zip, or unpack it"),
        (TABLE.to_parquet(), "a Parquet file", r"call it own\.parquet"),
        (gzip.compress(CSV, mtime=0), "a gzip file", r"call it own\.csv\.gz"),
        (bz2.compress(CSV), "a bzip2 file", r"call it own\.csv\.bz2"),
        (lzma.compress(CSV), "an xz file", r"call it own\.csv\.xz"),
        (ARFF, "an ARFF table", r"call it own\.arff"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), r"an old Excel file \(\.xls\)", "write its table as CSV"),
        (b"\n<!DOCTYPE html>\n<html></html>", "a page of HTML or XML", "write its table as CSV"),
        (b'[{"a": 1, "y": "yes"}]', "JSON", "write its table as CSV"),
        (pickle.dumps(TABLE), "a pickle of Python", "write its table as CSV"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS", "git lfs pull"),
        (b"%PDF-1.4\n", "a PDF", "write its table as CSV"),
    ],
)
def test_what_is_called_csv_and_is_none_is_said(tmp_path, content, what, remedy):
    words = rf"expected delimited text at .*own\.csv, as its name says, got {what}: .*{remedy}"
    with pytest.raises(ConfigError, match=words):
        read(tmp_path, content)


def test_a_feather_file_too(tmp_path):
    TABLE.to_feather(tmp_path / "own.feather")
    with pytest.raises(ConfigError, match="got a Feather file"):
        read(tmp_path, (tmp_path / "own.feather").read_bytes())


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("own.parquet", CSV, r"a Parquet table at .*, as its name says, got text: give it the ending"),
        ("own.feather", CSV, "a Feather table at .*, as its name says, got text: give it the ending"),
        ("own.csv.gz", CSV, r"delimited text packed as \.gz at .*, as its name says, got text: give it"),
        ("own.csv.gz", zipped("own.csv"), r"got a zip file: call it own\.csv\.gz\.zip, or unpack it"),
        ("own.csv.gz", gzip.compress(TABLE.to_parquet(), mtime=0), "got a Parquet file that is packed"),
        ("own.csv.gz", gzip.compress(ARFF, mtime=0), "got an ARFF table"),
        ("own.parquet", zipped("xl/workbook.xml"), r"got an Excel file: call it own\.xlsx"),
    ],
)
def test_other_names_are_checked_as_well(tmp_path, file, content, words):
    with pytest.raises(ConfigError, match=words):
        load_dataset(read(tmp_path, content, file))


@pytest.mark.skipif(not importlib.util.find_spec("openpyxl"), reason="needs openpyxl")
def test_a_csv_file_called_xlsx_is_text(tmp_path):
    with pytest.raises(ConfigError, match=r"an Excel table at .*own\.xlsx, as its name says, got text"):
        read(tmp_path, CSV, "own.xlsx")


@pytest.mark.parametrize(
    "begin", ["", "PAR1,", "FEA1,", "BZh,", "$FLOW,", "PARTS,", "BZ,", "PK,", '"{",', "[a],", "<b>,"]
)
def test_text_that_begins_alike_is_text(tmp_path, begin):
    text = "".join(
        f"{begin if n == 0 else '1,' if begin else ''}{line}\n"
        for n, line in enumerate(["a,y", "1,yes", "2,no", "4,no"])
    )
    assert load_dataset(read(tmp_path, text.encode())).y.tolist() == [1, 0, 0]


def test_the_encoding_of_an_arff_file_may_be_said(tmp_path):
    cells = [b"a {\x82, b}", b"\x82,yes"]  # an e with an accent in cp850
    content = ARFF.replace(b"a {\xe9, b}", cells[0]).replace(b"\xe9,yes", cells[1])
    source = read(tmp_path, content, "own.arff", read={"encoding": "cp850"})
    assert load_dataset(source).X["a"].tolist() == ["é", "b", "b"]
    assert not any("read as" in remark for remark in source.remarks)
    with pytest.raises(
        ConfigError, match=r"no more than 'na' and 'encoding' in 'read' of own\.arff, .* got 'sep'"
    ):
        read(tmp_path, content, "own.arff", read={"sep": ";"})
