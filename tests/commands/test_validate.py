"""``smote-bench validate``: the table, the verdict, the exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

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


FLOATS = (
    "import numpy as np\n"
    "from imblearn.over_sampling import SMOTE\n"
    "class Floats:\n"
    "    oversampler_family = 'smote'\n"
    "    def __init__(self, k_neighbors=5, random_state=None):\n"
    "        self.k_neighbors, self.random_state = k_neighbors, random_state\n"
    "    def get_params(self, deep=True):\n"
    "        return dict(k_neighbors=self.k_neighbors, random_state=self.random_state)\n"
    "    def fit_resample(self, X, y):\n"
    "        return SMOTE(**self.get_params()).fit_resample(np.asarray(X, dtype=float), y)\n"
)


@pytest.fixture
def floats(tmp_path, monkeypatch):
    """The target of a sampler that hands back floats for integers, and claims no convention."""
    (tmp_path / "floating_samplers.py").write_text(FLOATS)
    monkeypatch.syspath_prepend(tmp_path)
    return "floating_samplers:Floats"


CONVENTION = ("--properties", "integers_stay_integers", "--smoke")


def test_a_convention_that_is_not_claimed_is_a_remark(capsys, floats, tmp_path):
    assert main(["validate", floats, *CONVENTION, "--json", str(tmp_path / "out.json")]) == 0
    printed = capsys.readouterr().out
    assert "note  integers_stay_integers" in printed
    assert "ACCEPTED with remarks: 0 of 1 properties that apply hold, remarks: 1" in printed
    verdict = json.loads((tmp_path / "out.json").read_text())
    assert (verdict["verdict"], verdict["accepted"]) == ("ACCEPTED with remarks", True)
    assert verdict["results"][0]["status"] == "remark"
    assert verdict["results"][0]["kind"] == "convention of smote-bench"


def test_strict_rejects_for_a_convention(capsys, floats):
    assert main(["validate", floats, *CONVENTION, "--strict"]) == 1
    assert "FAIL  integers_stay_integers" in capsys.readouterr().out


def test_a_convention_that_its_tags_claim_rejects(capsys, shifted, tmp_path):
    (tmp_path / "listless.py").write_text(
        "from imblearn.over_sampling import SMOTE\n"
        "class Arrays(SMOTE):\n"
        "    def fit_resample(self, X, y):\n"
        "        return super().fit_resample(X.to_numpy() if hasattr(X, 'to_numpy') else X, y)\n"
    )
    assert main(["validate", "listless:Arrays", "--properties", "frames_come_back_as_frames"]) == 1
    assert "a convention of imbalanced-learn that its tags claim" in capsys.readouterr().out


def test_what_is_known_is_excepted_with_its_reason(capsys, shifted, tmp_path):
    known = ["--except", "originals_come_first=moves them on purpose"]
    one = ["validate", shifted, "--properties", "originals_come_first", "--smoke"]
    assert main([*one, *known]) == 0
    printed = capsys.readouterr().out
    assert "known originals_come_first" in printed
    assert "which is known: moves them on purpose" in printed
    path = tmp_path / "known.yaml"
    path.write_text("originals_come_first: moves them on purpose\n")
    assert main([*one, "--except-file", str(path)]) == 0


def test_an_exception_that_holds_rejects(capsys):
    call = ["validate", GOOD, "--properties", "originals_come_first", "--smoke"]
    assert main([*call, "--except", "originals_come_first=moves them"]) == 1
    assert "holds, but is excepted (moves them): remove the exception" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("originals_come_first", "expected --except PROPERTY=REASON"),
        ("originals_come_firs=why", "Did you mean 'originals_come_first'"),
        ("originals_come_first=", "expected a reason in words"),
    ],
)
def test_a_wrong_exception_exits_with_2(capsys, given, message):
    assert main(["validate", GOOD, "--except", given]) == 2
    assert message in capsys.readouterr().err


def test_a_wrong_file_of_exceptions_exits_with_2(capsys, tmp_path):
    path = tmp_path / "known.yaml"
    assert main(["validate", GOOD, "--except-file", str(path)]) == 2
    path.write_text("- originals_come_first\n")
    assert main(["validate", GOOD, "--except-file", str(path)]) == 2
    assert "expected property: reason on each line" in capsys.readouterr().err
    for content in (b"originals_come_first: 2024-13-45\n", b"a: \xff\n", b"[" * 5_000):
        path.write_bytes(content)
        assert main(["validate", GOOD, "--except-file", str(path)]) == 2
        assert "expected YAML, property: reason on each line" in capsys.readouterr().err


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


def test_writes_a_page_and_xml(tmp_path, shifted):
    page, xml = tmp_path / "verdict.html", tmp_path / "verdict.xml"
    main(["validate", shifted, "--report", str(page), "--junit", str(xml), *QUICK])
    assert "<svg" in page.read_text()
    assert "<failure" in xml.read_text()


def test_the_same_seed_prints_the_same_counterexample(capsys, shifted):
    printed = []
    for _ in range(2):
        main(["validate", shifted, "--seed", "5", "--properties", "originals_come_first"])
        printed.append(capsys.readouterr().out.partition("does not hold")[2].partition("REJECTED")[0])
    assert printed[0] == printed[1] != ""


def test_a_sampler_that_ends_the_process_leaves_its_line(tmp_path):
    (tmp_path / "crashing_sampler.py").write_text(
        "import faulthandler\n\n\nclass Crashing:\n"
        "    def fit_resample(self, X, y):\n        faulthandler._sigsegv()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "smote_bench", "validate", "crashing_sampler:Crashing", "--smoke"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == -signal.SIGSEGV
    assert 'crashing_sampler.py", line 6 in fit_resample' in done.stderr
