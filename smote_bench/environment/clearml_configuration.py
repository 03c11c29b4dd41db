"""ClearML in a process of its own: the user's configuration, ours over it, and an end to its patience.

For the processes that send runs, and that fetch and publish data sets.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from smote_bench.errors import UnavailableError

__all__ = ["CREDENTIALS", "PATIENCE", "configured"]

CREDENTIALS = "clearml.conf, or CLEARML_API_ACCESS_KEY and CLEARML_API_SECRET_KEY"
"""Where ClearML looks for them, in words."""

PATIENCE = (3.0, 10.0)
"""Seconds to connect and to wait for the first answer."""

# The user's files come first: the last value of a key counts, and all but these stay theirs.
# report_use_subprocess: closing a task takes 11 s with it, and 0.04 s without (ClearML 2.1).
# retries: ClearML's own 240 take more than 25 minutes to find that a server is gone.
_OURS = """
sdk.development.report_use_subprocess: false
sdk.development.suppress_update_message: true
sdk.development.support_stopping: false
sdk.development.vcs_repo_detect_async: false
sdk.http.download.max_retries: 3
api.http.wait_on_maintenance_forever: false
api.http.retries { total: 3, connect: 3, read: 3, redirect: 3, status: 3, backoff_factor: 0.5 }
api.http.retries.backoff_max: 4.0
"""


@contextlib.contextmanager
def configured(*, own_cache: bool = False) -> Iterator[None]:
    """Give ClearML a configuration of its own in this process, until the end of the block.

    Parameters
    ----------
    own_cache : bool
        Let it keep files in a folder that goes away, in place of the user's cache.

    Raises
    ------
    UnavailableError
        If the user names a file that is not there, or ClearML cannot read one.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="smote-bench-clearml-") as folder:
        files = _files_of_user()
        # Read where they are, so that no copy of a password is made.
        lines = [f"include file({json.dumps(path.as_posix())})" for path in files] + [_OURS]
        if own_cache:
            os.environ["CLEARML_CACHE_DIR"] = folder
            lines.append(f"sdk.storage.cache.default_base_dir: {json.dumps(Path(folder).as_posix())}")
        own = Path(folder, "clearml.conf")
        own.write_text("\n".join(lines), encoding="utf-8")
        os.environ["CLEARML_CONFIG_FILE"] = str(own)
        try:
            _load(files)
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _files_of_user() -> list[Path]:
    """Return the configuration files that ClearML would read."""
    for variable in ("CLEARML_CONFIG_FILE", "TRAINS_CONFIG_FILE"):
        named = os.environ.get(variable)
        if named:
            path = Path(os.path.expandvars(named)).expanduser().absolute()
            if not path.is_file():
                raise UnavailableError(
                    f"ClearML: expected {variable} to name a file, got {named!r}", "correct or unset it"
                )
            return [path]
    homes = (Path("~", name).expanduser() for name in ("trains.conf", "clearml.conf"))
    return [path for path in homes if path.is_file()]


def _load(files: list[Path]) -> None:
    """Import ClearML and have it read its configuration."""
    try:
        from clearml.config import config_obj

        config_obj.get("api")
    except Exception as error:  # of its parser, by any name
        named = ", ".join(map(str, files)) or "no file of yours"
        raise UnavailableError(
            f"ClearML: expected a configuration that it can read, got {error} (from {named})",
            "correct the file, or make a new one with `clearml-init`",
        ) from error
