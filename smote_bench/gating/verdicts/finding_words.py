"""One finding in words: what it is about, from where to where, beyond which limit."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from smote_bench.gating.verdicts.verdict import Finding
from smote_bench.rounding import NOTHING, SHARE_OF_MEAN

__all__ = ["about_words", "as_number", "change_words", "finding_words", "measure_title", "tag"]

_MINUS_PLUS = "+-"
_FEW = 2


def tag(finding: Finding) -> str:
    """Return the word at a line's beginning, as wide as the widest of them."""
    return finding.kind.ljust(7)


def about_words(finding: Finding) -> str:
    """Return what is meant: a method, on a data set, with a classifier.

    >>> about_words(Finding("DROP", "case", "Ecoli", "SMOTE", "kNN", "g_mean", 0.8, 0.7, -0.1, 0.0, -0.05, 0))
    'SMOTE on Ecoli with kNN'
    """
    parts = [finding.method or "all methods"]
    if finding.dataset:
        parts.append(f"on {finding.dataset}")
    if finding.classifier:
        parts.append(f"with {finding.classifier}")
    return " ".join(parts)


def finding_words(finding: Finding, others: Sequence[Finding] = ()) -> str:
    """Return the measure, its change and the limit; and on how many data sets it was found.

    Parameters
    ----------
    finding : Finding
    others : sequence of Finding
        All of the verdict's: those of narrower levels are counted where the finding has no count of its own.
    """
    alone = "one split" * (finding.is_of_one_split and not finding.is_warning)
    details = [_limit_words(finding), _places(finding, others), alone, "only warns" * finding.is_warning]
    in_brackets = "; ".join(filter(None, details))
    said = f"{measure_title(finding)} {change_words(finding)}"
    return f"{said} ({in_brackets})" if in_brackets else said


def measure_title(finding: Finding) -> str:
    """Return a measure's name for people: a descriptor's title, a metric's own name."""
    if finding.kind != "CHANGED":
        return finding.measure
    card = _descriptors().get(finding.measure)
    return str(card.title) if card is not None else finding.measure


def change_words(finding: Finding) -> str:
    """Return a change: of a metric with its standard error, of a descriptor from where to where."""
    if finding.kind == "CHANGED":
        return f"{_described(finding, finding.before)} -> {_described(finding, finding.after)}"
    if finding.kind == "SLOWER":
        return f"{as_number(finding.after / finding.before)} times as long"
    rounding = max(NOTHING, SHARE_OF_MEAN * abs(finding.change))
    se = 0.0 if finding.se < rounding else finding.se
    spread = "" if math.isnan(se) else f" {_MINUS_PLUS} {_metric(se)}"
    return f"{_metric(finding.change, sign='+')}{spread}"


def as_number(value: float) -> str:
    """Return a number with three significant digits, without zeros at its end.

    >>> as_number(1.0), as_number(0.012345), as_number(1234.5), as_number(float("nan"))
    ('1', '0.0123', '1230', 'undefined')
    """
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "infinite"
    text = f"{value:.3g}"
    return f"{float(text):.0f}" if "e+" in text and abs(value) < 1e9 else text


def _limit_words(finding: Finding) -> str:
    if math.isnan(finding.limit) or finding.kind == "CHANGED":
        return ""  # a descriptor's limit is on the scale on which it is compared
    if finding.kind == "LIMIT":
        return f"fixed limit {_metric(finding.limit, sign='+')}"
    if finding.kind == "SLOWER":
        return f"alarms beyond {as_number(1 + finding.limit / finding.before)} times"
    return f"{'alarms ' * (finding.kind == 'DROP')}beyond {_metric(finding.limit, sign='+')}"


def _places(finding: Finding, others: Sequence[Finding]) -> str:
    """Return on how many data sets, or with how many classifiers, the same was found alone."""
    same = [
        other
        for other in others
        if (other.kind, other.method, other.measure) == (finding.kind, finding.method, finding.measure)
    ]
    if finding.level == "method":
        names = list(dict.fromkeys(other.dataset for other in same if other.level == "dataset"))
        n = finding.n_datasets or len(names)
        if not n and not finding.of_datasets:
            return ""
        of = f" of {finding.of_datasets}" if finding.of_datasets else ""
        # where few are to blame, which they are is the answer
        which = f": {', '.join(names)}" if 0 < len(names) <= _FEW else ""
        return f"{n}{of} data set{'s' * ((finding.of_datasets or n) != 1)}{which}"
    if finding.level == "dataset":
        here = [other for other in same if other.dataset == finding.dataset]
        names = [other.classifier for other in here if other.classifier]
        return f"alone with {', '.join(dict.fromkeys(names))}" if names else ""
    return ""


def _described(finding: Finding, value: float) -> str:
    """Return a descriptor's value: a share in per cent, a distance with three digits."""
    card = _descriptors().get(finding.measure)
    if math.isnan(value):
        return "undefined"
    if card is not None and card.scale == "share":
        share = 100 * value
        # near either end a digit more, or a change there would not show
        digits = 1 if 0 < abs(share) < 9.5 or 90.5 < share < 100 else 0
        return f"{share:.{digits}f} %"
    return as_number(value)


def _metric(value: float, sign: str = "") -> str:
    """Return a value to four decimals; what rounds to nothing keeps two digits."""
    if not math.isfinite(value):
        return as_number(value)
    digits = 4 if value == 0 or abs(value) >= 0.00005 else 1 - math.floor(math.log10(abs(value)))
    return f"{value:{sign}.{digits}f}"


@functools.cache
def _descriptors() -> Mapping[str, Any]:
    """Return the cards of descriptors; none where they cannot be imported; names do then."""
    try:
        from smote_bench.evaluation.descriptors import DESCRIPTORS
    except ImportError:
        return {}
    return DESCRIPTORS
