"""A verdict as JUnit's XML."""

from __future__ import annotations

from xml.etree import ElementTree

from broken_samplers.geometry import ExtrapolatingSMOTE
from broken_samplers.integers import PromotesIntegers

from smote_bench.properties import validate
from smote_bench.properties.junit import junit_xml

NAMES = ["rows_lie_between_neighbors", "originals_come_first", "rows_in_danger_are_the_seeds"]


def read(verdict):
    return ElementTree.fromstring(junit_xml(verdict))


def test_each_property_is_a_case_and_what_rejects_fails():
    suite = read(validate(ExtrapolatingSMOTE, properties=NAMES, smoke=True))
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    cases = {case.get("name"): case for case in suite}
    assert "ExtrapolatingSMOTE" in cases["rows_lie_between_neighbors"].find("failure").text
    assert cases["rows_in_danger_are_the_seeds"].find("skipped") is not None
    assert not len(cases["originals_come_first"])


def test_exceptions_are_skipped_and_remarks_written_out():
    known = {"rows_lie_between_neighbors": "goes beyond on purpose"}
    suite = read(validate(ExtrapolatingSMOTE, properties=NAMES[:1], smoke=True, exceptions=known))
    assert suite[0].find("skipped").get("message") == "known: goes beyond on purpose"
    suite = read(validate(PromotesIntegers, properties=["integers_stay_integers"], smoke=True))
    assert "remark: " in suite[0].find("system-out").text
    known = {"originals_come_first": "moves rows"}
    suite = read(validate(ExtrapolatingSMOTE, properties=NAMES[1:2], smoke=True, exceptions=known))
    assert suite[0].find("failure").get("message") == "it holds, but is excepted"
