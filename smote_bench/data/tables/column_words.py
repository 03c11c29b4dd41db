"""What is said of a column as it is read: findings with the key that changes it, and refusals."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.tables.column_cells import (
    Texts,
    texts_of,
)
from smote_bench.data.tables.column_doubts import are_seen_once
from smote_bench.data.tables.kind_keys import KindKeys
from smote_bench.data.tables.readings import Reading
from smote_bench.data.tables.wrong_cells import or_missing
from smote_bench.data.values.clock_times import Clock
from smote_bench.data.values.clothed_numbers import (
    NEARLY_ALL,
    Clothes,
    other_spellings,
)
from smote_bench.data.values.date_columns import (
    dates_in_several_forms,
    days_of_texts,
    placeholder_of,
)
from smote_bench.data.values.date_numbers import day_of_excel
from smote_bench.data.values.equal_numbers import codes_finding, equal_texts
from smote_bench.data.values.labels import number, some
from smote_bench.data.values.measures import Measure
from smote_bench.data.values.number_marks import NumberMarks
from smote_bench.data.values.number_parts import is_money
from smote_bench.data.values.several_units import sizes_apart
from smote_bench.data.values.unread_numbers import unread_numbers
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["ColumnWords"]

_SHOWN_OF = 100
_HOURS = Clock()


def _is_plain(text: str) -> bool:
    """Tell whether a text is a number in digits from 0 to 9; ``１２`` and ``١٢`` are numbers too."""
    return text.isascii() and number(text) is not None


class ColumnWords:
    """Words on the columns of one file.

    Parameters
    ----------
    name : str
        What messages call the table.
    file : str
        Name of the file, which findings begin with.
    keys : KindKeys
        What the owner says.
    marks : NumberMarks, optional
        The decimal mark of all columns where it is known; each says its own otherwise.
    marked : collection of str
        Columns in which a word such as NA stands for a missing cell.
    is_text : bool
        Whether it is a file of delimited text, of which an experiment may say what the decimal mark is.
    """

    def __init__(
        self,
        name: str,
        file: str,
        keys: KindKeys,
        marks: NumberMarks | None = None,
        marked: Collection[str] = (),
        *,
        is_text: bool = True,
    ) -> None:
        self._is_text = is_text
        self._marked = marked
        self._name, self._file, self._keys = name, file, keys
        self._decimal = marks.decimal if marks is not None and marks.is_known else ""
        self._proofs = marks.examples if marks is not None else ()

    @property
    def stated(self) -> tuple[str, ...]:
        """The columns of which the owner says what they are."""
        return tuple(column for column, _ in self._keys.kinds)

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns that the owner keeps, whatever they look like."""
        return self._keys.keep

    def _may_be_dates(self, column: pd.Series) -> Finding:
        name = str(column.name)
        said = (
            f"{self._what(column)} has whole numbers that all are dates, such as "
            f"{column.dropna().iloc[0]:.0f}: they are read as numbers, with wide gaps between months or years"
        )
        remedy = (
            f"{self._kinds(column, 'date')}, 'kinds: {{{yaml_name(name)}: numeric}}' says that they are none"
        )
        return Finding("suspect", name, said, remedy)

    def _days_of_excel(self, column: pd.Series, values: np.ndarray) -> list[Finding]:
        said, name = day_of_excel(str(column.name), values), str(column.name)
        if not said:
            return []
        text = f"{self._what(column)}: {said}: they are read as numbers, in the order of time"
        return [Finding("read", name, text, f"'drop: [{yaml_name(name)}]' leaves it out")]

    def _in_hours(
        self, column: pd.Series, noun: str, texts: Texts | None = None, clock: Clock = _HOURS
    ) -> Finding:
        said = f"{self._what(column)} has {noun}: they are numbers, in hours"
        if texts is not None:
            shown = next(text for text in texts.values if clock.number(text) is not None)
            said += f", {shown!r} as {clock.number(shown):.12g}"
        if clock.has_minutes_first:
            said += "; cells of two parts are minutes and seconds"
        if clock.is_unclear:
            said += "; cells of two parts are taken for hours and minutes, they may be minutes and seconds"
        remedy = f"'drop: [{yaml_name(str(column.name))}]' leaves it out, {self._kinds(column, 'nominal')}"
        return Finding("suspect" if clock.is_unclear else "read", str(column.name), said, remedy)

    def _in_largest_unit(self, column: pd.Series, texts: Texts, measure: Measure) -> Finding:
        shown = next(text for text in texts.values if measure.number(text) is not None)
        said = (
            f"{self._what(column)} has measures in several units: they are numbers, in {measure.unit}, "
            f"{shown!r} as {measure.number(shown):.12g}"
        )
        remedy = f"'drop: [{yaml_name(str(column.name))}]' leaves it out, {self._kinds(column, 'nominal')}"
        return Finding("read", str(column.name), said, remedy)

    def _unread(self, column: pd.Series, texts: Texts) -> list[Finding]:
        """Say that texts with a number each are categories, where nothing is said of their being many."""
        kind = unread_numbers(texts.values, texts.counts.tolist())
        if not kind or are_seen_once(texts.counts):
            return []
        shown = some([text for text in texts.values if number(text) is None][:2])
        said = f"{self._what(column)} has {len(texts.values):,} texts with a number in each, such as {shown}"
        said += ", in a form that is not known" if kind == "suspect" else ""
        remedy = (
            "write plain numbers, if they are numbers; "
            f"'kinds: {{{yaml_name(str(column.name))}: nominal}}' says that they are none"
        )
        return [Finding(kind, str(column.name), f"{said}: they are categories", remedy)]

    def _pairs(self, column: pd.Series, shown: str, what: str) -> Finding:
        """Say that cells have several numbers each, which no single feature can be."""
        said = (
            f"{self._what(column)} has several numbers in a cell, such as {shown!r}: it is {what}, and is "
            "best split in a column for each number"
        )
        remedy = f"split it, or 'drop: [{yaml_name(str(column.name))}]' leaves it out"
        return Finding("read", str(column.name), said, remedy)

    def _oldest(self, column: pd.Series, form: str) -> str:
        """Return the earliest date of a column, as it is written and as it is read."""
        import numpy as np

        texts = texts_of(column, self._name).values
        found = days_of_texts(texts, form)
        place = int(np.nanargmin(found))
        return f"{texts[place]!r} for {np.datetime64(0, 'D') + int(found[place] // 1)}"

    def _unread_dates(self, column: pd.Series, texts: Texts) -> list[Finding]:
        """Suspect categories that are dates, in several forms or beside other texts."""
        if column.name in self.stated or not (forms := dates_in_several_forms(texts.values)):
            return []
        what = "dates in several forms" if len(forms) > 1 else "dates beside other texts"
        said = f"{self._what(column)} has {what}, such as {some(forms[:2])}: they are read as categories"
        remedy = f"write them in one form, or 'drop: [{yaml_name(str(column.name))}]' leaves it out"
        return [Finding("suspect", str(column.name), said, f"{remedy}; {self._kinds(column, 'nominal')}")]

    def _ticks(self, column: pd.Series, texts: Texts) -> Finding:
        n_empty = len(column) - texts.n_present
        said = (
            f"{self._what(column)} has {texts.values[0]!r} or nothing: the {n_empty:,} cells without a value "
            "are taken for no"
        )
        return Finding("suspect", str(column.name), said, self._kinds(column, "nominal"))

    def _codes(self, column: pd.Series, texts: Texts) -> list[Finding]:
        if column.name in self.stated:
            return []
        return codes_finding(str(column.name), self._what(column), texts.values, texts.n_present)

    def _versions(self, column: pd.Series, texts: Texts) -> Finding:
        one, other = equal_texts(texts.values) or ("", "")
        said = (
            f"{self._what(column)} has versions such as {one!r} and {other!r}, which would be one number: "
            "they are categories"
        )
        return Finding("read", str(column.name), said, self._kinds(column, "numeric"))

    def _undressed(self, column: pd.Series, texts: Texts, clothes: Clothes) -> list[Finding]:
        dressed = (text for text in texts.values if not _is_plain(text) and clothes.number(text) is not None)
        shown = max(itertools.islice(dressed, _SHOWN_OF), key=len, default=None)
        codes = self._codes(column, texts)
        if shown is None and any(clothes.number(text) is None for text in texts.values):
            return codes  # numbers and a few words, which are named when they are read
        if shown is None:
            if codes:
                return codes
            said = f"{self._what(column)} has texts that are numbers: it is read as numbers"
            if clothes.is_ambiguous and not self._decimal:
                doubt, _ = self._two_ways(texts, clothes)
                return [Finding("suspect", str(column.name), said + doubt, "write numbers there, no texts")]
            return [Finding("read", str(column.name), said, self._kinds(column, "nominal"))]
        said = f"{self._what(column)} is read as numbers, {shown!r} as {clothes.number(shown):.12g}"
        remedy = self._kinds(column, "nominal")
        if clothes.unit and (others := other_spellings(texts.values, clothes)):
            said += f"; {', '.join(map(repr, others))} and {clothes.unit!r} are taken for one unit"
        is_guess = clothes.is_ambiguous and (not self._decimal or bool(self._proofs))
        if is_guess:
            doubt, remedy = self._two_ways(texts, clothes)
            said += doubt
        is_unclear = clothes.may_be_magnitude and any(number(text) is not None for text in texts.values)
        if is_unclear:
            said += f"; {clothes.unit!r} may stand for thousands or millions as well, it is taken for a unit"
        elif apart := sizes_apart(texts.values, clothes):
            is_unclear = True
            said += (
                f"; numbers with {clothes.unit!r} are typically {apart[0]:.4g}, those without {apart[1]:.4g}"
            )
            said += ": they may be of two units, and are taken as they are"
        is_bracketed = all(text.lstrip().startswith("(") for text in texts.values)
        if is_bracketed:
            said += "; all cells are in brackets, which are taken for a minus, as in accounts"
        has_commas = any("," in text for text in texts.values)
        is_odd_money = is_guess and clothes.decimal == "." and is_money(clothes.unit)
        is_odd = is_guess and clothes.decimal == "." and not has_commas and not is_money(clothes.unit)
        is_doubtful = is_unclear or is_bracketed or is_odd or (is_odd_money and bool(self._decimal))
        kind = "suspect" if is_doubtful else "read"
        found = [Finding(kind, str(column.name), said, remedy)]
        return [*found, *codes]

    def without_magnitude(self, column: pd.Series, reading: Reading) -> list[Finding]:
        """Suspect bare numbers of a test file where those that train have a K, which may be thousands."""
        if reading.kind != "numeric" or not reading.clothes.may_be_magnitude:
            return []
        texts = texts_of(column, self._name)
        bare = [
            (text, n) for text, n in zip(texts.values, texts.counts, strict=True) if number(text) is not None
        ]
        if not bare:
            return []
        n_bare, unit = sum(int(n) for _, n in bare), repr(reading.clothes.unit)
        said = (
            f"{self._what(column)} has {n_bare:,} numbers without {unit}, such as {bare[0][0]}, while those "
            f"that train have it: {unit} may stand for thousands or millions, and is taken for a unit"
        )
        return [Finding("suspect", str(column.name), said, "write them alike")]

    def _two_ways(self, texts: Texts, clothes: Clothes) -> tuple[str, str]:
        """Say of numbers that may be read with the marks changed about which reading was taken, and why."""
        has_thousands = any(clothes.thousands in text for text in texts.values)
        mark = clothes.thousands if has_thousands else clothes.decimal
        said = (
            f"; {mark!r} may be the decimal mark of all cells as well, it is taken to part thousands"
            if has_thousands
            else f"; {mark!r} may part thousands as well, it is taken for the decimal mark"
        )
        if self._decimal:
            name, shown = self._proofs[0]
            said += f" because of column {name!r}, which has {shown}"
        if not self._is_text:
            return said, "write them without marks of thousands, and with a decimal point"
        other = "," if clothes.decimal == "." else "."
        return said, f"'read: {{decimal: \"{other}\"}}' reads it the other way, in all columns"

    def _far(self, column: pd.Series, n: int, shown: str) -> list[Finding]:
        """Name the dates that stand for none."""
        if not n:
            return []
        said = (
            f"{self._what(column)} has {n:,} dates before 1678 or after 2261, such as {shown}, in "
            f"{len(column):,} rows: they stand for no date, and are taken as missing"
        )
        return [Finding("suspect", str(column.name), said, self._kinds(column, "nominal"))]

    def _placeholder(self, column: pd.Series, values: np.ndarray) -> list[Finding]:
        """Name a day that stands for none: it is kept, as numbers such as -999 are."""
        found = placeholder_of(values)
        if found is None:
            return []
        day, n = found
        said = (
            f"{self._what(column)} has {day} in {n:,} of {len(column):,} rows, far from all its other dates: "
            "it may stand for no date"
        )
        remedy = f"'read: {{na: [\"{day}\"]}}' takes it as missing, if so"
        return [Finding("suspect", str(column.name), said, remedy)]

    def _mostly(self, column: pd.Series, texts: Texts, noun: str, found: np.ndarray) -> ConfigError:
        """Return the error of a column of which most cells are of a kind, and too many are not."""
        import numpy as np

        wrong = np.isnan(found)
        shown = texts.values[int((~wrong).argmax())]
        strange = [texts.values[i] for i in np.flatnonzero(wrong)]
        return ConfigError(
            f"{self._name}: expected {noun} in column {column.name!r}, got mostly {noun.split()[0]} such as "
            f"{shown!r} and {some(strange)}: correct them, leave those cells empty, {or_missing(strange)}or "
            f"list the column under 'nominal' or 'drop'; up to {1 - NEARLY_ALL:.0%} of the cells are taken "
            "as missing, with a word"
        )

    def _with_words(self, column: pd.Series, texts: Texts) -> ConfigError:
        """Return the error of a column of numbers of which some have words or signs."""
        dressed = [text for text in texts.values if number(text) is None]
        bare = [text for text in texts.values if number(text) is not None]
        beside = f" beside {bare[0]!r}" if bare else ""
        return ConfigError(
            f"{self._name}: expected numbers or categories in column {column.name!r} of {self._file}, got "
            f"numbers with words or signs, such as {some(dressed[:4])}{beside}: write them alike, split the "
            f"column in numbers and words, or 'drop: [{yaml_name(str(column.name))}]' leaves it out, or list "
            "it under 'nominal'"
        )

    def _not(self, column: pd.Series, noun: str, got: Sequence[Any], remedy: str = "") -> ConfigError:
        return ConfigError(
            f"{self._name}: expected {noun} in column {column.name!r}, as 'kinds' says, got {some(got)}: "
            f"{remedy or 'correct the cells, or the kind'}"
        )

    def _left_out(self, column: pd.Series, why: str, key: str) -> Finding:
        name = str(column.name)
        return Finding(
            "left out",
            name,
            f"{self._what(column)} is left out, {why}",
            f"'{key}: [{yaml_name(name)}]' keeps it",
        )

    def _rising(self, column: pd.Series, said: str) -> list[Finding]:
        name = str(column.name)
        remedy = f"'drop: [{yaml_name(name)}]' leaves it out, 'keep' says that it is a feature"
        return [Finding("read", name, f"{self._what(column)} {said}", remedy)] if said else []

    def _truths_with_gaps(self, column: pd.Series, reading: Reading, values: np.ndarray) -> list[Finding]:
        """Say that truth values with gaps are numbers, between which samplers may go."""
        import numpy as np

        gaps = np.isnan(values)
        if reading.kind != "boolean" or not gaps.any() or gaps.all():
            return []
        said = (
            f"{self._what(column)} has truth values, {int(gaps.sum()):,} of {len(gaps):,} cells missing: so "
            "they are numbers, 1 and 0, and rows between the two are not counted"
        )
        return [Finding("read", str(column.name), said, self._kinds(column, "nominal"))]

    def _what(self, column: pd.Series) -> str:
        return f"{self._file}: column {column.name!r}"

    def _kinds(self, column: pd.Series, kind: str) -> str:
        changed = "keeps its texts as categories" if kind == "nominal" else f"reads it as {kind}"
        return f"'kinds: {{{yaml_name(str(column.name))}: {kind}}}' {changed}"
