"""The fast classification report is scikit-learn's to the letter."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from smote_bench.report.analysis.curves import classification_report
from smote_bench.report.page.classification_text import classification_text


@pytest.mark.parametrize(
    "counts",
    [c for c in itertools.product((0, 1, 3), repeat=4) if sum(c)],
    ids=lambda c: "-".join(map(str, c)),
)
def test_text_is_scikit_learns_for_small_and_empty_classes(counts: tuple[int, int, int, int]) -> None:
    assert classification_text(counts) == _whole_supports(classification_report(counts))


def _whole_supports(text: str) -> str:
    """Undo what scikit-learn does to the counts where no row at all is right: it prints them as 3.0."""
    return re.sub(r"(\d+)\.0$", lambda found: found[1].rjust(len(found[0])), text, flags=re.MULTILINE)


def test_text_is_scikit_learns_for_many_rows() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        tn, fp, fn, tp = (int(n) for n in rng.integers(0, 30_000, size=4))
        assert classification_text((tn, fp, fn, tp)) == classification_report((tn, fp, fn, tp))
