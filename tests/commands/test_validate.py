"""``smote-bench validate``: the table, the verdict, the exit codes."""

from __future__ import annotations

import json

import pytest

from smote_bench.cli import main
from smote_bench.commands import validate
from smote_bench.properties import FAMILIES

pytestmark = pytest.mark.versions

GOOD = "imblearn.over_sampling:SMOTE"
QUICK = ("--properties", "structure", "--smoke")


@pytest.fixture
def shifted(tmp_path, monkeypatch):
    """The target of a sampler that moves the originals."""
    (tmp_path / "moving_samplers.py").write_text(
        "from imblearn.over_sampling import SMOTE\n"
        "class Shifted(SMOTE):\n"
        "    def fit_resample(self, X, y):\n"
        "        X, y = super().fit_resample(X, y)\n"
        "        return X + 1, y\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    return "moving_samplers:Shifted"


def test_families_are_those_of_the_kit():
    assert validate._FAMILIES == FAMILIES


def test_an_accepted_sampler_exits_with_0(capsys):
    assert main(["validate", GOOD, "--properties", "originals_come_first"]) == 0
    printed = capsys.readouterr().out
    assert "family smote (the list of known samplers)" in printed
    assert "ok    originals_come_first" in printed
    assert "ACCEPTED: all 1 properties that apply hold" in printed


def test_a_rejected_sampler_exits_with_1_and_prints_the_counterexample(capsys, shifted):
    assert main(["validate", shifted, *QUICK]) == 1
    printed = capsys.readouterr().out
    assert "FAIL  originals_come_first" in printed
    assert "from moving_samplers import Shifted" in printed
    assert "REJECTED: " in printed


def test_hints_at_the_family_where_none_is_stated(capsys, shifted):
    main(["validate", shifted.replace("Shifted", "SMOTE"), "--properties", "originals_come_first"])
    assert "family smote" in capsys.readouterr().out
    main(["validate", shifted, "--properties", "originals_come_first"])
    assert "--family" in capsys.readouterr().out


def test_a_stated_family_brings_its_properties(capsys, shifted):
    main(["validate", shifted, "--family", "smote", "--properties", "rows_lie_between_neighbors"])
    assert "FAIL  rows_lie_between_neighbors" in capsys.readouterr().out


def test_fail_fast_stops_at_the_first_failure(capsys, shifted):
    main(["validate", shifted, "--smoke", "--fail-fast"])
    printed = capsys.readouterr().out
    assert "stopped at the first failure" in printed
    assert printed.count("  FAIL  ") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["imblearn.over_sampling:SMOTEE"], "Did you mean 'SMOTE'"),
        (["no.such:Thing"], "no module 'no'"),
        ([GOOD + '?{"n": 1}'], "expected parameters out of"),
        ([GOOD, "--properties", "structur"], "Did you mean 'structure'"),
        ([GOOD, "--seed", "-1"], "expected --seed to be 0 or more"),
        ([GOOD, "--json", "no/such/folder/out.json"], "folder that exists"),
        (["imblearn.pipeline:Pipeline"], "its constructor raised"),
    ],
)
def test_a_wrong_call_exits_with_2(capsys, arguments, message):
    assert main(["validate", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_wrong_option_exits_with_2(capsys):
    with pytest.raises(SystemExit) as exit_:
        main(["validate", GOOD, "--family", "smot"])
    assert exit_.value.code == 2


def test_writes_the_verdict_as_json(tmp_path, shifted):
    path = tmp_path / "verdict.json"
    main(["validate", shifted, "--json", str(path), *QUICK])
    verdict = json.loads(path.read_text())
    assert verdict["accepted"] is False
    failed = {row["property"]: row for row in verdict["results"] if row["status"] == "failed"}
    assert "fit_resample(X, y)" in failed["originals_come_first"]["counterexample"]


def test_the_same_seed_prints_the_same_counterexample(capsys, shifted):
    printed = []
    for _ in range(2):
        main(["validate", shifted, "--seed", "5", "--properties", "originals_come_first"])
        printed.append(capsys.readouterr().out.partition("does not hold")[2].partition("REJECTED")[0])
    assert printed[0] == printed[1] != ""
