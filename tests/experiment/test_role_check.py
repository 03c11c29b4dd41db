"""What cannot be split is said when the experiment is read, before any cell."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.errors import ConfigError
from smote_bench.evaluation.protocol import Protocol
from smote_bench.experiment.file import experiment_from_text


@pytest.fixture
def read(tmp_path):
    rng = np.random.default_rng(0)
    rows = [
        f"{rng.normal():.4f},{n // 6},{n},{'test' if n >= 90 else 'train'},{n % 3 + 1},{int(n // 6 % 3 == 0)}"
        for n in range(120)
    ]
    (tmp_path / "t.csv").write_text("\n".join(["x,g,t,s,w,y", *rows]) + "\n")

    def read(keys, more=""):
        entry = f"{{name: t, file: t.csv, target: y, minority: 1, {keys}}}"
        return experiment_from_text(
            f"methods: [SMOTE]\ndatasets: [{entry}]\n{more}", str(tmp_path / "exp.yaml")
        )

    return read


@pytest.mark.parametrize(
    ("keys", "more", "words"),
    [
        ("groups: g", "cv_folds: 10", "t: expected each class in at least 11 groups .* got .13, 7. groups"),
        ("time: t", "cv_folds: 16", "t: expected rows that can be cut, in the order of time, into 18 blocks"),
        ("split: s", "test_size: 0", "expected a hold-out beside 'split', got test_size: 0"),
        ("split: w", "", "'train' or 'test' in column 'w'"),
        ("groups: g, split: s", "cv_folds: 9", "each class in at least 9 groups of the training part"),
    ],
)
def test_it_names_line_and_table(read, keys, more, words):
    with pytest.raises(ConfigError, match=words) as told:
        read(keys, more)
    assert "exp.yaml:2: datasets" in str(told.value)


@pytest.mark.parametrize(
    ("tested", "trained", "words"),
    [
        (
            "0",
            "01",
            "the rows of t.csv that test, as column 's' says, got 30 rows, all of the majority: column 'y'",
        ),
        ("1", "01", "that test, .* all of the minority: column 'y' has no other label than '1' there"),
        ("01", "0", "the rows of t.csv that train, .* got 90 rows, all of the majority: .* has no '1' there"),
    ],
)
def test_a_given_split_with_one_class_on_a_side_names_side_and_class(read, tmp_path, tested, trained, words):
    sides = ["test" if n >= 90 else "train" for n in range(120)]
    labels = [tested if side == "test" else trained for side in sides]
    rows = [
        f"{n * 7 % 127}.5,{n // 6},{n},{side},1,{label[n % 5 // 4 % len(label)]}"
        for n, (side, label) in enumerate(zip(sides, labels, strict=True))
    ]
    (tmp_path / "t.csv").write_text("\n".join(["x,g,t,s,w,y", *rows]) + "\n")
    with pytest.raises(ConfigError, match=rf"expected rows of both classes in .*{words}") as told:
        read("split: s, drop: [g, w]")
    assert "remove 'split', and the hold-out is drawn" in str(told.value)


def test_a_side_of_which_only_repeats_were_there_is_told_so(read, tmp_path):
    table = tmp_path / "t.csv"
    rows = [f"{n % 45 * 7 % 127}.5,{n % 45 % 5 // 4}" for n in range(90)]
    for side in ("test", "train"):
        other = {"test": "train", "train": "test"}[side]
        sides = [side if n < 45 else other for n in range(90)]
        table.write_text("\n".join(["x,y,s", *(f"{row},{of}" for row, of in zip(rows, sides, strict=True))]))
        with pytest.raises(
            ConfigError, match=r"in the rows of t\.csv that .*, got none that is not a repeat"
        ):
            read("split: s")


def test_neither_hold_out_nor_folds_is_refused(read):
    with pytest.raises(ConfigError, match="expected a hold-out or folds, got 0 of both"):
        read("groups: g", "test_size: 0\ncv_folds: 0")


def test_settings_without_effect_are_told(read):
    assert read("groups: g", "cv_folds: 3\nrandom_runs: 2").remarks == ()
    (one,) = read("time: t", "cv_folds: 3\nrandom_runs: 2").remarks
    assert one.startswith("random_runs: 2 repeats t on the same rows")
    first, second = read("split: s", "cv_folds: 3\nrandom_runs: 2").remarks
    assert first == "test_size has no effect on t: 'split' gives its hold-out"
    assert second == "random_runs: 2 repeats test t on the same hold-out"


def test_no_hold_out_is_a_setting_of_the_protocol(read):
    protocol = read("weights: w", "test_size: 0\nrandom_runs: 3").protocol
    assert protocol == Protocol(test_size=0.0, random_runs=3)
    assert protocol.fits_per_cell == 15
    assert not protocol.has_holdout
