"""What of a run was sent where, in ``tracked.json`` of the run's folder: nothing is sent twice."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smote_bench.environment.passwords import without_password
from smote_bench.errors import ConfigError
from smote_bench.runs.manifest_file import read_json

__all__ = ["LEDGER", "Ledger", "Sent"]

LEDGER = "tracked.json"
SCHEMA = 1


@dataclass(frozen=True)
class Sent:
    """An item that was sent, or begun.

    Parameters
    ----------
    id : str
        The tracker's own: of a task or a run.
    is_complete : bool
        False where sending it broke off.
    """

    id: str
    is_complete: bool


class Ledger:
    """What one tracker has sent of one run; every change is on disk before the call returns.

    Parameters
    ----------
    folder : Path
        The run's.
    tracker : str
        The tracker's name.

    Raises
    ------
    ConfigError
        If the file is no ledger.
    """

    def __init__(self, folder: Path, tracker: str) -> None:
        self._path = Path(folder, LEDGER)
        self._tracker = tracker
        self._all: dict[str, Any] = {"schema": SCHEMA, "trackers": {}}
        if self._path.is_file():
            self._all = _read(self._path)

    def sent(self, destination: str) -> Mapping[str, Sent]:
        """Return the items that are at a destination, by name."""
        items = self._all["trackers"].get(self._tracker, {}).get(without_password(destination), {})
        return {name: Sent(item["id"], item["complete"]) for name, item in items.items()}

    def begin(self, destination: str, name: str, id: str) -> None:
        """Note that an item is there from now on, not yet whole.

        Parameters
        ----------
        destination : str
            A server's address or a folder; a password in it is left out.
        name : str
            The item's, unique in the run.
        id : str
            The tracker's own.
        """
        self._put(destination, name, {"id": id, "complete": False})

    def finish(self, destination: str, name: str) -> None:
        """Note that an item that was begun is whole."""
        self._put(destination, name, {"id": self.sent(destination)[name].id, "complete": True})

    def _put(self, destination: str, name: str, item: dict[str, Any]) -> None:
        here = self._all["trackers"].setdefault(self._tracker, {})
        here.setdefault(without_password(destination), {})[name] = item
        fresh = self._path.with_name(f".{LEDGER}-{os.getpid()}")
        fresh.write_text(json.dumps(self._all, indent=1) + "\n", encoding="utf-8")
        os.replace(fresh, self._path)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = read_json(path.read_text(encoding="utf-8"))
        if found["schema"] != SCHEMA or not isinstance(found["trackers"], dict):
            raise ValueError(f"schema {found['schema']!r}")
        for places in found["trackers"].values():
            for items in places.values():
                for item in items.values():
                    if not isinstance(item["id"], str) or not isinstance(item["complete"], bool):
                        raise ValueError(f"the item {item!r}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"expected a list of what was sent (schema {SCHEMA}) in {path}, got something else ({error}): "
            "remove it to send everything again"
        ) from error
    return dict(found)
