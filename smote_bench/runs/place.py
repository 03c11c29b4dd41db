"""Whether a run's store is still the file that was there when the run began.

SQLite goes on writing into a file that was moved or removed with its folder, and nothing fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smote_bench.errors import DiskError

__all__ = ["GONE", "Place", "gone"]

GONE = "the run's folder was moved or removed"
"""Why, as `DiskError.reason` says it."""


@dataclass(frozen=True)
class Place:
    """A path, and which file was there.

    Parameters
    ----------
    path : Path
    file : tuple of (int, int), optional
        Its device and number; None where there was none.
    """

    path: Path
    file: tuple[int, int] | None

    @classmethod
    def of(cls, path: Path) -> Place:
        """Return the file that is at a path now."""
        try:
            found = path.stat()
        except OSError:
            return cls(path, None)
        return cls(path, (found.st_dev, found.st_ino))

    def check(self) -> None:
        """Check that the file is still there.

        Raises
        ------
        DiskError
            If it is not, or another one is.
        """
        if self.file is None or Place.of(self.path) == self:
            return
        raise gone(self.path)


def gone(path: Path) -> DiskError:
    """Return the error of a run whose store is not where it was."""
    return DiskError(
        f"expected {str(path)!r} to stay where it is while the run goes on, but {GONE}. What was scored is "
        "in the memo, if there is one, and in the moved file: start the same command again",
        GONE,
    )
