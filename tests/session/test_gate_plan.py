"""What the gate's options and their ini twins take, and what they say of what they do not take."""

from __future__ import annotations

import pytest

from smote_bench.experiment.file import experiment_from_text
from smote_bench.session.gate_plan import GatePlan
from tests.session.conftest import COMPARE, SAVE, verdict_of

USAGE = 4
"""pytest's exit code for wrong usage."""

WRONG = {
    "--smote-gate=fial": ("expected one of off, warn, fail, got 'fial'", "Did you mean 'fail'"),
    "--smote-gate-alpha=0": ("above 0 and below 1, got '0'", "write a number such as 0.01"),
    "--smote-gate-alpha=nan": ("above 0 and below 1, got 'nan'", "write a number"),
    "--smote-gate-tol=0.01": ("expected NAME:VALUE", "got '0.01'", "write method:0.0015"),
    "--smote-gate-tol=casse:0.01": ("expected keys among method, dataset, case", "got 'casse'", "'case'"),
    "--smote-gate-tol=case:-1": ("0 or more, got '-1'", "write a number such as 0.01"),
    "--smote-compare-fail=g_men:0.1": ("expected a metric", "got 'g_men'", "Did you mean 'g_mean'"),
    "--smote-compare-fail=g_mean:0": ("expected a drop above 0, got '0'", "write a number"),
    "--smote-gate-slowdown=1": ("expected a factor above 1, got '1'", "write a number such as 1.5"),
    "--smote-gate-splits=0": ("expected a whole number from 1, got '0'", "write one such as 5"),
    "--smote-gate-seeds=two": ("expected a whole number from 1, got 'two'", "write one such as 4"),
    "--smote-save=a/b": ("expected a baseline's name", "got 'a/b'", "name it like main"),
    "--smote-compare=mian": ("expected the name of a baseline", "got 'mian'", "Did you mean 'main'"),
    "--smote-accept-reason=ties": ("expected --smote-save NAME", "'ties'", "name the baseline"),
}


@pytest.mark.parametrize("option", WRONG)
def test_refuses_a_wrong_value_in_three_parts(gated, option):
    run = gated.run(option)
    assert run.code == USAGE, run.text
    error = next(line for line in run.text.splitlines() if line.startswith("ERROR"))
    if "compare=" not in option and "save" not in option:
        assert option.partition("=")[0] in error
    for part in WRONG[option]:
        assert part in error
    assert not run.log, "nothing was computed"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("smote_gate=fial", "smote_gate in the ini file: expected one of off, warn, fail"),
        ("smote_gate_alpha=2", "smote_gate_alpha in the ini file: expected a rate"),
        ("smote_gate_seeds=0", "smote_gate_seeds in the ini file: expected a whole number from 1"),
        ("smote_compare_fail=roc:0.1", "smote_compare_fail in the ini file: expected a metric"),
    ],
)
def test_refuses_a_wrong_ini_value_by_its_own_name(gated, setting, said):
    run = gated.run("-o", setting)
    assert run.code == USAGE, run.text
    assert said in run.text


def test_refuses_a_damaged_baseline_before_any_cell_is_computed(gated, workers):
    with (gated.path / "out" / "baselines" / "main.fits.parquet").open("ab") as file:
        file.write(b"more")
    run = gated.run(*workers, *COMPARE)
    assert run.code == USAGE, run.text
    assert "it is damaged or from another save" in run.text
    assert "metric gate" not in run.text, "the session did not come so far"


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 99}'])
def test_refuses_a_header_that_is_none_before_any_cell_is_computed(gated, content):
    gated.baseline.write_text(content)
    run = gated.run(*COMPARE)
    assert run.code == USAGE, run.text
    assert "expected a baseline" in run.text
    assert "metric gate" not in run.text, "the session did not come so far"


def test_refuses_an_unknown_baseline_and_suggests_one(gated, workers):
    run = gated.run(*workers, "--smote-compare=mian")
    assert run.code == USAGE, run.text
    assert "Did you mean 'main'" in run.text


def test_ini_twins_set_what_the_options_set(gated):
    twins = {
        "smote_compare": "main",
        "smote_gate": "warn",
        "smote_gate_alpha": "0.02",
        "smote_gate_tol": "case:0.03",
        "smote_compare_fail": "g_mean:0.2",
        "smote_gate_slowdown": "3",
    }
    run = gated.run(*(word for name, value in twins.items() for word in ("-o", f"{name}={value}")))
    assert run.code == 0, run.text
    settings = verdict_of(run).plain["settings"]
    assert (settings["mode"], settings["alpha"], settings["max_slowdown"]) == ("warn", 0.02, 3)
    assert settings["tolerance"] == {"method": 0.0015, "dataset": 0.005, "case": 0.03}
    assert settings["fixed"] == {"g_mean": 0.2}


def test_options_go_before_the_ini_file_and_that_before_the_experiment(gated):
    path = gated.path / "experiment.yaml"
    path.write_text(path.read_text() + "gate: {alpha: 0.05, mode: warn, tolerance: {method: 0.1}}\n")
    run = gated.run(*COMPARE, "-o", "smote_gate_alpha=0.03", "-o", "smote_gate=off", "--smote-gate=fail")
    settings = verdict_of(run).plain["settings"]
    assert (settings["mode"], settings["alpha"]) == ("fail", 0.03)
    assert settings["tolerance"]["method"] == 0.1


def test_the_ini_file_sets_the_size_of_a_baseline(gated):
    run = gated.run(
        "-o",
        "smote_gate_splits=1",
        "-o",
        "smote_gate_seeds=2",
        "--smote-save",
        "tiny",
        "-k",
        "one-Original-Nearest",
    )
    assert run.code == 0, run.text
    assert "tiny.json (1 splits, 2 seeds)" in run.text or "tiny.json (1 split, 2 seeds)" in run.text


def test_compares_with_the_only_baseline_when_none_is_named(gated):
    run = gated.run("--smote-compare", "-k", "one-Original")
    assert run.code == 0, run.text
    assert verdict_of(run).plain["baseline"]["name"] == "main"


def test_compares_with_the_experiments_own_baseline_when_none_is_named(gated):
    for part in (".json", ".fits.parquet", ".samples.parquet"):
        source = gated.baseline.with_name(f"main{part}")
        source.with_name(f"small{part}").write_bytes(source.read_bytes())
    run = gated.run("--smote-compare", "-k", "one-Original")
    assert run.code == 0, run.text
    assert verdict_of(run).plain["baseline"]["name"] == "small"


def test_asks_for_a_name_where_several_baselines_would_do(gated):
    gated.baseline.with_name("second.json").write_bytes(gated.baseline.read_bytes())
    run = gated.run("--smote-compare")
    assert run.code == USAGE, run.text
    assert "one named 'small' as the experiment; got main, second" in run.text


def test_asks_for_a_baseline_where_there_is_none(gated):
    run = gated.run("--smote-compare", out="elsewhere")
    assert run.code == USAGE, run.text
    assert "got none: name one (--smote-compare=NAME) or save one (--smote-save NAME)" in run.text


def test_says_that_a_strictness_without_a_comparison_judges_nothing(gated):
    run = gated.run("--smote-gate=fail", "--smote-compare-fail", "g_mean:0.1", "-k", "one-Original")
    assert run.code == 0, run.text
    assert "--smote-gate, --smote-compare-fail: nothing was judged" in run.text


def test_saving_refuses_an_existing_name_before_any_cell_is_computed(gated, workers):
    run = gated.run(*workers, *SAVE, "--smote-memo", "off")
    assert run.code == USAGE, run.text
    assert "got 'main', which is there" in run.text
    assert "baseline accept main" in run.text
    assert not run.log


def test_says_that_a_gate_which_the_experiment_switches_off_judges_nothing(gated):
    path = gated.path / "experiment.yaml"
    path.write_text(path.read_text() + "gate: {mode: off}\n")
    run = gated.run(*COMPARE, "-k", "one-Original")
    assert run.code == 0, run.text
    assert "--smote-compare: nothing was judged" in run.text
    assert "--smote-gate=fail switches it on" in run.text
    run = gated.run(*COMPARE, "-k", "one-Original", "--smote-gate=fail")
    assert verdict_of(run).result == "pass"


def test_a_folder_taken_for_a_baselines_name_is_told_from_one(gated):
    (gated.path / "cases").mkdir(exist_ok=True)
    run = gated.run("--smote-compare", str(gated.path / "cases"))
    assert run.code == USAGE
    assert "--smote-compare=NAME" in run.text


def test_saving_says_before_the_first_cell_what_it_will_compute():
    experiment = experiment_from_text("methods: [SMOTE]\ndatasets: [Ecoli]\nname: small\n")
    once = GatePlan(save="main", n_splits=1, n_seeds=1).words_before(experiment, 8, 600.0)
    assert once.startswith("baseline 'main' of small: 8 cells on 1 splits with 1 seeds, about 10 min of")
    often = GatePlan(save="main", n_splits=2, n_seeds=3).words_before(experiment, 8, 600.0)
    assert "8 cells on 2 splits with 3 seeds, about 60 min of one core" in often
    assert GatePlan().words_before(experiment, 8, 600.0) == ""


def test_a_session_that_saves_shows_these_words(gated):
    run = gated.run(*SAVE, "--smote-save=other")
    assert "baseline 'other' of small: 20 cells on" in run.text
