"""Groups of a user's table: those on both sides of its given split, in two spellings, of one row, unknown."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding
from smote_bench.data.roles.keys import RoleKeys
from smote_bench.data.roles.spellings import group_id, how_they_differ
from smote_bench.data.values.loose_texts import loosely, without_leading_zeros
from smote_bench.data.values.markers import may_say_none
from smote_bench.data.values.number_texts import number
from smote_bench.data.values.sentinels import SENTINELS, outlying_sentinels
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["alike_groups", "check_groups", "joined_spellings", "lone_groups", "unknown_groups"]

_FEWEST_NUMBERS = 2
"""More numbers among words are names as the words are."""
_SLASHED = re.compile(r"\d{1,2}/\d{1,2}/\d{4}( .*)?")
_OF_DAYS = re.compile(r"\d{4}-\d\d-\d\d( .*)?")


def check_groups(frame: pd.DataFrame, keys: RoleKeys, is_test: np.ndarray | None, name: str) -> None:
    """Check that no group is on both sides of the split that a user's file gives.

    Groups may be written in several ways (`smote_bench.data.roles.spellings.group_id`).

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Has the column of the groups.
    keys : RoleKeys
    is_test : ndarray of shape (n_rows,), bool, optional
        Nothing is checked without.
    name : str
        What messages call the table.

    Raises
    ------
    ConfigError
        If one is on both sides.
    """
    if keys.groups is None or is_test is None:
        return
    texts = frame[keys.groups].astype(str).str.strip()
    of_train = {group_id(text): text for text in texts[~is_test].unique()[::-1]}
    of_test = {text: group_id(text) for text in texts[is_test].unique()}
    shared = {text: of_train[one] for text, one in of_test.items() if one in of_train}
    if not shared:
        return
    n_groups, n_rows = len({of_test[text] for text in shared}), int(texts[is_test].isin(shared).sum())
    otherwise = [(train, test) for test, train in shared.items() if test != train]
    told = ""
    if otherwise:
        train, test = otherwise[0]
        how = how_they_differ(train, test)
        told = f" ({len(otherwise)} are written otherwise, as {train!r} and {test!r}, {how})"
    raise ConfigError(
        f"{name}: expected no group on both sides of the given split, got {n_groups} with {n_rows} rows in "
        f"the test part{told}: move all rows of a group to one side, or remove 'test' or 'split' and the "
        "hold-out is drawn by groups"
    )


def joined_spellings(frame: pd.DataFrame, keys: RoleKeys, n_groups: int | None = None) -> list[Finding]:
    """Return what is to be said of groups that are written in several ways and taken for one.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Has the column of the groups.
    keys : RoleKeys
    n_groups : int, optional
        How many there are, if that is known.
    """
    if keys.groups is None:
        return []
    distinct = frame[keys.groups].astype(str).str.strip().unique()
    if n_groups == len(distinct):
        return []
    spellings: dict[Hashable, list[str]] = {}
    for text in distinct:
        spellings.setdefault(group_id(text), []).append(text)
    several = [texts for texts in spellings.values() if len(texts) > 1]
    if not several:
        return []
    first, second = several[0][:2]
    return [
        Finding(
            "read",
            keys.groups,
            f"column {keys.groups!r}: {len(several)} of {len(spellings):,} groups are written in several "
            f"ways, as {first!r} and {second!r}: each is one group",
            "write them otherwise if they are two",
        )
    ]


def alike_groups(frame: pd.DataFrame, keys: RoleKeys) -> list[Finding]:
    """Return what is to be said of groups that are kept apart, and may be one.

    They differ in accents, in the signs between words and digits, as ``P_3`` and ``P 3``, or in zeros in
    front of numbers, as ``P03`` and ``P3``; or some are dates of which nobody knows which number is the
    month, beside others.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Has the column of the groups.
    keys : RoleKeys
    """
    if keys.groups is None:
        return []
    texts = {group_id(text): text for text in frame[keys.groups].astype(str).str.strip().unique()[::-1]}
    words = {one: text for one, text in texts.items() if isinstance(one, str)}
    others = [text for text in words.values() if not _SLASHED.fullmatch(text)]
    what = f"column {keys.groups!r}:"
    remedy = "write them alike, if they are"
    found = []
    for difference, key in (
        ("accents, or in signs between words alone", loosely),
        ("zeros in front of numbers alone", without_leading_zeros),
    ):
        together: dict[str, list[str]] = {}
        for text in others:
            together.setdefault(key(text), []).append(text)
        alike = [spellings for spellings in together.values() if len(spellings) > 1]
        if alike:
            said = (
                f"{what} groups differ in {difference}, as {alike[0][0]!r} and {alike[0][1]!r} "
                f"({len(alike):,} such): they are kept apart, and may be one"
            )
            found.append(Finding("suspect", keys.groups, said, remedy))
        others = [spellings[0] for spellings in together.values()]
        if len({len(one) for one in together}) == 1:
            break  # a zero more makes one of two longer: this is cheaper, of a million
    slashed = next((text for text in words.values() if _SLASHED.fullmatch(text)), None)
    day = next((text for one, text in words.items() if _OF_DAYS.fullmatch(one)), None)
    if slashed and day:
        said = f"{what} groups are dates in two forms, as {slashed!r} and {day!r}: they are kept apart"
        found.append(Finding("suspect", keys.groups, said, remedy))
    return found


def lone_groups(keys: RoleKeys, groups: np.ndarray | None) -> list[Finding]:
    """Return what is to be said where no two rows are of one group, as of a number of each row.

    Parameters
    ----------
    keys : RoleKeys
    groups : ndarray of shape (n_rows,), int64, optional
        Numbered from 0 on.
    """
    if keys.groups is None or groups is None or int(groups.max(initial=-1)) + 1 < (n_rows := len(groups)):
        return []
    said = (
        f"column {keys.groups!r}: each of the {n_rows:,} groups has one row, and 'groups' keeps none together"
    )
    return [Finding("suspect", keys.groups, said, "name a column whose value rows share, or remove 'groups'")]


def unknown_groups(frame: pd.DataFrame, keys: RoleKeys) -> list[Finding]:
    """Return whether a group may stand for the rows whose group nobody knows: ``-999``, ``unknown``."""
    if keys.groups is None:
        return []
    counts = frame[keys.groups].astype(str).str.strip().value_counts()
    several: list[str] = counts.index[counts > 1].tolist()
    words = [text for text in several if may_say_none(text)]
    if not words and not any(number(text) in SENTINELS for text in several):
        return []
    texts: list[str] = counts.index.tolist()
    numbers = {text: value for text in texts if (value := number(text)) is not None and text not in words}
    if len(numbers) == len(texts) - len(words):
        outliers = {one.value for one in outlying_sentinels(_repeated(numbers.values(), counts[[*numbers]]))}
        words += [text for text, value in numbers.items() if value in outliers]
    elif len(numbers) <= _FEWEST_NUMBERS:
        words += [text for text, value in numbers.items() if value in SENTINELS and counts[text] > 1]
    return [
        Finding(
            "suspect",
            keys.groups,
            f"column {keys.groups!r}: {counts[text]:,} of {len(frame):,} rows have {text!r}, which may stand "
            "for an unknown group: they are taken for one, and stay together",
            "give each a group of its own there, if it does",
        )
        for text in words
    ]


def _repeated(values: Iterable[float], counts: pd.Series) -> np.ndarray:
    import numpy as np

    return np.repeat(np.array(list(values), dtype=np.float64), counts.to_numpy())
