"""A run's manifest where none was written, or where it was deleted: made of what is in its store.

A run that is killed with all its processes comes to no end at which it would write one.
"""

from __future__ import annotations

import contextlib
import copy
import datetime
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError, SmoteBenchError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.runs.account import Account, account_of, cells_not_run
from smote_bench.runs.asked import how_to_finish, read_asked, read_command, read_draft
from smote_bench.runs.manifest_file import MANIFEST, read_manifest
from smote_bench.runs.reading import connect_to_read
from smote_bench.runs.run_store import RunStore, damage_of

__all__ = [
    "NOT_WRITTEN",
    "STORE",
    "check_manifest",
    "completed_manifest",
    "headline_of",
    "manifest_of",
    "when_recorded",
]

NOT_WRITTEN = f"no {MANIFEST}: killed, or still running"
"""Why cells of a run without a manifest are not run, as far as that is known."""

STORE = "cells.sqlite"
_MISSING = f"expected {MANIFEST} or a store that says what was run, got {{!r}} without {MANIFEST}"


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return a run's manifest: what is in its file or, where there is none, what its store says.

    Parameters
    ----------
    folder : Path
        Of the run; nothing is written there.

    Raises
    ------
    ConfigError
        If it is no folder of a run, or what is there does not say what the run was.
    """
    folder = Path(folder)
    if _has_manifest(folder):
        return read_manifest(folder)
    path = folder / STORE
    with _named(path):
        draft = _draft(path)
        with contextlib.closing(RunStore(path, read_only=True)) as store:
            outcomes, _ = store.readable_outcomes()  # that it is damaged is said by those who read on
            from_memo = store.from_memo()
        not_run = cells_not_run(read_asked(path), {outcome.cell for outcome in outcomes}, NOT_WRITTEN)
        return completed_manifest(draft, outcomes, from_memo, not_run, finished=_newest(path))


def check_manifest(folder: Path) -> None:
    """Check that a run's folder has a manifest, or a store that `manifest_of` can make it of.

    Raises
    ------
    ConfigError
        If it has neither; it names what is missing and how to go on.
    """
    if (Path(folder) / MANIFEST).is_file():
        return
    if _has_manifest(Path(folder)):
        read_manifest(folder)
    path = Path(folder) / STORE
    with _named(path):
        _draft(path)


def _has_manifest(folder: Path) -> bool:
    """Whether its file is to be read, if only to say what is wrong with it or that it is missing."""
    return os.path.lexists(folder / MANIFEST) or not (folder / STORE).is_file()


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say of a store that cannot be read that there is no manifest beside it either."""
    try:
        yield
    except ConfigError:
        raise
    except (OSError, sqlite3.Error, SmoteBenchError, ValueError, LookupError, TypeError) as error:
        raise ConfigError(
            f"{_MISSING.format(str(path.parent))}: {damage_of(path, error.__cause__ or error)}. Run the same "
            "command again, which takes what was scored from the memo"
        ) from error


def _draft(path: Path) -> dict[str, Any]:
    draft = read_draft(path)
    if draft is None:
        raise _nothing_said(path)
    return draft


def _nothing_said(path: Path) -> ConfigError:
    """Return the error of a run that was killed before its first cell, or is of an earlier release."""
    with contextlib.closing(connect_to_read(path)) as db:
        (n,) = db.execute("SELECT COUNT(*) FROM cells").fetchone()
    again = how_to_finish(*read_command(path))
    return ConfigError(
        f"{_MISSING.format(str(path.parent))}: {n} cell{'s are' if n != 1 else ' is'} in {STORE}, which does "
        f"not say of which experiment: {again}"
    )


def completed_manifest(
    draft: Mapping[str, Any],
    outcomes: Sequence[Outcome],
    from_memo: set[Cell],
    not_run: Mapping[Cell, str],
    *,
    finished: datetime.datetime | None = None,
) -> dict[str, Any]:
    """Return the manifest of `smote_bench.runs.manifest.draft_manifest` and a run's cells.

    Parameters
    ----------
    draft : mapping
    outcomes : sequence of Outcome
    from_memo : set of Cell
    not_run : mapping of Cell to str
        Why.
    finished : datetime, optional
        In UTC; now where it is not given.
    """
    manifest: dict[str, Any] = copy.deepcopy(dict(draft))
    account = account_of(outcomes, from_memo, not_run)
    digests = {(o.cell.dataset, o.version): o.digest for o in outcomes if o.digest}
    for name, entry in manifest["experiment"]["datasets"].items():
        entry["digest"] = digests.get((name, entry["version"]))
    when = finished or datetime.datetime.now(datetime.UTC)
    return manifest | {
        "finished": when.isoformat(timespec="seconds"),
        "cut": account.cut or None,
        "cells": {
            "total": account.done,
            "from_memo": account.from_memo,
            "by_status": dict(sorted(Counter(outcome.status for outcome in outcomes).items())),
            **account.to_json(),
        },
        "machine": {
            **manifest["machine"],
            "n_workers": max(
                (outcome.n_workers for outcome in outcomes), default=manifest["machine"]["n_workers"]
            ),
        },
    }


def headline_of(folder: Path) -> str:
    """Return what is to be said first of a run in its folder, if it was cut."""
    return Account.from_manifest(manifest_of(folder)).headline


def _newest(path: Path) -> datetime.datetime:
    """Return when the newest cell was recorded; without any, when the store was last changed."""
    with contextlib.closing(connect_to_read(path)) as db:
        (newest,) = db.execute("SELECT MAX(computed_at) FROM cells").fetchone()
    return when_recorded(newest, path)


def when_recorded(seconds: float | None, path: Path) -> datetime.datetime:
    """Return a time of a store in UTC; where it has none, or one that cannot be, when it was last changed."""
    if seconds:
        with contextlib.suppress(OverflowError, ValueError, OSError, TypeError):
            when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
            when.astimezone()  # which fails at the ends of the calendar
            return when
    return datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
