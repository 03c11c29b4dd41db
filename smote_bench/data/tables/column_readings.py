"""How a column of a user's file is read: decided by its values or its owner, then applied to its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.tables.column_cells import (
    Texts,
    each,
    is_category,
    is_date,
    is_duration,
    is_text,
    is_truth,
    plain_numbers,
    texts_of,
)
from smote_bench.data.tables.extreme_numbers import EXACT_INTEGERS, lost_digits_finding, n_losing_digits
from smote_bench.data.tables.wrong_cells import WrongCellsError, or_missing
from smote_bench.data.values.clock_times import Clock, find_clock
from smote_bench.data.values.clothed_numbers import (
    NEARLY_ALL,
    Clothes,
    find_clothes,
    is_share,
    is_zero_led_code,
)
from smote_bench.data.values.coordinates import are_coordinates, degrees
from smote_bench.data.values.date_columns import (
    LAST_SHORT_YEAR,
    are_far,
    days,
    days_of_texts,
    find_date_form,
    word_of_period,
)
from smote_bench.data.values.date_numbers import COUNTED, date_form_of_numbers
from smote_bench.data.values.equal_numbers import are_versions
from smote_bench.data.values.identifiers import counted_rows, is_called_identifier, naming_texts, rising_rows
from smote_bench.data.values.labels import number, some
from smote_bench.data.values.measures import find_measure
from smote_bench.data.values.number_marks import OTHER_MARK, proves
from smote_bench.data.values.number_pairs import pair_of
from smote_bench.data.values.several_units import are_flagged_numbers, units_of
from smote_bench.data.values.zero_led_columns import are_zero_led_codes
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

from smote_bench.data.tables.column_words import ColumnWords
from smote_bench.data.tables.readings import Reading, tick_of, truths_of

__all__ = ["ColumnReader"]

_FEWEST_FOR_A_REFUSAL = 30
_FEWEST_FOR_TICKS = 10
_MOST = 0.5
_LOOKED_AT = 20_000


_NOUNS = {
    "date": "dates",
    "boolean": "truth values",
    "time": "times",
    "coordinate": "coordinates",
    "measure": "measures",
}


class ColumnReader(ColumnWords):
    """Reads columns of one file.

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
        Whether it is a file of delimited text.
    """

    def decide(self, column: pd.Series) -> tuple[Reading, list[Finding]]:
        """Return how a column is to be read, and what of it was guessed.

        Raises
        ------
        ConfigError
            If it is not what its owner says, or of no kind at all.
        """
        kept = column.name in self._keys.keep
        stated = dict(self._keys.kinds).get(str(column.name))
        if stated is not None:
            return self._stated(column, stated)
        if not column.notna().any() and not kept:
            return Reading("left out"), [
                self._left_out(column, f"without a value in {len(column):,} rows", "keep")
            ]
        if is_date(column):
            return self._date(column)
        if is_duration(column):
            return Reading("time"), [self._in_hours(column, "durations")]
        if is_text(column):
            texts = texts_of(column, self._name)
            return (self._of_categories if is_category(column) else self._of_texts)(column, texts, kept)
        if is_truth(column):
            return Reading("boolean"), []
        if kept:
            return Reading("numeric"), []
        values = plain_numbers(column, self._name)
        form, is_named = date_form_of_numbers(str(column.name), values)
        if form and not is_called_identifier(str(column.name)):
            return (
                self._date(column, form) if is_named else (Reading("numeric"), [self._may_be_dates(column)])
            )
        if why := _naming_numbers(column, values):
            return Reading("left out"), [self._left_out(column, why, "keep")]
        told = self._days_of_excel(column, values)
        return Reading("numeric"), [*told, *self._rising(column, rising_rows(str(column.name), values))]

    def apply(self, column: pd.Series, reading: Reading) -> tuple[np.ndarray, list[Finding]]:
        """Return the numbers of a column that is of numbers, times or dates, as float64, NaN where missing.

        Cells that are none are missing and named, up to a twentieth of them where nothing is stated.

        Raises
        ------
        ConfigError
            If more cells are none.
        """
        import numpy as np

        values: Any
        if reading.kind == "date" and is_date(column):
            instants = days(column)
            is_far = np.isnan(instants) & column.notna().to_numpy(dtype=bool)
            shown = "" if not is_far.any() else f"{column.iloc[int(is_far.argmax())]:%Y-%m-%d}"
            told = self._far(column, int(is_far.sum()), shown)
            return instants, [*told, *self._placeholder(column, instants)]
        if not is_text(column) and reading.kind != "date":
            self._check_unit(column, reading)
            values = plain_numbers(column, self._name)
            if reading.kind == "boolean":
                self._check_truths(column, values)
            if reading.is_of_ticks:
                return np.nan_to_num(values), []
            return values, self._truths_with_gaps(column, reading, values)
        texts = texts_of(column, self._name)
        if not is_text(column):  # dates that are numbers, with gaps as floats
            texts = replace(texts, values=[text.removesuffix(".0") for text in texts.values])
        if reading.kind == "date":
            values = days_of_texts(texts.values, reading.date_form)
            is_far = are_far(texts.values, reading.date_form)
            shown = texts.values[int(is_far.argmax())] if is_far.any() else ""
            told = self._far(column, int(texts.counts[is_far].sum()), shown)
            told += self._stray(column, texts, np.where(is_far, 0.0, values), reading)
            found = texts.spread(values)
            return found, [*told, *self._placeholder(column, found)]
        values = each(texts, reading.number)
        found = texts.spread(values)
        told = self._stray(column, texts, values, reading)
        if reading.is_of_ticks:
            return np.nan_to_num(found), told
        return found, [*told, *self._truths_with_gaps(column, reading, found)]

    def _check_unit(self, column: pd.Series, reading: Reading) -> None:
        """Refuse bare numbers where another file has percents, as 0.24 may be 24%, or times."""
        if not column.notna().any():
            return
        if reading.kind == "time" and not is_duration(column):
            raise ConfigError(
                f"{self._name}: expected times such as 12:30 in column {column.name!r} of {self._file}, as "
                f"in the file that trains, got numbers, such as {column.dropna().iloc[0]}: write them alike"
            )
        unit = reading.clothes.unit
        if reading.kind != "numeric" or not is_share(unit):
            return
        raise ConfigError(
            f"{self._name}: expected numbers with {unit} in column {column.name!r} of {self._file}, as in "
            f"the file that trains, got numbers without, such as {column.dropna().iloc[0]}: write them alike"
        )

    def _check_truths(self, column: pd.Series, values: np.ndarray) -> None:
        """Refuse numbers beside 1 and 0, of which a test file may have some, for truth values."""
        import numpy as np

        is_none = ~np.isnan(values) & (values != 0) & (values != 1)
        if is_none.any():
            strange = [f"{value:g}" for value in np.unique(values[is_none])]
            raise WrongCellsError(
                f"{self._name}: expected truth values, or 1 and 0, in column {column.name!r} of "
                f"{self._file}, got {some(strange)} in {int(is_none.sum()):,} of {len(values):,} cells: "
                "correct them, leave those cells empty, or list the column under 'nominal'",
                str(column.name),
                tuple(strange),
            )

    def _of_categories(self, column: pd.Series, texts: Texts, kept: bool) -> tuple[Reading, list[Finding]]:
        """Return the reading of what a file says are categories: they are, unless they name the rows."""
        if not kept and (why := naming_texts(texts.values, texts.n_present)):
            return Reading("left out"), [self._left_out(column, why, "keep")]
        return Reading("nominal"), []

    def _of_texts(self, column: pd.Series, texts: Texts, kept: bool) -> tuple[Reading, list[Finding]]:
        if truths := truths_of(texts):
            complete = texts.n_present == len(column)
            return (Reading("boolean", truths=truths), []) if complete else (Reading("nominal"), [])
        # Of NA nobody knows whether it is yes or no.
        has_gaps = texts.n_present < len(column) and column.name not in self._marked
        if has_gaps and len(column) >= _FEWEST_FOR_TICKS and (tick := tick_of(texts)):
            return Reading("boolean", truths=tick), [self._ticks(column, texts)]
        form = find_date_form(texts.values, texts.counts.tolist())
        if form is not None and form[1] >= NEARLY_ALL:
            return self._date(column, form[0], form[2])
        clock = find_clock(texts.values, texts.counts.tolist())
        if clock is not None and clock[1] >= NEARLY_ALL:
            return self._times(column, texts, clock[0])
        if are_coordinates(str(column.name), texts.values, texts.counts.tolist()):
            return self._coordinates(column, texts)
        if measure := find_measure(texts.values, texts.counts.tolist()):
            return Reading("measure", measure=measure), [self._in_largest_unit(column, texts, measure)]
        is_code = are_zero_led_codes(texts.values)
        clothes = None if is_code else find_clothes(texts.values, texts.counts.tolist(), self._decimal)
        if clothes is not None and clothes[1] >= NEARLY_ALL:
            if are_versions(str(column.name), texts.values):
                return Reading("nominal"), [self._versions(column, texts)]
            return self._of_numbers(column, texts, clothes[0], kept)
        if not kept and len(texts.values) >= _FEWEST_FOR_A_REFUSAL:
            if form is not None and form[1] >= _MOST:
                found = days_of_texts(texts.values, form[0])
                raise self._mostly(column, texts, "dates in one form", found)
            if clock is not None and clock[1] >= _MOST:
                raise self._mostly(column, texts, "times", each(texts, clock[0].number))
        pair = pair_of(texts.values, texts.counts.tolist())
        if clothes is not None and (units := units_of(texts.values, texts.counts.tolist())):
            return self._in_units(column, texts, units, kept)
        if not kept and not pair and are_flagged_numbers(texts.values, texts.counts.tolist()):
            raise self._with_words(column, texts)
        if not kept and (why := naming_texts(texts.values, texts.n_present)):
            pairs = [self._pairs(column, pair, "left out")] if pair else []
            return Reading("left out"), [self._left_out(column, why, "keep"), *pairs]
        if pair:
            return Reading("nominal"), [self._pairs(column, pair, "read as categories")]
        self._refuse_mostly_numbers(column, texts, None if clothes is None else clothes[0])
        looked_at = texts.values[:_LOOKED_AT]
        codes = [text for text in looked_at if is_zero_led_code(text)]
        if not codes or len(codes) * 50 < len(looked_at):
            return Reading("nominal"), self._unread_dates(column, texts) or self._unread(column, texts)
        return Reading("nominal"), [
            Finding(
                "read",
                str(column.name),
                f"{self._what(column)} has codes with a leading 0, such as {some(codes[:2])}: they are "
                "categories, no numbers",
                self._kinds(column, "numeric"),
            )
        ]

    def _date(self, column: pd.Series, form: str = "", other: str = "") -> tuple[Reading, list[Finding]]:
        name = str(column.name)
        if self._keys.dates == "drop" and name not in self._keys.columns:
            said = "as dates, which 'dates: drop' asks for"
            return Reading("left out"), [self._left_out(column, said, "keep")]
        said = f"{self._what(column)} has dates: they are numbers, in days since 1970-01-01"
        if period := word_of_period(form):
            said += f", {period} as their first day"
        if form in COUNTED:
            unit = "milliseconds" if form == "ms" else "seconds"
            said = (
                f"{self._what(column)} has dates, in {unit} since 1970-01-01: they are numbers, in days since"
            )
        if other:
            said += (
                f"; all of them may be read with the month before the day ({other}) as well, the day is "
                "taken to be first"
            )
        is_short = "%y" in form
        if is_short:
            first = LAST_SHORT_YEAR - 99
            said += f"; years of two digits are taken for those from {first} to {LAST_SHORT_YEAR}"
            said += f", {self._oldest(column, form)}: write all four digits if that is wrong"
        remedy = f"'drop: [{yaml_name(name)}]' or 'dates: drop' leaves it out"
        kind = "suspect" if other or is_short else "read"
        return Reading("date", date_form=form), [Finding(kind, name, said, remedy)]

    def _times(self, column: pd.Series, texts: Texts, clock: Clock) -> tuple[Reading, list[Finding]]:
        name = str(column.name)
        if clock.is_of_day and self._keys.dates == "drop" and name not in self._keys.columns:
            said = "as times of day, which 'dates: drop' asks for"
            return Reading("left out"), [self._left_out(column, said, "keep")]
        noun = "times of day or durations" if clock.is_of_day else "durations"
        return Reading("time", clock=clock), [self._in_hours(column, noun, texts, clock)]

    def _coordinates(self, column: pd.Series, texts: Texts) -> tuple[Reading, list[Finding]]:
        shown = next(text for text in texts.values if degrees(text) is not None)
        said = (
            f"{self._what(column)} has coordinates: they are numbers, in degrees, south and west below 0, "
            f"{shown!r} as {degrees(shown):.12g}"
        )
        return Reading("coordinate"), [
            Finding("read", str(column.name), said, self._kinds(column, "nominal"))
        ]

    def _of_numbers(
        self, column: pd.Series, texts: Texts, clothes: Clothes, kept: bool
    ) -> tuple[Reading, list[Finding]]:
        """Return the reading of texts that are numbers, unless they count or name the rows."""
        may_name_rows = not kept and not clothes.unit and _may_name_rows(texts, clothes)
        if may_name_rows and (why := _naming_numbers(column, texts.spread(each(texts, clothes.number)))):
            return Reading("left out"), [self._left_out(column, why, "keep")]
        found = self._undressed(column, texts, clothes)
        n_long, n_lost = n_losing_digits(texts.values, texts.counts.tolist(), clothes)
        if n_lost:
            found.append(lost_digits_finding(str(column.name), self._what(column), n_long, n_lost))
        return Reading("numeric", clothes=clothes), found

    def _in_units(
        self, column: pd.Series, texts: Texts, units: dict[str, int], kept: bool
    ) -> tuple[Reading, list[Finding]]:
        """Return the reading of numbers in several units: categories where they are few, else refused."""
        told = ", ".join(f"{unit!r} in {n:,} cells" for unit, n in units.items())
        if not kept and len(texts.values) >= _FEWEST_FOR_A_REFUSAL:
            name = yaml_name(str(column.name))
            raise ConfigError(
                f"{self._name}: expected numbers in one unit in column {column.name!r} of {self._file}, got "
                f"{told}, such as {some(texts.values[:2])}: convert them to one unit, or 'drop: [{name}]' "
                "leaves the column out, or list it under 'nominal'"
            )
        said = f"{self._what(column)} has numbers in several units ({told}): it is read as categories"
        return Reading("nominal"), [
            Finding("suspect", str(column.name), said, "convert them to one unit, to have numbers")
        ]

    def _stray(self, column: pd.Series, texts: Texts, values: np.ndarray, reading: Reading) -> list[Finding]:
        """Name the cells that are not of the column's kind; refuse them where they are too many."""
        import numpy as np

        wrong = np.isnan(values)
        n, n_present = int(texts.counts[wrong].sum()), texts.n_present
        if not n:
            return []
        noun = _NOUNS.get(reading.kind, "numbers")
        strange = [texts.values[i] for i in np.flatnonzero(wrong)]
        limit = _MOST if column.name in dict(self._keys.kinds) else 1 - NEARLY_ALL
        if n > limit * n_present:
            other_form = _other_date_form(texts, strange) if reading.kind == "date" else ""
            other_form = self._other_mark(reading, strange) if reading.kind == "numeric" else other_form
            raise WrongCellsError(
                f"{self._name}: expected {noun} in column {column.name!r} of {self._file}, got "
                f"{some(strange)} in {n:,} of {n_present:,} cells: {other_form}correct them, leave those "
                f"cells empty, {or_missing(strange)}or list the column under 'nominal'",
                str(column.name),
                tuple(strange),
            )
        said = (
            f"{self._what(column)} has {noun}, but {n:,} of {n_present:,} cells are none ({some(strange)}): "
            "they are taken as missing"
        )
        return [
            Finding("suspect", str(column.name), said, f"correct them, or {self._kinds(column, 'nominal')}")
        ]

    def _other_mark(self, reading: Reading, strange: Sequence[str]) -> str:
        """Say what to do where all cells that are none prove the other decimal mark; empty of others."""
        mark = reading.clothes.decimal
        if mark not in OTHER_MARK or {proves(text) for text in strange} != {OTHER_MARK[mark]}:
            return ""
        said = "write numbers of all files with one decimal mark and one sign between cells"
        key = "'read: {decimal: \",\"}' says of delimited text that all have commas"
        return f"{said}{f' ({key})' if self._is_text else ''}, or "

    def _refuse_mostly_numbers(self, column: pd.Series, texts: Texts, clothes: Clothes | None) -> None:
        """Refuse a column in which one misspelt number would turn all the others into categories."""
        distinct = texts.values
        stray = [text for text in distinct if number(text) is None]
        is_plain, such_as = len(distinct) > 2 and len(stray) * 2 < len(distinct), ""
        if not is_plain and clothes is not None and len(distinct) >= _FEWEST_FOR_A_REFUSAL:
            stray = [text for text in distinct if clothes.number(text) is None]
            is_plain = len(stray) * 2 < len(distinct)
            shown = next((text for text in distinct if clothes.number(text) is not None), "")
            such_as = f" such as {shown!r}"
        if is_plain and not any(map(is_zero_led_code, distinct)):
            raise WrongCellsError(
                f"{self._name}: expected numbers or categories in column {column.name!r}, got mostly numbers"
                f"{such_as} and {some(stray)}: correct them, leave those cells empty, {or_missing(stray)}or "
                f"list the column under 'nominal'; up to {1 - NEARLY_ALL:.0%} of the cells are taken as "
                "missing, with a word",
                str(column.name),
                tuple(stray),
            )

    def _stated(self, column: pd.Series, kind: str) -> tuple[Reading, list[Finding]]:
        """Return the reading of a column whose owner says what it is."""
        if kind == "nominal" or (not is_text(column) and kind in ("numeric", "boolean")):
            if kind == "boolean" and not set(column.dropna().unique().tolist()) <= {0, 1}:
                raise self._not(column, "truth values", column.dropna().unique()[:4].tolist())
            return Reading(kind), []
        if kind == "date" and is_date(column):
            return Reading("date"), []
        texts = texts_of(column, self._name)
        if kind == "ordinal":
            by_size = [(size, text) for text in texts.values if (size := number(text)) is not None]
            if strange := [text for text in texts.values if number(text) is None]:
                raise self._not(column, "numbers, which have an order,", strange, "give it under 'ordinal'")
            return Reading("ordinal", order=tuple(text for _, text in sorted(by_size))), []
        if kind == "boolean":
            if texts.n_present < len(column) and (tick := tick_of(texts, is_stated=True)):
                return Reading("boolean", truths=tick), [self._ticks(column, texts)]
            if not (truths := truths_of(texts)):
                raise self._not(column, "truth values such as yes and no", texts.values)
            return Reading("boolean", truths=truths), []
        if kind == "date":
            if not is_text(column):
                numbers = plain_numbers(column, self._name)
                if form_of_numbers := date_form_of_numbers(str(column.name), numbers, is_stated=True)[0]:
                    return self._date(column, form_of_numbers)
            form = find_date_form(texts.values, texts.counts.tolist())
            if form is None:
                raise self._not(column, "dates", texts.values)
            return self._date(column, form[0], form[2])
        clothes = find_clothes(texts.values, texts.counts.tolist(), self._decimal)
        clock = find_clock(texts.values, texts.counts.tolist())
        if clock is not None:
            return Reading("time", clock=clock[0]), [self._in_hours(column, "times", texts, clock[0])]
        if are_coordinates(str(column.name), texts.values, texts.counts.tolist()):
            return self._coordinates(column, texts)
        if measure := find_measure(texts.values, texts.counts.tolist()):
            return Reading("measure", measure=measure), [self._in_largest_unit(column, texts, measure)]
        if clothes is None:
            raise self._not(column, "numbers", texts.values)
        return self._of_numbers(column, texts, clothes[0], kept=True)


def _other_date_form(texts: Texts, strange: Sequence[str]) -> str:
    """Say that all cells are dates in one form, if not that of the file that trains; empty of others."""
    form = find_date_form(texts.values, texts.counts.tolist())
    if form is None or form[1] < 1:
        return ""
    return (
        f"they are dates in another form ({strange[0]!r} has it) than those of the file that trains were "
        "read in, which may have day and month the other way about: write dates as 2024-12-31 in both "
        "files, or "
    )


def _naming_numbers(column: pd.Series, values: np.ndarray) -> str:
    """Return why a column of numbers names the rows; empty where it may be a feature.

    Of numbers too long for float64 the cells are counted as they stand: as floats, many are equal.
    """
    import numpy as np

    if why := counted_rows(str(column.name), values):
        return why
    present = values[~np.isnan(values)]
    if not is_called_identifier(str(column.name)) or len(present) < _FEWEST_FOR_A_REFUSAL:
        return ""
    if np.abs(present).max() < EXACT_INTEGERS or (present % 1).any():
        return ""
    n, n_present = int(column.nunique()), int(column.notna().sum())
    if n < NEARLY_ALL * n_present:
        return ""
    return f"as an identifier: {n:,} different long numbers in {n_present:,} rows, and its name"


def _may_name_rows(texts: Texts, clothes: Clothes) -> bool:
    """Tell whether numbers may name rows: nearly as many as there are rows, the first of them whole."""
    first = [clothes.number(text) or 0.0 for text in texts.values[:_FEWEST_FOR_A_REFUSAL]]
    return len(texts.values) >= NEARLY_ALL * texts.n_present and all(map(float.is_integer, first))
