"""Values sent between a process and its fork, read in parts: who waits for the rest may stop waiting.

A `multiprocessing.connection.Connection` tells whether something has come, and then reads the whole message
however long the rest of it takes. Code in the fork that is not ours can write into the same socket.
"""

from __future__ import annotations

import pickle
import select
import socket
from collections.abc import Callable
from typing import Any

__all__ = ["MOST_BYTES", "Channel", "Garbled", "Unanswered"]

_MARK = b"\x93smote\x0d\x0a"
_LENGTH_BYTES = 8
MOST_BYTES = 1 << 30
"""Of one value: the predictions of a cell on a million rows are a tenth of it."""
_PART_BYTES = 1 << 20


class Garbled(Exception):
    """What came is not what the other end sends."""


class Unanswered(Exception):
    """What was waited for did not come in time, or not whole."""


class Channel:
    """One of the two ends.

    Parameters
    ----------
    end : socket
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    @classmethod
    def pair(cls) -> tuple[Channel, Channel]:
        """Return both ends."""
        ends = socket.socketpair()
        for end in ends:
            end.settimeout(None)  # whatever `socket.setdefaulttimeout` says
        return cls(ends[0]), cls(ends[1])

    def close(self) -> None:
        """Close this end, if it is open."""
        self._end.close()

    def send(self, value: Any) -> None:
        """Send a value that can be pickled.

        Raises
        ------
        OSError
            If the other end is closed.
        """
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        self._end.sendall(_MARK + len(data).to_bytes(_LENGTH_BYTES, "big"))
        self._end.sendall(data)

    def has_more(self, seconds: float) -> bool:
        """Wait until something has come or the other end is closed; False where neither is then."""
        poll = select.poll()  # `select.select` takes no descriptor above 1,023
        poll.register(self._end, select.POLLIN)
        return bool(poll.poll(1000 * seconds))

    def receive(self, may_read: Callable[[], bool] = lambda: True) -> Any:
        """Return the next value.

        Parameters
        ----------
        may_read : callable
            Waits before each read, as with `has_more`; False to give up.

        Raises
        ------
        EOFError
            If the other end is closed.
        Unanswered
            If `may_read` gave up.
        Garbled
            If something else came.
        """
        mark = self._bytes(len(_MARK), may_read)
        if mark != _MARK:
            raise Garbled(f"it begins with {mark!r}")
        length = int.from_bytes(self._bytes(_LENGTH_BYTES, may_read), "big")
        if length > MOST_BYTES:
            raise Garbled(f"a value of {length:,} bytes, over the limit of {MOST_BYTES:,}")
        data = self._bytes(length, may_read)
        try:
            return pickle.loads(data)
        except Exception as error:
            raise Garbled(f"{type(error).__name__}: {error}") from error

    def _bytes(self, n: int, may_read: Callable[[], bool]) -> bytes:
        found = bytearray()
        while len(found) < n:
            if not may_read():
                raise Unanswered
            part = self._end.recv(min(n - len(found), _PART_BYTES))
            if not part:
                raise EOFError
            found += part
        return bytes(found)
