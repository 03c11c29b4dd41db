"""What a run's manifest will say of all but its cells: in its store from its first cell on.

A run that is killed with all its processes writes no manifest; of the store alone it can be reported then.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.errors import DiskError

if TYPE_CHECKING:
    from smote_bench.session.setup import Setup

__all__ = ["Draft"]


class Draft:
    """The draft of a run's manifest.

    It is made after the first cell, so that this one is not waited for longer: digests of the code of a
    hundred methods take a second. At the end of the run it is completed, so nothing is digested twice.

    Parameters
    ----------
    setup : callable
        Gives the `Setup`, or raises a `DiskError` where the run has no place any more.
    arguments : sequence of str
        The words of the command.

    Attributes
    ----------
    manifest : dict or None
        What it says; None before `write_once`.
    """

    def __init__(self, setup: Callable[[], Setup], arguments: Sequence[str]) -> None:
        self._setup = setup
        self._arguments = arguments
        self._is_written = self._is_impossible = False
        self.manifest: dict[str, Any] | None = None

    def write_once(self) -> None:
        """Make it and write it into the run's store, if that is not done yet; a failure ends no run."""
        if self._is_written or self._is_impossible:
            return
        from smote_bench.runs.asked import write_draft
        from smote_bench.runs.manifest import draft_manifest

        try:
            setup = self._setup()
        except DiskError:  # told by the next cell
            return
        if self.manifest is None:
            try:
                self.manifest = draft_manifest(setup.experiment, setup.settings, self._arguments)
            except Exception:  # the end of the run comes to the same, and says so
                self._is_impossible = True
                return
        # a store that takes nothing is told by the next cell; after that one it is tried again
        with contextlib.suppress(DiskError, sqlite3.Error):
            write_draft(Path(setup.settings.run_dir, "cells.sqlite"), self.manifest)
            self._is_written = True
