"""Folders of finished and unfinished runs, as small as a listing needs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.store import SCHEMA, Store


def manifest_of(**changes: Any) -> dict[str, Any]:
    experiment = {
        "name": changes.pop("name", "quick"),
        "datasets": {name: {"digest": "d"} for name in changes.pop("datasets", ["Ecoli"])},
        "methods": dict.fromkeys(["Original", "SMOTE"]),
        "classifiers": dict.fromkeys(["kNN"]),
    }
    return {
        "schema": SCHEMA,
        "finished": "2026-01-02T03:04:05+00:00",
        "experiment": experiment,
        "cells": {"total": 2, "from_memo": 1, "by_status": {"error": 1, "ok": 1}},
        "commit": {"id": "0123456789abcdef", "dirty": True},
        **changes,
    }


def write_finished(out: Path, folder_name: str, **changes: Any) -> Path:
    folder = out / "runs" / folder_name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(manifest_of(**changes)), encoding="utf-8")
    store = Store(folder / "cells.sqlite")
    for method, status in (("Original", "ok"), ("SMOTE", "error")):
        store.put(method, Outcome(Cell("Ecoli", method, "kNN"), status, "no" if status == "error" else ""))
    store.close()
    return folder


def write_unfinished(out: Path, name: str, n: int) -> Path:
    folder = out / "runs" / name
    store = Store(folder / "cells.sqlite")
    for number in range(n):
        store.put(f"k{number}", Outcome(Cell("Ecoli", f"m{number}", "kNN"), "ok"))
    store.close()
    return folder
