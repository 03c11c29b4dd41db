"""How a table from ClearML is read: by the metadata it was published with, or by the original's rules."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smote_bench.data.cards import VERSIONS
from smote_bench.data.files.csv_rows import CsvRows
from smote_bench.errors import ConfigError

__all__ = ["FORMAT", "TableNotes", "notes_of"]

FORMAT = "smote-bench dataset 1"
"""Under the key ``format`` of metadata that smote-bench wrote."""


@dataclass(frozen=True)
class TableNotes:
    """How a table from ClearML is read, and what is known of it. It is the layout of its file.

    Parameters
    ----------
    name : str
        As in the experiment.
    kind : {"raw", "processed"}
        Whether the recipe has yet to be applied.
    target, minority, nominal, ordinal, drop_duplicates
        As on a `Card`.
    kinds_stated : bool
        Whether smote-bench published it, so that every column that is not numeric is named.
    preprocessing : dict or None
        Parameters of the recipe behind ``processed``.
    digest : str
        Of the content, as stated where it was published; empty if that was not by smote-bench.
    title, origin, licence, citation : str
    remarks : str
    """

    name: str
    kind: str
    target: str
    minority: str
    nominal: tuple[str, ...] = ()
    ordinal: tuple[tuple[str, tuple[str, ...]], ...] = ()
    drop_duplicates: bool = True
    kinds_stated: bool = True
    preprocessing: dict[str, Any] | None = None
    digest: str = ""
    title: str = ""
    origin: str = ""
    licence: str = "unstated"
    citation: str = ""
    remarks: str = ""

    columns = None  # every column but the target
    role_columns = ()

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> TableNotes:
        """Build from what `to_json` returned."""
        ordinal = tuple((name, tuple(order)) for name, order in values["ordinal"])
        return cls(**{**values, "nominal": tuple(values["nominal"]), "ordinal": ordinal})


def notes_of(metadata: object, source: str, path: Path) -> TableNotes:
    """Return how a fetched table is read: by its metadata, or without them by the original's rules.

    Raises
    ------
    ConfigError
        If the metadata are smote-bench's and cannot be understood, or if there are none and the file's last
        column is no target of two classes.
    """
    if not isinstance(metadata, Mapping) or not str(metadata.get("format", "")).startswith("smote-bench "):
        return _guessed(source, path)
    try:
        if metadata["format"] != FORMAT or metadata["kind"] not in VERSIONS:
            raise ValueError(f"format {metadata['format']!r}, kind {metadata['kind']!r}")
        return TableNotes(
            name=source,
            kind=metadata["kind"],
            target=str(metadata["target"]),
            minority=str(metadata["minority"]),
            nominal=tuple(map(str, metadata["nominal"])),
            ordinal=tuple((str(name), tuple(map(str, order))) for name, order in metadata["ordinal"].items()),
            drop_duplicates=bool(metadata["drop_duplicates"]),
            preprocessing=metadata["preprocessing"],
            digest=str(metadata["digest"]),
            title=str(metadata["title"]),
            origin=str(metadata["source"]),
            licence=str(metadata["licence"]),
            citation=str(metadata["citation"]),
            remarks=str(metadata["remarks"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"{source}: expected metadata in the form {FORMAT!r}, got "
            f"{json.dumps(metadata, default=str)[:120]} ({type(error).__name__}: {error}): publish it again "
            "with `smote-bench datasets push`, or use a newer smote-bench"
        ) from error


def _guessed(source: str, path: Path) -> TableNotes:
    """Read the last column as the target and its rarer label as the minority."""
    with CsvRows(path, source) as rows:
        target = rows.header[-1] if rows.header else ""
        counts = Counter(cells[-1] for _, cells in rows)
        said = rows.remarks
    ranked = sorted(counts.items(), key=lambda item: item[1])
    if len(ranked) != 2 or ranked[0][1] == ranked[1][1]:
        shown = ", ".join(f"{label!r} in {n} rows" for label, n in ranked[:4]) or "no rows"
        raise ConfigError(
            f"{source}: expected a target of two classes, one rarer, in the last column, got "
            f"{len(ranked)} in {target!r} ({shown}): download it and name it as your own file with its "
            "target and minority"
        )
    (minority, n), total = ranked[0], sum(counts.values())
    return TableNotes(
        name=source,
        kind="raw",
        target=target,
        minority=minority,
        kinds_stated=False,
        remarks="; ".join(
            [
                "published without smote-bench's metadata: the target is taken to be the last column "
                f"({target!r}), the minority its rarer label ({minority!r}, {n} of {total} rows), columns of "
                "text to be nominal",
                *said,
            ]
        ),
    )
