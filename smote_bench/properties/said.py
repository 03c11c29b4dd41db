"""What a sampler says while it works: kept from being shown, or heard."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator

__all__ = ["heard_words", "no_logs"]

_TO_PROGRAMMERS = (
    DeprecationWarning,
    PendingDeprecationWarning,
    FutureWarning,
    ImportWarning,
    ResourceWarning,
    SyntaxWarning,
    EncodingWarning,
    BytesWarning,
)


@contextlib.contextmanager
def no_logs() -> Iterator[None]:
    """Keep a sampler from logging every step of thousands of calls, as smote_variants does."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def heard_words() -> Iterator[set[str]]:
    """Collect warnings and log records of that level or above, and keep them from being shown."""
    said: set[str] = set()

    def note(_logger: logging.Logger, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            said.add(record.getMessage().strip())

    disabled, handle = logging.root.manager.disable, logging.Logger.handle
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        logging.disable(logging.NOTSET)
        logging.Logger.handle = note  # type: ignore[method-assign, assignment]  # whatever handlers
        try:
            yield said
        finally:
            logging.Logger.handle = handle  # type: ignore[method-assign]
            logging.disable(disabled)
    said |= {str(one.message).strip() for one in caught if not issubclass(one.category, _TO_PROGRAMMERS)}
    said.discard("")
