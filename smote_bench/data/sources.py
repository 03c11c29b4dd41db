"""What an experiment may name as a dataset: the catalogue's, one of KEEL or ClearML, or a user's own file.

Everything here runs while pytest collects, so it reads no more than it must and imports no pandas.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from smote_bench.data import keel
from smote_bench.data.cards import catalogue_names, get_card
from smote_bench.data.clearml_tables.names import is_clearml, parse_clearml, version_of
from smote_bench.data.files.formats import allowed_endings, how_to_convert, is_known
from smote_bench.data.files.read_keys import ReadKeys, parse_read_keys
from smote_bench.data.findings import Finding, how_to_quote
from smote_bench.data.positive import Positive, check_positive, parse_majority, parse_positive
from smote_bench.data.preprocessing import Preprocessing
from smote_bench.data.roles.keys import ROLE_KEYS, RoleKeys, parse_role_keys
from smote_bench.data.tables.kind_keys import KIND_KEYS, KindKeys, check_text_keys, parse_kind_keys
from smote_bench.data.values.labels import YamlTruth
from smote_bench.errors import ConfigError, UnavailableError, did_you_mean

__all__ = [
    "OPTIONAL_KEYS",
    "DatasetEntry",
    "UserFile",
    "parse_source",
    "parse_user_file",
    "positive_of",
    "source_name",
]

_REQUIRED = ("name", "file", "target", "minority")
OPTIONAL_KEYS = (
    *("nominal", "ordinal", "drop_duplicates", "drop"),
    *(*KIND_KEYS, *ROLE_KEYS),
    *("majority", "positive", "read"),
)
"""Of a user's file in an experiment, beside name, file, target and minority."""


@dataclass(frozen=True)
class UserFile:
    """A user's own file, as described in an experiment.

    Parameters
    ----------
    name : str
        What to call it.
    file : Path
        Absolute path of a file of one of `smote_bench.data.files.formats.FORMATS`.
    target : str
        As on a `Card`.
    minority : str or tuple of str
        As on a `Card`; several labels are the minority together.
    nominal : tuple of str
        Features to one-hot encode although they look like numbers; text is nominal anyway.
    ordinal : tuple of (str, tuple of str)
        Features with ordered categories, lowest first.
    drop_duplicates : bool
        Whether repeated rows are removed before anything is split.
    roles : RoleKeys
        Which columns, or which other file, say how rows are split and weighted.
    majority : tuple of str
        The other labels, where they are named: they are labels even if they read like a missing value.
    positive : Positive, optional
        The class that metrics count as positive; the minority where nothing is said.
    drop : tuple of str
        Columns that are no features.
    read : ReadKeys
        What is known of a text file's form; the rest is guessed.
    kind_keys : KindKeys
        Columns that are features, or of a kind, whatever their values look like.
    findings : tuple of Finding
        What was found while the file was read.
    """

    name: str
    file: Path
    target: str
    minority: str | tuple[str, ...]
    nominal: tuple[str, ...] = ()
    ordinal: tuple[tuple[str, tuple[str, ...]], ...] = ()
    drop_duplicates: bool = True
    roles: RoleKeys = field(default_factory=RoleKeys)
    majority: tuple[str, ...] = ()
    positive: Positive | None = None
    drop: tuple[str, ...] = ()
    read: ReadKeys = field(default_factory=ReadKeys)
    kind_keys: KindKeys = field(default_factory=KindKeys)
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    columns = None  # every column but the target and those with roles
    kinds_stated = False  # a column that is neither nominal nor ordinal has the kind of its values

    @property
    def role_columns(self) -> tuple[str, ...]:
        """The columns that are no features because they say how rows are split or weighted."""
        return self.roles.columns

    @property
    def reading(self) -> str:
        """All that is said of how the file is read, and where it lies."""
        return repr(replace(self, findings=()))

    @property
    def remarks(self) -> tuple[str, ...]:
        """The findings, in words."""
        return tuple(map(str, self.findings))


@dataclass(frozen=True)
class DatasetEntry:
    """A data set and the version to take of it: ``raw`` (recipe inside every fold) or ``processed``.

    ``clearml:NAME@processed`` is processed whatever is asked for. `positive` is the class that metrics count
    as positive, the minority where it is None.
    """

    source: str | UserFile
    version: str
    preprocessing: Preprocessing
    positive: Positive | None = None

    def __post_init__(self) -> None:
        if version_of(self.source) == "processed":
            object.__setattr__(self, "version", "processed")
        if isinstance(self.source, UserFile) and self.source.positive is not None:
            object.__setattr__(self, "positive", self.source.positive)

    @property
    def positive_code(self) -> int:
        """The code in y of the class that metrics count as positive: 1, the minority, if nothing is said."""
        return 1 if self.positive is None else self.positive.code

    @property
    def name(self) -> str:
        """As in the test ids."""
        return source_name(self.source)


def source_name(source: str | UserFile) -> str:
    """Return what a source is called."""
    return source.name if isinstance(source, UserFile) else source


def parse_source(value: str | Mapping[str, Any], base_dir: Path) -> str | UserFile:
    """Check one entry of an experiment's ``datasets``.

    Parameters
    ----------
    value : str or mapping
        A name of the catalogue, ``keel:NAME``, ``clearml:NAME@VERSION``, or
        ``{name, file, target, minority}`` with, if wanted, ``nominal``, ``ordinal``, ``drop``,
        ``drop_duplicates``, ``read`` and the keys of `smote_bench.data.tables.kind_keys` and
        `smote_bench.data.roles.keys`.
    base_dir : Path
        The folder that a relative `file` is relative to: that of the experiment.

    Raises
    ------
    ConfigError
        If a name, key, type, file, column or minority is wrong.
    """
    if isinstance(value, Mapping):
        source = parse_user_file(value, base_dir)
        from smote_bench.data.read_cache import findings_of  # with numpy and pandas: for users' files alone

        return replace(source, findings=findings_of(source))
    if not isinstance(value, str):
        raise ConfigError(
            f"expected a dataset's name or {{name, file, target, minority}}, got {value!r} "
            f"({type(value).__name__})"
        )
    if keel.is_keel(value):
        # Without the package, or with a set that it cannot read, cells are unavailable when they are run: no
        # error. A name that it does not know is one.
        with contextlib.suppress(UnavailableError):
            keel.get_keel_set(value)
        return value
    if is_clearml(value):
        return parse_clearml(value).source
    if ":" in value:
        names: tuple[str, ...] = ()
        with contextlib.suppress(UnavailableError):
            names = keel.keel_names()
        raise ConfigError(
            f"expected a dataset of the catalogue, 'keel:NAME' or 'clearml:NAME@VERSION', got "
            f"{value!r}.{did_you_mean(value, names)} "
            "`smote-bench datasets list --keel` shows all"
        )
    return get_card(value).name


def positive_of(source: str, value: Any) -> Positive | None:
    """Return the class that `positive` names of a data set of the catalogue, KEEL or ClearML.

    Parameters
    ----------
    source : str
        As `parse_source` returned it.
    value : object
        As for `smote_bench.data.positive.parse_positive`; labels are known of the catalogue and of KEEL.

    Raises
    ------
    ConfigError
        If it names no class of the data set.
    """
    target, minority, majority = "the target", "minority", "majority"
    if keel.is_keel(source):
        minority, majority = "1", "0"
    elif not is_clearml(source):
        card = get_card(source)
        target, minority, majority = card.target, card.minority, card.majority or majority
    positive = parse_positive(value, minority, f"dataset {source!r}")
    check_positive(positive, {minority: 1, majority: 1}, minority, f"dataset {source!r}", target)
    return positive


_OF_LABELS = ("minority", "majority", "positive")


def parse_user_file(value: Mapping[str, Any], base_dir: Path) -> UserFile:
    """Check what an entry says of a user's file, and do not read it: there are no findings.

    Parameters
    ----------
    value, base_dir
        As for `parse_source`.

    Raises
    ------
    ConfigError
        If a name, key or type is wrong, or there is no such file.
    """
    label = f"dataset {value.get('name', value)!r}"
    known = (*_REQUIRED, *OPTIONAL_KEYS)
    for key in value:
        if key not in known:
            raise ConfigError(
                f"{label}: expected the keys {', '.join(known)}, got {key!r}.{did_you_mean(str(key), known)}"
            )
    for key in _REQUIRED:
        if key not in value:
            raise ConfigError(
                f"{label}: expected the keys {', '.join(_REQUIRED)}, but {key!r} is missing: add it"
            )
    value = {key: _of_python(one) if key in _OF_LABELS else one for key, one in value.items()}
    name = _text(value, "name", label)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", name):
        raise ConfigError(
            f"{label}: expected a name of letters, digits, '_', '-' and '.', got {name!r}: rename it"
        )
    if name in catalogue_names():
        raise ConfigError(f"{label}: expected a name of its own, got one of the catalogue: rename it")
    source = UserFile(
        name=name,
        file=_file(value, base_dir, label),
        target=_text(value, "target", label),
        minority=_minority(value["minority"], label),
        nominal=_names(value.get("nominal", ()), "nominal", label),
        ordinal=_orders(value.get("ordinal", {}), label),
        drop_duplicates=_flag(value.get("drop_duplicates", True), label),
        roles=parse_role_keys(value, base_dir, label),
        majority=parse_majority(value.get("majority"), label),
        positive=parse_positive(value.get("positive"), _minority(value["minority"], label), label),
        drop=_names(value.get("drop", ()), "drop", label),
        read=parse_read_keys(value.get("read"), label),
        kind_keys=parse_kind_keys(value, label),
    )
    _check_kinds(source, label)
    return source


def _of_python(value: Any) -> Any:
    """Return labels that numpy or pandas gave, as from ``value_counts().idxmin()``, as Python's."""
    if isinstance(value, list | tuple):
        return [_of_python(one) for one in value]
    item = getattr(value, "item", None)
    return item() if callable(item) and getattr(value, "shape", None) == () else value


def _text(value: Mapping[str, Any], key: str, label: str) -> str:
    text = value[key]
    if not isinstance(text, str) or not text:
        raise ConfigError(
            f"{label}: expected text for {key!r}, got {text!r} ({type(text).__name__}): quote it"
        )
    return text


def _minority(value: Any, label: str) -> str | tuple[str, ...]:
    if isinstance(value, bool):
        # YAML 1.1 reads yes, no, on and off as truth values, and nobody remembers.
        return YamlTruth(value)
    if isinstance(value, list | tuple) and value and not any(isinstance(one, list | tuple) for one in value):
        labels = tuple(str(_minority(one, label)) for one in value)
        if not any(isinstance(one, bool) for one in value):
            return labels if len(labels) > 1 else labels[0]
    if not isinstance(value, str | int | float):
        raise ConfigError(
            f"{label}: expected a value of the target, a condition such as '>0.65' or a list of values for "
            f"'minority', got {value!r} "
            f"({type(value).__name__}){_how_to_quote(value)}"
        )
    if not str(value).strip():
        raise ConfigError(
            f"{label}: expected a value of the target for 'minority', got {value!r}: an empty cell is no "
            "label"
        )
    return str(value)


def _how_to_quote(value: Any) -> str:
    is_of_truths = isinstance(value, list | tuple) and any(isinstance(one, bool) for one in value)
    return f": {how_to_quote(one for one in value if isinstance(one, bool))}" if is_of_truths else ""


def _names(value: Any, key: str, label: str) -> tuple[str, ...]:
    if (
        isinstance(value, str)
        or not isinstance(value, list | tuple)
        or not all(isinstance(v, str) for v in value)
    ):
        quote = how_to_quote(value) if isinstance(value, list | tuple) else ""
        raise ConfigError(
            f"{label}: expected a list of column names for {key!r}, got {value!r}: {quote or 'write [a, b]'}"
        )
    return tuple(value)


def _orders(value: Any, label: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, Mapping):
        raise ConfigError(
            f"{label}: expected {{column: [lowest, ..., highest]}} for 'ordinal', got {value!r}"
        )
    orders = []
    check_text_keys(value, "ordinal", label)
    for column, order in value.items():
        if not isinstance(order, list | tuple) or len(set(map(str, order))) < max(len(order), 1):
            raise ConfigError(
                f"{label}: expected the distinct categories of {column!r} from lowest to highest under "
                "'ordinal', "
                f"got {order!r}"
            )
        orders.append((str(column), tuple(str(category) for category in order)))
    return tuple(orders)


def _flag(value: Any, label: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{label}: expected true or false for 'drop_duplicates', got {value!r}")
    return value


def _file(value: Mapping[str, Any], base_dir: Path, label: str) -> Path:
    path = (base_dir / Path(_text(value, "file", label)).expanduser()).resolve()
    if path.is_dir():
        raise ConfigError(f"{label}: expected a file, got the folder {path}: name the file in it")
    if not is_known(path):
        raise ConfigError(
            f"{label}: expected a file ending in {allowed_endings()}, got {path.name!r}: "
            f"{how_to_convert(path)}"
        )
    if not path.is_file():
        beside = [one.name for one in path.parent.glob("*") if is_known(one)] if path.parent.is_dir() else []
        raise ConfigError(
            f"{label}: expected a file at {path}, but there is none: correct 'file'."
            f"{did_you_mean(path.name, beside)}"
        )
    return path


def _check_kinds(source: UserFile, label: str) -> None:
    ordinal = (name for name, _ in source.ordinal)
    kinds = Counter([source.target, *source.nominal, *ordinal, *source.role_columns, *source.drop])
    kinds += Counter(source.kind_keys.columns)
    twice = [name for name, count in kinds.items() if count > 1]
    if twice:
        raise ConfigError(f"{label}: expected one role for each column, got two for {twice[0]!r}: remove one")
