"""Whether any table of an experiment has the categories and numbers that its samplers cannot do without."""

from __future__ import annotations

from itertools import chain
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
    """Refuse a sampler of mixed columns where every table is known to have numbers or categories alone.

    Where some have both, or nobody knows without further reading, its cells on the others become
    ``unavailable``. What is said of rows is refused where every table is encoded before anything sees it.

    Raises
    ------
    ConfigError
    """
    _check_row_options(experiment)
    asking = [
        name
        for name, spec in experiment.methods.items()
        if any(step.target in NEED_CATEGORIES for step in spec.steps)
    ]
    if not asking:
        return
    lacking = {name: _lacks(entry) for name, entry in experiment.datasets.items()}
    if not all(lacking.values()):
        return
    got = " and ".join(
        f"{', '.join(names)} with {_OTHERS[lack]} alone"
        for lack in _OTHERS
        if (names := [name for name, own in lacking.items() if own == lack])
    )
    remedies = "; ".join(_REMEDIES[lack] for lack in _REMEDIES if lack in lacking.values())
    raise ConfigError(
        f"expected a data set with columns of categories and of numbers for {', '.join(asking)}, got {got}: "
        f"{remedies}"
    )


def _check_row_options(experiment: Experiment) -> None:
    if any(entry.version != "processed" for entry in experiment.datasets.values()):
        return
    of_methods = (
        (name, f"{key}: {value}")
        for name, spec in experiment.methods.items()
        for step in spec.steps
        for key, value in step.rows.to_json().items()
    )
    of_classifiers = (
        (name, f"rows: {spec.rows}") for name, spec in experiment.classifiers.items() if spec.rows
    )
    for name, option in chain(of_methods, of_classifiers):
        raise ConfigError(
            f"expected preprocessed: false beside {option} of {name}, got preprocessed: true, where "
            "tables are encoded before samplers and classifiers see them: set it to false, or leave that out"
        )


_OTHERS = {"categories": "numbers", "numbers": "categories"}
_REMEDIES = {
    "categories": (
        "take SMOTE for numbers, or name the categories under 'nominal', truth values under 'kinds' (with "
        "preprocessed: true all are numbers: set it to false)"
    ),
    "numbers": "take SMOTEN for categories",
}


def _lacks(entry: DatasetEntry) -> str:
    """Return which kind of columns samplers do not see in a table; "" of none, or where nobody knows."""
    source = entry.source
    if entry.version == "processed":
        return "categories"
    if isinstance(source, UserFile):
        from smote_bench.data.read_cache import kinds_of

        kinds = kinds_of(source)
        if kinds is None:
            return ""
        return "categories" if not kinds.has_categories else "" if kinds.numeric else "numbers"
    if source in catalogue_names():
        card = get_card(source)
        n_categories = len(card.nominal) + len(card.ordinal)
        return "categories" if not n_categories else "" if card.features > n_categories else "numbers"
    return ""
