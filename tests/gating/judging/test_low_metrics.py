"""Metrics of which a low value is better: signs of change, error and limit wherever they are shown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from gating.made_evidence import rows, write_csv
from gating.panels import Truth, side

from smote_bench import cli
from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.judging.judge import judge
from smote_bench.gating.verdicts import files
from smote_bench.gating.verdicts.words import lines

LOW = ("brier", "log_loss", "fp", "seconds")


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("moved", [0.08, -0.08])
@pytest.mark.parametrize("metric", LOW)
def test_the_change_has_its_sign_and_the_error_none(metric: str, moved: float, fixed: bool) -> None:
    truth = Truth(sd=0.01, metrics=(metric,))
    baseline = side("baseline", truth.panel(range(4)), {metric: "low"})
    run = side("run", truth.panel([0]), {metric: "low"})
    run.scores.values[:8] += moved  # m0
    found = judge(baseline, run, GateSettings(fixed={metric: 0.03} if fixed else {}))
    kinds = {finding.kind for finding in found.findings}
    assert kinds == ({"DROP", "LIMIT"} if fixed and moved > 0 else {"DROP"} if moved > 0 else {"RISE"})
    for finding in found.findings:
        assert finding.change == pytest.approx(moved, abs=0.02)
        assert finding.change == finding.after - finding.before
        assert finding.se > 0
        assert (finding.limit > 0) == (moved > 0)
    texts = ["\n".join(lines(found)), files.to_markdown(found), files.to_junit(found)]
    for text in texts:
        plain = text.replace("\\", "")
        assert re.search(rf"{'[+]' if moved > 0 else '-'}0[.]0\d+ \+- 0[.]0\d+", plain)
        assert not re.search(r"\+- -", plain)
    assert all(one["se"] > 0 for one in json.loads(files.dumps(found))["findings"])


def test_a_users_own_metric_in_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [
        write_csv(tmp_path / f"{name}.csv", rows(metrics=["seconds"], shift=shift))
        for name, shift in (("before", 0.0), ("after", 3.0))
    ]
    words = ["gate", "--baseline-table", str(paths[0]), "--current-table", str(paths[1])]
    assert cli.main([*words, "--better", "seconds=low"]) == 1
    assert re.search(
        r"DROP +\S+ +seconds \+[23][.]\d+ \+- 0[.]\d+ \(alarms beyond \+", capsys.readouterr().out
    )
