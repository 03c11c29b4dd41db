"""A process that ends when the one that started it dies, however that dies.

A worker of pytest-xdist learns that its controller is gone when it next reads from it: inside one long call
of compiled code that may be hours later.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

__all__ = ["end_with_parent"]

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY_SECONDS = 1.0


def end_with_parent() -> None:
    """Have this process killed when its parent dies; once called, it is not called again in vain.

    On Linux the kernel does it, whatever the process is doing. Elsewhere a thread looks for the parent, which
    needs a moment in which Python runs.
    """
    global _tied
    if _tied == os.getpid():  # a fork is not tied
        return
    _tied = os.getpid()
    parent = os.getppid()
    if not _tied_by_kernel():
        threading.Thread(target=_watch, args=(parent,), name="smote-bench parent", daemon=True).start()
    elif os.getppid() != parent:  # it died just before
        os.kill(os.getpid(), signal.SIGKILL)


_tied = 0


def _tied_by_kernel() -> bool:
    if sys.platform != "linux":
        return False
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        return bool(prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0) == 0)
    except (OSError, AttributeError):  # a C library without it
        return False


def _watch(parent: int) -> None:
    """End the process once it has another parent; Windows never gives it one."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_SECONDS)
    os._exit(1)
