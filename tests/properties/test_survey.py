"""The survey: a process for each sampler, the table, judgements, problems."""

from __future__ import annotations

import json

import pytest

from smote_bench.cli import main
from smote_bench.errors import ConfigError
from smote_bench.properties.survey import Judgements, Surveyed, survey, to_markdown


def verdict(*failed):
    results = [
        {
            "property": name,
            "group": "structure",
            "meaning": "something goes wrong",
            "status": "failed",
            "reason": "expected 1 | got 2",
            "counterexample": "X = np.array([[1.0]])",
        }
        for name in failed
    ]
    return {"accepted": not failed, "family": "smote", "results": results, "seconds": 1.0}


FOUND = [
    Surveyed("sv.A", "smote_variants:A", verdict("originals_come_first")),
    Surveyed("sv.B", "smote_variants:B", verdict()),
    Surveyed("sv.C", "smote_variants:C", {}, "no verdict after 3 s"),
]


def test_the_table_has_verdicts_violations_and_problems():
    text = to_markdown(FOUND, lambda sampler, prop: ("bug", f"{sampler} moves rows"))
    assert "| sv.A | smote | rejected: 1 | [originals_come_first](#originals_come_first) |" in text
    assert "| sv.B | smote | accepted |  |" in text
    assert "| sv.C |  | no verdict after 3 s |  |" in text
    assert "| sv.A | bug | sv.A moves rows | expected 1 \\| got 2 |" in text
    assert "X = np.array([[1.0]])" in text


def test_failures_through_one_cause_count_once():
    found = Surveyed("sv.D", "smote_variants:D", verdict("first", "second", "third", *"abcd"))
    first, second, third, *others = found.failures
    others[0]["reason"] = "expected row 3 to be [1.0] of class 0, got [2.0] of class 0"
    others[1]["reason"] = "expected at least the 13 rows of the input, got 9"
    others[2]["reason"] = "expected 13 rows, got 3 (3 in the input; all classes: {0: 13} became {0: 13})"
    others[3]["reason"] = "expected more, {0: 6, 1: 3} became {0: 6, 1: 3}"
    first["reason"] = "expected an answer on valid data, it raised ValueError: need 6 rows, got 3"
    second["reason"] = (
        "expected an answer on valid data, it raised on each of 12: ValueError: need 9 rows, got 3"
    )
    third["reason"] = "expected an answer on valid data, it raised IndexError: 3"
    assert [violation["property"] for violation in found.violations] == ["first", "third", "a", "c"]
    assert "[c](#c), and 3 more through the same causes" in to_markdown([found], lambda *_: ("", ""))


def test_kept_verdicts_are_taken_until_something_changes(tmp_path, monkeypatch):
    calls = []

    def validate(name, target, options, timeout_seconds):
        calls.append(name)
        return Surveyed(name, target, verdict())

    monkeypatch.setattr("smote_bench.properties.survey._validate", validate)
    targets = {"imblearn.SMOTE": "imblearn.over_sampling:SMOTE"}
    for _ in range(2):
        (found,) = survey(targets, keep=tmp_path)
        assert found.verdict == verdict()
    assert len(calls) == 1
    survey(targets, keep=tmp_path, options=("--smoke",))
    assert len(calls) == 2
    monkeypatch.setattr("smote_bench.properties.survey.package_version", lambda name: "another")
    survey(targets, keep=tmp_path, options=("--smoke",))
    assert len(calls) == 3


def test_kept_verdicts_are_of_the_code_they_were_made_with(tmp_path, monkeypatch):
    """The sampler's and the kit's: versions stay the same while code is being written."""
    calls = []

    def validate(name, target, options, timeout_seconds):
        calls.append(name)
        return Surveyed(name, target, verdict())

    monkeypatch.setattr("smote_bench.properties.survey._validate", validate)
    source = tmp_path / "surveyed_sampler.py"
    source.write_text("class S: step = 0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    targets = {"own.S": "surveyed_sampler:S", "ours.SMOTE": "smote_impls:SMOTE"}
    for expected in (["own.S", "ours.SMOTE"], []):
        calls.clear()
        survey(targets, keep=tmp_path / "kept", n_jobs=1)
        assert calls == expected
    source.write_text("class S: step = 5\n")
    survey(targets, keep=tmp_path / "kept", n_jobs=1)
    assert calls == ["own.S"]
    calls.clear()
    monkeypatch.setattr("smote_bench.properties.survey.digest_of_files", lambda files: "another kit")
    survey(targets, keep=tmp_path / "kept", n_jobs=1)
    assert calls == ["own.S", "ours.SMOTE"]


def test_a_sampler_without_a_verdict_is_tried_again(tmp_path):
    targets = {"odd": "no_such_package:Sampler"}
    for _ in range(2):
        (found,) = survey(targets, keep=tmp_path)
        assert found.problem
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def judgements(tmp_path):
    path = tmp_path / "judgements.yaml"
    path.write_text(
        "default:\n  originals_come_first: {judgement: bug, reason: rows get lost}\n"
        "samplers:\n  sv.SPY:\n    originals_come_first: {judgement: design, reason: it relabels rows}\n"
    )
    return path


def test_an_exception_goes_before_the_default(judgements):
    judge = Judgements(judgements)
    assert judge("sv.SPY", "originals_come_first") == ("design", "it relabels rows")
    assert judge("sv.SMOTE", "originals_come_first") == ("bug", "rows get lost")
    assert judge("sv.SMOTE", "rejects_text") == ("not judged", "")


@pytest.mark.parametrize("entry", ["bug", "{judgement: wrong, reason: x}", "{judgement: bug}"])
def test_a_judgement_needs_its_kind_and_a_reason(judgements, entry):
    judgements.write_text(f"default:\n  originals_come_first: {entry}\n")
    with pytest.raises(ConfigError, match="originals_come_first: expected judgement"):
        Judgements(judgements)


def test_a_sampler_without_a_verdict_is_told_with_its_reason():
    targets = {"odd": "no_such_package:Sampler", "slow": "imblearn.over_sampling:SMOTE"}
    told = []
    odd, slow = survey(targets, timeout_seconds=0.01, report=told.append)
    assert slow.problem == "no verdict after 0.01 s"
    (odd,) = survey({"odd": "no_such_package:Sampler"})
    assert odd.problem.startswith(
        "no verdict, exit code 2: smote-bench validate: expected an importable module"
    )
    assert [found.name for found in told] == ["odd", "slow"]


def test_a_verdict_in_json_has_all_that_the_table_needs(tmp_path):
    path = tmp_path / "verdict.json"
    main(
        [
            "validate",
            "imblearn.over_sampling:SMOTE",
            "--properties",
            "balanced_data_is_left_alone",
            "--json",
            str(path),
        ]
    )
    found = Surveyed("imblearn.SMOTE", "x", json.loads(path.read_text()))
    assert "imblearn.SMOTE" in to_markdown([found], lambda sampler, prop: ("bug", ""))
