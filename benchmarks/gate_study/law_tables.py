"""The tables of the runs from known laws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.gate_study.laws import DISCRETE, SHARED, LawPlayed, LawTrial, Size
from benchmarks.gate_study.tables import interval, table

__all__ = ["law_trials", "render_laws"]

_BIG = Size()
_OTHERS = (Size(1, 1, 1), Size(9, 2, 1), Size(3, 5, 2, seeds=2))
_FEW_SPLITS = tuple(
    Size(4, 5, 2, splits=splits, seeds=seeds) for splits, seeds in ((5, 4), (5, 2), (2, 4), (2, 2), (1, 4))
)


def law_trials(n_runs: int, n_worse: int) -> list[LawTrial]:
    """Return what is to be played: `n_runs` of each law and size, `n_worse` of each drop."""
    places = [(law, _BIG, digests) for law in DISCRETE for digests in (False, True)]
    places += [(law, size, False) for size in _OTHERS for law in DISCRETE]
    places += [(law, size, False) for law in SHARED for size in _FEW_SPLITS]
    made = [LawTrial(*place[:2], number, place[2]) for place in places for number in range(n_runs)]
    for law in DISCRETE:
        for digests in (False, True):
            made += [LawTrial(law, _BIG, number, digests, True) for number in range(n_worse)]
    return made


def render_laws(played: Sequence[LawPlayed], seconds: float) -> str:
    """Return all tables as Markdown."""
    return "\n\n".join(
        [
            "### Discrete scores of the same law: runs that fail",
            "One metric and no samples, so that metrics have all of alpha. "
            f"{len(played)} verdicts: {seconds:.0f} s.",
            _big(played),
            _others(played),
            "### Folds of a split that move together: runs that fail, and that are undecided",
            _few_splits(played),
        ]
    )


def _of(
    played: Iterable[LawPlayed], law: str, size: Size, *, digests: bool = False, is_worse: bool = False
) -> list[LawPlayed]:
    wanted = (law, size, digests, is_worse)
    return [p for p in played if (p.trial.law, p.trial.size, p.trial.digests, p.trial.is_worse) == wanted]


def _fails(played: Sequence[LawPlayed]) -> str:
    return interval(sum(p.fails for p in played), len(played))


def _big(played: Sequence[LawPlayed]) -> str:
    rows = []
    for name, law in DISCRETE.items():
        null = [_fails(_of(played, name, _BIG, digests=digests)) for digests in (False, True)]
        worse = [_of(played, name, _BIG, digests=digests, is_worse=True) for digests in (False, True)]
        seen = [interval(sum(p.sees_all for p in runs), len(runs)) for runs in worse]
        rows.append([name, *null, f"{law.drop:g}", *seen])
    head = [f"scores ({_BIG.words})", "without digests", "with digests", "a true drop of every method of"]
    return table([*head, "all are seen, without digests", "with digests"], rows)


def _others(played: Sequence[LawPlayed]) -> str:
    rows = [[name, *(_fails(_of(played, name, size)) for size in _OTHERS)] for name in DISCRETE]
    return table(["scores", *(size.words for size in _OTHERS)], rows)


def _few_splits(played: Sequence[LawPlayed]) -> str:
    rows = []
    for name in SHARED:
        shown = []
        for size in _FEW_SPLITS:
            runs = _of(played, name, size)
            undecided = sum(p.is_undecided for p in runs)
            said = f"; {undecided} undecided" if undecided else ""
            shown.append(f"{_fails(runs)}{said}")
        rows.append([name, *shown])
    return table([f"scores ({_FEW_SPLITS[0].words.split(',')[0]})", *(_words(s) for s in _FEW_SPLITS)], rows)


def _words(size: Size) -> str:
    return f"{size.splits} split{'s' * (size.splits > 1)}, {size.seeds} seeds"
