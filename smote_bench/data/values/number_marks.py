"""Which mark is the decimal one in a text file: decided once, from all cells that prove it, for all columns.

``3,5`` and ``0,744`` prove a decimal comma, ``1,234,567`` proves that commas part thousands, ``1.234,50``
proves both marks. ``12,345`` alone proves nothing.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from smote_bench.data.values.markers import ALL_MARKERS
from smote_bench.data.values.number_parts import core_of, is_money, parts_of, with_usual_signs
from smote_bench.data.values.sentinels import SENTINELS

__all__ = [
    "OTHER_MARK",
    "NumberMarks",
    "PlainNumbers",
    "find_marks",
    "is_below_thousands",
    "mark_of_columns",
    "marks_beside",
    "may_be_unclear",
    "plain_cell",
    "proves",
    "unclear_thousands",
]

_NUMBER = re.compile(r"[+-]?([\d.,]*\d[\d.,]*)([eE][+-]?\d+)?")
_EXPONENT = re.compile(r"[eEdD][+-]?\d")
_MOST_WITH_ZERO = 0.05
_FEWEST_NUMBERS = 0.8
_MOST_SPELLINGS = 10_000
_DIGITS_OF_THOUSANDS, _FEWEST_BELOW = 3, 2
OTHER_MARK = {",": ".", ".": ","}
"""By a decimal mark, the other one."""
_WORDS = {",": "comma", ".": "point", " ": "blank", "'": "apostrophe"}


@dataclass(frozen=True)
class NumberMarks:
    """Which mark is the decimal one.

    Parameters
    ----------
    decimal : {".", ","}
        In every column that is not in `own`.
    own : tuple of (str, str)
        Columns and their marks, where columns prove opposite ones.
    is_known : bool
        Whether it is stated or some cell proves it.
    has_marks : bool
        Whether a cell may have a comma that has to be changed or taken out.
    unclear : tuple of str
        A column and a cell of it that may be read in two ways, if nothing proves which.
    examples : tuple of (str, str)
        Columns that prove a mark, each with the cell that does.
    leaning : tuple of (str, str, bool)
        Columns whose cells prove no mark, each with one that may be read in two ways: the columns of
        `examples` say how; and whether the column looks otherwise, as ``47.651`` beside ``953`` does.
    addresses : tuple of str
        Columns of numbers such as 192.168.100.110, whose points part no thousands.
    is_beside : bool
        Whether `examples` are columns of a test file that prove another mark than the file that trains has.
    categories : tuple of str
        Columns of the file that trains which are none of numbers.
    is_alone : bool
        Whether no other file is to be read alike: what is unclear is taken as of any file with its delimiter.
    has_parted : bool
        Whether a point parts thousands in some cell.
    """

    decimal: str = "."
    own: tuple[tuple[str, str], ...] = ()
    is_known: bool = False
    has_marks: bool = False
    unclear: tuple[str, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    leaning: tuple[tuple[str, str, bool], ...] = ()
    addresses: tuple[str, ...] = ()
    is_beside: bool = False
    categories: tuple[str, ...] = ()
    is_alone: bool = False
    has_parted: bool = False

    @property
    def is_found(self) -> bool:
        """Whether another file of the same table is to be read alike."""
        return not self.is_alone and (self.is_known or bool(self.unclear))

    def doubts(self, file: str) -> list[str]:
        """Return in words what may have been read wrongly."""
        if self.unclear:
            column, cell = self.unclear
            mark = "," if "," in cell else "."
            is_decimal = mark == self.decimal
            said = "the decimal mark" if is_decimal else "what parts thousands"
            return [
                f"{file}: {cell!r} in column {column!r} may be read in two ways, and no other cell says "
                f"which: the {_WORDS[mark]} is taken for {said}, {cell} is read as "
                f"{cell.replace(mark, '.' if is_decimal else '')}"
            ]
        if self.is_beside:
            column, cell = self.examples[0]
            mark = dict(self.own).get(column, self.decimal)
            by_own = "columns that prove their mark are read by their own cells, others with a decimal"
            taken = f"{by_own} {_WORDS[self.decimal]}" if self.own else "all columns are read so"
            return [
                f"{file}: numbers have a decimal {_WORDS[mark]} in column {column!r} ({cell}), unlike in the "
                f"file that trains: {taken}"
            ]
        if self.own:
            shown = " and ".join(
                f"a decimal {_WORDS[mark]} in column {name!r} ({example})"
                for mark in ",."
                for (name, own), (_, example) in list(zip(self.own, self.examples, strict=True))
                if own == mark and name == next(n for n, m in self.own if m == mark)
            )
            return [
                f"{file}: numbers have {shown}: each column is read by its own cells, those that do not say "
                "with a decimal point"
            ]
        return []

    def borrowed(self, file: str) -> list[tuple[str, str, bool]]:
        """Return each column that is read by the cells of another one, that in words, and whether it is odd.

        Numbers with a sign or a unit and three digits behind a decimal point are: amounts of money have two.
        So are whole ones below 1000 among others with three digits behind a point.
        """
        if self.own:
            return []  # these are read with a point whatever others have, which `doubts` says
        proof = f"column {self.examples[0][0]!r}, which has {self.examples[0][1]}" if self.examples else ""
        found = []
        for name, cell, is_odd in self.leaning:
            mark = "," if "," in cell else "."
            taken = "the decimal mark" if mark == self.decimal else "what parts thousands"
            said = f"{file}: column {name!r} has {cell!r}, which may be read in two ways: the "
            found.append(
                (
                    name,
                    f"{said}{_WORDS[mark]} is taken for {taken} because of {proof}",
                    mark == self.decimal == "." and (is_odd or not _NUMBER.fullmatch(cell)),
                )
            )
        return found

    @property
    def remedy(self) -> str:
        """The key that changes it."""
        if self.is_beside:
            return (
                'write both alike, or \'read: {decimal: ","}\' or "." takes one mark for all columns of both'
            )
        if self.own:
            return '\'read: {decimal: ","}\' or "." takes one mark for all columns'
        return f"'read: {{decimal: \"{OTHER_MARK[self.decimal]}\"}}' reads it the other way"


@functools.lru_cache(maxsize=1 << 16)
def proves(text: str) -> str | None:
    """Return the decimal mark that a cell proves, ``""`` for none, None if it is no number at all.

    A number that may have either mark gives ``?,`` or ``?.``, a ``?`` and its mark; ``08.30``, which begins
    with a 0 as no number does, gives ``0``.

    >>> proves("3,5"), proves("1,234,567"), proves("1.234,50"), proves("4,022e-02"), proves("0.123")
    (',', '.', ',', ',', '.')
    >>> proves("12,345"), proves("12"), proves("31.12.2024"), proves("08.30")
    ('?,', '', None, '0')
    """
    text = text.strip()
    if text.isdecimal():
        return ""
    if text[-3:].casefold() == "uhr":  # 14.55 Uhr is a time
        return None
    found = _NUMBER.fullmatch(text)
    taken = (found[1], found[2] or "") if found else core_of(text)
    if taken is None:
        return None
    core = re.sub("[ ']", "", taken[0])
    used = [mark for mark in ",." if mark in core]
    if not used:
        return ""
    last = core[max(core.rfind(","), core.rfind("."))]
    other = OTHER_MARK[last]
    head, _, tail = core.rpartition(last)
    if len(used) == 2 or last in head:
        if last in head:
            return other if len(used) == 1 and _grouped(last).fullmatch(core) else None
        return last if _grouped(other).fullmatch(head) else None
    if len(head) > 1 and head[0] == "0":
        return "0"
    if not tail:
        return ""
    return last if taken[1] or len(tail) != 3 or head in ("", "0") or len(head) > 3 else f"?{last}"


def _is_address(cell: str) -> bool:
    parts = cell.strip().split(".")
    return len(parts) == 4 and all(part.isdecimal() and int(part) <= 255 for part in parts)


@functools.cache
def _grouped(mark: str) -> re.Pattern[str]:
    lakhs = r"|[1-9]\d?(?:,\d{2})+,\d{3}" if mark == "," else ""
    return re.compile(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+{lakhs}")


@dataclass
class _Column:
    kinds: Counter[str | None] = field(default_factory=Counter)
    shown: dict[str | None, str] = field(default_factory=dict)
    n_addresses: int = 0
    whole: set[str] = field(default_factory=set)  # a few of three digits
    has_long: bool = False  # of four and more
    has_parted: bool = False

    def add(self, cell: str) -> None:
        kind = proves(cell)
        if kind == "," and _is_address(cell):
            kind, self.n_addresses = None, self.n_addresses + 1
        if kind is None and cell.strip().casefold() in ALL_MARKERS:
            return
        self.kinds[kind] += 1
        if not kind:
            self._add_whole(cell)
        elif kind == "," and "." in cell:
            self.has_parted = True
        if kind not in self.shown:
            self.shown[kind] = cell.strip()

    def _add_whole(self, cell: str) -> None:
        digits = cell if cell.isdecimal() else "".join(filter(str.isdecimal, cell))
        if len(digits) > _DIGITS_OF_THOUSANDS:
            self.has_long = True
        elif len(self.whole) < _FEWEST_BELOW and is_below_thousands(digits, "-" in cell):
            self.whole.add(digits)

    @property
    def may_have_thousands(self) -> bool:
        """Whether points may part thousands: each has three digits behind it, and no other number has four.

        Of numbers with three decimals one in a thousand is whole, and one in ten has less. Two whole ones of
        three digits are looked for: 4 beside 2.125, or a 999 for a missing cell, say nothing.
        """
        is_unproven = "?." in self.kinds and not self.decimal
        return is_unproven and not self.has_long and len(self.whole) >= _FEWEST_BELOW

    @property
    def is_of_numbers(self) -> bool:
        n = self.kinds.total()
        n_others = self.kinds[None]
        return n > 0 and n - n_others >= _FEWEST_NUMBERS * n and self.kinds["0"] <= _MOST_WITH_ZERO * n

    @property
    def is_of_addresses(self) -> bool:
        return self.n_addresses > 0 and self.n_addresses >= _FEWEST_NUMBERS * self.kinds.total()

    @property
    def decimal(self) -> str:
        """The mark that the column proves; empty for none."""
        comma, point = self.kinds[","], self.kinds["."]
        return "," if comma > point else "." if point else ""


def is_below_thousands(digits: str, is_negative: bool) -> bool:
    """Tell whether a whole number has three digits, as those below 1000 have whose thousands are parted."""
    is_long = len(digits) == _DIGITS_OF_THOUSANDS and digits[0] != "0"
    return is_long and not is_negative and float(digits) not in SENTINELS


def find_marks(rows: Iterable[Sequence[str]], names: Sequence[str], delimiter: str) -> NumberMarks:
    """Return the decimal mark of a file.

    Parameters
    ----------
    rows : iterable of sequences of str
        Cells of rows from all over the file; those that are not as wide as the header are passed over.
    names : sequence of str
        Of the columns.
    delimiter : str
        Between cells: where nothing proves a mark, a semicolon goes with a decimal comma.
    """
    columns = _filled(rows, names)
    addresses = tuple(name for name, column in zip(names, columns, strict=True) if column.is_of_addresses)
    marks = _marks(columns, names, delimiter)
    return replace(marks, addresses=addresses)


def _marks(columns: Sequence[_Column], names: Sequence[str], delimiter: str) -> NumberMarks:
    of_numbers = [(name, column) for name, column in zip(names, columns, strict=True) if column.is_of_numbers]
    has_marks = any("," in shown for _, column in of_numbers for shown in column.shown.values())
    proven = [(name, column) for name, column in of_numbers if column.decimal]
    decimals = {column.decimal for _, column in proven}
    if len(decimals) == 2:
        own = tuple((name, column.decimal) for name, column in proven)
        examples = tuple((name, column.shown[column.decimal]) for name, column in proven)
        return NumberMarks(".", own, is_known=True, has_marks=True, examples=examples)
    if decimals:
        leaning = tuple(
            (name, column.shown[kind], kind == "?." and column.may_have_thousands)
            for name, column in of_numbers
            for kind in ("?,", "?.")
            if not column.decimal and kind in column.shown
        )
        examples = tuple((name, column.shown[column.decimal]) for name, column in proven)
        mark = decimals.pop()
        has_parted = mark == "," and any(
            column.has_parted or "?." in column.kinds for _, column in of_numbers
        )
        marks = NumberMarks(mark, is_known=True, has_marks=has_marks, examples=examples, leaning=leaning)
        return replace(marks, has_parted=has_parted)
    kinds = ("?,", "?.") if delimiter == ";" else ("?,",)  # German tables have semicolons, and 76.600
    doubtful = [
        (name, column.shown[kind]) for kind in kinds for name, column in of_numbers if kind in column.kinds
    ]
    if not doubtful and (beside_short := _unclear(of_numbers)):
        return NumberMarks(has_marks=has_marks, unclear=beside_short[0], is_alone=True)
    of_money = next((pair for pair in doubtful if _is_of_money(pair[1])), None)
    if of_money:  # amounts have two decimals or none
        decimal = "." if "," in of_money[1] else ","
        return NumberMarks(decimal, has_marks=has_marks, unclear=of_money, has_parted=decimal == ",")
    unclear = doubtful[0] if doubtful else ()
    decimal = "," if unclear and "," in unclear[1] and delimiter == ";" else "."
    return NumberMarks(decimal, has_marks=has_marks, unclear=unclear)


def _is_of_money(cell: str) -> bool:
    parts = parts_of(cell)
    return parts is not None and is_money(parts.unit)


def _unclear(columns: Sequence[tuple[str, _Column]]) -> list[tuple[str, str]]:
    found = [(name, column.shown["?."]) for name, column in columns if column.may_have_thousands]
    return [(name, cell) for name, cell in found if _NUMBER.fullmatch(cell)]  # others say it of themselves


def may_be_unclear(rows: Iterable[Sequence[str]], names: Sequence[str]) -> bool:
    """Tell whether in a column of some rows each point has three digits behind it."""
    return any("?." in column.kinds and not column.decimal for _, column in _of_numbers(rows, names))


def unclear_thousands(rows: Iterable[Sequence[str]], names: Sequence[str]) -> NumberMarks:
    """Return the marks of a comma-separated file, whose columns with commas say their own.

    Points are decimal ones. Where no cell of a column proves it, and numbers such as ``47.651`` are beside
    ``953`` and ``310``, and none has four digits without a point, that is unclear, or for other columns to
    prove.
    """
    of_numbers = _of_numbers(rows, names)
    found = _unclear(of_numbers)
    proofs = tuple((name, column.shown["."]) for name, column in of_numbers if column.decimal == ".")
    if not found or not proofs:
        return NumberMarks(unclear=next(iter(found), ()), is_alone=True)
    leaning = tuple((name, cell, True) for name, cell in found)
    return NumberMarks(examples=proofs, leaning=leaning, is_alone=True)


def _of_numbers(rows: Iterable[Sequence[str]], names: Sequence[str]) -> list[tuple[str, _Column]]:
    columns = _filled(rows, names)
    return [(name, column) for name, column in zip(names, columns, strict=True) if column.is_of_numbers]


def _filled(rows: Iterable[Sequence[str]], names: Sequence[str]) -> list[_Column]:
    columns = [_Column() for _ in names]
    for cells in rows:
        if len(cells) == len(names):
            for column, cell in zip(columns, cells, strict=True):
                column.add(cell)
    return columns


def marks_beside(borrowed: NumberMarks, found: NumberMarks, delimiter: str) -> NumberMarks:
    """Return the marks of a test file: those of the file that trains, but for columns that prove others.

    Parameters
    ----------
    borrowed : NumberMarks
        Of the file that trains.
    found : NumberMarks
        What `find_marks` gives of the test file with a semicolon for its delimiter.
    delimiter : str
        That it has: between commas no number has a decimal one without quotes.
    """
    borrowed = replace(borrowed, leaning=(), unclear=found.unclear if borrowed.unclear else ())
    if borrowed.own:
        return borrowed
    shown = dict(found.examples)
    proven = {**dict.fromkeys(shown, found.decimal), **dict(found.own)} if found.is_known else {}
    proven = {name: mark for name, mark in proven.items() if name not in borrowed.categories}
    others = {name: mark for name, mark in proven.items() if mark != borrowed.decimal}
    has_points = delimiter == "," and "," not in proven.values()
    if others:
        beside = replace(borrowed, is_known=True, has_marks=True, unclear=(), is_beside=True)
        examples = tuple((name, shown[name]) for name in others)
        if _is_all_other(borrowed, proven, others):
            return replace(beside, decimal=OTHER_MARK[borrowed.decimal], examples=examples)
        decimal = "." if has_points and not borrowed.has_parted else borrowed.decimal
        return replace(beside, decimal=decimal, own=tuple(others.items()), examples=examples)
    has_decimals = has_points and borrowed.decimal == "," and not borrowed.has_parted
    if has_decimals and found.unclear and "," not in found.unclear[1]:
        return replace(borrowed, decimal=".", is_known=False, unclear=found.unclear)
    return borrowed


def _is_all_other(borrowed: NumberMarks, proven: Mapping[str, str], others: Mapping[str, str]) -> bool:
    """Tell whether a whole test file has the other mark: a column proves one in each, and none this one.

    A half in a column of whole numbers binds no other column.
    """
    return len(others) == len(proven) and any(name in others for name, _ in borrowed.examples)


def mark_of_columns(columns: Mapping[str, Sequence[str]], *, with_points: Mapping[str, str]) -> NumberMarks:
    """Return the decimal mark that columns of texts prove for each other; unknown for none, or for both.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The distinct texts of each.
    with_points : mapping of str to str
        Other columns, which have numbers with a decimal point, each with one of them.
    """
    found = [(name, ".", number) for name, number in with_points.items()]
    for name, texts in columns.items():
        column = _Column()
        for text in texts:
            column.add(text)
        if column.is_of_numbers and column.decimal:
            found.append((name, column.decimal, column.shown[column.decimal]))
    if len({mark for _, mark, _ in found}) != 1:
        return NumberMarks()
    examples = tuple((name, shown) for name, _, shown in found)
    return NumberMarks(found[0][1], is_known=True, examples=examples)


class PlainNumbers:
    """Writes the numbers of rows with a decimal point and no mark of thousands, and knows what it changed.

    Parameters
    ----------
    marks : NumberMarks
    names : sequence of str
        Of the columns.
    """

    def __init__(self, marks: NumberMarks, names: Sequence[str]) -> None:
        own = dict(marks.own)
        self._marks, self._names = marks, list(names)
        self._decimals = [own.get(name, marks.decimal) for name in names]
        self._left = frozenset(n for n, name in enumerate(names) if name in marks.addresses)
        self._grouped: dict[int, tuple[str, str, str]] = {}
        self._misfits: dict[int, list[str]] = {}
        self._spellings: dict[tuple[int, str], str] = {}
        self._twice: dict[int, tuple[str, str]] = {}

    def plain(self, cells: Sequence[str]) -> list[str]:
        """Return the cells of a row with plain numbers."""
        return [self._plain(n, cell) if "," in cell or "." in cell else cell for n, cell in enumerate(cells)]

    def _plain(self, n: int, cell: str) -> str:
        if n in self._left:
            return cell
        decimal = self._decimals[n] if n < len(self._decimals) else self._marks.decimal
        if decimal == "." and "," not in cell:
            return cell
        made = _plain(cell, decimal)
        if made is None:
            if proves(cell) == OTHER_MARK[decimal]:
                self._misfits.setdefault(n, []).append(cell.strip())
            return cell
        if made[1] and n not in self._grouped:
            self._grouped[n] = cell.strip(), made[0].strip(), made[1]
        if decimal == "," and n not in self._twice and len(self._spellings) < _MOST_SPELLINGS:
            text = made[0].strip()
            before = self._spellings.setdefault((n, text.rstrip("0")), text)
            if before != text and "." in before and "." in text:
                self._twice[n] = before, text
        return made[0]

    def remarks(self, file: str) -> list[str]:
        """Return in words which marks were taken out of numbers."""
        if not self._grouped or self._marks.unclear:
            return []
        first, *more = self._grouped
        cell, made, mark = self._grouped[first]
        others = f" and {len(more)} more" if more else ""
        return [
            f"{file}: thousands are parted by {_WORDS[mark]}s in column "
            f"{self._names[first]!r}{others}, {cell!r} is read as {made}"
        ]

    def twice(self, file: str) -> list[tuple[str, str]]:
        """Return each column where ``2,1`` and ``2,10`` become one number, and that in words."""
        found = []
        for n, texts in self._twice.items():
            one, other = (text.replace(".", ",") for text in texts)
            said = f"{file}: column {self._names[n]!r} has {one!r} and {other!r}, which are one number: "
            found.append((self._names[n], f"{said}if they are codes or lists, they are no numbers"))
        return found

    def misfits(self, file: str) -> list[tuple[str, str]]:
        """Return each column with cells of the other decimal mark, and in words which."""
        if not self._marks.is_known:
            return []
        found = []
        for n, cells in self._misfits.items():
            mark = self._decimals[n]
            said = (
                f"{file}: column {self._names[n]!r} has {len(cells):,} cells such as {cells[0]!r} with a "
                f"decimal {_WORDS[OTHER_MARK[mark]]}, while {_WORDS[mark]}s are the decimal mark of its "
                "numbers: they are left as they stand"
            )
            found.append((self._names[n], said))
        return found


def plain_cell(cell: str, decimal: str) -> str:
    """Return a cell with a decimal point and no mark of thousands; as it stands where it does not fit.

    >>> plain_cell("1.200,50 €", ","), plain_cell("1.5", ",")
    ('1200.50 €', '1.5')
    """
    made = _plain(cell, decimal)
    return cell if made is None else made[0]


@functools.lru_cache(maxsize=1 << 16)
def _plain(cell: str, decimal: str) -> tuple[str, str] | None:
    """Return a cell's number plainly written, and what parted its thousands; None if it does not fit."""
    found = _usual(decimal).fullmatch(cell)
    if found is not None:
        sign, core, power = found.groups()
    else:
        taken = core_of(cell)
        if taken is None or not _core(decimal).fullmatch(taken[0]):
            return None
        usual = cell if taken[0] in cell else with_usual_signs(cell)
        if taken[0] not in usual:
            return None
        sign, core, power = usual.partition(taken[0])
    mark = next((mark for mark in (OTHER_MARK[decimal], " ", "'") if mark in core), "")
    if mark and _EXPONENT.match(power):
        return None
    return sign + core.replace(mark, "").replace(decimal, ".") + power, mark


@functools.cache
def _core(decimal: str) -> re.Pattern[str]:
    # A blank or an apostrophe as well, as in France and Switzerland.
    grouped = "|".join(_grouped(mark).pattern for mark in (OTHER_MARK[decimal], " ", "'"))
    return re.compile(rf"(?:{grouped}|\d*)(?:{re.escape(decimal)}\d+)?")


@functools.cache
def _usual(decimal: str) -> re.Pattern[str]:
    # Signs of money and short units too, as most cells have them: a shortcut, as core_of finds the same.
    before, behind = (
        r"(?!\+.* .*[^\d\s.,])\s*[+-]?|-?[$€£¥] ?",
        r"(?:[eE][+-]?\d+)?\s*| ?[$€£¥%]| [A-Za-z]{1,4}",
    )
    return re.compile(rf"({before})({_core(decimal).pattern})({behind})")
