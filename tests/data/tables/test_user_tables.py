"""A user's table with roles: no role is a feature, test rows stand below, duplicates are told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset, without_duplicates
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

HEADER = "x,colour,who,when,part,w,y"
TRAIN = ["1,red,p1,2024-01-01,train,1,1", "2,blue,p2,2024-01-02,train,2,0", "3,red,p1,2024-01-03,test,3,0"]
TEST = ["4,green,p3,2024-02-01,test,4,1", "5,red,p4,2024-02-02,test,5,0"]
ENTRY = {"name": "t", "file": "t.csv", "target": "y", "minority": "1"}


@pytest.fixture
def load(tmp_path):
    (tmp_path / "t.csv").write_text("\n".join([HEADER, *TRAIN]) + "\n")
    (tmp_path / "later.csv").write_text("\n".join([HEADER, *TEST]) + "\n")

    def load(**keys):
        return load_dataset(parse_source({**ENTRY, **keys}, tmp_path))

    load.folder = tmp_path
    return load


def test_columns_with_roles_are_no_features(load):
    rows = "\n".join([HEADER, *TRAIN]).replace("3,red,p1", "3,red,p3") + "\n"
    (load.folder / "t.csv").write_text(rows)
    table = load(groups="who", split="part", weights="w")
    assert list(table.X.columns) == ["x", "colour", "when"]
    np.testing.assert_array_equal(table.roles.groups, [0, 1, 2])
    np.testing.assert_array_equal(table.roles.is_test, [False, False, True])
    np.testing.assert_array_equal(table.roles.weights, [1.0, 2.0, 3.0])
    table = load(time="when")
    assert list(table.X.columns) == ["x", "colour", "who", "part", "w"]
    assert np.diff(table.roles.times).tolist() == [86400.0, 86400.0]


def test_rows_of_the_test_file_stand_below_with_their_own_categories(load):
    table = load(test="later.csv", groups="who", weights="w")
    assert table.X["x"].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert table.X["colour"].tolist() == ["red", "blue", "red", "green", "red"]
    np.testing.assert_array_equal(table.y, [1, 0, 0, 1, 0])
    np.testing.assert_array_equal(table.roles.is_test, [False, False, False, True, True])
    np.testing.assert_array_equal(table.roles.groups, [0, 1, 0, 2, 3])
    np.testing.assert_array_equal(table.roles.weights, [1.0, 2.0, 3.0, 4.0, 5.0])


def test_categories_that_the_file_that_trains_has_not_are_named_and_kept(load):
    source = parse_source({**ENTRY, "test": "later.csv"}, load.folder)
    assert load_dataset(source).X["colour"].tolist() == ["red", "blue", "red", "green", "red"]
    (found,) = (one for one in source.findings if one.column == "colour" and one.kind != "leak")
    assert found.kind == "suspect"
    assert (
        "later.csv: column 'colour' has 1 categories in 1 of 2 rows that t.csv has not ('green')"
        in found.text
    )
    (load.folder / "later.csv").write_text("\n".join([HEADER, *TEST]).replace("green", "blue") + "\n")
    source = parse_source({**ENTRY, "test": "later.csv"}, load.folder)
    load_dataset(source)
    assert [one for one in source.findings if one.column == "colour" and one.kind != "leak"] == []


def test_a_test_file_with_other_columns_or_kinds_is_refused(load):
    (load.folder / "later.csv").write_text(
        "colour,who,when,part,w,y\nred,p,2024-02-01,test,1,1\nred,p,1,test,1,0\n"
    )
    with pytest.raises(ConfigError, match=r"expected a column 'x' in later\.csv"):
        load(test="later.csv")
    (load.folder / "later.csv").write_text(
        f"{HEADER}\nmany,red,p,2024-02-01,test,1,1\nfew,red,p,1,test,1,0\n"
    )
    with pytest.raises(
        ConfigError, match=r"numbers in column 'x' of later\.csv, got 'many', 'few' in 2 of 2"
    ):
        load(test="later.csv")


def test_truth_values_of_a_test_file_are_truth_values_and_no_other_numbers(tmp_path):
    def read(truths, tested):
        for name, cells in (("t", truths), ("later", tested)):
            pd.DataFrame({"a": cells, "x": [1.5, 2.5, 3.0, 4.0], "y": [0, 0, 0, 1]}).to_parquet(
                tmp_path / f"{name}.parquet"
            )
        entry = {**ENTRY, "file": "t.parquet", "test": "later.parquet", "drop_duplicates": False}
        source = parse_source(entry, tmp_path)
        a = load_dataset(source).X["a"]
        return a.dtype, a.tolist(), [one.text for one in source.findings if "truth values," in one.text]

    words = ["yes", "no", "no", "yes"]
    whole = [True, False, False, True]
    assert read(words, [1, 0, 0, 1]) == (bool, whole * 2, [])
    with pytest.raises(
        ConfigError, match=r"truth values, or 1 and 0, in column 'a' of later.parquet, got '2' in"
    ):
        read(words, [1, 2, 2, 1])
    dtype, values, (found,) = read(words, ["no", "no", None, "yes"])
    assert dtype == "float64"
    np.testing.assert_array_equal(values, [1, 0, 0, 1, 0, 0, np.nan, 1])
    assert "later.parquet: column 'a' has truth values, 1 of 4 cells missing" in found
    gap = pd.array([True, None, False, True], dtype="boolean")
    dtype, values, found = read(
        gap, pd.Series([True, None, False, True], dtype=object)
    )  # as pyarrow reads it
    assert (dtype, len(found)) == (float, 2)
    np.testing.assert_array_equal(values, [1, np.nan, 0, 1] * 2)


def test_a_missing_cell_of_a_role_is_named(load):
    (load.folder / "t.csv").write_text("\n".join([HEADER, *TRAIN, "3,red,,2024-01-03,test,3,0"]) + "\n")
    with pytest.raises(
        ConfigError, match=r"column 'who', which is 'groups', got 1 missing cells, .* row 4 of 4"
    ):
        load(groups="who")


def test_other_roles_are_another_digest(load):
    digests = {load(drop_duplicates=False, **keys).digest for keys in ({"groups": "who"}, {"groups": "part"})}
    before = load(weights="w").digest
    (load.folder / "t.csv").write_text("\n".join([HEADER, *TRAIN]).replace("train,2,0", "train,9,0") + "\n")
    assert len(digests | {before, load(weights="w").digest}) == 4


def write_repeated(folder):
    rows = ["1,p1,1,test,1,0", "1,p1,1,train,2,0", "1,p2,1,train,3,0", "1,p2,2,train,4,0", "2,p3,3,train,5,1"]
    (folder / "t.csv").write_text("\n".join(["x,who,when,part,w,y", *rows]) + "\n")


@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        ({}, [1, 2, 3, 4, 5]),  # all columns are features
        ({"groups": "who", "drop": ["when", "part", "w"]}, [1, 3, 5]),
        ({"time": "when", "drop": ["who", "part", "w"]}, [1, 4, 5]),
        ({"split": "part", "drop": ["who", "when", "w"]}, [1, 5]),
    ],
)
def test_rows_of_two_groups_or_times_are_no_duplicates(load, keys, kept):
    import pandas as pd

    write_repeated(load.folder)
    keys = dict(keys)
    frame = pd.read_csv(load.folder / "t.csv")
    weights = frame["w"].tolist()
    frame.drop(columns=keys.pop("drop", [])).to_csv(load.folder / "t.csv", index=False)
    whole = load(**keys)
    table, n_removed = without_duplicates(whole)
    assert n_removed == 5 - len(kept) == whole.card.duplicates
    expected = [n for n, weight in enumerate(weights) if weight in kept]
    np.testing.assert_array_equal(table.y, whole.y[expected])
    if whole.roles.groups is not None:
        np.testing.assert_array_equal(table.roles.groups, whole.roles.groups[expected])


def test_of_equal_rows_on_both_sides_of_a_given_split_the_tested_one_stays(load):
    rows = ["1,train,1", "1,test,1", "2,test,0", "3,train,0", "3,train,0", "4,train,0"]
    (load.folder / "t.csv").write_text("\n".join(["x,part,y", *rows]) + "\n")
    table, n_removed = without_duplicates(load(split="part"))
    assert n_removed == 2
    np.testing.assert_array_equal(table.roles.is_test, [True, True, False, False])
    assert table.X["x"].tolist() == [1.0, 2.0, 3.0, 4.0]


def write_classes(folder, file, part, labels):
    lines = [f"{n}.5,{part},{label}" for n, label in enumerate(labels)]
    (folder / file).write_text("\n".join(["x,part,y", *lines]) + "\n")
    return lines


@pytest.mark.parametrize("tested", [[1, 1, 1, 0], [1, 0], [1, 0, 0, 0]])
def test_the_rows_that_train_say_which_class_is_the_minority(load, tested):
    trains = write_classes(load.folder, "t.csv", "train", [1, 0, 0, 1, 0])
    tests = write_classes(load.folder, "later.csv", "test", tested)
    assert load(test="later.csv", drop=["part"]).y.tolist() == [1, 0, 0, 1, 0, *tested]
    (load.folder / "t.csv").write_text("\n".join(["x,part,y", *trains, *tests]) + "\n")
    assert load(split="part").y.tolist() == [1, 0, 0, 1, 0, *tested]


def test_rows_that_test_do_not_make_the_larger_class_of_the_others_the_minority(load):
    trains = write_classes(load.folder, "t.csv", "train", [1, 1, 1, 0])
    tests = write_classes(load.folder, "later.csv", "test", [0] * 9)
    with pytest.raises(ConfigError, match=r"to be the minority of t\.csv, got 3 of 4 rows"):
        load(test="later.csv", drop=["part"])
    (load.folder / "t.csv").write_text("\n".join(["x,part,y", *trains, *tests]) + "\n")
    with pytest.raises(ConfigError, match=r"minority of the rows that train in t\.csv, got 3 of 4 rows"):
        load(split="part")


def test_categories_of_the_test_file_are_those_that_are_the_same_number(load):
    (load.folder / "t.csv").write_text("x,c,y\n1.5,1,1\n2.5,2,0\n3.5,04,0\n4.5,4,0\n")
    (load.folder / "later.csv").write_text("x,c,y\n1.5,1.0,1\n2.5,2,0\n3.5,,0\n4.5,4.0,0\n5.5,7.0,0\n")
    entry = {**ENTRY, "test": "later.csv", "nominal": ["c"]}
    source = parse_source(entry, load.folder)
    found = load_dataset(source).X["c"]
    assert found.tolist()[:6] == ["1", "2", "04", "4", "1", "2"]
    assert found.isna().tolist() == [False] * 6 + [True, False, False]
    assert found.tolist()[7:] == ["4.0", "7.0"]  # 04 and 4 are two categories: nobody knows which is meant
    (said,) = [one.text for one in source.findings if "written otherwise" in one.text]
    assert "later.csv: column 'c': 1 categories such as '1.0'" in said


def two_files(folder, train, test, suffix, **keys):
    (folder / f"train{suffix}").write_text(train)
    (folder / f"test{suffix}").write_text(test)
    entry = {"name": "own", "file": f"train{suffix}", "test": f"test{suffix}", "target": "y", "minority": "1"}
    return load_dataset(parse_source({**entry, **keys}, folder))


@pytest.mark.parametrize(("train_has_0", "test_has_0"), [(False, True), (True, False), (True, True)])
def test_two_libsvm_files_number_their_features_alike(tmp_path, train_has_0, test_has_0):
    def lines(has_0):
        return "".join(f"{int(n < 3)} {'0:5 ' if has_0 else ''}1:{n}.5 2:{n * 3 % 7}\n" for n in range(10))

    X = two_files(tmp_path, lines(train_has_0), lines(test_has_0), ".svm", target="label").X
    first = [5.0 * train_has_0] * 10 + [5.0 * test_has_0] * 10
    assert list(X.columns) == ["x1", "x2", "x3"]
    assert X["x1"].tolist() == first
    assert X["x2"].tolist() == [n + 0.5 for n in range(10)] * 2


def test_a_libsvm_test_file_may_lack_the_last_feature_or_have_one_more(tmp_path):
    few = "".join(f"{int(n < 3)} 1:{n}.5\n" for n in range(10))
    more = "".join(f"{int(n < 3)} 1:{n}.5 2:{n + 1}\n" for n in range(10))
    for train, test in ((few, more), (more, few)):
        X = two_files(tmp_path, train, test, ".svm", target="label").X
        assert X["x2"].tolist() == [
            float(value) for text in (train, test) for value in (range(1, 11) if text == more else [0] * 10)
        ]


def test_a_test_file_without_the_percent_signs_of_the_other_is_refused(tmp_path):
    train = "a,b,y\n" + "".join(f"{n + 24}%,{n * 7 % 5},{int(n < 3)}\n" for n in range(10))
    test = train.replace("%", "").replace("\n2", "\n0.2").replace("\n3", "\n0.3")
    with pytest.raises(ConfigError, match=r"expected numbers with % in column 'a' of test.csv.*without"):
        two_files(tmp_path, train, test, ".csv")


def test_points_that_part_thousands_in_the_training_file_do_so_in_the_test_file(tmp_path):
    train = "a,b,y\n" + "".join(f'"{n + 2}.494,20",{n * 7 % 5},{int(n < 3)}\n' for n in range(10))
    test = "a,b,y\n" + "".join(f"{n + 2}.160,{n * 7 % 5},{int(n < 3)}\n" for n in range(9)) + ",1,0\n"
    found = two_files(tmp_path, train, test, ".csv").X["a"].tolist()
    assert found[:19] == [n * 1000 + 2494.2 for n in range(10)] + [n * 1000 + 2160.0 for n in range(9)]
    assert found[19] != found[19]


def test_columns_of_the_test_file_alone_are_named(load):
    rows = "\n".join([f"{HEADER},more,z", *(f"{row},7,8" for row in TEST)])
    (load.folder / "later.csv").write_text(rows + "\n")
    said = "later.csv: columns 'more', 'z', which t.csv has not, are left out"
    source = parse_source({**ENTRY, "test": "later.csv"}, load.folder)
    assert said in map(str, source.findings)
    assert "z" not in load_dataset(source).X
    source = parse_source({**ENTRY, "test": "later.csv", "drop": ["x"]}, load.folder)
    assert said in map(str, source.findings)
    (load.folder / "later.csv").write_text("\n".join([HEADER, *TEST]) + "\n")
    source = parse_source({**ENTRY, "test": "later.csv"}, load.folder)
    assert not [one for one in source.findings if "which t.csv has not, " in one.text]


@pytest.mark.parametrize("wrong", ["soon", ""])
@pytest.mark.parametrize("key", ["time", "weights"])
def test_errors_of_roles_count_the_rows_of_the_file_that_has_the_cell(load, wrong, key):
    column = {"time": 3, "weights": 5}[key]
    cells = TEST[1].split(",")
    cells[column] = wrong
    (load.folder / "later.csv").write_text("\n".join([HEADER, TEST[0], ",".join(cells)]) + "\n")
    with pytest.raises(ConfigError, match=r"t, later\.csv: .*the first in row 2 of 2"):
        load(test="later.csv", **{key: HEADER.split(",")[column]})


def test_files_that_are_written_in_two_ways_are_said_to_be(load):
    rows = "\n".join(
        [HEADER, *(",".join([*r.split(",")[:5], f"{n + 1}0%", r[-1]]) for n, r in enumerate(TRAIN))]
    )
    (load.folder / "t.csv").write_text(rows + "\n")
    with pytest.raises(
        ConfigError, match=r"rows of later\.csv are counted below those of t\.csv; each file can"
    ):
        load(test="later.csv", weights="w")


def test_dates_of_a_test_file_with_the_month_first_are_told_from_other_wrong_cells(load):
    train = [f"{n},{n % 12 + 1:02d}/0{n % 9 + 1}/2023,{int(n < 9)}" for n in range(40)]
    test = [f"{n},{n % 9 + 1:02d}/{n % 20 + 9:02d}/2023,{int(n < 9)}" for n in range(40)]
    for name, rows in (("t.csv", train), ("later.csv", test)):
        (load.folder / name).write_text("\n".join(["x,d,y", *rows]) + "\n")
    with pytest.raises(
        ConfigError, match=r"day and month the other way about: write dates as 2024-12-31 in both"
    ):
        load(test="later.csv")
