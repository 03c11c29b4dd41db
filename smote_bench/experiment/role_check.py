"""Whether the tables of an experiment can be split as their roles and the protocol say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smote_bench.data.cards import catalogue_names, get_card
from smote_bench.data.sources import UserFile
from smote_bench.errors import ConfigError, SmoteBenchError

if TYPE_CHECKING:
    from smote_bench.data.sources import DatasetEntry
    from smote_bench.evaluation.protocol import Protocol

__all__ = ["check_enough_rows", "check_roles"]


def check_enough_rows(entry: DatasetEntry, protocol: Protocol) -> None:
    """Refuse more folds than the smaller class has rows to train on, as the card or a small file says.

    Repeated rows may leave fewer, and large files are not read for it: their cells say so then.

    Raises
    ------
    ConfigError
    """
    found = _class_counts(entry.source)
    if not found:
        return
    smaller = min(found)
    needed = max(2, protocol.cv_folds)
    # Rounded first, as where the rows are split: 25 * (1 - 0.8) is 4.999999999999999 in floating point.
    in_training = int(round(smaller * (1 - protocol.test_size), 6))
    if in_training < needed:
        raise ConfigError(
            f"{entry.name}: expected at least {needed} rows of each class to train on (cv_folds: "
            f"{protocol.cv_folds}, test_size: {protocol.test_size:g}), got {in_training} of the {smaller} of "
            "the smaller one: lower cv_folds or test_size, or take a larger table"
        )


def _class_counts(source: str | UserFile) -> tuple[int, ...]:
    """Return the rows of both classes; nothing where that is not known without further reading."""
    if isinstance(source, UserFile):
        if source.roles:
            return ()  # `check_roles` splits it
        from smote_bench.data.read_cache import class_counts

        return class_counts(source)
    if source not in catalogue_names():
        return ()
    card = get_card(source)
    return card.rows - card.minority_rows, card.minority_rows


def check_roles(source: str | UserFile, protocol: Protocol) -> tuple[str, ...]:
    """Split a table with groups, times, weights or a given hold-out once; others are not read.

    Parameters
    ----------
    source : str or UserFile
    protocol : Protocol

    Returns
    -------
    tuple of str
        Which settings of the protocol have no effect on this table, in words.

    Raises
    ------
    ConfigError
        If it cannot be read or split: a column has missing cells, or there are too few rows, groups or times
        of a class for the folds.
    """
    if not isinstance(source, UserFile) or not source.roles:
        return ()
    keys = source.roles
    given = "test" if keys.test is not None else "split" if keys.split is not None else ""
    if given and not protocol.has_holdout:
        raise ConfigError(
            f"{source.name}: expected a hold-out beside {given!r}, got test_size: 0, which is none: remove "
            "one"
        )
    from smote_bench.data.dataset import load_dataset, without_duplicates
    from smote_bench.data.roles.given_classes import check_classes
    from smote_bench.evaluation.splits import fold_rows

    dataset, _ = without_duplicates(load_dataset(source))
    if given:
        assert dataset.roles.is_test is not None
        check_classes(dataset.y[~dataset.roles.is_test], "train", source)
        check_classes(dataset.y[dataset.roles.is_test], "test", source)
    try:
        for _ in fold_rows(dataset.y, protocol, dataset.roles):
            pass
    except SmoteBenchError as error:
        raise ConfigError(f"{source.name}: {error}") from error
    return tuple(_without_effect(source.name, source, protocol, given))


def _without_effect(name: str, source: UserFile, protocol: Protocol, given: str) -> list[str]:
    found = []
    if given:
        found.append(f"test_size has no effect on {name}: {given!r} gives its hold-out")
    if source.roles.time is not None and protocol.random_runs > 1:
        found.append(
            f"random_runs: {protocol.random_runs} repeats {name} on the same rows, with other seeds: 'time' "
            "leaves one way to split"
        )
    elif given and protocol.random_runs > 1:
        found.append(f"random_runs: {protocol.random_runs} repeats test {name} on the same hold-out")
    return found
