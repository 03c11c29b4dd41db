"""A sampler that silently gives its input back is noticed; one that says so, in whatever way, is not."""

from __future__ import annotations

import logging
import warnings

import numpy as np
import pytest
from broken_samplers import BROKEN
from broken_samplers.pasting import assert_noticed
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainBorderline, PlainSMOTE
from broken_samplers.silent import SilentAdasyn, SilentBorderline, SilentFew
from imblearn.over_sampling import ADASYN, SMOTE, SVMSMOTE, BorderlineSMOTE, RandomOverSampler

import smote_impls
from smote_bench.properties import PROPERTIES, Subject, run_property

KILLS = [
    pytest.param(name, wanted, id=f"{wanted}-{name}")
    for name, made in BROKEN.items()
    for wanted in made.killed_by
    if made.sampler.__module__ == SilentFew.__module__
]

FEW, NOTHING = PROPERTIES["too_few_rows_are_said_so"], PROPERTIES["nothing_to_start_from_is_said"]


@pytest.mark.parametrize(("name", "wanted"), KILLS)
def test_notices(name, wanted):
    assert_noticed(name, wanted)


class TakesAllAsEquallyHard(PlainADASYN):
    """Where no row is hard to learn, shares are 0 / 0: all rows are taken as equally hard."""

    def hardness(self, X, y, label):
        hardness = super().hardness(X, y, label)
        return hardness if hardness.any() else np.ones_like(hardness)


def test_shares_of_rows_none_of_which_is_hard_may_be_equal():
    result = run_property(NOTHING, Subject(TakesAllAsEquallyHard, family="adasyn"))
    assert result.status == "passed", result.reason


def speaking(base, how):
    """Return a sampler that gives its input back and says so."""

    class Speaking(base):
        def tell(self, label):
            text = f"class {label} has too few rows to start from: it is left alone"
            if how == "warning":
                warnings.warn(text, stacklevel=2)
            elif how == "runtime warning":
                warnings.warn(text, RuntimeWarning, stacklevel=2)
            else:
                logging.getLogger("its.own").log(getattr(logging, how), text)

    return Speaking


@pytest.mark.parametrize("how", ["warning", "runtime warning", "WARNING", "ERROR"])
@pytest.mark.parametrize(
    ("base", "wanted"), [(SilentFew, FEW), (SilentBorderline, NOTHING), (SilentAdasyn, NOTHING)]
)
def test_a_word_is_enough(base, wanted, how):
    result = run_property(wanted, Subject(speaking(base, how)))
    assert result.status == "passed", result.reason


@pytest.mark.parametrize(
    "sampler",
    [
        PlainSMOTE,
        PlainBorderline,
        PlainADASYN,
        GaussianNoise,
        SMOTE,
        ADASYN,
        SVMSMOTE,
        RandomOverSampler,
        smote_impls.SMOTE,
        smote_impls.BorderlineSMOTE,
        smote_impls.ADASYN,
    ],
)
def test_samplers_that_refuse_or_answer_are_accepted(sampler):
    for wanted in (FEW, NOTHING):
        result = run_property(wanted, Subject(sampler))
        assert result.status in ("passed", "not applicable"), result.reason


@pytest.mark.parametrize("wanted", [FEW, NOTHING], ids=["few", "nothing"])
@pytest.mark.parametrize("kind", ["borderline-1", "borderline-2"])
def test_finds_that_imbalanced_learns_borderline_smote_is_silent_without_a_row_in_danger(kind, wanted):
    result = run_property(wanted, Subject(BorderlineSMOTE, params={"kind": kind}))
    assert result.status == "failed"
    assert "expected an error or a warning" in result.reason
    assert "none of them new, without a word" in result.reason


def test_who_fixes_the_counts_may_ask_for_nothing():
    class Nothing(SilentFew):
        pass

    result = run_property(FEW, Subject(Nothing, params={"sampling_strategy": {}}))
    assert result.status == "passed", result.reason


def test_what_is_said_in_a_call_is_heard_and_goes_no_further(caplog, capsys):
    class Says(GaussianNoise):
        def fit_resample(self, X, y):
            warnings.warn("a warning", stacklevel=2)
            warnings.warn("a deprecation", DeprecationWarning, stacklevel=2)
            quiet = logging.getLogger("quiet")
            quiet.propagate = False
            quiet.warning("a record of %s", "weight")
            quiet.info("a record of none")
            return super().fit_resample(X, y)

    subject = Subject(Says)
    X, y = np.arange(12.0).reshape(-1, 1), np.repeat([0, 1], [8, 4])
    handle = logging.Logger.handle
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, said = subject.heard(subject.fresh(0), X, y)
    assert said == {"a warning", "a record of weight"}
    assert (caplog.records, capsys.readouterr()) == ([], ("", ""))
    assert logging.Logger.handle is handle
