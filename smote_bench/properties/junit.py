"""A verdict as JUnit's XML, a test case for each property."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from smote_bench.properties.verdict import Verdict

__all__ = ["junit_xml"]

# What XML has no way to say.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def junit_xml(verdict: Verdict) -> str:
    """Return a verdict as XML: what rejects fails, remarks are written out, the rest is skipped."""
    failed = [*verdict.failures, *verdict.stale_exceptions]
    skipped = [result for result in verdict.results if result.status == "not applicable"]
    suite = ElementTree.Element(
        "testsuite",
        name=_text(verdict.subject.name),
        tests=str(len(verdict.results)),
        failures=str(len(failed)),
        skipped=str(len(skipped) + len(verdict.excepted)),
        time=f"{verdict.seconds:.3f}",
    )
    for result in verdict.results:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=f"{_text(verdict.subject.name)}.{result.property.group}",
            name=result.property.name,
            time=f"{result.seconds:.3f}",
        )
        if result in failed:
            reason = result.reason or "it holds, but is excepted"
            ElementTree.SubElement(case, "failure", message=_text(reason)).text = _text(str(result))
        elif result in verdict.excepted:
            known = verdict.exceptions[result.property.name]
            ElementTree.SubElement(case, "skipped", message=_text(f"known: {known}"))
        elif result in skipped:
            ElementTree.SubElement(case, "skipped", message=_text(result.reason))
        elif result in verdict.remarks:
            ElementTree.SubElement(case, "system-out").text = _text(f"remark: {result}")
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _text(value: str) -> str:
    return _CONTROL.sub("?", value)
