"""From what was played to the tables of the document: rates with their intervals, n beside everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scipy import stats

from benchmarks.gate_study.grid import DATASETS, METHOD, METRICS, N_FOLDS, N_SPLITS
from benchmarks.gate_study.runs import N_SEEDS
from benchmarks.gate_study.scenarios import DEFECTS, HARMLESS
from benchmarks.gate_study.trials import DROPPED, FIXED_DROP, RESEEDED, SHIFTED, Played, Way
from benchmarks.gate_study.views import STEP, VIEWS
from smote_bench.experiment.gate_settings import LEVELS

__all__ = ["Study", "interval", "render", "table"]

_WAYS: tuple[Way, ...] = ("five splits", "two stages", "one split")
_SHOWN = 8


@dataclass(frozen=True)
class Study:
    """What was played, and under which conditions.

    Parameters
    ----------
    played : list of Played
    n_cases : int
        Of the grid.
    alpha : float
        Asked of the gate.
    draws : tuple of int
        Seeds of the grid, and of each scenario.
    fit_seconds, play_seconds : float
        Wall time; no seconds of fitting where all fits were in the cache.
    versions : str
        Of Python, the libraries and the machine.
    """

    played: list[Played]
    n_cases: int
    alpha: float
    draws: tuple[int, int]
    fit_seconds: float
    play_seconds: float
    versions: str

    def of(self, scenario: str, way: Way, *, everywhere: bool = True) -> list[Played]:
        """Return the trials of a scenario without injected drops, on all data sets or on one."""
        return [
            p
            for p in self.played
            if p.trial.scenario == scenario
            and p.way == way
            and p.trial.injected is None
            and not p.trial.view
            and (p.trial.datasets == DATASETS) == everywhere
        ]


def render(study: Study) -> str:
    """Return all tables as Markdown."""
    return "\n\n".join(
        [
            _conditions(study),
            "### Nothing real happened: runs with an alarm",
            _false_alarms(study),
            _what_they_said(study),
            "### The same real fits, seen as discrete scores",
            _views(study),
            "### A defect of SMOTE on all data sets: runs in which SMOTE is named",
            _defects(study),
            "### The same defect on one data set only: runs in which SMOTE is named",
            _one_dataset(study),
            "### A drop of the size that the gate says it would see: how often it is seen",
            _limits(study),
        ]
    )


def interval(k: int, n: int) -> str:
    """Return a rate with its exact 95% interval (Clopper and Pearson).

    >>> interval(0, 300)
    '0 of 300: 0.0% (0.0 to 1.2)'
    """
    if not n:
        return "not played"
    bounds = stats.binomtest(k, n).proportion_ci(method="exact")
    return f"{k} of {n}: {100 * k / n:.1f}% ({100 * bounds.low:.1f} to {100 * bounds.high:.1f})"


def _conditions(study: Study) -> str:
    n_draws, n_scenario = study.draws
    fitted = f"{study.fit_seconds:.0f} s" if study.fit_seconds else "taken from the cache"
    return (
        f"{study.n_cases} cases ({len(DATASETS)} data sets), {N_SPLITS} splits x {N_FOLDS} folds, {n_draws} "
        f"seeds of the grid and {n_scenario} of each scenario; a baseline has {N_SEEDS} seeds, a run one. "
        f"alpha = {study.alpha:g}. Fits: {fitted}; {len(study.played)} verdicts: {study.play_seconds:.0f} s. "
        f"{study.versions}."
    )


def _false_alarms(study: Study) -> str:
    names = (RESEEDED, *(scenario.name for scenario in HARMLESS), SHIFTED)
    rows = []
    for name in names:
        shown = []
        for way in _WAYS:
            played = study.of(name, way)
            shown.append(interval(sum(bool(p.alarms) for p in played), len(played)))
        rows.append([name, *shown])
    for way in _WAYS:
        played = study.of(RESEEDED, way)
        fixed = interval(sum(p.fixed for p in played), len(played))
        if way != "two stages":
            rows.append(
                [
                    f"reseeded, fixed limit `baseline - {FIXED_DROP:g}`",
                    *(fixed if way == other else "" for other in _WAYS),
                ]
            )
    costs = []
    for way in _WAYS:
        cost = [p.cost for p in study.of(RESEEDED, way)]
        costs.append(f"{sum(cost) / len(cost):.2f}" if cost else "")
    rows.append(["cost, in runs of one split", *costs])
    return table(["scenario", *_WAYS[:2], "one split: undecided"], rows)


def _what_they_said(study: Study) -> str:
    """Return the false alarms one by one, the most frequent first: their rate alone explains nothing."""
    counts: Counter[tuple[str, ...]] = Counter()
    for name in (RESEEDED, *(scenario.name for scenario in HARMLESS), SHIFTED):
        for way in _WAYS:
            for played in study.of(name, way):
                counts.update((name, way, *alarm) for alarm in played.alarms)
    if not counts:
        return "No false alarm at all."
    words = []
    for (name, how, kind, _, *where, measure), n in counts.most_common(_SHOWN):
        place = "-".join(part for part in where if part)
        words.append(f"{kind} {place} {measure} ({name}, {how}) {n} times")
    left = len(counts) - len(words)
    return f"Among them: {'; '.join(words)}{f'; and {left} others' if left else ''}."


def _views(study: Study) -> str:
    rows = []
    for view in VIEWS:
        row = [view]
        for share in (0.0, DROPPED):
            for digests in (False, True):
                wanted = (view, digests, share)
                here = [p for p in study.played if (p.trial.view, p.trial.digests, p.trial.share) == wanted]
                row.append(_share(here) if share else interval(sum(bool(p.alarms) for p in here), len(here)))
        rows.append(row)
    drop = f"SMOTE lower by {STEP:g} in {100 * DROPPED:g}% of folds: named"
    head = ["scores, reseeded", "false alarms, without digests", "with digests"]
    return table([*head, f"{drop}, without digests", "with digests"], rows)


def _defects(study: Study) -> str:
    rows = []
    for scenario in DEFECTS:
        full = study.of(scenario.name, "five splits")
        row = [scenario.name]
        for way in _WAYS[:2]:
            played = study.of(scenario.name, way)
            row.append(_share(played))
        changed = sum(any(a[0] == "CHANGED" and a[3] == METHOD for a in p.alarms) for p in full)
        dropped = sum(any(a[0] == "DROP" and a[3] == METHOD for a in p.alarms) for p in full)
        row += [f"{_percent(changed, len(full))}", f"{_percent(dropped, len(full))}"]
        rows.append([*row, _metrics(full)])
    head = ["defect", *_WAYS[:2], "by descriptors", "by metrics", "metrics of the method that dropped"]
    return table(head, rows)


def _metrics(played: Sequence[Played]) -> str:
    """Return the metrics by which the method's mean was seen to drop, with the share of runs."""
    counts = Counter(
        alarm[5] for p in played for alarm in p.alarms if alarm[:4] == ("DROP", "method", "", METHOD)
    )
    words = [f"{metric} {_percent(counts[metric], len(played))}" for metric in METRICS if counts[metric]]
    return ", ".join(words) or "none"


def _one_dataset(study: Study) -> str:
    rows = []
    for scenario in DEFECTS:
        played = study.of(scenario.name, "five splits", everywhere=False)
        misses = Counter(p.trial.datasets[0] for p in played if not _names_method(p))
        each = Counter(p.trial.datasets[0] for p in played)
        shares = [
            sum(
                any(
                    a[0] == kind and a[3] == METHOD and (kind == "CHANGED" or a[1] == level) for a in p.alarms
                )
                for p in played
            )
            for kind, level in (("CHANGED", ""), *(("DROP", level) for level in LEVELS))
        ]
        missed = ", ".join(f"{name} {n} of {each[name]}" for name, n in misses.items()) or "none"
        rows.append(
            [scenario.name, _share(played), *(_percent(share, len(played)) for share in shares), missed]
        )
    head = ["defect", "seen", "by descriptors", *(f"by metrics: {level}" for level in LEVELS), "not seen on"]
    return table(head, rows)


def _limits(study: Study) -> str:
    rows = []
    for way in _WAYS:
        null = study.of(RESEEDED, way)
        for level in LEVELS:
            sizes = [p.would_see[level] for p in null if level in p.would_see]
            if not sizes:
                continue
            injected = [p for p in study.played if p.trial.injected == level and p.way == way]
            own, printed = [], []
            for metric in METRICS:
                counts = [p.power[level, metric] for p in null if (level, metric) in p.power]
                total = sum(c[1] for c in counts)
                if total:
                    own.append(100 * sum(c[0] for c in counts) / total)
                    printed.append(100 * sum(c[2] for c in counts) / total)
            rows.append(
                [
                    f"{way}, {level}",
                    f"{sum(sizes) / len(sizes):.4f}",
                    _range(printed),
                    _range(own),
                    interval(sum(bool(p.seen) for p in injected), len(injected)),
                ]
            )
    head = [
        "gate, level",
        "printed: would see",
        "printed size, any place (by metric)",
        "own limit, any place (by metric)",
        "own limit at a random place and metric, through the gate",
    ]
    return table(head, rows)


def _range(percentages: Sequence[float]) -> str:
    if not percentages:
        return ""
    return f"{min(percentages):.1f}% to {max(percentages):.1f}%"


def _names_method(played: Played) -> bool:
    return any(alarm[3] == METHOD for alarm in played.alarms)


def _share(played: Sequence[Played]) -> str:
    return interval(sum(map(_names_method, played)), len(played))


def _percent(k: int, n: int) -> str:
    return f"{100 * k / n:.0f}%" if n else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows as a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
