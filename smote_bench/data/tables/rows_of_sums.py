"""A row of sums or means that has a label, and would be one of the rows: at the end, or below each part."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding
from smote_bench.data.values.clothed_numbers import find_clothes
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from smote_bench.data.tables.table_target import Labels

__all__ = ["check_sums"]

_WORD = re.compile(
    r"(.*\W)?(grand[ -]?total|sub-?total|totals?|totale|totaal|sums?|summe|zwischensumme|(ins)?gesamt\w*"
    r"|somma|soma|suma|итого|всего|合计|总计|合計|総計)(\W.*)?",
    re.IGNORECASE | re.DOTALL,
)
_WEAK_WORD = re.compile(
    r"all|overall|average|avg|mean|mittelwert|durchschnitt|moyenne|promedio|media", re.IGNORECASE
)
"""They may be categories, of a review or a sector; as whole cells, in two rows at most, they may say sums."""
_MOST_WEAK = 2
_FEWEST_ROWS = 10
_FEWEST_OTHERS = 5
_FEWEST_SUMS = 2
_MOST_ROWS = 1 / 3
_EXACT, _ROUNDED = 1e-6, 1e-3


@dataclass(frozen=True)
class _Row:
    """A row that may be of sums: the word that says so, its column, and which rows have such a word there."""

    place: int
    word: str = ""
    column: str = ""
    is_one: np.ndarray | None = None
    is_weak: bool = False


def check_sums(
    frame: pd.DataFrame, labels: Labels, lines: Mapping[int, int], name: str, file: str
) -> list[Finding]:
    """Check that no row of a table is the sum or the mean of others.

    Rows of sums are at the end or on top; where there is one, others are looked for between the rows.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        All columns but the target.
    labels : Labels
        The target.
    lines : mapping of int to int
        In which line of the file some rows are; the others are called by their number.
    name, file : str
        What messages call the table and the file.

    Returns
    -------
    list of Finding
        A caveat where a row is called one of sums, and is not known to be one.

    Raises
    ------
    ConfigError
        If there is one.
    """
    import numpy as np

    if len(frame) < _FEWEST_ROWS:
        return []
    with np.errstate(over="ignore", invalid="ignore"):  # numbers without end are refused elsewhere
        return _found(frame, labels, lines, name, file)


def _found(
    frame: pd.DataFrame, labels: Labels, lines: Mapping[int, int], name: str, file: str
) -> list[Finding]:
    n_rows = len(frame)
    found: list[Finding] = []
    plain = _numbers(frame)
    for place in (n_rows - 1, 0, n_rows - 2):
        row = _called_so(frame, labels, place)
        numbers = {**plain, **_undressed(frame, plain)} if row.word else plain
        shown = _as_sums(numbers, row) if row.word else _as_plain_sums(numbers, place)
        where = f"line {lines[place]}" if place in lines else f"row {place + 1:,} of the data"
        called = f"{row.word!r} in column {row.column!r}, and " if row.word else ""
        if shown:
            raise ConfigError(
                f"{name}: {file}, {where}: expected a row of the data, got one of sums or means: "
                f"{called}{shown}: {_remedy(frame, row)}"
            )
        if not found and row.word and (far := _beyond(numbers, row)):
            found.append(
                Finding(
                    "suspect",
                    row.column,
                    f"{file}, {where}: {called}{far}: it may be a row of sums, and is taken for one of "
                    "the data",
                    "remove it, if it is",
                )
            )
    return found


def _remedy(frame: pd.DataFrame, row: _Row) -> str:
    if row.is_one is None:
        return "remove it"
    n_more = int(row.is_one.sum()) - 1
    remove = f"remove it and {n_more:,} more that are called so" if n_more else "remove it"
    if row.column != frame.columns[0]:
        return remove
    begins = json.dumps(row.word, ensure_ascii=False)
    return f"{remove}, or 'read: {{comment: {begins}}}' skips lines of a text file that begin so"


def _called_so(frame: pd.DataFrame, labels: Labels, place: int) -> _Row:
    """Return the row with the word for sums in one of its cells; without one if there is none."""
    import numpy as np
    import pandas as pd

    for column in frame:
        cell = frame[column].iat[place]
        if isinstance(cell, str) and (word := _word_in(cell.strip())) is not None:
            codes, texts = pd.factorize(frame[column].astype(str))
            is_one = np.array([word.fullmatch(text.strip()) is not None for text in texts])[codes]
            if is_one.sum() <= _most(word, len(frame)):
                return _Row(place, cell.strip(), str(column), is_one, word is _WEAK_WORD)
    code = labels.codes[place]
    word = _word_in(labels.texts[code].strip()) if code >= 0 else None
    if word is not None:
        is_one = np.asarray(labels.codes) == code
        if is_one.sum() <= _most(word, len(frame)):
            return _Row(place, labels.texts[code], "the target", is_one, word is _WEAK_WORD)
    return _Row(place)


def _word_in(cell: str) -> re.Pattern[str] | None:
    return next((word for word in (_WORD, _WEAK_WORD) if word.fullmatch(cell)), None)


def _most(word: re.Pattern[str], n_rows: int) -> float:
    return _MOST_WEAK if word is _WEAK_WORD else _MOST_ROWS * n_rows


def _numbers(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the columns of numbers, float64."""
    import numpy as np
    import pandas as pd

    return {
        str(name): column.to_numpy(dtype=np.float64, na_value=np.nan)
        for name, column in frame.items()
        if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
    }


def _undressed(frame: pd.DataFrame, plain: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the columns of numbers in clothes, such as ``$1,234``, beside the plain ones."""
    import numpy as np
    import pandas as pd

    found = {}
    for name in (name for name in map(str, frame) if name not in plain):
        codes, texts = pd.factorize(frame[name].astype(str))
        words = texts.tolist()
        clothes = find_clothes(words, [1] * len(words))
        if clothes is not None:
            values = [clothes[0].number(text) for text in words]
            found[name] = np.array([*values, None], dtype=np.float64)[codes]
    return found


def _as_plain_sums(numbers: Mapping[str, np.ndarray], place: int) -> str:
    """Return that all numbers of a row are the sums of all others, several of them; empty if not."""
    import numpy as np

    n_sums, shown = 0, ""
    for name, values in numbers.items():
        value = values[place]
        if np.isnan(value):
            continue
        if not _is_near(2 * value, np.nansum(values), _EXACT):
            return ""
        others = np.delete(values, place)
        if np.count_nonzero(others) < _FEWEST_OTHERS:
            continue  # 0, 0, 1, 1, 2: counts of what is rare
        if abs(value) > np.nanmax(np.abs(others), initial=0):
            n_sums += 1
            shown = shown or f"{name!r} is {value:.12g}, the sum of the other {len(values) - 1:,} rows"
    return shown if n_sums >= _FEWEST_SUMS else ""


def _as_sums(numbers: Mapping[str, np.ndarray], row: _Row) -> str:
    """Return that most numbers of a row are sums or means of others, in words; empty if they are not."""
    import numpy as np

    assert row.is_one is not None
    there = {name: values for name, values in numbers.items() if not np.isnan(values[row.place])}
    told: dict[str, tuple[str, str]] = {}
    above, below = _since_the_last(row.is_one, row.place), _until_the_next(row.is_one, row.place)
    for rows in (~row.is_one, above, below):
        if rows.sum() < (_FEWEST_OTHERS if row.is_weak else 2):
            continue
        for name, values in there.items():
            value, others = values[row.place], values[rows & ~np.isnan(values)]
            if not len(others):
                continue
            noun = "sum" if _is_near(value, others.sum(), _ROUNDED) else ""
            noun = noun or ("mean" if _is_near(value, others.mean(), _ROUNDED) else "")
            if noun == "mean" or (noun and abs(value) > np.abs(others).max()):
                told.setdefault(
                    name, (noun, f"{name!r} is {value:.12g}, the {noun} of {int(rows.sum()):,} rows")
                )
    sums = [said for noun, said in told.values() if noun == "sum"]
    are_most = len(told) >= len(there) if row.is_weak else 2 * len(told) >= len(there)
    if sums and are_most:
        return sums[0]
    means = [said for _, said in told.values()]
    return means[0] if len(means) >= _FEWEST_SUMS and len(means) == len(there) else ""


def _beyond(numbers: Mapping[str, np.ndarray], row: _Row) -> str:
    """Return a number of a row that is more than twice as large as all others; empty without."""
    import numpy as np

    assert row.is_one is not None
    for name, values in numbers.items():
        others = np.abs(values[~row.is_one])
        most = float(np.nanmax(others, initial=0))
        if values[row.place] > 2 * most > 0:
            return f"{name!r} is {values[row.place]:.12g}, in all others at most {most:.12g}"
    return ""


def _since_the_last(is_one: np.ndarray, place: int) -> np.ndarray:
    import numpy as np

    before = np.flatnonzero(is_one[:place])
    rows = np.zeros(len(is_one), dtype=bool)
    rows[(before[-1] + 1 if len(before) else 0) : place] = True
    return rows


def _until_the_next(is_one: np.ndarray, place: int) -> np.ndarray:
    turned: np.ndarray = _since_the_last(is_one[::-1], len(is_one) - 1 - place)
    return turned[::-1]


def _is_near(value: float, other: float, tolerance: float) -> bool:
    return bool(value) and abs(value - other) <= tolerance * abs(value)
