"""Where the process is and what it was told: folder, environment, file mask, locale, time-out of sockets."""

from __future__ import annotations

import locale
import os
import socket
import time
from collections.abc import Mapping
from typing import Any

from smote_bench.environment.process_state.part import Part

__all__ = ["PARTS"]


def _read_folder() -> str | None:
    try:
        return os.getcwd()
    except FileNotFoundError:
        return None  # it was removed


def _write_folder(folder: str | None) -> None:
    if folder is not None:
        os.chdir(folder)


def _read_environment() -> dict[Any, Any]:
    # Undecoded, as it is held: decoding every variable takes longer than all other parts together.
    return dict(getattr(os.environ, "_data", os.environ))


def _write_environment(before: Mapping[Any, Any]) -> None:
    decode = getattr(os.environ, "decodekey", str), getattr(os.environ, "decodevalue", str)
    wanted = {decode[0](name): decode[1](value) for name, value in before.items()}
    has_other_zone = os.environ.get("TZ") != wanted.get("TZ")
    for name in set(os.environ) - set(wanted):
        del os.environ[name]
    os.environ.update(wanted)
    if has_other_zone and hasattr(time, "tzset"):
        time.tzset()


def _read_umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


PARTS = (
    Part("working directory", _read_folder, _write_folder),
    Part(
        "the environment's object",
        lambda: (id(os.environ), os.environ),
        lambda value: setattr(os, "environ", value[1]),
    ),
    Part("environment variables", _read_environment, _write_environment),
    Part("umask", _read_umask, os.umask),
    Part("locale", lambda: locale.setlocale(locale.LC_ALL), lambda v: locale.setlocale(locale.LC_ALL, v)),
    Part("socket timeout", socket.getdefaulttimeout, socket.setdefaulttimeout),
)
