"""Whether any table of an experiment has the categories that its samplers cannot do without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smote_bench.data.cards import catalogue_names, get_card
from smote_bench.data.sources import UserFile
from smote_bench.errors import ConfigError
from smote_bench.methods.row_options import NEED_CATEGORIES

if TYPE_CHECKING:
    from smote_bench.data.sources import DatasetEntry
    from smote_bench.experiment.model import Experiment

__all__ = ["check_categories"]


def check_categories(experiment: Experiment) -> None:
    """Refuse a sampler of categories where every table is known to have none.

    Where some have categories, or nobody knows without further reading, its cells on the others become
    ``unavailable``.

    Raises
    ------
    ConfigError
    """
    asking = [
        name
        for name, spec in experiment.methods.items()
        if any(step.target in NEED_CATEGORIES for step in spec.steps)
    ]
    if not asking or any(_has_categories(entry) is not False for entry in experiment.datasets.values()):
        return
    names = ", ".join(experiment.datasets)
    raise ConfigError(
        f"expected a data set with columns of categories for {', '.join(asking)}, got {names} with numbers "
        "alone: take SMOTE, or name the categories under 'nominal' (of known data sets: preprocessed: false)"
    )


def _has_categories(entry: DatasetEntry) -> bool | None:
    """Tell whether samplers see categories in a table; None where it has to be fetched to know."""
    source = entry.source
    if entry.version == "processed":
        return False
    if isinstance(source, UserFile):
        from smote_bench.data.read_cache import has_categories

        return has_categories(source)
    if source in catalogue_names():
        card = get_card(source)
        return bool(card.nominal or card.ordinal)
    return None
