"""What a continuous integration reads of each case: properties in JUnit's XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

EXPERIMENT = """
methods: [RandomOverSampler, 'samplers:Broken', 'samplers:Same']
datasets:
  - {name: one, file: one.csv, target: y, minority: 1}
  - Oil
experiment_config: {cv_folds: 2, selected_classifiers: [kNN]}
"""


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "n2"])
def test_every_case_says_what_came_of_it(bench, options):
    bench.table("one", 1, rows=80)
    bench.experiment(EXPERIMENT)
    run = bench.run(
        *options,
        "--junitxml=junit.xml",
        SMOTE_BENCH_OFFLINE="1",
        SMOTE_BENCH_CACHE=str(bench.path / "cache"),
    )
    cases = {}
    for case in ElementTree.parse(bench.path / "junit.xml").iter("testcase"):
        properties = {p.get("name"): p.get("value") for p in case.iter("property")}
        cases[properties["smote_cell"]] = properties
    assert len(cases) == 8, run.text
    status = {name: properties["smote_status"] for name, properties in cases.items()}
    assert status["one-RandomOverSampler-kNN"] == "ok"
    assert status["one-samplers:Broken-kNN"] == "error"
    assert status["one-samplers:Same-kNN"] == "noop"
    assert {status[name] for name in status if name.startswith("Oil")} == {"unavailable"}
    for name, properties in cases.items():
        assert (properties.get("smote_reason") is None) == (status[name] == "ok")
    done = cases["one-RandomOverSampler-kNN"]
    assert {"resample_seconds", "fit_seconds", "predict_seconds"} <= done.keys()
    numbers = [value for key, value in done.items() if key.startswith("delta_") or key.endswith("_seconds")]
    assert sum(key.startswith("delta_cv_") for key in done) > 3
    for number in numbers:
        digits = re.sub(r"e[+-]\d+$", "", number).lstrip("-0.").replace(".", "")
        assert number in ("nan", "inf", "-inf") or len(digits.rstrip("0")) <= 5, number
