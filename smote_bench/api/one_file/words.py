"""The answer for one file in words: what came out, what it is worth, what it would take to know more."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from smote_bench.api.one_file.stopping import MOST_REPEATS
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.effects import Effect, candidates, effects_of
from smote_bench.report.analysis.score_blocks import direction

if TYPE_CHECKING:
    from smote_bench.api.one_file.stages import Found, Question
    from smote_bench.report.analysis.answer import Answer
    from smote_bench.runs.open import Run

__all__ = ["answer_parts", "gains_table", "more_sentences"]


def answer_parts(found: Answer) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield headings, each with its sentences: the answer, and what it is worth."""
    yield "The answer", found.sentences
    yield "What it is worth", found.caveats or ["Nothing was found that speaks against it."]


def gains_table(run: Run, metric: str) -> list[str]:
    """Return what each method gained over `Original`, line by line: those in question, then the trivial arms.

    Intervals count all methods of their block.
    """
    clever = candidates(run)
    blocks = [clever, [name for name in run.trivial if name not in (*clever, ORIGINAL)]]
    effects = [effect for methods in blocks if methods for effect in effects_of(run, metric, methods)]
    width = max(len(effect.method) for effect in effects) if effects else 0
    sign = -1 if direction(run, metric) == "low" else 1
    return [f"{effect.method.ljust(width)}  {_gain(effect, sign)}" for effect in effects]


def _gain(effect: Effect, sign: int) -> str:
    if not math.isfinite(effect.half_width):
        return f"{round(sign * effect.gain, 4) + 0.0:+.4f}"
    ends = sorted((sign * effect.low, sign * effect.high))
    return f"{sign * effect.gain:+.4f}  ({ends[0]:+.4f} to {ends[1]:+.4f})"


def more_sentences(question: Question, found: Found, gain: float, *, is_shown: bool) -> Iterator[str]:
    """Yield why there are no more repeats, and what it would take to know more.

    Parameters
    ----------
    question : Question
    found : Found
    gain : float
        Of the best method.
    is_shown : bool
        Whether its interval excludes zero.
    """
    now, wanted, times = found.precision, found.wanted, f"{found.repeats} repeat{'s' * (found.repeats > 1)}"
    if found.not_come_to:
        yield f"There was no time for {', '.join(found.not_come_to)}: give it more with --minutes."
    if math.isnan(now.half_width):
        yield "The differences have no spread in the fits made, so that nothing tells how sure they are."
        return
    half = f"±{now.half_width:.4f}"
    if found.why == "narrow enough":
        asked = f"{half}, asked: ±{wanted:.3g}"
        yield f"Stopped after {times}: the intervals are as narrow as asked for ({asked})."
    elif found.why == "no use":
        yield (
            f"Stopped after {times}: the intervals ({half}) hardly narrow by repeating, as all folds share "
            f"the same {question.n_rows:,} rows; they would stay above ±{now.least:.4f}."
        )
    elif found.not_come_to:
        yield f"Stopped after {times}, as the time was over: the intervals are {half}."
    else:
        most = now.after(MOST_REPEATS)
        seconds = MOST_REPEATS * found.seconds_per_repeat
        yield (
            f"Stopped after {times}, as the time was over: the intervals are {half}; {MOST_REPEATS} repeats "
            f"would make them about ±{most:.4f}, in about {max(1, math.ceil(1.2 * seconds / 60))} minutes "
            "(--minutes)."
        )
    if now.least > wanted and found.why != "narrow enough":
        yield _rows(question.n_rows, now.least / wanted, f"intervals of ±{wanted:.3g}")
    if not is_shown and 0 < abs(gain) < now.least:
        yield _rows(
            question.n_rows,
            now.least / abs(gain),
            f"a difference as small as the one seen ({abs(gain):.4f}) to show",
        )


def _rows(n_rows: int, factor: float, what: str) -> str:
    needed = n_rows * factor**2
    if needed > 1e9:
        return f"No number of rows that anybody has is enough for {what}."
    digits = max(0, len(str(int(needed))) - 2)
    return (
        f"For {what} it takes about {round(needed, -digits):,.0f} rows like these, {factor**2:.1f} times as "
        "many, if the spread falls with the root of their number."
    )
