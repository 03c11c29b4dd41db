"""A minority that is a condition, as ``> 7``: how limit and labels are read, and what is wrong with it."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smote_bench.data.values.clothed_numbers import Clothes, find_clothes
from smote_bench.data.values.number_marks import NumberMarks, plain_cell
from smote_bench.data.values.number_texts import number, some

__all__ = [
    "Condition",
    "find_condition",
    "how_to_limit",
    "in_plain_numbers",
    "why_no_condition",
    "why_two_limits",
]

_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_KNOWN = "'>', '>=', '<' and '<='"
_CONDITION = re.compile(r"\s*([<>=!≤≥≠]+)\s*(.*?)\s*")
_OF_ONE_SIGN = {"≥": ">=", "≤": "<="}
_TURNED = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
_MEANT = {"=>": ">=", "=<": "<=", ">>": ">", "<<": "<"}
_EQUAL = ("=", "==", "===")
_THREE_BEHIND = re.compile(r"(\D*[1-9]\d{0,2})[.,](\d{3})(\D*)")
_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True)
class Condition:
    """A comparison with a limit, and how labels and limit are read as numbers.

    Parameters
    ----------
    sign : {">", ">=", "<", "<="}
    limit : float
    clothes : Clothes, optional
        How labels are written that are no plain numbers.
    """

    sign: str
    limit: float
    clothes: Clothes | None = None

    def number(self, label: str) -> float:
        """Return the number of a label."""
        value = _value(label, self.clothes)
        assert value is not None
        return value

    def holds(self, label: str) -> bool:
        """Tell whether it holds of a label."""
        return self.holds_of(self.number(label))

    def holds_of(self, value: float) -> bool:
        """Tell whether it holds of a number."""
        return bool(_COMPARE[self.sign](value, self.limit))

    def how_read(self, labels: Sequence[str]) -> str:
        """Return in words how labels are read that are no plain numbers; empty where all are."""
        return _how_read(labels, self.clothes)


def find_condition(minority: str, values: Iterable[str]) -> Condition | None:
    """Return the condition that a minority is; None where it is none, or where a label is no number.

    >>> find_condition("> 7000", ["1,000", "8,000"]).limit, find_condition(">50K", ["<=50K", ">50K"])
    (7000.0, None)
    """
    found = _CONDITION.fullmatch(minority)
    sign = "" if found is None else _OF_ONE_SIGN.get(found[1], found[1])
    if found is None or sign not in _COMPARE:
        return None
    clothes = _clothes(list(values))
    if clothes is None:
        return None
    limit = _limit(found[2], clothes[0])
    return None if limit is None else Condition(sign, limit, clothes[0])


def in_plain_numbers(minority: str, marks: NumberMarks, labels: Sequence[str] = ()) -> str:
    """Return a condition whose limit is written with a decimal point, as labels are once a file is read.

    Parameters
    ----------
    minority : str
    marks : NumberMarks
        Of the target.
    labels : sequence of str
        Of two numbers that a limit may be, one that is not between labels is none.

    Examples
    --------
    >>> in_plain_numbers("> 1.200,50 €", NumberMarks(",")), in_plain_numbers("yes", NumberMarks(","))
    ('> 1200.50 €', 'yes')
    >>> in_plain_numbers("> 7.125", NumberMarks(","), ["6.5", "9.655"])
    '> 7.125'
    >>> in_plain_numbers("> 7.125", NumberMarks(","), ["650", "9655"])
    '> 7125'
    """
    found = _CONDITION.fullmatch(minority)
    has_marks = marks.decimal == "," or (marks.is_known and marks.has_marks)
    if found is None or not has_marks:
        return minority
    if limits := _two_limits(found[2], marks):
        between = _between(found[1], limits, labels)
        return f"{found[1]} {between[0]}" if len(between) == 1 else minority
    plain = plain_cell(found[2], marks.decimal)
    return minority if plain == found[2] else f"{found[1]} {plain}"


def why_two_limits(minority: str, marks: NumberMarks, labels: Sequence[str] = ()) -> str:
    """Say which two numbers a limit may be in a file of numbers with a decimal comma; empty if it is one."""
    found = _CONDITION.fullmatch(minority)
    limits = None if found is None else _two_limits(found[2], marks)
    if found is None or limits is None or len(_between(found[1], limits, labels)) == 1:
        return ""
    parts = _THREE_BEHIND.fullmatch(found[2])
    assert parts is not None
    before, behind = parts[1], parts[2]
    fraction = f"{behind}0" if behind[-1] != "0" else behind.rstrip("0") or "0"
    return (
        f"numbers of the file have a decimal comma, so that {found[2]!r} is {limits[0]} as a label, and "
        f"{limits[1]} otherwise: write '{found[1]} {before}{behind}{parts[3]}' or "
        f"'{found[1]} {before}.{fraction}{parts[3]}'"
    )


def _two_limits(limit: str, marks: NumberMarks) -> tuple[str, str] | None:
    """Return what a limit is as a label with a decimal comma, and what otherwise; None if that is one."""
    as_label, otherwise = plain_cell(limit, ","), plain_cell(limit, ".")
    if marks.decimal != "," or as_label == otherwise or _THREE_BEHIND.fullmatch(limit) is None:
        return None
    return as_label, otherwise


def _between(sign: str, limits: tuple[str, str], labels: Sequence[str]) -> list[str]:
    """Return those of two limits that are between labels; ``120.000`` is nobody's way of writing 120."""
    as_label, otherwise = limits
    parts = _THREE_BEHIND.fullmatch(otherwise)
    possible = [as_label] if parts is not None and parts[2] == "000" else [as_label, otherwise]
    return [limit for limit in possible if _is_between(find_condition(f"{sign} {limit}", labels), labels)]


def _is_between(condition: Condition | None, labels: Sequence[str]) -> bool:
    """Tell whether a condition holds of some labels and not of others."""
    return condition is not None and len({condition.holds(label) for label in labels}) > 1


def why_no_condition(text: str, values: Sequence[str]) -> str:
    """Say what is wrong with a condition that no label fulfils; empty of what does not look like one."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        return ""
    clothes = _clothes(values)
    if clothes is None:
        words = [value for value in values if number(value) is None]
        return f"it is no condition, for that all labels have to be numbers, and {some(words)} is none"
    sign, limit = _OF_ONE_SIGN.get(found[1], found[1]), found[2]
    if sign in _EQUAL:
        return f"a condition has one of {_KNOWN}; for a single label write {limit or 'the label'!r} alone"
    if sign not in _COMPARE:
        meant = f" ({_MEANT[sign] + ' ' + limit!r}?)" if sign in _MEANT else ""
        return (
            f"{sign!r} is no sign of a condition: there are {_KNOWN}{meant}; several labels are a list, "
            "as in '[r1, r2]'"
        )
    if _limit(limit, clothes[0]) is None:
        return _no_limit(sign, limit, clothes[0], values)
    return _range(values, clothes[0])


def how_to_limit(minority: str, values: Sequence[str]) -> str:
    """Say where the limit of a condition may lie that too many rows fulfil; empty of labels."""
    condition = find_condition(minority, values)
    if condition is None:
        return ""
    turned = f"{_TURNED[condition.sign]} {_CONDITION.fullmatch(minority)[2]}"  # type: ignore[index]
    return f"{_range(values, condition.clothes)}, or turn the condition: {turned!r} holds of the other rows"


def _no_limit(sign: str, limit: str, clothes: Clothes | None, values: Sequence[str]) -> str:
    """Say why what stands behind the sign of a condition is no number."""
    plain, dressed = number(limit), None if clothes is None else clothes.number(limit)
    if plain is not None and dressed is not None:
        return (
            f"{limit!r} may be {plain:.12g} or, as labels are written, {dressed:.12g}: write the limit "
            f"without marks of thousands, as in '{sign} {dressed:.12g}'"
        )
    is_grouped = _THREE_BEHIND.fullmatch(limit) is not None
    example = limit.replace(",", "" if is_grouped else ".") if _COMMA.fullmatch(limit) else "7.5"
    as_labels = "" if clothes is None else f", or as the labels, such as {values[0]!r}"
    return (
        f"a condition is one of {_KNOWN} and one number, and {limit!r} is none: it is written with a decimal "
        f"point and without marks of thousands, as in '{sign} {example}'{as_labels}"
    )


def _range(values: Sequence[str], clothes: Clothes | None) -> str:
    numbers = [_value(value, clothes) for value in values]
    present = [value for value in numbers if value is not None]
    how = _how_read(values, clothes)
    said = f"the labels are numbers from {min(present):.12g} to {max(present):.12g}"
    return f"{said} ({how}): choose a limit between" if how else f"{said}: choose a limit between"


def _how_read(labels: Sequence[str], clothes: Clothes | None) -> str:
    if clothes is None:
        return ""
    first = next(label for label in labels if number(label) is None)
    said = f"labels are read as numbers, {first!r} as {clothes.number(first):.12g}"
    if clothes.is_ambiguous:
        mark, is_decimal = _doubtful_mark(labels, clothes)
        taken = "for the decimal mark" if is_decimal else "to part thousands"
        other = "," if clothes.decimal == "." else "."
        said += (
            f"; {mark!r} may be read otherwise, it is taken {taken}, "
            f"'read: {{decimal: \"{other}\"}}' takes {other!r} for the decimal mark of delimited text"
        )
    return said


def _doubtful_mark(labels: Sequence[str], clothes: Clothes) -> tuple[str, bool]:
    has_thousands = any(clothes.thousands in label for label in labels)
    return (clothes.thousands, False) if has_thousands else (clothes.decimal, True)


def _clothes(labels: Sequence[str]) -> tuple[Clothes | None] | None:
    """Return how labels are written, None in a tuple if plainly; None where one is no number."""
    if not labels:
        return None
    if all(number(label) is not None for label in labels):
        return (None,)
    dressed = find_clothes(labels, [1] * len(labels))
    if dressed is None or any(dressed[0].number(label) is None for label in labels):
        return None
    return (dressed[0],)


def _limit(text: str, clothes: Clothes | None) -> float | None:
    """Return the number that a limit is; None if it is none, or one as a plain number, another as a label."""
    plain = number(text)
    if clothes is None:
        return plain if plain is not None and plain == plain else None
    dressed = clothes.number(text)
    if plain is not None and dressed is not None and plain != dressed:
        return None
    return dressed if plain is None else plain


def _value(label: str, clothes: Clothes | None) -> float | None:
    return number(label) if clothes is None else clothes.number(label)
