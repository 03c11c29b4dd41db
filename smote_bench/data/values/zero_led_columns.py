"""Columns of codes such as zip codes, whose leading zeros are lost when they are read as numbers."""

from __future__ import annotations

from collections.abc import Sequence

from smote_bench.data.values.clothed_numbers import is_zero_led_code

__all__ = ["are_zero_led_codes", "may_be_zero_led_codes"]


def are_zero_led_codes(texts: Sequence[str]) -> bool:
    """Tell whether texts are codes of digits, all of one length, some with a 0 before.

    >>> are_zero_led_codes(["02134", "94105"]), are_zero_led_codes(["007", "12", "103"])
    (True, False)
    """
    return may_be_zero_led_codes(texts) and any(map(is_zero_led_code, texts))


def may_be_zero_led_codes(texts: Sequence[str]) -> bool:
    """Tell whether texts of a part of a column, perhaps none, leave open that it is one of such codes.

    >>> may_be_zero_led_codes(["12134", "94105"]), may_be_zero_led_codes(["1.5"]), may_be_zero_led_codes([])
    (True, False, True)
    """
    return len({len(text) for text in texts}) <= 1 and all(map(str.isdecimal, texts))
