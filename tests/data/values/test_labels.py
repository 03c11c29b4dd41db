"""Labels: one in several spellings is one with a word or an error, never the majority in silence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import UserFile, parse_source
from smote_bench.data.values.labels import MISSING_MARKERS, check_labels, is_minority, number
from smote_bench.errors import ConfigError


def written(folder, labels, kind="csv"):
    """Write labels beside a feature; return the file's name."""
    frame = pd.DataFrame({"a": np.arange(len(labels), dtype=float), "y": labels})
    if kind == "parquet":
        frame.to_parquet(folder / "own.parquet", index=False)
    else:
        lines = ["a,y", *(f'{n},"{label}"' for n, label in enumerate(labels))]
        (folder / "own.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"own.{kind}"


def parse(folder, labels, minority, kind="csv"):
    file = written(folder, labels, kind)
    return parse_source({"name": "own", "file": file, "target": "y", "minority": minority}, folder)


def refusals(folder, labels, minority, kind="csv"):
    """Return what check and load say: the same, or the test fails."""
    with pytest.raises(ConfigError) as checked:
        parse(folder, labels, minority, kind)
    with pytest.raises(ConfigError) as loaded:
        load_dataset(UserFile("own", folder / f"own.{kind}", "y", str(minority)))
    assert str(checked.value) == str(loaded.value)
    return str(checked.value)


SPELLINGS = [
    ("yes", "YES"),
    ("yes", "yes "),
    ("yes", " Yes"),
    ("True", "true"),
    (">50K", " >50K."),
    ("very bad", "very  bad"),
    ("é", "e\u0301"),
    ("straße", "STRASSE"),
    ("yes", "'yes'"),
    ("yes", "“yes”"),
    ("yes", "yes\u200b"),
    ("yes", "\ufeffyes"),
    ("yes", "Yes;"),
    ("1", "'1'"),
    ("N/A", "n/a"),
    ("NA", "na"),
]


BOTH_WAYS = [*SPELLINGS, *(pair[::-1] for pair in SPELLINGS)]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        *((*pair, "parquet") for pair in BOTH_WAYS),
        # in a CSV file a mark of a missing label is just that, which has a test of its own
        *((*pair, "csv") for pair in BOTH_WAYS if pair[1] not in MISSING_MARKERS),
    ],
)
def test_another_spelling_of_the_minority_is_the_same_label_with_a_word(tmp_path, one, other, kind):
    source = parse(tmp_path, [one] * 3 + [other] * 2 + ["no"] * 9, one, kind)
    assert load_dataset(source).y.tolist() == [1] * 5 + [0] * 9
    assert source.remarks == (
        f"own.{kind}: y: {one!r} in 3 rows and {other!r} in 2 rows are taken for one label",
    )


def test_several_spellings_none_of_which_was_named_are_one_label_too(tmp_path):
    source = parse(tmp_path, ["Yes", "YES", *["no"] * 5], "yes")
    assert load_dataset(source).y.sum() == 2
    assert source.remarks == (
        "own.csv: y: 'Yes' in 1 rows and 'YES' in 1 rows are taken for one label",
        "own.csv: y: minority 'yes' is taken for the label 'Yes'",
    )


@pytest.mark.parametrize(
    ("named", "label"), [("Yes", " Yes"), ("Yes", "yes"), ("True", "true"), (1, "b'1'"), ("1", 'b"1"')]
)
def test_one_label_that_is_spelled_otherwise_is_meant(tmp_path, named, label):
    file = written(tmp_path, [label] * 3 + ["b'0'"] * 9, "parquet")
    source = parse_source({"name": "own", "file": file, "target": "y", "minority": named}, tmp_path)
    assert load_dataset(source).y.tolist() == [1] * 3 + [0] * 9
    assert source.remarks == (f"own.parquet: y: minority {str(named)!r} is taken for the label {label!r}",)


def test_yamls_true_names_the_label_that_is_in_the_file(tmp_path):
    said = refused(tmp_path, ["yes", "yes", *["no"] * 5], True)
    assert (
        "got True, a truth value (YAML reads true, yes and on as this), which is no label of own.csv" in said
    )
    assert "write the label as text, in quotes, as in 'yes'" in said
    assert "in quotes, as in 'no'" in refused(tmp_path, ["no", *["yes"] * 5], False)
    assert "in quotes, one of 'a', 'b'" in refused(tmp_path, ["a", *["b"] * 5], True)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("labels", "minority"), [((True, False), True), (("FALSE", "TRUE"), False), (("t", "true"), True)]
)
def test_a_truth_value_is_the_label_that_is_one(tmp_path, labels, minority, kind):
    source = parse(tmp_path, [labels[0]] * 3 + [labels[1]] * 3, minority, kind)
    is_first = str(labels[0]).casefold() == str(minority).casefold()
    assert load_dataset(source).y.tolist() == [int(is_first)] * 3 + [int(not is_first)] * 3


def refused(folder, labels, minority):
    with pytest.raises(ConfigError) as told:
        parse(folder, labels, minority)
    return str(told.value)


def test_several_labels_are_the_minority_together(tmp_path):
    labels = ["r1"] * 3 + ["R2 "] * 2 + ["a"] * 6 + ["b"] * 5
    source = parse(tmp_path, labels, ["r1", "r2"])
    own = load_dataset(source)
    assert own.y.tolist() == [1] * 5 + [0] * 11
    assert own.card.minority == "r1 or r2"
    assert "own.csv: y: minority 'r2' is taken for the label 'R2 '" in source.remarks
    assert (
        "own.csv: y: 'r1' in 3 rows and 'R2 ' in 2 rows are the minority; 'a' in 6 rows and 'b' in 5 rows "
        "together are the majority" in source.remarks
    )
    numbers = parse(tmp_path, ["1", "2.0", "3", "3", "3"], [1, 2])
    assert load_dataset(numbers).y.tolist() == [1, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("minority", "said"),
    [
        (["r1", "rr"], "with y = 'rr', got none"),
        (["r1", "a"], "expected y = 'r1' or 'a' to be the minority of own.csv, got 4 of 7 rows"),
        ([], "or a list of values"),
        ([["r1"]], "or a list of values"),
        (["r1", True], "or a list of values"),
        (["r1", ""], "an empty cell is no label"),
    ],
)
def test_lists_that_are_no_minority_are_refused(tmp_path, minority, said):
    assert said in refused(tmp_path, ["r1"] * 2 + ["a"] * 2 + ["b"] * 3, minority)


def test_majority_says_that_a_mark_of_a_missing_value_is_a_label(tmp_path):
    file = written(tmp_path, ["Yes"] * 3 + ["NA"] * 9)
    entry = {"name": "own", "file": file, "target": "y", "minority": "Yes"}
    source = parse_source({**entry, "majority": "NA"}, tmp_path)
    assert load_dataset(source).y.tolist() == [1] * 3 + [0] * 9
    for wrong in ("no", ["NA", "no"], ["Yes", "NA"]):
        with pytest.raises(ConfigError, match="beside the minority for 'majority', 'NA', got"):
            parse_source({**entry, "majority": wrong, "positive": "NA"}, tmp_path)
    with pytest.raises(ConfigError, match="expected a value of the target, or several, for 'majority'"):
        parse_source({**entry, "majority": {"NA": 1}}, tmp_path)


def test_several_classes_against_one_are_told(tmp_path):
    source = parse(tmp_path, ["rare"] * 2 + ["a", "b", "c"] * 3, "rare")
    assert source.remarks == (
        "own.csv: y: 'rare' in 2 rows is the minority; 'a' in 3 rows, 'b' in 3 rows and 'c' in 3 rows "
        "together are the majority",
    )


def test_labels_that_nearly_all_occur_once_are_told_where_the_minority_is_not_found(tmp_path):
    said = refused(tmp_path, [f"sick.|{n}" for n in range(20)] + ["negative.|5"] * 2, "sick")
    assert "nearly every label occurs once: 21 labels in 22 rows" in said
    told = parse(tmp_path, [f"sick.|{n}" for n in range(20)] + ["negative.|5"] * 2, "sick.|3").remarks
    assert "nearly every label occurs once: 21 labels in 22 rows" in told[0]


def test_what_looks_like_a_condition_and_is_none_says_why(tmp_path):
    assert "all labels have to be numbers, and 'high' is none" in refused(
        tmp_path, ["8", "1", "high", "2"], ">7"
    )


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize(("one", "other"), [("1", "1.0"), ("1", " 1"), ("1.50", "1.5"), ("1", "1e0")])
@pytest.mark.parametrize("minority", ["one", "number"])
def test_spellings_of_one_number_are_one_label_with_a_word(tmp_path, one, other, kind, minority):
    named = one if minority == "one" else float(one)
    source = parse(tmp_path, [one] * 3 + [other] * 2 + ["0"] * 9, named, kind)
    assert load_dataset(source).y.tolist() == [1] * 5 + [0] * 9
    assert source.remarks == (
        f"own.{kind}: y: {one!r} in 3 rows and {other!r} in 2 rows are taken for one label",
    )
    assert load_dataset(source).card.remarks == source.remarks[0]


def test_spellings_of_a_label_of_the_majority_are_told_and_change_nothing(tmp_path):
    source = parse(tmp_path, ["yes"] * 3 + ["No"] * 4 + ["no"] * 5, "yes")
    assert load_dataset(source).y.sum() == 3
    assert source.remarks == ("own.csv: y: 'No' in 4 rows and 'no' in 5 rows are taken for one label",)


def test_labels_that_differ_in_more_than_spelling_stay_apart(tmp_path):
    source = parse(tmp_path, ["yes"] * 3 + ["no", "nope", "y", "-1", "1", "1_0"], "yes")
    assert not [text for text in source.remarks if "one label" in text]
    assert load_dataset(source).y.sum() == 3


def test_a_condition_knows_no_spellings(tmp_path):
    source = parse(tmp_path, ["0.9", "0.90", "0.1", "0.10", "0.2"], "> 0.5")
    assert source.remarks == ("own.csv: y: > 0.5 in 2 of 5 rows is the minority, the others together",)
    assert load_dataset(source).y.tolist() == [1, 1, 0, 0, 0]


def test_of_several_conditions_each_is_told(tmp_path):
    source = parse(tmp_path, [str(n) for n in range(10)] * 2, ["> 7", "< 1"])
    assert source.remarks[:2] == (
        "own.csv: y: > 7 in 4 of 20 rows is of the minority",
        "own.csv: y: < 1 in 2 of 20 rows is of the minority",
    )
    assert load_dataset(source).y.sum() == 6


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("label", [*(mark for mark in MISSING_MARKERS if mark), "None", "<NA>", "#N/A", "-"])
def test_the_label_that_minority_names_is_a_label_whatever_stands_for_missing(tmp_path, label, kind):
    source = parse(tmp_path, [label] * 3 + ["EU"] * 9, label, kind)
    assert load_dataset(source).y.tolist() == [1] * 3 + [0] * 9


@pytest.mark.parametrize("mark", MISSING_MARKERS)
def test_other_marks_of_a_missing_label_are_refused(tmp_path, mark):
    said = refusals(tmp_path, ["yes"] * 3 + [mark] * 2 + ["no"] * 9, "yes")
    assert "got 2 rows without and 12 with one: remove the rows or fill them in" in said
    if mark:
        assert f"{mark!r} in 2 stands for no value unless 'minority', 'majority' or 'positive'" in said
        assert f'majority: ["{mark}", ...]' in said


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("mark", [" ", "\t", "\u00a0", "\u200b", "''", "NAN", " nan", "-nan", "#N/A", "<NA>"])
@pytest.mark.parametrize(("minority", "other"), [("yes", "no"), ("1", "0"), (">0.5", "0")])
def test_what_only_looks_like_a_label_is_a_missing_one(tmp_path, mark, kind, minority, other):
    label = minority.replace(">0.5", "1")
    said = refusals(tmp_path, [label] * 3 + [mark] * 2 + [other] * 9, minority, kind)
    assert "got 2 rows without and 12 with one" in said
    assert f"{mark!r} in 2 stands for no value" in said


@pytest.mark.parametrize("mark", [" NA", "na", "N/A ", "Null", " ?", "n/a"])
def test_a_mark_of_a_missing_label_may_be_spelled_otherwise(tmp_path, mark):
    assert f"{mark!r} in 2 stands for no" in refusals(tmp_path, ["yes"] * 3 + [mark] * 2 + ["no"] * 9, "yes")


def test_an_empty_cell_is_no_label_beside_one_called_na(tmp_path):
    assert "got 2 rows without" in refusals(tmp_path, ["NA"] * 3 + [""] * 2 + ["EU"] * 9, "NA")
    with pytest.raises(ConfigError, match="an empty cell is no label"):
        parse(tmp_path, ["", "EU", "EU"], "")


@pytest.mark.parametrize("mark", ["NA", "?", "null"])
def test_features_keep_their_missing_cells_when_a_label_is_called_like_one(tmp_path, mark):
    (tmp_path / "own.csv").write_text(f"a,b,y\n1,x,{mark}\n{mark},x,EU\n3,{mark},EU\n4,z,EU\n")
    source = parse_source({"name": "own", "file": "own.csv", "target": "y", "minority": mark}, tmp_path)
    own = load_dataset(source)
    assert own.X.isna().to_numpy().tolist() == [[False, False], [True, False], [False, True], [False, False]]
    assert own.y.tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("labels", "minority", "expected"),
    [
        (pd.array([1, 0, 0, 0], dtype="int8"), 1, [1, 0, 0, 0]),
        (pd.array([0.1, 0.7, 0.7, 0.7], dtype="float32"), 0.1, [1, 0, 0, 0]),
        (pd.array([True, False, False, False]), "True", [1, 0, 0, 0]),
        (pd.Categorical(["b", "a", "a", "a"], categories=["unused", "a", "b"]), "b", [1, 0, 0, 0]),
        (pd.array([3, 1, 1, 2], dtype="int64"), ">2", [1, 0, 0, 0]),
    ],
)
def test_labels_in_parquet_are_read_whatever_their_type(tmp_path, labels, minority, expected):
    assert load_dataset(parse(tmp_path, labels, minority, "parquet")).y.tolist() == expected


@pytest.mark.parametrize(
    "labels",
    [pd.array([1, 0, None, 0], dtype="Int64"), [0.5, 1.0, np.nan, 1.0], ["a", "b", None, "b"]],
    ids=["integer", "float", "text"],
)
def test_a_missing_label_in_parquet_is_refused_while_pytest_collects(tmp_path, labels):
    minority = str(labels[0])
    assert "got 1 rows without and 3 with one" in refusals(tmp_path, labels, minority, "parquet")


def test_what_is_no_parquet_is_refused_while_pytest_collects(tmp_path):
    (tmp_path / "own.parquet").write_text("a,y\n1,2\n")
    with pytest.raises(ConfigError, match=r"expected a Parquet table at .*own.parquet"):
        parse_source({"name": "own", "file": "own.parquet", "target": "y", "minority": "1"}, tmp_path)


LONG = ["1234567890123456789", "1234567890123456788", "100000000000000000001"]


@pytest.mark.parametrize("kind", ["csv", "parquet", "feather", "arff", "nominal.arff"])
@pytest.mark.parametrize("made", [int, str])
def test_long_numbers_that_are_one_float_are_several_labels(tmp_path, kind, made):
    labels = [LONG[min(n % 4, 1)] for n in range(40)]
    frame = pd.DataFrame({"x": [n * n % 37 + 0.5 for n in range(40)], "y": [made(label) for label in labels]})
    path = tmp_path / f"t.{kind}"
    if kind.endswith("arff"):
        attribute = f"{{{LONG[0]}, {LONG[1]}}}" if kind.startswith("nominal") else "numeric"
        rows = "\n".join(f"{x},{y}" for x, y in frame.itertuples(index=False))
        path.write_text(f"@relation t\n@attribute x real\n@attribute y {attribute}\n@data\n{rows}\n")
    else:
        {"csv": frame.to_csv, "parquet": frame.to_parquet, "feather": frame.to_feather}[kind](
            path, **({"index": False} if kind == "csv" else {})
        )
    entry = {"name": "t", "file": path.name, "target": "y", "drop_duplicates": False}
    for minority in (LONG[0], int(LONG[0]), f"{LONG[0]}.0"):
        own = load_dataset(parse_source({**entry, "minority": minority}, tmp_path))
        assert own.y.tolist() == [int(label == LONG[0]) for label in labels]
    with pytest.raises(ConfigError, match=f"with y = '{LONG[2]}', got none"):
        load_dataset(parse_source({**entry, "minority": LONG[2]}, tmp_path))


def test_long_labels_of_libsvm_are_refused_as_they_are_floats(tmp_path):
    (tmp_path / "t.svm").write_text("".join(f"{label} 1:{n}\n" for n, label in enumerate(LONG[:2] * 9)))
    with pytest.raises(ConfigError, match=r"expected labels below 2\*\*53 in t\.svm, got 12345678901234567"):
        parse_source({"name": "t", "file": "t.svm", "target": "label", "minority": LONG[0]}, tmp_path)


@pytest.mark.parametrize(
    ("labels", "minority"),
    [
        (["$5.35", "$1,234.50", "$7.01"], "> 7"),
        (["36.4%", "80.5%", "6%"], ">= $7"),
        (["5,73", "8,52", "7,1"], "> 7"),
        (["4.5 kg", "8 KG", "7.5kg"], ">7 kg"),
        (["2,004.68", "9,152.63", "7"], "> 1,000"),
    ],
)
def test_a_limit_is_compared_with_numbers_in_clothes(labels, minority):
    plain = {"$5.35": 5.35, "$1,234.50": 1234.5, "$7.01": 7.01, "36.4%": 36.4, "80.5%": 80.5, "6%": 6.0}
    plain |= {"5,73": 5.73, "8,52": 8.52, "7,1": 7.1, "4.5 kg": 4.5, "8 KG": 8.0, "7.5kg": 7.5}
    plain |= {"2,004.68": 2004.68, "9,152.63": 9152.63, "7": 7.0}
    limit = 1000 if "1,000" in minority else 7
    expected = [plain[label] > limit for label in labels]
    if "%" in labels[0]:
        assert is_minority(labels, minority) == [False] * 3, "dollars are no percent"
        minority = ">= 7%"
    assert is_minority(labels, minority) == expected
    counts = {label: 5 + 5 * (not flag) for label, flag in zip(labels, expected, strict=True)}
    (said,) = check_labels(counts, {}, minority, name="t", column="y", file="t.csv", decides=False)
    first = next(label for label in labels if number(label) is None)
    assert f"labels are read as numbers, {first!r} as {plain[first]:.12g}" in said


def test_a_measured_target_is_told_to_take_a_condition():
    labels = {f"{n / 300:.4f}": 1 for n in range(300)}
    with pytest.raises(
        ConfigError, match=r"numeric with 300 values: write a condition, such as minority: '> 0\.8"
    ):
        check_labels(labels, {}, "0.46651", name="t", column="y", file="t.csv")
    with pytest.raises(ConfigError, match="set 'minority' to one of"):
        check_labels({"1": 10, "2": 5, "3": 7}, {}, "4", name="t", column="y", file="t.csv")
