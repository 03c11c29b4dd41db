"""Which samplers of others run through an adapter of ours, why, and until when; it imports none of them.

An adapter is a subclass of the sampler in a module of this folder: the library itself is never patched.
It keeps the name the user knows, and its source is part of the key of every outcome it made.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

__all__ = ["ADAPTERS", "KNOWN_FAILURES", "Adapter", "adapter_of"]


@dataclass(frozen=True)
class Adapter:
    """One adapted sampler.

    Parameters
    ----------
    target : str
        The sampler as users name it.
    module : str
        The module of this folder; the class there has the sampler's name.
    release : str
        The release it was written for.
    why : str
        What went wrong without it, and what is done.
    until : str
        When it can be deleted.
    needs : tuple of str
        Further packages its results depend on.
    """

    target: str
    module: str
    release: str
    why: str
    until: str
    needs: tuple[str, ...] = ()

    @property
    def adapted_target(self) -> str:
        """Return the adapter itself as ``package.module:Class``."""
        return f"{__name__}.{self.module}:{self.target.partition(':')[2]}"

    @property
    def source_path(self) -> Path:
        """Return the file that holds the adapter."""
        return Path(__file__).with_name(f"{self.module}.py")


ADAPTERS: tuple[Adapter, ...] = ()

# Samplers that cannot be made to run, with the reason; empty since every one of the 91 runs.
KNOWN_FAILURES: Mapping[str, str] = MappingProxyType({})


@functools.cache
def _by_target() -> dict[str, Adapter]:
    return {adapter.target: adapter for adapter in ADAPTERS}


def adapter_of(target: str) -> Adapter | None:
    """Return the adapter that stands in for `target`, or None if it runs as it is."""
    return _by_target().get(target)
