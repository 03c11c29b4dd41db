"""Fetching a dataset of the catalogue from OpenML into the cache, through scikit-learn.

Workers may ask at once: one fetches while the others wait for its answer, and a failure is remembered for the
rest of the process, so that a machine without a network gets its answer once and quickly.
"""

from __future__ import annotations

import functools
import os
import socket
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.data.cards import Card
from smote_bench.data.csv_writing import write_csv
from smote_bench.data.digests import DigestMismatch, read_verified
from smote_bench.data.fetching import once, turn
from smote_bench.data.tables.file_columns import exact_floats
from smote_bench.errors import SmoteBenchError, UnavailableError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["fetch", "fetch_once", "why_not"]

_ADDRESS = "https://www.openml.org/api/v1/json/data/{}"
_PROBE_SECONDS = 4.0
_READ_SECONDS = 30.0

_failures: dict[tuple[str, Path], SmoteBenchError] = {}


def why_not(card: Card) -> str | None:
    """Say why OpenML cannot be asked for a dataset at all, or return None; asks no network."""
    if card.openml is None:
        return "OpenML has no copy of it that the card names"
    if os.environ.get("SMOTE_BENCH_OFFLINE", "0") not in ("", "0"):
        return "OpenML is switched off by SMOTE_BENCH_OFFLINE"
    return None


@functools.cache
def answers() -> bool:
    """Ask OpenML, once a process and for some seconds at most, whether it answers at all."""
    try:
        _probe(1)
    except UnavailableError:
        return False
    return True


def fetch_once(card: Card, folder: Path) -> Path:
    """Like `fetch`, but a failure in this process is repeated without asking again."""
    return once(_failures, (card.name, folder), lambda: fetch(card, folder, again=False))


def fetch(card: Card, folder: Path, *, again: bool = True) -> Path:
    """Fetch a dataset from OpenML into `folder`, and check it before it is put in place.

    Parameters
    ----------
    card : Card
        A card with a number on OpenML.
    folder : Path
        The cache; made if it is not there.
    again : bool
        Whether to fetch although the file is there.

    Raises
    ------
    UnavailableError
        If OpenML cannot be reached or does not deliver.
    DigestMismatch
        If it delivers something else; nothing of that stays in the cache.
    """
    reason = why_not(card)
    if reason:
        raise UnavailableError(reason, "name a directory that has it")
    path = folder / card.file
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with turn(card.name, folder, provider="OpenML") as failed_meanwhile:
            if path.is_file() and not again:
                return path
            if failed_meanwhile:
                raise UnavailableError(failed_meanwhile, "try again later")
            _fetch_into(card, path)
    except OSError as error:
        raise UnavailableError(
            f"the cache {folder} cannot be written ({error})", "set SMOTE_BENCH_CACHE"
        ) from error
    return path


def _fetch_into(card: Card, path: Path) -> None:
    # The temporary folder lies inside the cache, so that the file can be put in place in one step.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f"{card.name}-") as scratch:
        frame, target = _download(card, Path(scratch))
        complete = Path(scratch) / card.file
        _write_as_card(frame, target, card, complete)
        try:
            read_verified(card, complete, remedy="")
        except DigestMismatch as error:
            raise DigestMismatch(
                card.name,
                f"OpenML data set {card.openml}",
                expected=error.expected,
                found=error.found,
                remedy="nothing was stored; OpenML may have changed its copy: name a directory that has the "
                "right file",
            ) from error
        complete.replace(path)


def _download(card: Card, scratch: Path) -> tuple[pd.DataFrame, pd.Series]:
    _probe(card.openml)
    from sklearn.datasets import fetch_openml

    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(
        _READ_SECONDS
    )  # scikit-learn sets none, and a dead connection would hang the run
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="A network error occurred")
            warnings.filterwarnings("ignore", message="Invalid cache, redownloading")
            got: Any = fetch_openml(
                data_id=card.openml,
                data_home=scratch,
                as_frame=True,
                parser="pandas",
                n_retries=1,
                delay=0.5,
                read_csv_kwargs=exact_floats(),
            )
    except (OSError, ValueError, KeyError) as error:
        raise UnavailableError(
            f"OpenML did not deliver data set {card.openml} ({error})", "try again later"
        ) from error
    finally:
        socket.setdefaulttimeout(before)
    return got.data, got.target


def _probe(data_id: int | None) -> None:
    """Ask once, with a short timeout: scikit-learn would retry for minutes where packets are dropped."""
    import urllib.error
    import urllib.request

    request = urllib.request.Request(_ADDRESS.format(data_id), headers={"User-Agent": "smote-bench"})
    try:
        with urllib.request.urlopen(request, timeout=_PROBE_SECONDS):
            pass
    except urllib.error.HTTPError as error:
        error.close()  # it answers; whether it delivers is for scikit-learn to find out
    except OSError as error:
        raise UnavailableError(f"OpenML cannot be reached ({error})", "connect to a network") from error


def _write_as_card(frame: pd.DataFrame, target: pd.Series, card: Card, path: Path) -> None:
    """Write a table in the form of the card's file: its column names, and numbers without a needless .0."""
    names = (
        card.columns
        if card.columns and len(card.columns) == frame.shape[1]
        else tuple(map(str, frame.columns))
    )
    columns = {name: frame.iloc[:, i] for i, name in enumerate(names)}
    columns[card.target] = target
    write_csv(path, columns)
