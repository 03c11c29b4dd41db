"""A verdict's page: findings with pictures, code, remarks; nothing of it is markup that a sampler wrote.

Also of: verdict_picture.
"""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from broken_samplers.geometry import ExtrapolatingSMOTE
from broken_samplers.integers import PromotesIntegers
from report.chromium import CONTRASTS, Visit

from smote_bench.properties import Case, validate
from smote_bench.report.page.verdict_page import verdict_page
from smote_bench.report.page.verdict_picture import picture

VERDICT = validate(
    ExtrapolatingSMOTE, properties=["rows_lie_between_neighbors", "originals_come_first"], smoke=True
)
FAILURE = VERDICT.failures[0]


def drawn(result):
    return ElementTree.fromstring(picture(result, k=1)).find("svg")


def test_the_picture_has_rows_neighbours_and_the_row_that_is_wrong():
    svg, case = drawn(FAILURE), FAILURE.case
    assert len(svg.findall("circle")) == (case.y == 0).sum()
    assert len(svg.findall("rect")) == (case.y == 1).sum()
    assert len(svg.findall("line")) >= 1
    assert "the row that is wrong" in svg.find("path/title").text


def test_of_more_columns_the_two_that_vary_most_are_drawn():
    X = np.zeros((5, 4))
    X[:, 3], X[:, 1] = np.arange(5), np.arange(5) * 10
    wide = replace(FAILURE, case=Case(X, np.array([0, 0, 0, 1, 1])), point=None)
    assert "columns 1 and 3 of 4, 5 rows" in picture(wide, k=1)


def test_what_cannot_be_drawn_is_left_out():
    assert picture(replace(FAILURE, case=None), k=1) is None
    far = Case(np.array([[np.inf], [1.0], [0.0]]), np.array([0, 0, 1]))
    assert picture(replace(FAILURE, case=far, point=None), k=1) is None


def test_the_page_has_the_verdict_the_code_and_the_picture():
    page = verdict_page(VERDICT)
    assert "<h1>REJECTED: ExtrapolatingSMOTE</h1>" in page
    assert "<svg" in page
    assert FAILURE.counterexample.splitlines()[1] in page
    assert "a law: a new row is not on a segment" in page
    assert "Readings of the paper that are accepted" in page


def test_remarks_have_their_place():
    page = verdict_page(validate(PromotesIntegers, properties=["integers_stay_integers"], smoke=True))
    assert "ACCEPTED with remarks" in page
    assert "a convention of smote-bench" in page


def test_what_comes_from_a_sampler_is_escaped():
    odd = replace(FAILURE, reason="expected <b>1</b>")
    page = verdict_page(replace(VERDICT, results=(odd,)))
    assert "expected &lt;b&gt;1&lt;/b&gt;" in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_read_in_light_and_in_dark_and_on_a_phone(browser, tmp_path, scheme):
    path = tmp_path / "verdict.html"
    path.write_text(verdict_page(VERDICT), encoding="utf-8")
    visit = Visit.open(browser, path)
    visit.page.emulate_media(color_scheme=scheme)
    found = visit.page.evaluate(CONTRASTS)
    assert (found["paper"] < 0.1) == (scheme == "dark")
    assert found["n"] > 10
    assert found["poor"] == []
    line = visit.page.evaluate("getComputedStyle(document.querySelector('svg line')).stroke")
    assert line == ("rgb(213, 218, 224)" if scheme == "light" else "rgb(61, 75, 89)")
    visit.page.set_viewport_size({"width": 390, "height": 844})
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
