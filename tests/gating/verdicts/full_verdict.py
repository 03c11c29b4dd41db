"""A verdict with something in every field."""

from __future__ import annotations

import math
from typing import Any

from gating.made_evidence import finding, verdict

from smote_bench.experiment.gate_settings import GateSettings, Override
from smote_bench.gating.verdicts.verdict import Problem, Verdict

SETTINGS = GateSettings(
    metrics=("g_mean",),
    fixed={"roc_auc": 0.05},
    overrides=(Override(dataset="Ecoli", tolerance=0.03), Override(method="SMOTE", mode="warn")),
    max_slowdown=1.5,
)
PROBLEM = Problem("missing fit", "Ecoli-SMOTE-kNN", "expected a, got b: do c")


def full_verdict(**others: Any) -> Verdict:
    findings = (
        finding(p=math.nan, limit=-math.inf),
        finding(level="case", dataset="Ecoli", classifier="kNN"),
        finding("RISE", method="ADASYN", is_warning=True),
    )
    given = {
        "problems": (PROBLEM,),
        "findings": findings,
        "new_cases": ("Iris-SMOTE-kNN",),
        "not_selected": ("Wine-SMOTE-kNN",),
        "would_see": {"method": 0.008, "dataset": math.nan, "case": 0.039},
        "fixed_rate": {"roc_auc": math.nan},
        "settings": SETTINGS,
        "notes": ("a note",),
        "baseline": {"name": "main", "splits": 5, "packages": {"numpy": "2.1"}},
        "current": {"name": "today", "packages": {"numpy": "2.2"}},
    }
    return verdict(**{**given, **others})
