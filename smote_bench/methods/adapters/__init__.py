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

__all__ = ["ADAPTERS", "KNOWN_FAILURES", "REMARKS", "Adapter", "adapter_of", "remark_on"]


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


_RELEASE = "smote_variants 1.0.1"

ADAPTERS: tuple[Adapter, ...] = (
    Adapter(
        target="smote_variants:DEAGO",
        module="deago",
        release=_RELEASE,
        why="Keras 3 refuses numpy integers as layer sizes; TensorFlow's threads can be set only once "
        "in a process; Model.fit took 18 s for 142 epochs. "
        "Same model and training, batch by batch, with seeded layers",
        until="smote_variants passes int(encoding_d) and no longer configures TensorFlow inside the call",
        needs=("tensorflow", "keras"),
    ),
    Adapter(
        target="smote_variants:E_SMOTE",
        module="feature_space",
        release=_RELEASE,
        why="selects columns; its map for new rows failed where it had given its input back",
        until="preprocessing_transform works before the columns are selected",
    ),
    Adapter(
        target="smote_variants:ISOMAP_Hybrid",
        module="feature_space",
        release=_RELEASE,
        why="embeds the rows; its map for new rows failed where it had given its input back",
        until="preprocessing_transform works before the embedding is fitted",
    ),
    Adapter(
        target="smote_variants:MOT2LD",
        module="mot2ld",
        release=_RELEASE,
        why="scikit-learn 1.7 renamed TSNE's n_iter to max_iter, so that every call raised",
        until="smote_variants passes max_iter",
    ),
    Adapter(
        target="smote_variants:SMMO",
        module="smmo",
        release=_RELEASE,
        why="scikit-learn 1.8 raises in quadratic discriminant analysis where columns are collinear in one "
        "class; there, and only there, the covariances are shrunk by 0.001",
        until="the ensemble of SMMO copes with collinear columns by itself",
    ),
    Adapter(
        target="smote_variants:SMOTE_ENN",
        module="smote_enn",
        release=_RELEASE,
        why="returned its input whenever cleaning left fewer majority than minority rows, which is "
        "nearly always; the paper has no such rule, and the cleaned rows are returned",
        until="smote_variants returns the cleaned rows",
    ),
    Adapter(
        target="smote_variants:SOI_CJ",
        module="soi_cj",
        release=_RELEASE,
        why="wrote merged clusters back to the wrong place and lost them; the index is mended",
        until="SOI_CJ.clustering counts both clusters from the beginning",
    ),
)

# What a user should know of a sampler that runs as it is.
REMARKS: Mapping[str, str] = MappingProxyType(
    {
        "smote_variants:SOMO": "as published it samples only cells of its map where the minority prevails; "
        "with the default sigma of 0.2 few cells are used (4 of 100 on Ecoli), often none of these; "
        "sigma: 1 and n_iter: 1000 find some",
        "smote_variants:SPY": "as published it adds no rows: it turns majority neighbours of minority rows "
        "into minority rows",
        "smote_variants:SMOTE_RSB": "as published it keeps only new rows far from every majority row, "
        "of which there may be none",
        "smote_variants:IPADE_ID": "as published it returns a small set of prototypes in place of the rows",
    }
)

# Samplers that cannot be made to run, with the reason; empty since every one of the 91 runs.
KNOWN_FAILURES: Mapping[str, str] = MappingProxyType({})


@functools.cache
def _by_target() -> dict[str, Adapter]:
    return {adapter.target: adapter for adapter in ADAPTERS}


def adapter_of(target: str) -> Adapter | None:
    """Return the adapter that stands in for `target`, or None if it runs as it is."""
    return _by_target().get(target)


def remark_on(target: str) -> str:
    """Return what its adapter does, or what is peculiar to a sampler, or an empty string."""
    adapter = adapter_of(target)
    if adapter is not None:
        return f"adapted for {adapter.release}: {adapter.why}"
    return REMARKS.get(target, "")
