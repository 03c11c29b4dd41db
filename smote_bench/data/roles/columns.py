"""The columns of a user's file that say how rows are split and weighted: checked, made into numbers."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import TYPE_CHECKING

from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.data.findings import Finding
from smote_bench.data.roles.groups import alike_groups, joined_spellings, lone_groups, unknown_groups
from smote_bench.data.roles.keys import RoleKeys
from smote_bench.data.roles.role_cells import stripped
from smote_bench.data.roles.rows import RowRoles
from smote_bench.data.roles.spellings import group_id
from smote_bench.data.roles.times import times_findings, times_of
from smote_bench.data.roles.weights import weights_findings, weights_of
from smote_bench.data.values.markers import MARKERS, MAYBE_MARKERS
from smote_bench.data.values.number_texts import number, some
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["role_findings", "row_roles"]

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
        times=None if keys.time is None else times_of(frame[keys.time], name),
        is_test=None if keys.split is None else _is_test(frame[keys.split], name),
        weights=None if keys.weights is None else weights_of(frame[keys.weights], name),
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
    texts = stripped(column).fillna("").str.casefold()
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


def _groups(column: pd.Series) -> np.ndarray:
    import numpy as np
    import pandas as pd

    codes, texts = pd.factorize(stripped(column))
    place: dict[Hashable, int] = {}
    of_text = [place.setdefault(group_id(text), len(place)) for text in texts]
    return np.array(of_text, dtype=np.int64)[codes]


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
    return stripped(column).str.casefold().str.replace(r"^(\d+)\.0+$", r"\1", regex=True)


def role_findings(frame: pd.DataFrame, keys: RoleKeys, roles: RowRoles | None = None) -> list[Finding]:
    """Return what is to be said of columns with roles that were read otherwise than they stand there.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
    keys : RoleKeys
        Whose columns `row_roles` has read.
    roles : RowRoles, optional
        What it gave.
    """
    groups = None if roles is None else roles.groups
    return [
        *joined_spellings(frame, keys, None if groups is None else int(groups.max(initial=-1)) + 1),
        *alike_groups(frame, keys),
        *lone_groups(keys, groups),
        *unknown_groups(frame, keys),
        *([] if keys.time is None else times_findings(frame[keys.time], roles.times if roles else None)),
        *([] if keys.split is None else _split_findings(frame[keys.split])),
        *([] if keys.weights is None else weights_findings(frame[keys.weights])),
    ]


def _split_findings(column: pd.Series) -> list[Finding]:
    """Say that rows to validate train: a split has two sides, and what is tuned has parts of its own."""
    words = _sides(column)
    is_valid = words.isin(_VALID)
    if not is_valid.any():
        return []
    shown = words[is_valid].iloc[0]
    said = (
        f"column {column.name!r}: {int(is_valid.sum()):,} rows of {shown!r} train, as they are no test rows"
    )
    remedy = "write test there, or remove those rows, if they are not to train"
    return [Finding("read", str(column.name), said, remedy)]


def _side_of_true(column: str) -> str | None:
    """Return the side that true stands for; None where the name does not say it, as ``latest``, ``not_test``.

    >>> _side_of_true("is_test"), _side_of_true("InTrain"), _side_of_true("latest"), _side_of_true("not_test")
    ('test', 'train', None, None)
    """
    words = [word.casefold() for word in _WORD.findall(column)]
    sides = {_SIDE_OF.get(word) for word in words if word not in _BESIDE_A_SIDE}
    return next(iter(sides)) if len(sides) == 1 else None
