"""The kit over many samplers: each in a process of its own, and a table of what they violate."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from smote_bench.environment.code_digest import digest_of_files, modules_behind
from smote_bench.environment.targets import package_version, target_identity
from smote_bench.errors import ConfigError
from smote_bench.properties.causes import split_by_cause

__all__ = ["JUDGEMENTS", "Judgements", "Surveyed", "survey", "to_markdown"]

JUDGEMENTS = ("bug", "design", "limit")
"""What a violation is: an error; a choice that its authors made; a limit of the code at odd input."""


@dataclass(frozen=True)
class Surveyed:
    """One sampler's verdict.

    Parameters
    ----------
    name : str
        As in ``sv.SMOTE``.
    target : str
        ``package.module:Class``.
    verdict : mapping
        As `verdict_json` makes it; empty where there is none.
    problem : str
        Why there is no verdict: the time was over, the process died, it could not be built.
    """

    name: str
    target: str
    verdict: Mapping[str, Any]
    problem: str = ""

    @property
    def failures(self) -> list[Mapping[str, Any]]:
        """The results of the properties that do not hold."""
        return [result for result in self.verdict.get("results", ()) if result["status"] == "failed"]

    @property
    def violations(self) -> list[Mapping[str, Any]]:
        """The failures, but of those with one and the same cause only the first."""
        telling, _ = split_by_cause(
            self.failures, lambda failure: failure["property"], lambda failure: failure["reason"]
        )
        return telling


def survey(
    targets: Mapping[str, str],
    *,
    options: Sequence[str] = (),
    timeout_seconds: float = 300.0,
    n_jobs: int = 1,
    keep: Path | None = None,
    report: Callable[[Surveyed], None] | None = None,
) -> list[Surveyed]:
    """Put the kit to every sampler, each in its own process.

    Parameters
    ----------
    targets : mapping of name to ``package.module:Class``
    options : sequence of str
        More options of ``smote-bench validate``.
    timeout_seconds : float
        Limit for one sampler.
    n_jobs : int
        Processes side by side.
    keep : Path, optional
        A folder for verdicts. Those that are there already are taken, if they were made with the same code
        of kit and sampler, the same options and packages.
    report : callable, optional
        Gets each verdict as soon as it is there, from the thread that waited for it.
    """
    kept = _Kept(keep, options) if keep is not None else None

    def one(item: tuple[str, str]) -> Surveyed:
        name, target = item
        if kept is None:
            found = _validate(name, target, options, timeout_seconds)
        else:
            made_with = kept.made_with(target)
            found = kept.read(name, target, made_with) or _validate(name, target, options, timeout_seconds)
            kept.write(found, made_with)
        if report is not None:
            report(found)
        return found

    with ThreadPoolExecutor(n_jobs) as pool:
        return list(pool.map(one, targets.items()))


class _Kept:
    """Verdicts in a folder, each with what it was made with: the kit, the sampler's code, what lies below."""

    def __init__(self, folder: Path, options: Sequence[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        kit = digest_of_files(modules_behind(["commands.validate"]))
        self._kit = [kit, *options, *(f"{name} {package_version(name)}" for name in _BELOW)]

    def made_with(self, target: str) -> list[str]:
        """Return what a verdict on a target depends on as it is now."""
        return [*self._kit, json.dumps(target_identity(target), sort_keys=True)]

    def read(self, name: str, target: str, made_with: Sequence[str]) -> Surveyed | None:
        """Return the verdict that was kept, if it was made with the same."""
        path = self._folder / f"{name}.json"
        if not path.exists():
            return None
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["made_with"] != list(made_with):
            return None
        return Surveyed(name, target, kept["verdict"])

    def write(self, found: Surveyed, made_with: Sequence[str]) -> None:
        """Keep a verdict, unless the sampler's code changed while it was made."""
        # A problem may be one of the machine: it is tried again.
        if not found.problem and self.made_with(found.target) == list(made_with):
            content = {"made_with": list(made_with), "verdict": found.verdict}
            (self._folder / f"{found.name}.json").write_text(json.dumps(content), encoding="utf-8")


_BELOW = ("numpy", "scipy", "sklearn", "imblearn", "hypothesis")


def _validate(name: str, target: str, options: Sequence[str], timeout_seconds: float) -> Surveyed:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "verdict.json")
        command = [sys.executable, "-m", "smote_bench", "validate", target, "--json", str(path), *options]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=timeout_seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return Surveyed(name, target, {}, f"no verdict after {timeout_seconds:g} s")
        if path.exists():
            return Surveyed(name, target, json.loads(path.read_text(encoding="utf-8")))
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        return Surveyed(name, target, {}, f"no verdict, exit code {done.returncode}: {said}")


class Judgements:
    """What people made of violations: a bug, a design choice, or a limit, with the reason.

    Parameters
    ----------
    path : Path
        A YAML file: for each property ``{judgement, reason}`` under ``default``, and exceptions by sampler
        under ``samplers``.

    Raises
    ------
    ConfigError
        If the file has another form.
    """

    def __init__(self, path: Path) -> None:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        self._default = content.get("default") or {}
        self._samplers = content.get("samplers") or {}
        for where, entries in (("default", self._default), *self._samplers.items()):
            for prop, entry in entries.items():
                if (
                    not isinstance(entry, dict)
                    or entry.get("judgement") not in JUDGEMENTS
                    or not entry.get("reason")
                ):
                    raise ConfigError(
                        f"{path}: {where}: {prop}: expected judgement ({', '.join(JUDGEMENTS)}) and a reason "
                        f"in words, got {entry!r}"
                    )

    def __call__(self, sampler: str, prop: str) -> tuple[str, str]:
        """Return the judgement on a violation and its reason; ``not judged`` where there is none."""
        entry = (self._samplers.get(sampler) or {}).get(prop) or self._default.get(prop)
        return (entry["judgement"], entry["reason"]) if entry else ("not judged", "")


def to_markdown(found: Iterable[Surveyed], judge: Callable[[str, str], tuple[str, str]]) -> str:
    """Return the survey as Markdown: samplers, violations with judgements, smallest examples.

    Parameters
    ----------
    found : iterable of Surveyed
    judge : callable (sampler, property) -> (judgement, reason)
    """
    found = list(found)
    by_property: dict[str, list[tuple[Surveyed, Mapping[str, Any]]]] = {}
    for surveyed in found:
        for violation in surveyed.violations:
            by_property.setdefault(violation["property"], []).append((surveyed, violation))
    parts = ["## Samplers", "", _samplers_table(found), "", "## Violations", ""]
    for prop, holders in sorted(by_property.items(), key=lambda item: (-len(item[1]), item[0])):
        parts += _property_section(prop, holders, judge)
    return "\n".join(parts).rstrip()


def _samplers_table(found: list[Surveyed]) -> str:
    lines = ["| sampler | family | verdict | properties violated |", "| --- | --- | --- | --- |"]
    for surveyed in found:
        if surveyed.problem:
            lines.append(f"| {surveyed.name} |  | {_cell(surveyed.problem)} |  |")
            continue
        names = ", ".join(f"[{v['property']}](#{v['property']})" for v in surveyed.violations)
        verdict = "accepted" if surveyed.verdict["accepted"] else f"rejected: {len(surveyed.violations)}"
        n_more = len(surveyed.failures) - len(surveyed.violations)
        names += f", and {n_more} more through the same causes" if n_more else ""
        lines.append(f"| {surveyed.name} | {surveyed.verdict['family']} | {verdict} | {names} |")
    return "\n".join(lines)


def _property_section(
    prop: str,
    holders: list[tuple[Surveyed, Mapping[str, Any]]],
    judge: Callable[[str, str], tuple[str, str]],
) -> list[str]:
    first = holders[0][1]
    lines = [f"### {prop}", "", f"{first['group']}: {first['meaning']}. {len(holders)} samplers.", ""]
    lines += ["| sampler | judgement | why | what came |", "| --- | --- | --- | --- |"]
    for surveyed, violation in holders:
        judgement, reason = judge(surveyed.name, prop)
        lines.append(
            f"| {surveyed.name} | {judgement} | {_cell(reason)} | {_cell(violation['reason'], 200)} |"
        )
    lines += ["", "<details><summary>smallest examples</summary>", ""]
    for surveyed, violation in holders:
        lines += [f"{surveyed.name}:", "", "```python", violation["counterexample"], "```", ""]
    return [*lines, "</details>", ""]


def _cell(text: str, limit: int = 400) -> str:
    one_line = " ".join(str(text).split()).replace("|", "\\|")
    return one_line if len(one_line) <= limit else one_line[: limit - 3] + "..."
