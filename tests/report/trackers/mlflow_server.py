"""MLflow's own server on a free port of this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = ["served"]


@contextlib.contextmanager
def served(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Start ``mlflow server`` with its database and files in a folder; give its address, and end it."""
    port = _free_port()
    options = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    store = ["--backend-store-uri", f"sqlite:///{folder}/served.db"]
    files = ["--artifacts-destination", str(folder / "served")]
    process = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "server", *options, *store, *files],
        cwd=folder,
        env={**environment, "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONUNBUFFERED": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    reader = None
    try:
        for line in process.stdout:
            said.append(line)
            if "Uvicorn running on" in line:
                break
        else:
            raise AssertionError("mlflow server did not start:\n" + "".join(said))
        # Nobody reads what it says of every request: a full pipe would stop it.
        reader = threading.Thread(target=process.stdout.read)
        reader.start()
        yield f"http://127.0.0.1:{port}"
    finally:
        # The server is a child of the command: both are in a group of their own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)
        if reader is not None:
            reader.join()
        process.stdout.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
