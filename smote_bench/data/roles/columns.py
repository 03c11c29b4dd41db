"""The columns of a user's file that say how rows are split and weighted: checked, made into numbers."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.data.findings import Finding
from smote_bench.data.roles.groups import group_id
from smote_bench.data.roles.keys import RoleKeys
from smote_bench.data.roles.rows import RowRoles
from smote_bench.data.values.date_columns import days_of_texts, find_date_form
from smote_bench.data.values.labels import number, some
from smote_bench.data.values.markers import MARKERS, MAYBE_MARKERS
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["row_roles", "split_findings"]

_TRAIN = ("train", "training")
_TEST = ("test", "testing", "holdout", "hold-out")
_VALID = ("valid", "validation", "validate", "val", "dev")
_PAIRS = (("true", "false"), ("1", "0"), ("yes", "no"), ("y", "n"), ("t", "f"))
_TRUTHS = {word: word == yes for yes, no in _PAIRS for word in (yes, no)}
_KIND_OF = {word: yes for yes, no in _PAIRS for word in (yes, no)}
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])")
_BESIDE_A_SIDE = frozenset(
    (
        "is",
        "in",
        "for",
        "of",
        "the",
        "use",
        "used",
        "row",
        "rows",
        "set",
        "part",
        "split",
        "sample",
        "data",
        "flag",
    )
)
_SIDE_OF = {
    word: side
    for side, words in (("train", _TRAIN), ("test", _TEST))
    for one in words
    for word in (one, f"is{one}", f"in{one}", f"{one}set")
}
_DATE_FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y")
_MONTH_FIRST = re.compile(r"^(?P<month>0?[1-9]|1[0-2])[./](?P<year>(?:19|20)\d\d)$")
_YEAR_FIRST = re.compile(r"^(?P<year>(?:19|20)\d\d)[./](?P<month>1[0-2]|0?[1-9])$")
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_LIMIT_OF_NANOSECONDS = 2**63 // 10**9 - 1
_AS_GUESSED = ReadKeys()


def row_roles(frame: pd.DataFrame, keys: RoleKeys, name: str, read: ReadKeys = _AS_GUESSED) -> RowRoles:
    """Make numbers of the columns that have roles.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Has the columns of `keys`, as text or in types of their own.
    keys : RoleKeys
    name : str
        What messages call the table.
    read : ReadKeys
        Whose ``na`` names what else stands for a missing cell.

    Returns
    -------
    RowRoles
        Groups are numbered as they come, all spellings of one alike. Times are numbers as they
        stand, of months their count, or of dates the seconds since 1970.

    Raises
    ------
    ConfigError
        If a cell is missing, or is not what its role needs.
    """
    for column in keys.columns:
        _check_complete(frame[column], _key_of(keys, column), name, read)
    return RowRoles(
        groups=None if keys.groups is None else _groups(frame[keys.groups]),
        times=None if keys.time is None else _times(frame[keys.time], name),
        is_test=None if keys.split is None else _is_test(frame[keys.split], name),
        weights=None if keys.weights is None else _weights(frame[keys.weights], name),
    )


def _key_of(keys: RoleKeys, column: str) -> str:
    return next(key for key, named in keys.to_json().items() if named == column)


def _check_complete(column: pd.Series, key: str, name: str, read: ReadKeys) -> None:
    import numpy as np

    missing = column.isna().to_numpy(dtype=bool) | _is_marked(column, key, read)
    if missing.any():
        raise ConfigError(
            f"{name}: expected a value in every row of column {column.name!r}, which is {key!r}, got "
            f"{int(missing.sum())} missing cells, the first in row {int(np.flatnonzero(missing)[0]) + 1} of "
            f"{len(missing)}: fill them in, or leave those rows out of the file"
        )


def _is_marked(column: pd.Series, key: str, read: ReadKeys) -> np.ndarray:
    """Tell of each cell whether it stands for a missing one; ``-`` does among ids with digits."""
    texts = _texts(column).fillna("").str.casefold()
    distinct = texts.unique().tolist()
    named = {text.strip().casefold() for text in read.na}
    sure = named if read.only_na else named | MARKERS
    values = {value for text in named if (value := number(text)) is not None}
    marks = {text for text in distinct if not text or text in sure or number(text) in values}
    others = [text for text in distinct if text not in marks and text not in MAYBE_MARKERS]
    if key == "groups" and not read.only_na and all(any(map(str.isdigit, text)) for text in others):
        marks |= MAYBE_MARKERS
    found: np.ndarray = texts.isin(marks).to_numpy(dtype=bool)
    return found


def _is_text(column: pd.Series) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_string_dtype(column.dtype) or column.dtype == object)


def _texts(column: pd.Series) -> pd.Series:
    return column.astype(str).str.strip()


def _groups(column: pd.Series) -> np.ndarray:
    import numpy as np
    import pandas as pd

    codes, texts = pd.factorize(_texts(column))
    place: dict[Hashable, int] = {}
    of_text = [place.setdefault(group_id(text), len(place)) for text in texts]
    return np.array(of_text, dtype=np.int64)[codes]


def _numbers(column: pd.Series) -> np.ndarray | None:
    """Return a column as numbers; None where a cell is none."""
    import numpy as np
    import pandas as pd

    values = pd.to_numeric(_texts(column) if _is_text(column) else column, errors="coerce")
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers if np.isfinite(numbers).all() else None


def _times(column: pd.Series, name: str) -> np.ndarray:
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _seconds(column)
    if not _is_text(column) and not pd.api.types.is_numeric_dtype(column.dtype):
        column = column.astype(str)
    months = _months(column)
    if months is not None:
        return months
    numbers = _numbers(column)
    return numbers if numbers is not None else _seconds(_dates(_texts(column), name, str(column.name)))


def _months(column: pd.Series) -> np.ndarray | None:
    """Return months written as ``12.2023`` or ``2023.12``, counted; None where they are plain numbers.

    As numbers, December of 2020 would come after January of 2023, and October before February. Where all have
    two digits behind the year, or none has, the order of the numbers is that of the months.
    """
    import numpy as np

    if not _is_text(column):
        return None
    texts = _texts(column)
    for form in (_MONTH_FIRST, _YEAR_FIRST):
        parts = texts.str.extract(form)
        if parts.isna().any(axis=None):
            continue
        lengths = set(parts["month"].str.len().unique())
        if form is _MONTH_FIRST or lengths == {1, 2}:
            counted: np.ndarray = (parts["year"].astype(int) * 12 + parts["month"].astype(int)).to_numpy(
                np.float64
            )
            return counted
    return None


def _seconds(dates: pd.Series) -> np.ndarray:
    """Return the seconds since 1970 of dates in whatever unit they have; none of them is too far for it."""
    import numpy as np

    if getattr(dates.dtype, "tz", None) is not None:
        dates = dates.dt.tz_convert(None)
    instants = dates.to_numpy() if isinstance(dates.dtype, np.dtype) else dates.to_numpy("datetime64[us]")
    per_second = _PER_SECOND[np.datetime_data(instants.dtype)[0]]
    whole = instants.astype(np.int64)
    if (np.abs(whole // per_second) < _LIMIT_OF_NANOSECONDS).all():
        # The same floats whatever the unit, which differs between releases of pandas.
        nanoseconds: np.ndarray = whole * (10**9 // per_second) / 1e9
        return nanoseconds
    seconds: np.ndarray = whole / per_second
    return seconds


def _dates(texts: pd.Series, name: str, column: str) -> pd.Series:
    """Read dates in ISO 8601, or in the one other form that fits all of them."""
    import numpy as np
    import pandas as pd

    found = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    if not found.isna().any():
        return found
    try:  # dates so far apart, or so fine, that pandas has no unit for all of them
        instants = [_in_utc(text) for text in texts]
        return pd.Series(np.array(instants, dtype="datetime64[us]"), index=texts.index)
    except (ValueError, OverflowError):
        pass
    fitting = []
    for form in _DATE_FORMATS:
        read = pd.to_datetime(texts, format=form, utc=True, errors="coerce")
        if not read.isna().any():
            fitting.append((form, read))
    if len(fitting) == 1:
        return fitting[0][1]
    dates, is_unclear = _in_another_form(texts)
    if dates is not None and not is_unclear:
        return dates
    if fitting or is_unclear:
        raise ConfigError(
            f"{name}: expected dates that can be read in one way in column {column!r}, which is 'time', got "
            f"{some(texts.unique()[:3].tolist())}, where day and month may be either: "
            "write them as 2024-12-31"
        )
    is_unread = found.isna().to_numpy(dtype=bool)
    unread = texts[is_unread].unique()[:3].tolist()
    row = int(is_unread.argmax()) + 1
    raise ConfigError(
        f"{name}: expected numbers or dates in column {column!r}, which is 'time', got {some(unread)}, the "
        f"first in row {row} of {len(texts)}: write dates of the years 1 to 9999 as 2024-12-31 or "
        "2024-12-31T23:59:59"
    )


def _in_another_form(texts: pd.Series) -> tuple[pd.Series | None, bool]:
    """Read dates in a form that features may have too; also tell whether two forms fit all of them."""
    import numpy as np
    import pandas as pd

    codes, distinct = pd.factorize(texts)
    found = find_date_form(distinct.tolist(), np.bincount(codes).tolist())
    if found is None or found[1] < 1 or "%y" in found[0]:  # of years with two digits the century is a guess
        return None, False
    days = days_of_texts(distinct.tolist(), found[0])
    if np.isnan(days).any():
        return None, False
    instants = np.rint(days[codes] * 86_400e6).astype("datetime64[us]")
    return pd.Series(instants, index=texts.index), bool(found[2])


def _in_utc(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo is None else instant.astimezone(UTC).replace(tzinfo=None)


def _is_test(column: pd.Series, name: str) -> np.ndarray:
    import numpy as np

    words = _sides(column)
    of_true = _side_of_true(str(column.name))
    distinct = set(words.unique())
    if of_true is not None and distinct <= _TRUTHS.keys() and len({_KIND_OF[word] for word in distinct}) == 1:
        is_test = words.map(_TRUTHS).to_numpy(dtype=bool) == (of_true == "test")
    else:
        allowed = {*_TRAIN, *_TEST, *(_VALID if distinct & {*_TRAIN} and distinct & {*_TEST} else ())}
        unknown = [word for word in words.unique() if word not in allowed]
        if unknown:
            raise ConfigError(
                f"{name}: expected 'train' or 'test' in column {column.name!r}, which is 'split', got "
                f"{some(unknown[:3])}: write one of the two in every row ('training', 'testing' and "
                "'holdout' are taken too, 'valid' beside both as rows that train; true and false, yes and "
                "no, 1 and 0 will do where the column's name says which is true, as is_test)"
            )
        is_test = words.isin(_TEST).to_numpy(dtype=bool)
    is_test = np.asarray(is_test, dtype=bool)
    if is_test.all() or not is_test.any():
        raise ConfigError(
            f"{name}: expected rows to train and rows to test in column {column.name!r}, which is 'split', "
            f"got {'test' if is_test.all() else 'train'} in all {len(is_test)} rows: remove 'split', and the "
            "hold-out is drawn"
        )
    return is_test


def _sides(column: pd.Series) -> pd.Series:
    """Return the words of a split, in lower case; a number that is whole as ``1``, not ``1.0``."""
    return _texts(column).str.casefold().str.replace(r"^(\d+)\.0+$", r"\1", regex=True)


def split_findings(frame: pd.DataFrame, keys: RoleKeys) -> list[Finding]:
    """Say that rows to validate train: a split has two sides, and what is tuned has parts of its own.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
    keys : RoleKeys
        Of which `row_roles` has read ``split``.
    """
    if keys.split is None:
        return []
    words = _sides(frame[keys.split])
    is_valid = words.isin(_VALID)
    if not is_valid.any():
        return []
    shown = words[is_valid].iloc[0]
    said = f"column {keys.split!r}: {int(is_valid.sum()):,} rows of {shown!r} train, as they are no test rows"
    remedy = "write test there, or remove those rows, if they are not to train"
    return [Finding("read", keys.split, said, remedy)]


def _side_of_true(column: str) -> str | None:
    """Return the side that true stands for; None where the name does not say it, as ``latest``, ``not_test``.

    >>> _side_of_true("is_test"), _side_of_true("InTrain"), _side_of_true("latest"), _side_of_true("not_test")
    ('test', 'train', None, None)
    """
    words = [word.casefold() for word in _WORD.findall(column)]
    sides = {_SIDE_OF.get(word) for word in words if word not in _BESIDE_A_SIDE}
    return next(iter(sides)) if len(sides) == 1 else None


def _weights(column: pd.Series, name: str) -> np.ndarray:
    numbers = _numbers(column)
    if numbers is None or (numbers < 0).any() or not numbers.any():
        wrong = "cells that are none" if numbers is None else f"{int((numbers < 0).sum())} cells below 0"
        wrong = "0 in every row" if numbers is not None and not numbers.any() else wrong
        raise ConfigError(
            f"{name}: expected finite numbers from 0 on in column {column.name!r}, which is 'weights', got "
            f"{wrong}: correct them"
        )
    return numbers
