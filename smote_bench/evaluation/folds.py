"""Tables, prepared folds and resampled folds, each made once per process and shared.

The classifiers of one (data set, method) share its resampled rows; the methods of one data set share its
prepared folds. Both are kept for as long as a budget of bytes allows, the newest always.
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.classifiers.fitting import coded
from smote_bench.classifiers.inner_folds import InnerFold, inner_splits
from smote_bench.data.dataset import load_dataset, without_duplicates
from smote_bench.data.roles.rows import RowRoles
from smote_bench.data.typed_rows import TypedColumns, TypedRows
from smote_bench.environment.timeouts import CellTimeout
from smote_bench.errors import SmoteBenchError, UnavailableError
from smote_bench.evaluation.evaluate import ResampledFold
from smote_bench.evaluation.prepare import prepare_fold
from smote_bench.evaluation.row_weights import resampled_weights
from smote_bench.evaluation.seeding import classifier_seed, inner_sampler_seed, sampler_seed
from smote_bench.evaluation.shared_rows import SharedRows
from smote_bench.evaluation.splits import FoldRows, fold_rows
from smote_bench.methods.resampling import Resampled, SamplerError, resample

if TYPE_CHECKING:
    from smote_bench.data.dataset import Dataset
    from smote_bench.data.sources import DatasetEntry
    from smote_bench.evaluation.protocol import Protocol
    from smote_bench.methods.spec import MethodSpec

__all__ = ["FoldSource", "RowsOverwritten"]

BUDGET_BYTES = 768 * 1024**2
"""What each of the three caches may hold beside its newest entry."""


class RowsOverwritten(SmoteBenchError):
    """A classifier wrote into rows that others read."""


@dataclass(frozen=True)
class _Prepared:
    """A fold before resampling."""

    rows: FoldRows
    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    remarks: tuple[str, ...]
    roles: RowRoles
    weights_test: np.ndarray | None
    columns: TypedColumns | None = None
    numbers: np.ndarray | None = None

    @property
    def typed(self) -> TypedRows | None:
        """What samplers of typed rows need beside `X`, where there are categories."""
        return None if self.columns is None else TypedRows(self.columns, self.numbers)


class _Growing:
    """A sequence computed item by item when first asked for; a failure is computed once too.

    An item whose rows were written to since is computed again before anyone else gets it.

    Parameters
    ----------
    make : callable
        Gives the items from the n-th on.
    keeps_timeouts : bool
        Whether a time-out is such a failure, where most of the time was spent here.
    is_lent : bool
        Whether those who get items run code that is not ours on their rows: then whoever leaves them changed
        is told by an error.
    count : callable
        Is told how many bytes each new item holds.
    """

    def __init__(
        self,
        make: Callable[[int], Iterator[Any]],
        *,
        keeps_timeouts: bool = True,
        is_lent: bool = False,
        count: Callable[[int], None],
    ) -> None:
        self._make = make
        self.count = count
        self._keeps_timeouts = keeps_timeouts
        self._is_lent = is_lent
        self._items: Iterator[Any] | None = None
        self._done: list[Any] = []
        self.n_bytes = 0

    def __iter__(self) -> Iterator[Any]:
        n = 0
        watch = _Watch()
        while True:
            if n == len(self._done):
                self._grow(watch)
            shared = self._done[n]
            if shared is None:
                return
            if isinstance(shared, BaseException):
                raise shared
            if shared.changed():
                shared = self._done[n] = SharedRows(next(self._make(n)))
            n += 1
            yield shared.item
            if self._is_lent and (changed := shared.changed()):
                raise RowsOverwritten(
                    f"expected rows that are shared with other cells to stay as they were, got others in "
                    f"{', '.join(changed)}: the classifier writes into its input; copy the rows first"
                )

    def _grow(self, watch: _Watch) -> None:
        if self._items is None:
            self._items = self._make(len(self._done))
        try:
            with watch:
                item = next(self._items, None)
        except CellTimeout as error:
            # The alarm is the cell's: where fitting took the time, the next classifier may well get through.
            if not (self._keeps_timeouts and watch.is_most_of_the_time):
                self._items = None
                raise
            item = error
        except Exception as error:
            item = error
        except BaseException:
            self._items = None  # a generator that raised is at its end, and would give a shorter sequence
            raise
        else:
            if item is not None:
                item = SharedRows(item)
                self.n_bytes += item.n_bytes
                self.count(item.n_bytes)
        self._done.append(item)


class _Watch:
    """Tells whether most of the time since its beginning was spent inside it."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._inside = 0.0

    def __enter__(self) -> None:
        self._entered = time.perf_counter()

    def __exit__(self, *error: object) -> None:
        self._inside += time.perf_counter() - self._entered

    @property
    def is_most_of_the_time(self) -> bool:
        return self._inside > (time.perf_counter() - self._start) / 2


class _Shelf:
    """The newest entries, within the budget."""

    def __init__(self, budget_bytes: int, *, keeps_timeouts: bool = True, is_lent: bool = False) -> None:
        self._budget = budget_bytes
        self._options: dict[str, bool] = {"keeps_timeouts": keeps_timeouts, "is_lent": is_lent}
        self._entries: OrderedDict[Hashable, _Growing] = OrderedDict()
        self._n_bytes = 0

    def get(self, key: Hashable, make: Callable[[int], Iterator[Any]]) -> _Growing:
        if key not in self._entries:
            self._entries[key] = _Growing(make, **self._options, count=self._count)
        self._entries.move_to_end(key)
        while len(self._entries) > 1 and self._n_bytes > self._budget:
            _, oldest = self._entries.popitem(last=False)
            self._n_bytes -= oldest.n_bytes
            oldest.count = _ignore  # who still iterates over it may make it grow
        return self._entries[key]

    def remove(self, is_meant: Callable[[Any], bool]) -> None:
        """Remove the entries whose keys are meant."""
        for key in [key for key in self._entries if is_meant(key)]:
            gone = self._entries.pop(key)
            self._n_bytes -= gone.n_bytes
            gone.count = _ignore

    def _count(self, n_bytes: int) -> None:
        """Add up as entries grow: with ten thousand of them, a sum at each look-up takes milliseconds."""
        self._n_bytes += n_bytes


def _ignore(_n_bytes: int) -> None:
    pass


class _OnDemand:
    """An entry of a shelf that is looked up, or begun, each time it is iterated over."""

    def __init__(self, get: Callable[[], _Growing]) -> None:
        self._get = get

    def __iter__(self) -> Iterator[Any]:
        return iter(self._get())


class FoldSource:
    """Hands out the resampled folds of (data set, method) pairs.

    Parameters
    ----------
    datasets : mapping of str to DatasetEntry
    methods : mapping of str to MethodSpec
    protocol : Protocol
    data_dir : Path or None
    budget_bytes : int
        See `BUDGET_BYTES`.
    """

    def __init__(
        self,
        datasets: Mapping[str, DatasetEntry],
        methods: Mapping[str, MethodSpec],
        protocol: Protocol,
        data_dir: Path | None = None,
        *,
        budget_bytes: int = BUDGET_BYTES,
    ) -> None:
        self.datasets = datasets
        self.methods = methods
        self.protocol = protocol
        self._data_dir = data_dir
        self._tables: dict[str, Dataset | Exception] = {}
        self._resample_seconds = [0.0]  # one list for all protocols
        self._prepared = _Shelf(budget_bytes)  # samplers get copies
        self._resampled = _Shelf(budget_bytes, is_lent=True)
        # A cell iterates over the inner folds of one fold after the other: none sees the cell's whole time.
        self._inner = _Shelf(budget_bytes, keeps_timeouts=False)

    def with_protocol(self, protocol: Protocol) -> FoldSource:
        """Return a source of the same tables under another protocol; both fill the same caches."""
        other = copy.copy(self)
        other.protocol = protocol
        return other

    @property
    def resample_seconds(self) -> float:
        """The seconds that samplers have taken here since this source was made."""
        return self._resample_seconds[0]

    def dataset(self, name: str) -> Dataset:
        """Return the table that is split: duplicates are gone, where the card says so.

        Raises
        ------
        UnavailableError, SmoteBenchError
            The same each time it is asked for.
        """
        if name not in self._tables:
            try:
                self._tables[name] = self._load(self.datasets[name])
            except Exception as error:  # remembered: a hundred cells must not try a hundred downloads
                self._tables[name] = error
        table = self._tables[name]
        if isinstance(table, Exception):
            raise table
        return table

    def adopt(self, name: str, table: Dataset) -> None:
        """Take a table that was read elsewhere."""
        self.forget(name)
        self._tables[name] = table

    def splits(self, name: str) -> list[FoldRows]:
        """Return which rows train and test in each fold of a data set under the protocol."""
        return list(self._fold_rows(name))

    def _fold_rows(self, name: str) -> Iterator[FoldRows]:
        """Yield the splits, stratified by the classes as whoever counts the positive one has coded them.

        scikit-learn takes the classes of a hold-out in the order of their codes: another code, other rows.
        """
        dataset = self.dataset(name)
        y = coded(dataset.y, self.datasets[name].positive_code)
        return fold_rows(y, self.protocol, dataset.roles)

    def folds(self, dataset: str, method: str) -> Iterator[ResampledFold]:
        """Yield the resampled folds of a (data set, method), computing each at most once."""
        spec = self.methods[method]
        # Arms that do not resample (Original, class weights, a tuned threshold) share one entry.
        key = (dataset, method if spec.steps else None, self.protocol)
        yield from self._resampled.get(key, lambda start: self._resample(dataset, spec, start))

    def prepare(self, name: str) -> None:
        """Have a data set and its folds before a method asks for them, and no other; none if that fails."""
        for other in set(self._tables) - {name}:
            self.forget(other)
        try:
            for _ in self._prepared_folds(name):
                pass
        except Exception:  # found again by whoever needs them, where it can be told
            self.forget(name)

    def forget(self, name: str) -> None:
        """Keep nothing of a data set: who asks for it reads it again."""
        self._tables.pop(name, None)
        for shelf in (self._prepared, self._resampled, self._inner):
            shelf.remove(lambda key: key[0] == name)

    def _prepared_folds(self, name: str) -> _Growing:
        # A draw changes seeds alone: all draws of the same repeats share their prepared folds.
        key = (name, dataclasses.replace(self.protocol, draw=0))
        return self._prepared.get(key, lambda start: self._prepare(name, start))

    def _load(self, entry: DatasetEntry) -> Dataset:
        dataset = load_dataset(
            entry.source, entry.version, data_dir=self._data_dir, preprocessing=entry.preprocessing
        )
        return without_duplicates(dataset)[0]

    def _prepare(self, name: str, start: int) -> Iterator[_Prepared]:
        dataset, entry = self.dataset(name), self.datasets[name]
        for rows in itertools.islice(self._fold_rows(name), start, None):
            fold = prepare_fold(dataset, rows.train, rows.test, entry.preprocessing)
            y, y_test = dataset.y[rows.train], dataset.y[rows.test]
            roles, weights = dataset.roles.take(rows.train), dataset.roles.take(rows.test).weights
            yield _Prepared(
                rows,
                fold.X_train,
                y,
                fold.X_test,
                y_test,
                fold.remarks,
                roles,
                weights,
                columns=None if fold.typed is None else fold.typed.columns,
                numbers=None if fold.typed is None else fold.typed.numbers,
            )

    def _resample(self, name: str, spec: MethodSpec, start: int) -> Iterator[ResampledFold]:
        protocol = self.protocol
        for fold in itertools.islice(self._prepared_folds(name), start, None):
            seed = sampler_seed(
                protocol.random_state, fold.rows.repeat, fold.rows.sampler_fold, protocol.draw
            )
            made = resample(spec, fold.X, fold.y, seed=seed, typed=fold.typed)
            self._resample_seconds[0] += made.seconds
            majority, minority = np.bincount(fold.y, minlength=2)
            X_before = made.transform(fold.X) if made.transform else fold.X
            yield ResampledFold(
                rows=fold.rows,
                X=made.X,
                y=made.y,
                X_test=made.transform(fold.X_test) if made.transform else fold.X_test,
                y_test=fold.y_test,
                X_before=X_before,
                y_before=fold.y,
                rows_before=(int(majority), int(minority)),
                seconds=made.seconds,
                noop=made.noop,
                parents=made.parents,
                warnings=(*fold.remarks, *made.warnings),
                inner=self._inner_folds(name, spec, fold) if _has_inner_folds(spec, fold) else None,
                weights=_weights_after(spec, (X_before, fold.y), made, fold.roles.weights),
                weights_test=fold.weights_test,
                groups=fold.roles.groups,
                times=fold.roles.times,
                columns=None if made.transform else fold.columns,
                between=made.between,
            )

    def _inner_folds(self, name: str, spec: MethodSpec, fold: _Prepared) -> Iterable[InnerFold]:
        protocol, rows = self.protocol, fold.rows
        # Arms without samplers share their folds, and so their inner folds.
        key = (name, spec.name if spec.steps else None, protocol, rows.phase, rows.repeat, rows.fold)
        return _OnDemand(
            lambda: self._inner.get(key, lambda start: _resample_inside(spec, fold, protocol, start))
        )


def _apart(roles: RowRoles) -> dict[str, np.ndarray]:
    """Return what keeps rows apart that a classifier may split."""
    known = {"groups": roles.groups, "times": roles.times}
    return {name: values for name, values in known.items() if values is not None}


def _why_fewer(roles: RowRoles) -> str:
    """Return why there may be fewer than five inner folds, with a place for their number."""
    if roles.groups is not None:
        return "one class is in {} groups"
    if roles.times is not None:
        return "the rows give {} later blocks with both classes"
    return "the smaller class has {} rows"


def _has_inner_folds(spec: MethodSpec, fold: _Prepared) -> bool:
    """Whether plain splits of the rows that are fitted cannot say what is best on real rows."""
    return spec.has_inner_fits if spec.steps else bool(fold.roles)


def _weights_after(
    spec: MethodSpec, before: tuple[np.ndarray, np.ndarray], made: Resampled, weights: np.ndarray | None
) -> np.ndarray | None:
    if weights is None or not spec.steps:
        return weights
    return resampled_weights(before, (made.X, made.y), weights, made.parents)


def _resample_inside(
    spec: MethodSpec, fold: _Prepared, protocol: Protocol, start: int
) -> Iterator[InnerFold]:
    """Split a training part's real rows and resample what is fitted in each inner fold."""
    what = "the threshold is tuned" if spec.tuned_threshold else "probabilities are calibrated"
    repeat, at = fold.rows.repeat, fold.rows.sampler_fold
    roles = fold.roles
    seed = classifier_seed(protocol.random_state, repeat, protocol.draw)
    splits = inner_splits(fold.y, seed=seed, groups=roles.groups, times=roles.times)
    weights = roles.weights
    for n, (train, valid) in itertools.islice(enumerate(splits), start, None):
        seed = inner_sampler_seed(protocol.random_state, repeat, at, n, protocol.draw)
        X, y, typed = fold.X[train], fold.y[train], fold.typed
        try:
            made = resample(spec, X, y, seed=seed, typed=None if typed is None else typed.take(train))
        except UnavailableError:
            raise
        except Exception as error:
            majority, minority = np.bincount(y, minlength=2)
            raise SamplerError(
                f"the sampler failed in inner fold {n + 1} of {len(splits)}, on which {what} "
                f"({majority} majority and {minority} minority rows): {type(error).__name__}: {error}"
            ) from error
        held_out = fold.X[valid]
        X_before = made.transform(X) if made.transform else X
        fitted = None if weights is None else weights[train]
        yield InnerFold(
            X=made.X,
            y=made.y,
            X_valid=made.transform(held_out) if made.transform else held_out,
            y_valid=fold.y[valid],
            weights=_weights_after(spec, (X_before, y), made, fitted),
            weights_valid=None if weights is None else weights[valid],
            apart={} if spec.steps else _apart(roles.take(train)),
            unit=_why_fewer(roles),
            seconds=made.seconds,
            noop=made.noop,
            warnings=made.warnings,
        )
