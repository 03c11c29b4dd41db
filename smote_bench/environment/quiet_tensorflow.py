"""Imports TensorFlow and Keras: late, with the same bits everywhere, and without their start-up messages."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from smote_bench.environment.optional_packages import remedy_for
from smote_bench.errors import UnavailableError

__all__ = ["import_keras", "import_tensorflow"]


def import_tensorflow() -> Any:
    """Return the module ``tensorflow``.

    Notes
    -----
    oneDNN sums in an order that depends on the processor, so it is switched off where TensorFlow is not
    loaded yet. Where the caller's program loaded it with oneDNN, results repeat on that machine only; the
    grid sets the variable before anything is imported (threads.py).
    """
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _native_stderr_kept():
        import tensorflow
    return tensorflow


def import_keras() -> tuple[Any, Any]:
    """Return the modules ``tensorflow`` and ``keras``, Keras running on TensorFlow.

    Raises
    ------
    UnavailableError
        If one of them is not installed or cannot be loaded, or if Keras runs on another backend.
    """
    try:
        tensorflow = import_tensorflow()
        import keras
    except ImportError as error:
        raise UnavailableError(
            f"expected TensorFlow and Keras 3, which cannot be imported ({error})", remedy_for("tensorflow")
        ) from error
    if keras.backend.backend() != "tensorflow":
        raise UnavailableError(
            f"expected Keras on TensorFlow, got the backend {keras.backend.backend()!r}",
            "unset KERAS_BACKEND, or set it to tensorflow",
        )
    return tensorflow, keras


@contextmanager
def _native_stderr_kept() -> Iterator[None]:
    """Keep back what native code writes while it loads (that there is no GPU), unless loading fails."""
    if "tensorflow" in sys.modules:
        yield
        return
    with tempfile.TemporaryFile() as kept:
        stderr = os.dup(2)
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except BaseException:
            kept.seek(0)
            shutil.copyfileobj(kept, sys.stderr.buffer)
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
