"""Which columns of a tidy table hold what, and which of them are metrics that a gate can judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.gating.evidence.evidence import Better
from smote_bench.gating.evidence.table_source import TableSource
from smote_bench.metrics import METRICS

__all__ = ["NAMES", "Layout", "table_layout"]

NAMES = ("dataset", "method", "classifier")
_DIGESTS = ("data_digest", "split_digest", "digest")
_KNOWN = (*NAMES, "split", "repeat", "seed", "fold", "phase", "status", "reason", *_DIGESTS)
_OF_AN_INDEX = ("index", "level_0")
_COUNTS = ("tn", "fp", "fn", "tp")
"""Rows, not shares: they depend on the test part's size, and no tolerance suits them."""


@dataclass(frozen=True)
class Layout:
    """Which columns hold what.

    Parameters
    ----------
    split : {"split", "repeat"}
        The column of splits.
    is_long : bool
        Whether metrics stand below each other, in ``metric`` and ``value``.
    metrics : tuple of str
        To be taken, in order.
    better : mapping of metric to {"high", "low"}
    notes : tuple of str
        What was left out or filled in.
    """

    split: str
    is_long: bool
    metrics: tuple[str, ...]
    better: Mapping[str, Better]
    notes: tuple[str, ...]


def table_layout(source: TableSource, better: Mapping[str, Better], wanted: Sequence[str]) -> Layout:
    """Return the layout of a table; the metrics `wanted` (all by default) need a direction.

    Raises
    ------
    ConfigError
    """
    columns = source.columns
    if "split" in columns and "repeat" in columns:
        raise ConfigError(
            f"{source.path}: expected one of the columns 'split' and 'repeat', got both: "
            "they mean the same; drop one"
        )
    split = "repeat" if "repeat" in columns else "split"
    is_long = "metric" in columns or "value" in columns
    _check_columns(source, (*NAMES, split, "fold", *(("metric", "value") if is_long else ())))
    notes = [] if "seed" in columns else ["there is no column 'seed': every row is taken for seed 0"]
    others = [name for name in columns if name not in (*_KNOWN, "metric", "value")]
    if counts := [name for name in others if name not in (*better, *wanted) and _counts_rows(source, name)]:
        shown = " and ".join(repr(name) if name else "the one without a name" for name in counts)
        notes.append(f"columns that count the rows, as a saved index does, are left out: {shown}")
        others = [name for name in others if name not in counts]
    if is_long:
        found = [name for name in source.names("metric", may_be_empty=True)[1] if name]
        if others:
            notes.append(f"columns left out: {', '.join(others)}")
    else:
        found = others
    chosen = _chosen(source, found, wanted)
    directions, left_out = _directions(source, chosen, better, wanted)
    if left_out:
        notes.append(f"metrics left out, as they have no direction or are counts: {', '.join(left_out)}")
    if not directions:
        raise ConfigError(
            f"{source.path}: expected a metric with a direction, got {', '.join(found) or 'none'}: add a "
            "column for one such as balanced_accuracy, or say --better NAME=high (from Python: "
            "better={'NAME': 'high'})"
        )
    names = tuple(name for name in (wanted or sorted(directions)) if name in directions)
    return Layout(split, is_long, names, {name: directions[name] for name in names}, tuple(notes))


def _counts_rows(source: TableSource, name: str) -> bool:
    """Tell whether a column is an index that was saved with the table: it has no name, or pandas' own."""
    bare = name.strip()
    if bare in METRICS or not (not bare or bare in _OF_AN_INDEX or bare.startswith("Unnamed: ")):
        return False
    try:
        values = source.whole_numbers(name, lowest=0)
    except ConfigError:
        return False
    return len({*values.tolist()}) == source.n_rows


def _directions(
    source: TableSource, chosen: Sequence[str], better: Mapping[str, Better], wanted: Sequence[str]
) -> tuple[dict[str, Better], list[str]]:
    """Return the metrics' directions, and which metrics are left out; one that is not known is an error."""
    directions: dict[str, Better] = {}
    left_out = []
    unknown = [name for name in chosen if name not in better and name not in METRICS]
    if unknown:
        also = f"; likewise {', '.join(map(repr, unknown[1:]))}" if unknown[1:] else ""
        raise ConfigError(
            f"{source.path}: expected metrics whose direction is known, got {unknown[0]!r}{also}."
            f"{did_you_mean(unknown[0], (*METRICS, *_KNOWN))} Say --better {unknown[0]}=high (or low), or "
            "name the metrics to judge by --metrics; from Python "
            f"better={{{unknown[0]!r}: 'high'}}, metrics=[...]"
        )
    for name in chosen:
        direction = better[name] if name in better else METRICS[name].better
        if direction is None or (name in _COUNTS and name not in (*wanted, *better)):
            left_out.append(name)
        else:
            directions[name] = direction
    return directions, left_out


def _check_columns(source: TableSource, needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in source.columns]
    if not missing:
        return
    spare = [name for name in source.columns if name not in (*needed, *METRICS)]
    hints = "".join(did_you_mean(name, spare) for name in missing[:1])
    if len(source.columns) == 1 and any(mark in source.columns[0] for mark in ";\t"):
        hints = " Separate the columns by commas."
    raise ConfigError(
        f"{source.path}: expected the columns {', '.join((*NAMES, 'split', 'seed', 'fold'))}, then metric "
        f"and value or one column per metric; got {', '.join(source.columns)}, without "
        f"{', '.join(map(repr, missing))}.{hints} Rename or add what is missing"
    )


def _chosen(source: TableSource, found: Sequence[str], wanted: Sequence[str]) -> list[str]:
    for name in wanted:
        if name not in found:
            raise ConfigError(
                f"{source.path}: expected the metric {name!r} of --metrics, got {', '.join(found) or 'none'}."
                f"{did_you_mean(name, found)} Name metrics that are there"
            )
    return list(wanted or found)
