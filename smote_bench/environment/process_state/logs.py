"""Loggers, their levels, filters and handlers."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from typing import Any

from smote_bench.environment.process_state.part import Part

__all__ = ["PARTS"]


def _loggers() -> Iterator[logging.Logger]:
    yield logging.root
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            yield logger


def _read_logging() -> tuple[Any, ...]:
    loggers = [
        (
            logger,
            logger.name in sys.modules,
            logger.level,
            logger.propagate,
            logger.disabled,
            logger.filters[:],
            # Few have any: a list that is made by a loop takes longer than the rest.
            [(handler, handler.level) for handler in logger.handlers] if logger.handlers else [],
        )
        for logger in _loggers()
    ]
    return logging.root.manager.disable, logging.raiseExceptions, logging.getLoggerClass(), loggers


def _write_logging(value: tuple[Any, ...]) -> None:
    disable, logging.raiseExceptions, logger_class, loggers = value
    logging.disable(disable)
    logging.setLoggerClass(logger_class)
    for logger, was_imported, level, propagate, disabled, filters, handlers in loggers:
        if not was_imported and logger.name in sys.modules:
            continue  # what a module gives its own logger while it is imported, it gives it once
        if logger.level != level:
            logger.setLevel(level)
        logger.propagate, logger.disabled, logger.filters[:] = propagate, disabled, filters
        logger.handlers[:] = [handler for handler, _ in handlers]
        for handler, handler_level in handlers:
            if handler.level != handler_level:
                handler.setLevel(handler_level)


PARTS = (Part("logging", _read_logging, _write_logging),)
