"""ARFF, KEEL's .dat, LIBSVM, Feather and Excel: read like the same table in CSV.

Also of: formats.
"""

from __future__ import annotations

import gzip
import importlib.util

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import dump_svmlight_file

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files import excel_files
from smote_bench.data.files.formats import format_of, is_known
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

HEAD = """% by x
@relation t
@attribute RI real [0, 90]
@attribute 'two words' {a, b}
@attribute Class {positive, negative}
"""
ROWS = "1.5, a, positive\n?, b, negative\n-2e3, ?, negative\n"


@pytest.fixture
def load(tmp_path):
    def load(file, **keys):
        entry = {"name": "own", "file": file, "target": "Class", "minority": "positive", **keys}
        return load_dataset(parse_source(entry, tmp_path))

    return load


def check(own):
    assert own.X.columns.tolist() == ["RI", "two words"]
    np.testing.assert_array_equal(own.X["RI"], [1.5, np.nan, -2000])
    assert own.X["two words"].tolist()[:2] == ["a", "b"]
    assert own.X["two words"].isna().tolist() == [False, False, True]
    assert own.y.tolist() == [1, 0, 0]


def test_arff_and_keels_dat_are_read(tmp_path, load):
    (tmp_path / "t.arff").write_text(f"{HEAD}@data\n{ROWS}".replace(" [0, 90]", ""))
    keel = f"{HEAD}@inputs RI, two words\n@outputs Class\n@data\n{ROWS}".replace("?", "<null>")
    (tmp_path / "t.dat").write_text(keel)
    (tmp_path / "t.dat.gz").write_bytes(gzip.compress(keel.encode()))
    for file in ("t.arff", "t.dat", "t.dat.gz"):
        check(load(file))


def test_a_dat_without_attributes_is_text(tmp_path, load):
    (tmp_path / "t.dat").write_text("RI;two words;Class\n1,5;a;positive\n;b;negative\n-2000;;negative\n")
    check(load("t.dat"))


def test_libsvm_is_read_dense(tmp_path, load):
    X, y = np.array([[1.5, 0, 2], [0, 0, -1], [3, 0, 0]]), np.array([1, -1, -1])
    dump_svmlight_file(X, y, str(tmp_path / "t.libsvm"), zero_based=False)
    own = load("t.libsvm", target="label", minority=1)
    assert own.X.columns.tolist() == ["x1", "x2", "x3"]
    np.testing.assert_array_equal(own.X.to_numpy(), X)
    assert own.y.tolist() == [1, 0, 0]


def ranking(tmp_path, queries, file="t.libsvm"):
    lines = (f"{n % 3 // 2} qid:{query} 1:{n / 7:.3f} 2:{n * n % 11}" for n, query in enumerate(queries))
    (tmp_path / file).write_text("\n".join(lines) + "\n")
    return {"name": "own", "file": file, "target": "label", "minority": 1}


def test_the_queries_of_libsvm_are_no_feature_and_a_caveat_names_groups(tmp_path):
    entry = ranking(tmp_path, [n // 4 for n in range(60)])
    source = parse_source(entry, tmp_path)
    assert load_dataset(source).X.columns.tolist() == ["x1", "x2"]
    left_out, shared = (one for one in source.findings if one.column == "qid")
    assert left_out.kind == "left out"
    assert "'keep: [qid]'" in left_out.remedy
    assert shared.is_caveat
    assert "60 of 60 rows share their 'qid' with another (15 queries)" in shared.text
    assert "'groups: qid'" in shared.remedy


@pytest.mark.parametrize(
    ("keys", "columns"),
    [({"groups": "qid"}, ["x1", "x2"]), ({"drop": ["qid"]}, ["x1", "x2"]), ({"keep": ["qid"]}, None)],
)
def test_the_queries_of_libsvm_are_what_an_experiment_says(tmp_path, keys, columns):
    queries = [n // 4 for n in range(60)]
    source = parse_source({**ranking(tmp_path, queries), **keys}, tmp_path)
    own = load_dataset(source)
    assert own.X.columns.tolist() == (columns or ["x1", "x2", "qid"])
    assert not [one for one in source.findings if one.kind == "left out"]
    assert own.roles.groups is None if "groups" not in keys else own.roles.groups.tolist() == queries


def test_queries_reach_the_rows_of_a_test_file(tmp_path):
    ranking(tmp_path, [100 + n // 4 for n in range(24)], "test.libsvm")
    entry = ranking(tmp_path, [n // 4 for n in range(60)]) | {"groups": "qid", "test": "test.libsvm"}
    source = parse_source(entry, tmp_path)
    own = load_dataset(source)
    assert len(set(own.roles.groups[own.roles.is_test])) == 6
    without = parse_source({key: entry[key] for key in entry if key != "groups"}, tmp_path)
    assert load_dataset(without).X.columns.tolist() == ["x1", "x2"]


def test_queries_that_rows_do_not_share_are_no_caveat(tmp_path):
    source = parse_source(ranking(tmp_path, range(60)), tmp_path)
    assert [one.kind for one in source.findings if one.column == "qid"] == ["left out"]


def test_queries_of_some_rows_alone_are_a_caveat(tmp_path):
    entry = ranking(tmp_path, [n // 4 for n in range(60)])
    text = (tmp_path / "t.libsvm").read_text()
    (tmp_path / "t.libsvm").write_text(text.replace(" qid:0", ""))
    found = [one for one in parse_source(entry, tmp_path).findings if "qid" in one.text]
    assert [str(one)[:45] for one in found if one.is_caveat] == [
        "t.libsvm: 56 of 60 rows have a 'qid', the que"
    ]


def test_a_libsvm_file_that_is_too_wide_says_how_large_it_were(tmp_path, load):
    (tmp_path / "t.svm").write_text("+1 1:1 99999999:2\n-1 1:3\n-1 1:4\n")
    with pytest.raises(
        ConfigError, match=r"at most 1,024 MiB.* 3 x 99,999,999 numbers in t.svm \(2,288 MiB\)"
    ):
        load("t.svm", target="label", minority=1)


def frame():
    return pd.DataFrame(
        {
            "RI": [1.5, None, -2e3],
            "two words": ["a", "b", None],
            "Class": ["positive", "negative", "negative"],
        }
    )


def test_feather_is_read(tmp_path, load):
    frame().to_feather(tmp_path / "t.feather")
    check(load("t.feather"))


@pytest.mark.skipif(not importlib.util.find_spec("openpyxl"), reason="needs openpyxl")
def test_excel_is_read_with_its_markers(tmp_path, load):
    table = frame().astype(object)
    table.loc[1, "RI"] = "n/a"
    table.to_excel(tmp_path / "t.xlsx", index=False)
    check(load("t.xlsx"))


def test_excel_without_openpyxl_says_how_to_get_it(tmp_path, load, monkeypatch):
    (tmp_path / "t.xlsx").write_bytes(b"PK\x03\x04")
    monkeypatch.setattr(excel_files, "is_installed", lambda package: package != "openpyxl")
    with pytest.raises(ConfigError, match=r"pip install 'smote-bench\[excel\]'"):
        load("t.xlsx")


@pytest.mark.parametrize("file", ["t.arff", "t.libsvm", "t.feather"])
def test_what_is_no_such_file_is_refused(tmp_path, load, file):
    (tmp_path / file).write_text("a,y\n1,2\n")
    with pytest.raises(ConfigError, match=rf"own: expected an? \w+.* table at .*{file}"):
        load(file)


def test_the_form_of_text_is_not_said_of_other_formats(tmp_path, load):
    frame().to_feather(tmp_path / "t.feather")
    with pytest.raises(ConfigError, match=r"no more than 'na' in 'read' of t\.feather, .* got 'sep'"):
        load("t.feather", read={"sep": ";"})
    assert load("t.feather", read={"na": ["b"]}).X["two words"].isna().tolist() == [False, True, True]


def test_formats_are_told_by_their_names(tmp_path):
    forms = {
        "a.CSV": "text",
        "a.tsv.xz": "text",
        "a.parquet": "parquet",
        "a.arff.gz": "arff",
        "a.xlsx": "excel",
    }
    assert {name: format_of(tmp_path / name) for name in forms} == forms
    assert not is_known(tmp_path / "a.parquet.gz")
    assert not is_known(tmp_path / "a.sav")


def test_lists_in_a_feather_file_are_refused_by_name(tmp_path, load):
    frame().assign(l=[[1], [2], [3]]).to_feather(tmp_path / "t.feather")
    with pytest.raises(ConfigError, match="in column 'l', got cells of type"):
        load("t.feather")


@pytest.mark.parametrize("file", ["t.arff", "t.dat"])
def test_nominal_attributes_of_numbers_are_categories(tmp_path, load, file):
    head = (
        "@relation t\n@attribute x real\n@attribute grade {1,2,3,4}\n@attribute Class {positive,negative}\n"
    )
    rows = "1.5,3,positive\n2.5,?,negative\n-1,1,negative\n7,4,negative\n"
    (tmp_path / file).write_text(f"{head}@data\n{rows}")
    X = load(file).X
    assert X["x"].dtype == "float64"
    assert X["grade"].cat.categories.tolist() == ["1", "3", "4"]
    assert X["grade"].tolist()[::2] == ["3", "1"]
    assert X["grade"].isna().tolist() == [False, True, False, False]


def test_a_target_and_groups_of_such_an_attribute_are_read_as_ever(tmp_path, load):
    head = "@relation t\n@attribute x real\n@attribute who {1,2,3}\n@attribute Class {0,1}\n"
    (tmp_path / "t.arff").write_text(f"{head}@data\n1.5,3,1\n2.5,2,0\n-1,3,0\n7,1,0\n")
    found = load("t.arff", minority="1", groups="who")
    assert found.y.tolist() == [1, 0, 0, 0]
    assert found.roles.groups.tolist() == [0, 1, 0, 2]


GRADES = pd.Categorical([3, 1, 10, 3], categories=[10, 1, 3], ordered=True)


@pytest.mark.parametrize("form", ["parquet", "feather"])
def test_categories_of_numbers_stay_categories(tmp_path, load, form):
    frame = pd.DataFrame({"x": [1.5, 2, 3, 4], "grade": pd.Categorical([3, 1, 10, 3]), "Class": list("pnnn")})
    getattr(frame, f"to_{form}")(tmp_path / f"t.{form}")
    grade = load(f"t.{form}", minority="p").X["grade"]
    assert sorted(grade.cat.categories) == ["1", "10", "3"]
    assert grade.tolist() == ["3", "1", "10", "3"]


def test_ordered_categories_of_numbers_are_asked_for_their_order_where_the_file_keeps_none(tmp_path, load):
    frame = pd.DataFrame({"x": [1.5, 2, 3, 4], "grade": GRADES, "Class": list("pnnn")})
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_feather(tmp_path / "t.feather")
    assert load("t.feather", minority="p").X["grade"].cat.categories.tolist() == ["10", "1", "3"]
    with pytest.raises(
        ConfigError, match=r"expected the order of the categories of column 'grade' of t\.parq"
    ):
        load("t.parquet", minority="p")
    grade = load("t.parquet", minority="p", ordinal={"grade": ["10", "1", "3"]}).X["grade"]
    assert grade.cat.categories.tolist() == ["10", "1", "3"]
    grade = load("t.parquet", minority="p", kinds={"grade": "ordinal"}).X["grade"]
    assert grade.cat.categories.tolist() == ["1", "3", "10"]


LABELS = ["positive", "negative", "negative", "negative"]


def write_labels(path, labels):
    table = pd.DataFrame({"x": [1.5, 2.5, 3.0, 4.0, 5.5], "Class": labels})
    if path.suffix == ".arff":
        cells = ["?" if label is None else f"'{label}'" for label in labels]
        rows = "".join(f"{x},{cell}\n" for x, cell in zip(table["x"], cells, strict=True))
        path.write_text(f"@relation t\n@attribute x real\n@attribute Class string\n@data\n{rows}")
    elif path.suffix == ".xlsx":
        table.to_excel(path, index=False)
    else:
        table.to_feather(path)


needs_excel = pytest.mark.skipif(not importlib.util.find_spec("openpyxl"), reason="needs openpyxl")
FRAMES = [pytest.param("t.xlsx", marks=needs_excel), "t.arff", "t.feather"]


@pytest.mark.parametrize("file", FRAMES)
@pytest.mark.parametrize("mark", [None, "NA", " null ", "N/A", "#N/A", "nan"])
def test_a_missing_label_is_refused_with_its_row(tmp_path, load, file, mark):
    write_labels(tmp_path / file, [*LABELS[:2], mark, *LABELS[2:]])
    with pytest.raises(
        ConfigError, match=r"got 1 rows without and 4 with one: .*; the first is row 3"
    ) as told:
        load(file)
    if mark is not None:
        assert f"({mark!r} in 1 stands for no value unless 'minority'" in str(told.value)


@pytest.mark.parametrize("file", FRAMES)
def test_a_label_that_is_named_is_one_and_what_na_names_is_none(tmp_path, load, file):
    write_labels(tmp_path / file, ["NA" if label == "negative" else label for label in ["negative", *LABELS]])
    assert load(file, majority=["NA"]).y.tolist() == [0, 1, 0, 0, 0]
    write_labels(tmp_path / file, [*LABELS, "refused"])
    assert load(file).y.tolist() == [1, 0, 0, 0, 0]
    with pytest.raises(
        ConfigError, match=r"the first is row 5 of the data \('refused' in 1 stands for no value"
    ):
        load(file, read={"na": ["refused"]})


def test_several_labels_of_a_row_of_libsvm_are_refused_with_the_line(tmp_path):
    (tmp_path / "t.svm").write_text("# labels\n1 1:0.5\n0,2 1:0.7 # two\n")
    with pytest.raises(ConfigError, match=r"t\.svm, line 3: expected one .* got '0,2', several labels"):
        parse_source({"name": "t", "file": "t.svm", "target": "label", "minority": 1}, tmp_path)
