"""The labels of a file: which texts its target has, how often, and which rows are the minority."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.data.files.read_keys import read_keys
from smote_bench.data.findings import Finding
from smote_bench.data.positive import Positive, check_majority, check_positive
from smote_bench.data.tables.layouts import Layout, markers_of, readings_of
from smote_bench.data.values.conditions import Condition, find_condition, in_plain_numbers, why_two_limits
from smote_bench.data.values.label_doubts import may_be_one, may_stand_for_none
from smote_bench.data.values.labels import check_labels, is_minority, is_missing, several
from smote_bench.data.values.number_marks import NumberMarks, plain_cell
from smote_bench.data.values.sentinels import outlying_sentinels
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Labels", "labels_of"]

_SHOWN = 8


@dataclass
class Labels:
    """The texts of a target, how many rows have each, how many none, and each row's place in `texts`.

    `where` says in which line or row each text stands first, and under no text a cell without one; of Parquet
    it is empty. `marks` says how numbers of a text file are written; in `texts` they have a decimal point.
    """

    texts: list[str]
    counts: list[int]
    n_without: int = 0
    codes: Any = None
    where: dict[str, str] = field(default_factory=dict)
    marks: NumberMarks = field(default_factory=NumberMarks)

    def minority_of(self, layout: Layout) -> str | tuple[str, ...]:
        """Return the minority of a layout, limits of conditions in plain numbers as the labels are.

        Those of a test file are as the file that trains has decided.
        """
        named = layout.minority
        return self._plain(named, layout) if isinstance(named, str) else self._all_plain(named, layout)

    def _plain(self, one: str, layout: Layout) -> str:
        """Return a label or a condition with the numbers that the file's cells have once they are read."""
        if one in self.texts:
            return one
        plain = in_plain_numbers(one, self.marks, self.texts if readings_of(layout) is None else ())
        if plain != one or not (self.marks.decimal == "," or self.marks.has_marks):
            return plain
        as_label = plain_cell(one, self.marks.decimal)
        is_written_so = as_label != one and not any(is_minority(self.texts, one))
        return as_label if is_written_so and any(is_minority(self.texts, as_label)) else one

    def _all_plain(self, named: Sequence[str], layout: Layout) -> tuple[str, ...]:
        return tuple(self._plain(one, layout) for one in named)

    def _plain_positive(self, positive: Positive | None, layout: Layout) -> Positive | None:
        return positive and replace(positive, labels=self._all_plain(positive.labels, layout))

    def check(self, layout: Layout, path: Path) -> list[str]:
        """Raise a ConfigError unless there are labels to work with; return remarks."""
        minority = self.minority_of(layout)
        markers = markers_of(layout) if self.where else ("", *read_keys(layout).na)
        counts = dict(zip(self.texts, self.counts, strict=True))
        # A user's file alone names these for its reading.
        positive, majority = getattr(layout, "positive", None), getattr(layout, "majority", ())
        majority = self._all_plain(majority if isinstance(majority, tuple) else (), layout)
        positive = self._plain_positive(positive, layout)
        is_whole = readings_of(layout) is None
        named = (*several(minority), *majority, *(positive.labels if positive else ()))
        missing = {text: n for text, n in counts.items() if is_missing(text, named, markers)}
        present = {text: n for text, n in counts.items() if text not in missing}
        for one in several(layout.minority) if is_whole else ():
            why = "" if one in present else why_two_limits(one, self.marks, self.texts)
            if why and find_condition("> 0", present) is not None:
                raise ConfigError(f"{layout.name}: expected one limit in {one!r}, got two: {why}")
        lacking = {**missing, **({"": self.n_without} if self.n_without else {})}
        remarks = check_labels(
            present,
            lacking,
            minority,
            name=layout.name,
            column=layout.target,
            file=path.name,
            first=next((self.where[text] for text in lacking if text in self.where), ""),
            decides=is_whole and getattr(getattr(layout, "roles", None), "split", None) is None,
            is_whole=is_whole,
        )
        if not is_whole:  # a test file may lack labels, the others have to be those of the file that trains
            majority, positive = _there(majority, present), _positive_there(positive, present)
        check_majority(majority, present, minority, layout.name, layout.target)
        check_positive(positive, present, minority, layout.name, layout.target)
        return remarks

    def doubts(self, layout: Layout, path: Path) -> list[Finding]:
        """Return what may be no label though it is one of several of the majority, or one of the minority."""
        if layout.kinds_stated:
            return []
        flags = is_minority(self.texts, self.minority_of(layout))
        others = [text for text, is_one in zip(self.texts, flags, strict=True) if not is_one]
        positive = self._plain_positive(getattr(layout, "positive", None), layout)
        majority = self._all_plain(getattr(layout, "majority", ()), layout)
        named = (*majority, *(positive.labels if positive else ()))
        unnamed = [text for text in others if not any(is_minority([text], named))]
        if (condition := _condition_of(self.minority_of(layout), self.texts)) is not None:
            return self._sentinels(condition, f"{path.name}: {layout.target}")
        maybe = [text for text in may_stand_for_none(self.texts) if text in unnamed]
        counts = dict(zip(self.texts, self.counts, strict=True))
        listed = ", ".join(json.dumps(text, ensure_ascii=False) for text in others[:_SHOWN])
        said_so = f"'majority: [{listed}{', ...' if len(others) > _SHOWN else ''}]'"
        found = []
        if len(others) > len(maybe) > 0:  # beside yes, none alone is the other class
            told = " and ".join(f"{text!r} in {counts[text]:,} rows" for text in maybe)
            said = f"{path.name}: {layout.target}: {told} may stand for no label, and is of the majority"
            remedy = f"leave those rows out of the file, or say that it is a label: {said_so}"
            found.append(Finding("suspect", "", said, remedy))
        chosen = [text for text, is_one in zip(self.texts, flags, strict=True) if is_one]
        for one, other in may_be_one(chosen, unnamed):
            said = (
                f"{path.name}: {layout.target}: {other!r} in {counts[other]:,} rows may be another word for "
                f"{one!r}, which is the minority, and is of the majority"
            )
            both = ", ".join(json.dumps(text, ensure_ascii=False) for text in (*chosen[:_SHOWN], other))
            remedy = f"write them alike, or 'minority: [{both}]'; {said_so} says that it is another label"
            found.append(Finding("suspect", "", said, remedy))
        return found

    def _sentinels(self, condition: Condition, what: str) -> list[Finding]:
        """Name numbers far from all others, as -999, that a condition takes for numbers."""
        import numpy as np

        values = np.array([condition.number(text) for text in self.texts], dtype=np.float64)
        return [
            Finding(
                "suspect",
                "",
                f"{what} has {one.value:g} in {one.n_rows:,} rows, all others are from {one.low:g} to "
                f"{one.high:g}: it may stand for no label, and is of the "
                f"{'minority' if condition.holds_of(one.value) else 'majority'}",
                "leave those rows out of the file, if it does",
            )
            for one in outlying_sentinels(np.repeat(values, self.counts))
        ]

    def binary(self, layout: Layout) -> np.ndarray:
        """Return 1 for rows of the minority, 0 for the others."""
        import numpy as np

        labels: np.ndarray = np.array(is_minority(self.texts, self.minority_of(layout)), dtype=np.int64)[
            self.codes
        ]
        return labels


def _condition_of(minority: str | tuple[str, ...], texts: Sequence[str]) -> Condition | None:
    """Return the first condition of a minority; None where it has labels alone."""
    found = (find_condition(one, texts) for one in several(minority))
    return next((one for one in found if one is not None), None)


def _there(labels: Sequence[str], present: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(label for label in labels if any(is_minority(list(present), label)))


def _positive_there(positive: Positive | None, present: Mapping[str, int]) -> Positive | None:
    labels = () if positive is None else _there(positive.labels, present)
    return replace(positive, labels=labels) if positive is not None and labels else None


def labels_of(values: list[Any], codes: np.ndarray) -> Labels:
    """Return the labels behind codes; None, NaN and the code past the last value are no labels."""
    import numpy as np

    counts = np.bincount(codes, minlength=len(values) + 1)
    there = [n for n, value in enumerate(values) if value is not None and value == value and counts[n]]
    place = np.full(len(values) + 1, -1)
    place[there] = np.arange(len(there))
    return Labels(
        [str(values[n]) for n in there],
        counts[there].tolist(),
        n_without=int(counts.sum() - counts[there].sum()),
        codes=place[codes],
    )
