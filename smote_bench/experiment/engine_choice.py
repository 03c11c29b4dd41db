"""Which engine computes the cells of a run, by name: of the options, or of an experiment's file."""

from __future__ import annotations

from typing import NamedTuple

from smote_bench.environment.optional_packages import is_installed, missing_package
from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["GROUP", "LOCAL", "XDIST", "EngineChoice", "check_engine", "engine_target", "parse_engine"]

GROUP = "smote_bench.engines"
"""The entry points by which other packages add engines: ``name = "package.module:Class"``."""

LOCAL, XDIST = "local", "xdist"
"""Those where pytest itself computes: in its process, or in the workers of ``-n``."""

_BUILT_IN = {"dask": "smote_bench.engines.dask.engine:Dask"}
_NEEDS = {"dask": "distributed"}


class EngineChoice(NamedTuple):
    """An engine's name and where it is; both empty for what pytest's ``-n`` says."""

    name: str = ""
    address: str = ""

    @property
    def is_pytest(self) -> bool:
        """Whether pytest itself computes."""
        return self.name in ("", LOCAL, XDIST)

    def __str__(self) -> str:
        return f"{self.name}={self.address}" if self.address else self.name


def parse_engine(text: object) -> EngineChoice:
    """Read the name of an engine, with an address or without; nothing is connected to.

    Raises
    ------
    ConfigError
        For an unknown name, or an address where there can be none.

    Examples
    --------
    >>> parse_engine("dask=tcp://host:8786")
    EngineChoice(name='dask', address='tcp://host:8786')
    >>> parse_engine(None)
    EngineChoice(name='', address='')
    """
    if text is None:
        return EngineChoice()
    if not isinstance(text, str):
        raise ConfigError(
            f"expected the name of an engine, such as dask or dask=tcp://host:8786, got {text!r}"
        )
    name, equals, address = (part.strip() for part in text.partition("="))
    if not text.strip():
        return EngineChoice()
    if name in (LOCAL, XDIST) and equals:
        raise ConfigError(f"expected {name} alone, got {text!r}: it has no address")
    if equals and not address:
        raise ConfigError(
            f"expected an address after {name}=, such as {name}=tcp://host:8786, got nothing; "
            f"{name} alone has its workers on this machine"
        )
    if name not in (LOCAL, XDIST):
        engine_target(name)
    return EngineChoice(name, address)


def check_engine(choice: EngineChoice) -> None:
    """Make sure that what an engine needs is installed; it is not imported.

    Raises
    ------
    UnavailableError
        With how to install it.
    """
    package = _NEEDS.get(choice.name)
    if package is not None and not is_installed(package):
        raise missing_package(f"the engine {choice.name!r}", package)


def engine_target(name: str) -> str:
    """Return the class of an engine as ``package.module:Class``.

    Raises
    ------
    ConfigError
        For an unknown name.
    """
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    if ":" in name:
        return name
    from importlib.metadata import entry_points

    others = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    if name not in others:
        known = [LOCAL, XDIST, *_BUILT_IN, *others]
        raise ConfigError(
            f"expected the name of an engine or 'package.module:Class', got {name!r}."
            f"{did_you_mean(name, known)} There are: {', '.join(known)}"
        )
    return others[name]
