"""Baselines: evidence into files for git, and back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import made_up_run

from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell
from smote_bench.gate.baselines.arguments import portable_arguments, repeated_arguments
from smote_bench.gate.baselines.baseline import (
    check_free,
    list_baselines,
    load_baseline,
    save_baseline,
    save_from_run,
)
from smote_bench.gate.baselines.header import FORMAT, readable_json
from smote_bench.gate.baselines.noise import noise_table
from smote_bench.gate.evidence.evidence import Evidence
from smote_bench.gate.evidence.panel import HOLDOUT_FOLD, Panel, Unit
from smote_bench.gate.evidence.panel_file import DESCRIPTOR_DIGITS, round_to_digits

METRICS = ("balanced_accuracy", "roc_auc", "brier")


def _panel(
    cells: Sequence[Cell], names: Sequence[str], seed: int, *, splits: int = 2, draws: int = 3
) -> Panel:
    rng = np.random.default_rng(seed)
    units = [Unit(split, fold) for split in range(splits) for fold in (HOLDOUT_FOLD, 0, 1)]
    panel = Panel.empty(cells, units, range(draws), names)
    panel.present[:] = True
    panel.values[:] = rng.random(panel.values.shape)
    panel.values[..., 0] = rng.integers(0, 60, panel.present.shape) / 60
    panel.digests[:] = rng.integers(1, 2**64, panel.digests.shape, dtype=np.uint64)
    return panel


def _evidence(seed: int = 0) -> Evidence:
    cells = [Cell(d, m, c) for d in ("Ecoli", "Zoo") for m in ("Original", "SMOTE") for c in ("kNN", "tree")]
    scores = _panel(cells, METRICS, seed)
    scores.values[0, 0, 0, 1] = np.nan
    scores.present[3, 2, 1] = False
    scores.values[3, 2, 1] = np.nan
    samples = _panel(
        [Cell("Ecoli", "SMOTE", ""), Cell("Zoo", "SMOTE", "")], ("spread", "duplicates"), seed + 1
    )
    samples.values[:] = round_to_digits(samples.values, DESCRIPTOR_DIGITS)
    broken = Cell("Zoo", "Broken", "kNN")
    return Evidence(
        name="a run",
        scores=scores,
        better={"balanced_accuracy": "high", "roc_auc": "high", "brier": "low"},
        samples=samples,
        statuses={
            **dict.fromkeys(cells, ("ok", "")),
            cells[1]: ("noop", "as it was"),
            broken: ("error", "why"),
        },
        data={"Ecoli": "abc", "Zoo": "def"},
        splits={("Ecoli", split, fold): f"{split}{fold}" for split in (0, 1) for fold in (-1, 0, 1)},
        seconds=dict.fromkeys(cells, (0.001234567, 12.34567)),
        protocol={"test_size": 0.2, "cv_folds": 2, "random_state": 42},
        about={
            "made_at": "2026-01-01T00:00:00+00:00",
            "commit": "c0ffee",
            "packages": {"numpy": "2.0"},
            "experiment": {"name": "small", "file": "small.yaml"},
        },
    )


def _same(one: Panel, other: Panel) -> None:
    assert (one.cells, one.units, one.draws, one.names) == (
        other.cells,
        other.units,
        other.draws,
        other.names,
    )
    assert one.values.tobytes() == other.values.tobytes()
    assert np.array_equal(one.present, other.present)


def test_evidence_comes_back_to_the_last_digit(tmp_path: Path) -> None:
    evidence = _evidence()
    path = save_baseline(evidence, tmp_path / "v1.2", reason="first")
    assert path == tmp_path / "v1.2.json"
    loaded = load_baseline(path)
    _same(loaded.scores, evidence.scores)
    assert loaded.samples is not None
    assert evidence.samples is not None
    _same(loaded.samples, evidence.samples)
    for part in ("better", "statuses", "data", "splits", "protocol"):
        assert getattr(loaded, part) == getattr(evidence, part), part
    assert loaded.name == "v1.2"
    assert loaded.about == {**evidence.about, "reason": "first"}


def test_digests_are_kept_of_the_first_seed_alone(tmp_path: Path) -> None:
    evidence = _evidence()
    loaded = load_baseline(save_baseline(evidence, tmp_path / "main"))
    assert np.array_equal(
        loaded.scores.digests[..., 0], np.where(evidence.scores.present, evidence.scores.digests, 0)[..., 0]
    )
    assert not loaded.scores.digests[..., 1:].any()


def test_seconds_keep_three_digits(tmp_path: Path) -> None:
    loaded = load_baseline(save_baseline(_evidence(), tmp_path / "main"))
    assert set(loaded.seconds.values()) == {(0.00123, 12.3)}


def test_evidence_without_samples_has_no_file_of_them(tmp_path: Path) -> None:
    save_baseline(_evidence(), tmp_path / "main")
    path = save_baseline(
        dataclasses.replace(_evidence(), samples=None), tmp_path / "main", reason="r", replace=True
    )
    assert load_baseline(path).samples is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["main.fits.parquet", "main.json"]


def test_equal_evidence_gives_equal_bytes_whatever_the_order_of_its_cells(tmp_path: Path) -> None:
    evidence = _evidence()
    backwards = dataclasses.replace(
        evidence,
        scores=evidence.scores.take(cells=evidence.scores.cells[::-1]),
        statuses=dict(reversed(evidence.statuses.items())),
        splits=dict(reversed(evidence.splits.items())),
    )
    for folder, one in (("a", evidence), ("b", evidence), ("c", backwards)):
        save_baseline(one, tmp_path / folder / "main", reason="same", arguments=["-n", "2"])
    a, b, c = ({p.name: p.read_bytes() for p in (tmp_path / folder).iterdir()} for folder in "abc")
    assert len(a) == 3
    assert a == b == c


def test_a_name_that_is_there_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = save_baseline(_evidence(), tmp_path / "main")
    before = path.read_bytes()
    with pytest.raises(
        ConfigError,
        match=r"expected a new baseline's name, got 'main', which is there .*baseline accept main --reason",
    ):
        save_baseline(_evidence(seed=5), tmp_path / "main")
    assert path.read_bytes() == before


def test_a_taken_name_is_refused_before_a_long_run(tmp_path: Path) -> None:
    check_free("main", tmp_path)
    save_baseline(_evidence(), tmp_path / "baselines" / "main")
    with pytest.raises(ConfigError, match="expected a new baseline's name, got 'main'"):
        check_free("main", tmp_path, reason="  ")
    check_free("main", tmp_path, reason="a better SMOTE")


@pytest.mark.parametrize("name", ["", "a/b", "../main", ".hidden", "main.json", "a b", "-n"])
def test_refuses_names_that_would_not_do_as_a_files(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"expected a baseline's name of letters, digits .* got"):
        check_free(name, tmp_path)


def test_refuses_to_save_a_run_in_which_nothing_was_scored(tmp_path: Path) -> None:
    evidence = dataclasses.replace(_evidence(), scores=_panel([], METRICS, 0))
    with pytest.raises(
        ConfigError, match=r"expected at least one scored cell .* got none in 'a run' \(error, noop, ok\)"
    ):
        save_baseline(evidence, tmp_path / "main")
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_metric_with_the_name_of_a_column(tmp_path: Path) -> None:
    evidence = _evidence()
    scores = dataclasses.replace(evidence.scores, names=("split", "roc_auc", "brier"))
    with pytest.raises(ConfigError, match=r"expected measures under names of their own, got 'split'.*rename"):
        save_baseline(dataclasses.replace(evidence, scores=scores), tmp_path / "main")


def test_a_run_is_saved_and_refreshed_with_its_reasons_as_history(tmp_path: Path) -> None:
    one = made_up_run(tmp_path, datasets=1, methods=2, folds=2, points=None, name="one")
    two = made_up_run(tmp_path, datasets=1, methods=2, folds=2, points=None, name="two", seed=1)
    path = save_from_run(one, "main", tmp_path)
    assert path == tmp_path / "baselines" / "main.json"
    for run, reason in ((two, "ties are broken by distance"), (one, "and back")):
        save_from_run(run, "main", tmp_path, reason=reason, replace=True)
    header = json.loads(path.read_text())
    assert header["reason"] == "and back"
    assert [entry["reason"] for entry in header["history"]] == ["", "ties are broken by distance"]
    assert all(entry["made_at"] for entry in header["history"])


def test_replacing_takes_a_reason_and_saving_takes_a_new_name(tmp_path: Path) -> None:
    run = made_up_run(tmp_path, datasets=1, methods=2, folds=2, points=None)
    save_from_run(run, "main", tmp_path)
    with pytest.raises(ConfigError, match=r"expected a reason for replacing the baseline 'main', got ' '"):
        save_from_run(run, "main", tmp_path, reason=" ", replace=True)
    with pytest.raises(ConfigError, match="expected a new baseline's name, got 'main'"):
        save_from_run(run, "main", tmp_path, reason="said, but not asked to replace")


def test_a_thousand_cases_take_about_two_megabytes(tmp_path: Path) -> None:
    cells = [Cell(f"d{d}", f"m{m}", f"c{c}") for d in range(12) for m in range(30) for c in range(3)]
    rng = np.random.default_rng(0)
    units = [Unit(split, fold) for split in range(5) for fold in (HOLDOUT_FOLD, 0, 1, 2, 3, 4)]
    names = ("balanced_accuracy", "g_mean", "f1_macro", "roc_auc", "average_precision")
    panel = Panel.empty(cells, units, range(4), names)
    panel.present[:] = True
    # as on 12 minority and 48 majority test rows, but for the last, which is as fine as numbers can be
    tpr = rng.binomial(12, 0.7, panel.present.shape) / 12
    tnr = rng.binomial(48, 0.85, panel.present.shape) / 48
    auc = np.round(rng.normal(0.85, 0.03, panel.present.shape) * 2 * 12 * 48) / (2 * 12 * 48)
    precise = rng.normal(0.6, 0.05, panel.present.shape)
    columns = ((tpr + tnr) / 2, np.sqrt(tpr * tnr), (tpr + 2 * tnr) / 3, auc, precise)
    for number, column in enumerate(columns):
        panel.values[..., number] = column
    panel.digests[:] = rng.integers(1, 2**64, panel.digests.shape, dtype=np.uint64)
    evidence = Evidence("made up", panel, dict.fromkeys(names, "high"))
    path = save_baseline(evidence, tmp_path / "main")
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 2.2e6
    assert np.array_equal(load_baseline(path).scores.values[0], panel.values[0])


def _damage(path: Path, how: str) -> None:
    fits = path.with_name("main.fits.parquet")
    header = json.loads(path.read_text())
    if how == "no json":
        path.write_text("<<<<<<< HEAD\n" + path.read_text())
    elif how == "not an object":
        path.write_text("[1, 2]")
    elif how == "newer":
        path.write_text(json.dumps({**header, "format": FORMAT + 1}))
    elif how == "keys":
        path.write_text(json.dumps({k: v for k, v in header.items() if k not in ("metrics", "files")}))
    elif how == "missing":
        fits.unlink()
    elif how == "truncated":
        fits.write_bytes(fits.read_bytes()[:-100])
    elif how == "mixed":
        save_baseline(_evidence(seed=9), path.with_name("other"))
        fits.write_bytes(path.with_name("other.fits.parquet").read_bytes())
    elif how == "statuses":
        path.write_text(json.dumps({**header, "statuses": [{"dataset": "Zoo"}]}))


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (
            "no json",
            r"expected a baseline's JSON, got .*main\.json.* cannot be read \(.*line 1.*\): restore .* git",
        ),
        (
            "not an object",
            r"expected a baseline's JSON with its format's number, got .* format None: restore",
        ),
        ("newer", rf"expected a baseline of format {FORMAT} at most, got format {FORMAT + 1} in .*: upgrade"),
        ("keys", r"expected a baseline's JSON with cases, .* got .* without files, metrics: restore"),
        (
            "missing",
            r"expected .*main\.fits\.parquet' beside .* got No such file.*: restore .* from one commit",
        ),
        (
            "truncated",
            r"expected .*main\.fits\.parquet' with the digest .* got .*: it is damaged .*; restore",
        ),
        ("mixed", r"expected .*main\.fits\.parquet' with the digest .* or from another save; restore"),
        ("statuses", r"expected the files of a baseline, got .* do not fit together \(KeyError.*\): restore"),
    ],
)
def test_damaged_files_are_refused_with_the_remedy(tmp_path: Path, how: str, message: str) -> None:
    path = save_baseline(_evidence(), tmp_path / "main")
    _damage(path, how)
    with pytest.raises(ConfigError, match=message):
        load_baseline(path)


def test_a_file_that_is_no_parquet_is_refused_though_its_digest_is_right(tmp_path: Path) -> None:
    import hashlib

    path = save_baseline(_evidence(), tmp_path / "main")
    path.with_name("main.fits.parquet").write_bytes(b"hello")
    header = json.loads(path.read_text())
    header["files"]["fits"] = hashlib.sha256(b"hello").hexdigest()
    path.write_text(json.dumps(header))
    with pytest.raises(ConfigError, match=r"do not fit together \(ArrowInvalid"):
        load_baseline(path)


def test_is_found_by_its_name_or_by_its_path(tmp_path: Path) -> None:
    path = save_baseline(_evidence(), tmp_path / "baselines" / "main")
    for word in ("main", str(path), str(path.with_name("main"))):
        assert load_baseline(word, tmp_path).name == "main"


def test_a_misspelt_name_gets_a_suggestion(tmp_path: Path) -> None:
    save_baseline(_evidence(), tmp_path / "baselines" / "main")
    with pytest.raises(
        ConfigError,
        match=r"expected the name of a baseline in .*, got 'mian'\. Did you mean 'main'\?.* main;",
    ):
        load_baseline("mian", tmp_path)
    with pytest.raises(ConfigError, match=r"there is none; `smote-bench baseline save main` makes it"):
        load_baseline("main", tmp_path / "elsewhere")


def test_the_list_names_those_that_cannot_be_read(tmp_path: Path) -> None:
    good = save_baseline(_evidence(), tmp_path / "baselines" / "good")
    (tmp_path / "baselines" / "bad.json").write_text("{")
    bad, found = list_baselines(tmp_path)
    assert (bad.name, found.name, found.remark) == ("bad", "good", "")
    assert "cannot be read" in bad.remark
    assert found.header["cases"] == 9
    assert found.n_bytes == sum(p.stat().st_size for p in good.parent.glob("good*"))


def test_noise_is_the_seeds_standard_deviation_of_folds_and_of_their_means() -> None:
    cells = [Cell("d", method, "c") for method in ("Original", "SMOTE")]
    panel = Panel.empty(cells, [Unit(0, HOLDOUT_FOLD), Unit(0, 0), Unit(0, 1)], (0, 1), ("roc_auc",))
    panel.present[:] = True
    panel.values[0] = 0.5
    panel.values[1, :, :, 0] = [[0.0, 1.0], [0.5, 0.7], [0.5, 0.5]]  # the hold-out's does not enter
    fold = np.sqrt((0.2**2 / 2 + 0) / 2)
    assert noise_table(panel) == {
        "d": {
            "c": {
                "roc_auc": {"fold": pytest.approx(fold), "split_mean": pytest.approx(0.0707), "n_methods": 1}
            }
        }
    }
    assert noise_table(panel.take(draws=[0])) == {}


def test_noise_does_without_undefined_scores_and_is_0_where_no_seed_moves_a_score() -> None:
    panel = Panel.empty([Cell("d", "m", "c")], [Unit(0, 0), Unit(0, 1)], (0, 1, 2), ("a", "b"))
    panel.present[:] = True
    panel.values[0, :, :, 0] = [[0.1, 0.2, 0.3], [np.nan, 0.2, 0.3]]
    panel.values[0, :, :, 1] = 1 / 3
    found = noise_table(panel)["d"]["c"]
    assert found["a"] == {"fold": 0.1, "split_mean": None, "n_methods": 1}
    assert found["b"] == {"fold": 0.0, "split_mean": 0.0, "n_methods": 0}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=30,
    )
)
def test_readable_json_is_json(value: Any) -> None:
    assert json.loads(readable_json(value)) == value


def test_arguments_are_written_as_another_machine_would(tmp_path: Path) -> None:
    from smote_bench.experiment.shipped import experiment_path, grid_file

    given_words = [
        str(grid_file()),
        f"--rootdir={tmp_path}",
        "--smote-experiment",
        str(experiment_path("quick")),
        "--smote-out",
        "reports",
        "--smote-save=main",
        "--smote-accept-reason",
        "why",
        "-n",
        "2",
        str(tmp_path / "conf" / "mine.yaml"),
        "--smote-data=/elsewhere",
        "-k",
        "a and b",
    ]
    assert portable_arguments(given_words, tmp_path) == [
        "{grid}",
        "--rootdir=.",
        "--smote-experiment",
        "quick",
        "-n",
        "2",
        "conf/mine.yaml",
        "--smote-data=/elsewhere",
        "-k",
        "a and b",
    ]


def test_repeated_arguments_name_the_baseline_and_the_reason_anew() -> None:
    from smote_bench.experiment.shipped import grid_file

    words = repeated_arguments(["{grid}", "-n", "2"], name="main", reports=Path("reports"), reason="why")
    assert words[:3] == [str(grid_file()), "-n", "2"]
    assert words[3:] == ["--smote-out", "reports", "--smote-save", "main", "--smote-accept-reason", "why"]


@given(st.floats(1e-12, 1e12) | st.floats(-1e12, -1e-12) | st.just(0.0))
def test_rounded_descriptors_survive_single_precision(value: float) -> None:
    (rounded,) = round_to_digits(np.array([value]), 4)
    assert rounded == pytest.approx(value, rel=5.1e-4)
    assert rounded == float(f"{rounded:.3e}")
    assert round_to_digits(np.array([np.float32(rounded)], dtype=np.float64), 4) == rounded


def test_what_is_not_finite_is_not_rounded() -> None:
    assert np.isnan(round_to_digits(np.array([np.nan]), 4)).all()
    assert round_to_digits(np.array([np.inf, -np.inf]), 4).tolist() == [np.inf, -np.inf]


def test_a_baseline_is_read_without_pandas(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = save_baseline(_evidence(), tmp_path / "main")
    code = (
        "import sys; from smote_bench.gate.baselines.baseline import load_baseline\n"
        f"assert load_baseline({str(path)!r}).samples is not None\n"
        "assert not {'pandas', 'sklearn'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
