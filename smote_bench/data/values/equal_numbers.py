"""Texts that differ and are one number, as the versions ``1.1`` and ``1.10``; and codes such as ``7e5``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.values.number_texts import number

__all__ = ["are_versions", "codes_finding", "equal_texts", "unsigned_power"]

_LOOKED_AT = 20_000
_FEW = 50
_VERSION = re.compile(r"(?i:(.*[\W_])?(version|ver|release|firmware|build|revision)(s|[\W_].*)?)")
_PARTED = re.compile(r"[+-]?\d+[.,]\d{1,3}")  # no code has more behind its mark: 0.50000 is a number
_ZERO_LED = re.compile(r"0+\d+")
_POWER = re.compile(r"\d+[eE]\d+")


def equal_texts(texts: Sequence[str]) -> tuple[str, str] | None:
    """Return two of some distinct texts that are one number but may be two codes; None where there are none.

    ``1`` and ``1.0`` are no such two: programs write both.

    >>> equal_texts(["1.1", "1.2", "1.10"]), equal_texts(["7", "007"]), equal_texts(["1", "1.0", "2.5"])
    (('1.1', '1.10'), ('7', '007'), None)
    """
    known: dict[str, str] = {}
    for text in map(str.strip, texts[:_LOOKED_AT]):
        if _PARTED.fullmatch(text):
            same = text.rstrip("0")
        elif text.isdecimal():
            same = text.lstrip("0")
        else:
            continue
        before = known.setdefault(same, text)
        if before != text and not _are_plain(before, text):
            return before, text
    return None


def _are_plain(one: str, other: str) -> bool:
    """Tell whether programs write both for one number: ``2.0`` and ``2.00`` they do not."""
    return {one, other} <= {"0", "00"}


def are_versions(name: str, texts: Sequence[str]) -> bool:
    """Tell whether a column's name and texts say that they are versions, of which some are one number.

    >>> are_versions("app_version", ["1.1", "1.10"]), are_versions("dose", ["1.1", "1.10"])
    (True, False)
    """
    return _VERSION.fullmatch(name.strip()) is not None and equal_texts(texts) is not None


def unsigned_power(texts: Sequence[str]) -> str:
    """Return a text such as ``7e5`` where all texts are such, or digits; empty elsewhere.

    Programs write a sign into an exponent, or a point before it.

    >>> unsigned_power(["12", "7e5"]), unsigned_power(["1e+05", "7e5"]), unsigned_power(["1.5", "7e5"])
    ('7e5', '', '')
    """
    shown = ""
    for text in map(str.strip, texts[:_LOOKED_AT]):
        if _POWER.fullmatch(text):
            shown = shown or text
        elif not text.isdecimal():
            return ""
    return shown


def codes_finding(name: str, what: str, texts: Sequence[str], n_rows: int) -> list[Finding]:
    """Return that a column of numbers may be one of codes.

    Parameters
    ----------
    name : str
        Of the column.
    what : str
        What the finding begins with.
    texts : sequence of str
        Its distinct texts.
    n_rows : int
        In which they are.
    """
    remedy = f"'kinds: {{{yaml_name(name)}: nominal}}' keeps its texts as categories"
    if pair := equal_texts(texts):
        said = (
            f"{what} has {pair[0]!r} and {pair[1]!r}, which are one number: if they are codes, versions or "
        )
        said += "lists, they are no numbers"
        is_of_few = len(texts) <= _FEW and 4 * len(texts) <= n_rows
        return [Finding("suspect" if is_of_few else "read", name, said, remedy)]
    if shown := unsigned_power(texts):
        said = f"{what} has {shown!r}, which is read as the number {number(shown):.12g}"
        return [Finding("suspect", name, f"{said}: if it is a code, it is no number", remedy)]
    return []
