"""Columns of codes such as zip codes, whose leading zeros are lost when they are read as numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smote_bench.data.values.clothed_numbers import is_zero_led_code

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["are_zero_led_codes", "restore_zero_led"]

_NEIGHBOURS = rb'"\n,;|\t'


def restore_zero_led(
    frame: pd.DataFrame, quoted: io.BytesIO, options: Mapping[str, Any], numeric: Collection[str] = ()
) -> pd.DataFrame:
    """Give columns of whole numbers back as texts where they are codes: of one length, some with a 0 before.

    Parameters
    ----------
    frame : DataFrame
        As it was read.
    quoted : BytesIO
        What it was read from.
    options : mapping
        What `pandas.read_csv` was called with.
    numeric : collection of str
        Columns that are numbers whatever they look like.
    """
    import pandas as pd

    if not _zero_led(str(options.get("sep", ","))).search(quoted.getbuffer()):
        return frame
    whole = [
        name
        for name in frame.columns
        if name not in numeric
        and pd.api.types.is_numeric_dtype(frame[name].dtype)
        and not pd.api.types.is_bool_dtype(frame[name].dtype)
        and not (frame[name].dropna() % 1).any()
    ]
    if not whole:
        return frame
    quoted.seek(0)
    texts = pd.read_csv(quoted, **{**options, "usecols": whole, "dtype": "str"})
    for name in whole:
        if are_zero_led_codes(texts[name].dropna().unique().tolist()):
            frame[name] = texts[name]
    return frame


def are_zero_led_codes(texts: Sequence[str]) -> bool:
    """Tell whether texts are codes of digits, all of one length, some with a 0 before.

    >>> are_zero_led_codes(["02134", "94105"]), are_zero_led_codes(["007", "12", "103"])
    (True, False)
    """
    return (
        len({len(text) for text in texts}) == 1
        and all(map(str.isdecimal, texts))
        and any(map(is_zero_led_code, texts))
    )


def _zero_led(sep: str) -> re.Pattern[bytes]:
    """Return the pattern of a cell of digits with a 0 before, among cells with `sep` between.

    It begins with the 0 and looks back from there: so begun, it is searched for six times as fast.
    """
    around = _NEIGHBOURS + re.escape(sep.encode())
    return re.compile(rb"0(?<![^" + around + rb"]0)[0-9]{2,}(?=[\r" + around + rb"]|$)")
