"""`smote-bench datasets show FILE`: what is read as what, with the options of an experiment's keys.

Also of: file_options.
"""

from __future__ import annotations

import pandas as pd
import pytest

from smote_bench import cli

pytestmark = pytest.mark.usefixtures("no_network")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    rows = [f"p{n % 6};{n},5;{'no' if n % 4 else 'yes'};{'-' if n == 3 else n};red" for n in range(24)]
    (tmp_path / "own.csv").write_text("\n".join(["who;a;y;b;colour", *rows, "p1;;no;N.A.;blue"]) + "\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_prints_form_kinds_markers_and_findings(call, folder):
    status, out, err = call("show", "own.csv", "--target", "y", "--key", "groups=who")
    assert (status, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for words in (
        "file own.csv: text, 25 rows",
        "encoding utf-8 (guessed)",
        "cells separated by ';' (guessed)",
        "decimal , (guessed)",
        "header line 1 (guessed)",
        "target y: 'no' in 19 rows, 'yes' in 6 rows; the minority, 'yes', has 6",
        "columns 3 features, 1 others",
        "who groups",
        "a numbers, 0.5 to 23.5 1 missing (empty 1)",
        "b numbers, 0 to 23 2 missing ('N.A.' 1, '-' 1)",
        "colour 2 categories: 'blue', 'red'",
        "read: own.csv: cells are separated by semicolons",
    ):
        assert words in lines


@pytest.mark.parametrize(
    ("told", "as_keys"),
    [
        (("--groups", "who"), ("groups=who",)),
        (("--time", "day"), ("time=day",)),
        (("--weights", "day"), ("weights=day",)),
        (("--split", "part"), ("split=part",)),
        (("--test", "more.csv"), ("test=more.csv",)),
        (("--positive", "no"), ("positive=no",)),
        (("--drop", "b"), ("drop=[b]",)),
        (("--drop", "b", "--drop", "[who, colour]"), ("drop=[b, who, colour]",)),
        (("--keep", "who", "--groups", "part"), ("keep=[who]", "groups=part")),
        (("--positive", "['no']"), ("positive=['no']",)),
    ],
)
def test_an_option_says_the_same_as_the_key_of_an_experiment(call, folder, told, as_keys):
    lines = (folder / "own.csv").read_text().splitlines()
    parts = ["part;day", *(f"{('train', 'test')[n % 3 == 0]};{n + 1}" for n in range(len(lines) - 1))]
    (folder / "own.csv").write_text("".join(f"{a};{b}\n" for a, b in zip(lines, parts, strict=True)))
    (folder / "more.csv").write_text((folder / "own.csv").read_text())
    command = ("show", "own.csv", "--target", "y")
    shown = call(*command, *told)
    assert shown[::2] == (0, "")
    assert shown == call(*command, *(word for key in as_keys for word in ("--key", key)))
    assert shown[1] != call(*command)[1]


@pytest.mark.parametrize(
    ("told", "split"),
    [
        (("--groups", "who"), "into a hold-out of 0.2 and 5 folds"),
        (("--split", "part"), "into the given hold-out and 5 folds"),
        (
            ("--split", "part", "--time", "a"),
            "not into the given hold-out and 5 folds, as an experiment does by default: expected a given "
            "test part that is later than the training part, got 20 of 20 test rows that are not: remove",
        ),
        (
            ("--groups", "half"),
            "not into a hold-out of 0.2 and 5 folds, as an experiment does by default: expected",
        ),
        ((), None),
    ],
)
def test_says_whether_the_file_can_be_split_as_its_roles_ask(call, folder, told, split):
    rows = [f"p{n % 30},{n},{int(n % 4 == 0)},{'test' if n < 20 else 'train'},{n % 2}" for n in range(100)]
    (folder / "roles.csv").write_text("\n".join(["who,a,y,part,half", *rows]) + "\n")
    status, out, err = call("show", "roles.csv", "--target", "y", *told)
    assert (status, err) == (0, "")
    said = " ".join(out.partition("\nsplit ")[2].split())
    assert said.startswith(split) if split else not said


def test_an_option_that_takes_one_value_is_not_given_twice(folder, capsys):
    with pytest.raises(SystemExit):
        cli.main(["datasets", "show", "own.csv", "--target", "y", "--groups", "a", "--groups", "b"])
    assert "expected --groups once, got it again with 'b'" in capsys.readouterr().err


@pytest.mark.parametrize("told", [("--groups", "g"), ("--sep", ";"), ("--drop", "id"), ("--key", "time=t")])
def test_options_of_a_file_are_refused_for_a_data_set_of_the_catalogue(call, told):
    status, out, err = call("show", "Ecoli", *told)
    assert (status, out) == (2, "")
    assert f"expected a file for {told[0]}, got 'Ecoli'" in err
    assert call("show", "Ecoli")[0] == 0


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("--kinds={b: nominal}", "--key kinds=..."),
        ("--read={}", "--key read=..."),
        ("--group=who", "--groups"),
        ("--sample_weight=a", "--weights"),
    ],
)
def test_a_key_that_is_no_option_is_told_how_it_is_said(folder, capsys, told, meant):
    with pytest.raises(SystemExit) as end:
        cli.main(["datasets", "show", "own.csv", "--target", "y", told])
    assert end.value.code == 2
    assert f"Did you mean '{meant}'?" in capsys.readouterr().err


def test_options_say_how_the_file_is_read(call, folder):
    (folder / "other.csv").write_text("1^2^no\n3^9^no\n5^6^yes\n")
    told = ("--sep", "^", "--header", "[a, b, y]", "--na", "[9]", "--key", "drop=[a]")
    status, out, _ = call("show", "other.csv", "--target", "y", *told)
    assert status == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "cells separated by '^' (as said)" in lines
    assert "header none (as said)" in lines
    assert "a dropped" in lines
    assert "b numbers, 2 to 6 1 missing ('9' 1)" in lines


@pytest.mark.parametrize(
    "told",
    [
        ("--minority", "[high, vhigh]"),
        ("--minority", "high", "--minority", "vhigh"),
        ("--key", "minority=[high, vhigh]"),
        ("--key", "minority=>7"),
        ("--minority", ">8", "--minority", "<1"),
    ],
)
def test_several_labels_or_a_condition_may_be_the_minority(call, folder, told):
    labels = ["high"] * 3 + ["vhigh"] * 4 + ["mid"] * 6 + ["low"] * 17
    if ">" in told[1]:
        labels = [str(n % 10) for n in range(30)]
    rows = [f"{n * 7 % 11},{label}" for n, label in enumerate(labels)]
    (folder / "several.csv").write_text("\n".join(["x,y", *rows]) + "\n")
    status, out, err = call("show", "several.csv", "--target", "y", *told)
    assert (status, err) == (0, "")
    assert f"has {6 if '>' in told[1] else 7}" in " ".join(out.split())


def test_columns_of_a_list_are_named_as_they_are_written(call, folder):
    rows = [f"{n},{n + 3}.5,{-n},{n * n}.25,{n % 3 // 2}" for n in range(30)]
    (folder / "odd.csv").write_text("\n".join(["no,007,7,[kg],y", *rows]) + "\n")
    for told, dropped in (("[007]", "007"), ("[no]", "no"), ("[kg]", "[kg]"), ("['[kg]', 7]", "7 [kg]")):
        status, out, err = call("show", "odd.csv", "--target", "y", "--drop", told)
        assert (status, err) == (0, "")
        lines = [line.split() for line in out.splitlines()]
        assert [words[0] for words in lines if words[-1] == "dropped"] == dropped.split()


def test_a_file_of_an_unknown_ending_is_a_file_where_an_option_of_files_is_given(call, folder):
    (folder / "own.csv").rename(folder / "own.foo")
    status, _, err = call("show", "own.foo", "--groups", "who")
    assert status == 2
    assert "expected --target COLUMN for the file 'own.foo'" in err


def test_a_label_that_yaml_reads_as_false_is_a_label(call, folder):
    status, out, err = call("show", "own.csv", "--target", "y", "--key", "positive=no")
    assert (status, err) == (0, "")
    assert "positive    the majority ('no'), in metrics; the minority is oversampled" in out
    assert "positive" not in call("show", "own.csv", "--target", "y")[1]


def test_a_sign_of_comments_may_begin_with_a_hyphen(call, folder):
    (folder / "marked.csv").write_text("a,y\n-- no row\n1,yes\n2,no\n3,no\n")
    status, out, err = call("show", "marked.csv", "--target", "y", "--comment=--")
    assert (status, err) == (0, "")
    assert "3 rows" in out


def test_a_missing_target_is_told_with_the_columns_there_are(call, folder):
    (folder / "t.csv").write_text("a,Label,b\n1,yes,3\n2,no,4\n")
    assert "as in --target b; there are 'a', 'Label', 'b'. Is 'Label' the target?" in call("show", "t.csv")[2]
    assert "got 'a', 'Label', 'b'. Is 'Label' the target?" in call("show", "t.csv", "--target", "z")[2]
    assert "Did you mean 'Label'?" in call("show", "t.csv", "--target", "lable")[2]


def test_other_formats_are_shown_too(call, folder):
    pd.DataFrame({"a": [1, 2, 3], "y": ["no", "yes", "no"]}).to_parquet("own.parquet")
    status, out, _ = call("show", "own.parquet", "--target", "y")
    assert status == 0
    assert "own.parquet: parquet, 3 rows" in out
    assert "cells" not in out


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ((), "expected --target COLUMN for the file 'own.csv'"),
        (("--target", "z"), "expected a column 'z' in own.csv"),
        (("--target", "a"), "say which is the minority, with --minority; of numbers it may be a condition"),
        (
            ("--target", "y", "--minority", "yes", "--key", "minority=no"),
            "--minority or --key minority, got both",
        ),
        (("--target", "y", "--drop", "a", "--key", "drop=b"), "--drop or --key drop, got both"),
        (("--target", "y", "--groups", "whom"), "Did you mean 'who'?"),
        (("--target", "y", "--key", "groups=a", "--key", "groups=b"), "expected --key groups once"),
        (("--target", "y", "--drop", "[1, f]"), "'1'"),
        (("--target", "y", "--drop", "[{a: 1}]"), "expected names of columns for --drop"),
        (("--target", "y", "--key", "target=who"), "expected --target COLUMN, got --key 'target=who'"),
        (("--target", "y", "--key", "file=a.csv"), "expected the file itself, got --key 'file=a.csv'"),
        (
            ("--target", "y", "--drop", "a", "--groups", "b", "--key", "groups=a", "--key", "drop=b"),
            "expected --groups or --key groups",
        ),
        (("--target", "y", "--decimal", ";"), "expected '.' or ',' for 'decimal'"),
        (("--target", "y", "--key", "groups"), "expected KEY=VALUE for --key, got 'groups'"),
        (("--target", "y", "--key", "group=who"), "Did you mean 'groups'"),
        (("--target", "y", "--na", "[a"), "expected a value in YAML for --na"),
        (("--target", "y", "--na", "2024-13-45"), "expected a value in YAML for --na"),
        (("--target", "y", "--na", "[" * 5_000), "expected a value in YAML for --na"),
    ],
)
def test_mistakes_are_told(call, folder, told, words):
    status, _, err = call("show", "own.csv", *told)
    assert status == 2
    assert words in err


def test_a_file_of_many_columns_floods_no_terminal(call, folder):
    names = [f"c{n}" for n in range(300)]
    rows = [[f"{n}:{k % 60:02}" for k in range(300)] for n in range(20)]
    lines = [",".join([*cells, "yes" if n % 4 == 0 else "no"]) for n, cells in enumerate(rows)]
    (folder / "wide.csv").write_text("\n".join([",".join([*names, "y"]), *lines]) + "\n")
    status, out, _ = call("show", "wide.csv", "--target", "y")
    assert status == 0
    assert len(out.splitlines()) < 130
    assert "  and 200 more: 200 numbers" in out.splitlines()
    assert "and 299 more columns alike: 'c1'," in " ".join(out.split())
