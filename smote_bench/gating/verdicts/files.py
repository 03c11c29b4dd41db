"""A verdict as files: JSON for programs, Markdown for people, JUnit for CI."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

from smote_bench.errors import ConfigError
from smote_bench.experiment.gate_settings import GateSettings, Override
from smote_bench.gating.verdicts.junit import to_junit
from smote_bench.gating.verdicts.markdown import to_markdown
from smote_bench.gating.verdicts.verdict import Finding, Limit, Problem, Result, Verdict
from smote_bench.gating.verdicts.words import lines
from smote_bench.runs.whole_folder import write_whole

__all__ = ["FORMAT", "dumps", "from_json", "to_json", "to_junit", "to_markdown", "write_verdict"]

FORMAT = 1
"""Of the JSON; a release that changes what a key means counts it up."""

_PARTS: Mapping[str, type] = {
    "incomparable": Problem,
    "problems": Problem,
    "findings": Finding,
    "limits": Limit,
}


def write_verdict(folder: Path, verdict: Verdict) -> list[Path]:
    """Write ``gate.json``, ``gate.md`` and ``gate.xml``, and return their paths.

    Parameters
    ----------
    folder : Path
        Created where it is not there; files of these names are replaced.
    verdict : Verdict
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "gate.json": dumps(verdict),
        "gate.md": to_markdown(verdict),
        "gate.xml": to_junit(verdict),
    }
    for name, text in texts.items():
        write_whole(folder / name, text)
    return [folder / name for name in texts]


def dumps(verdict: Verdict) -> str:
    """Return a verdict as JSON text."""
    return json.dumps(to_json(verdict), indent=2, allow_nan=False, default=str) + "\n"


def to_json(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON values: NaN is null, infinities are the words for them.

    Beside the verdict's own fields there are ``format``, ``exit_code`` and ``lines``, as in a terminal.
    """
    plain: dict[str, Any] = _plain(verdict)
    return {"format": FORMAT, **plain, "exit_code": verdict.exit_code, "lines": lines(verdict)}


def from_json(plain: Mapping[str, Any]) -> Verdict:
    """Rebuild a verdict from `to_json`.

    Raises
    ------
    ConfigError
        If it is not what this release writes.
    """
    if plain.get("format") != FORMAT:
        raise ConfigError(
            f"expected a verdict of format {FORMAT}, got {plain.get('format')!r}: "
            "judge again with this release"
        )
    if plain.get("result") not in get_args(Result):
        raise ConfigError(
            f"expected a result among {', '.join(get_args(Result))}, got {plain.get('result')!r}: judge again"
        )
    values: dict[str, Any] = {part.name: plain[part.name] for part in fields(Verdict)}
    values |= {name: tuple(_rebuilt(kind, item) for item in plain[name]) for name, kind in _PARTS.items()}
    values |= {name: tuple(plain[name]) for name in ("new_cases", "not_selected", "notes")}
    values |= {name: _numbers(plain[name]) for name in ("would_see", "fixed_rate")}
    settings = plain["settings"]
    values["settings"] = GateSettings(
        **{
            **settings,
            "metrics": tuple(settings["metrics"]),
            "overrides": tuple(Override(**item) for item in settings["overrides"]),
        }
    )
    return Verdict(**values)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):  # numpy's scalars
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value


def _rebuilt(kind: type, plain: Mapping[str, Any]) -> Any:
    """Return a problem, finding or limit; their numbers are the fields that are annotated as such."""
    numbers = {part.name for part in fields(kind) if part.type == "float"}
    return kind(**{name: _number(value) if name in numbers else value for name, value in plain.items()})


def _numbers(plain: Mapping[str, Any]) -> dict[str, float]:
    return {name: _number(value) for name, value in plain.items()}


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
