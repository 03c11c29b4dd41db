"""Baselines: evidence into files for git, and back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from gating.baselines.made_baselines import METRICS, evidence_of, panel_of
from made_up import made_up_run

from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.baselines.baseline import (
    check_free,
    load_baseline,
    save_baseline,
    save_from_run,
)
from smote_bench.gating.baselines.header import FORMAT
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel, Unit


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
    evidence = evidence_of()
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
    evidence = evidence_of()
    loaded = load_baseline(save_baseline(evidence, tmp_path / "main"))
    assert np.array_equal(
        loaded.scores.digests[..., 0], np.where(evidence.scores.present, evidence.scores.digests, 0)[..., 0]
    )
    assert not loaded.scores.digests[..., 1:].any()


def test_seconds_keep_three_digits(tmp_path: Path) -> None:
    loaded = load_baseline(save_baseline(evidence_of(), tmp_path / "main"))
    assert set(loaded.seconds.values()) == {(0.00123, 12.3)}


def test_evidence_without_samples_has_no_file_of_them(tmp_path: Path) -> None:
    save_baseline(evidence_of(), tmp_path / "main")
    path = save_baseline(
        dataclasses.replace(evidence_of(), samples=None), tmp_path / "main", reason="r", replace=True
    )
    assert load_baseline(path).samples is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["main.fits.parquet", "main.json"]


def test_equal_evidence_gives_equal_bytes_whatever_the_order_of_its_cells(tmp_path: Path) -> None:
    evidence = evidence_of()
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
    path = save_baseline(evidence_of(), tmp_path / "main")
    before = path.read_bytes()
    with pytest.raises(
        ConfigError,
        match=r"expected a new baseline's name, got 'main', which is there .*baseline accept main --reason",
    ):
        save_baseline(evidence_of(seed=5), tmp_path / "main")
    assert path.read_bytes() == before


def test_a_taken_name_is_refused_before_a_long_run(tmp_path: Path) -> None:
    check_free("main", tmp_path)
    save_baseline(evidence_of(), tmp_path / "baselines" / "main")
    with pytest.raises(ConfigError, match="expected a new baseline's name, got 'main'"):
        check_free("main", tmp_path, reason="  ")
    check_free("main", tmp_path, reason="a better SMOTE")


@pytest.mark.parametrize("name", ["", "a/b", "../main", ".hidden", "main.json", "a b", "-n"])
def test_refuses_names_that_would_not_do_as_a_files(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"expected a baseline's name of letters, digits .* got"):
        check_free(name, tmp_path)


def test_refuses_to_save_a_run_in_which_nothing_was_scored(tmp_path: Path) -> None:
    evidence = dataclasses.replace(evidence_of(), scores=panel_of([], METRICS, 0))
    with pytest.raises(
        ConfigError, match=r"expected at least one scored cell .* got none in 'a run' \(error, noop, ok\)"
    ):
        save_baseline(evidence, tmp_path / "main")
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_metric_with_the_name_of_a_column(tmp_path: Path) -> None:
    evidence = evidence_of()
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
        save_baseline(evidence_of(seed=9), path.with_name("other"))
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
    path = save_baseline(evidence_of(), tmp_path / "main")
    _damage(path, how)
    with pytest.raises(ConfigError, match=message):
        load_baseline(path)


def test_a_file_that_is_no_parquet_is_refused_though_its_digest_is_right(tmp_path: Path) -> None:
    import hashlib

    path = save_baseline(evidence_of(), tmp_path / "main")
    path.with_name("main.fits.parquet").write_bytes(b"hello")
    header = json.loads(path.read_text())
    header["files"]["fits"] = hashlib.sha256(b"hello").hexdigest()
    path.write_text(json.dumps(header))
    with pytest.raises(ConfigError, match=r"do not fit together \(ArrowInvalid"):
        load_baseline(path)


def test_a_baseline_is_read_without_pandas(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = save_baseline(evidence_of(), tmp_path / "main")
    code = (
        "import sys; from smote_bench.gating.baselines.baseline import load_baseline\n"
        f"assert load_baseline({str(path)!r}).samples is not None\n"
        "assert not {'pandas', 'sklearn'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
