"""What is kept of every resampled fold, so that a later run can tell whether sampling changed."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.evaluation.descriptors import describe
from smote_bench.evaluation.row_matching import match_rows

if TYPE_CHECKING:
    from smote_bench.evaluation.evaluate import ResampledFold

__all__ = ["Sample", "describe_folds", "read_samples", "rows_digest", "split_digest"]


@dataclass(frozen=True)
class Sample:
    """One fold's rows after resampling, in numbers.

    Parameters
    ----------
    phase : {"cv", "holdout"}
    repeat, fold : int
        As in `smote_bench.evaluation.splits.FoldRows`.
    draw : int
        See `smote_bench.evaluation.protocol.Protocol`.
    test_digest : str
        `split_digest` of the test rows.
    rows_digest : str
        `rows_digest` of the rows after resampling.
    n_synthetic : int
        Rows after resampling that are no originals.
    rows_before, rows_after : tuple of int
        Majority and minority rows.
    resample_seconds : float
    noop : bool
        The sampler gave its input back.
    descriptors : mapping of str to float
        See `smote_bench.evaluation.descriptors.describe`; empty where nothing was to be sampled.
    """

    phase: str
    repeat: int
    fold: int
    draw: int
    test_digest: str
    rows_digest: str
    n_synthetic: int
    rows_before: tuple[int, int]
    rows_after: tuple[int, int]
    resample_seconds: float
    noop: bool
    descriptors: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """Return the sample as JSON values; what is undefined is None."""
        record = {field.name: getattr(self, field.name) for field in fields(self)}
        numbers = {name: None if math.isnan(v) else v for name, v in self.descriptors.items()}
        return {**record, "descriptors": numbers}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Sample:
        """Rebuild a sample from `to_json`."""
        numbers = {name: math.nan if v is None else v for name, v in record["descriptors"].items()}
        before, after = tuple(record["rows_before"]), tuple(record["rows_after"])
        return cls(**{**record, "rows_before": before, "rows_after": after, "descriptors": numbers})


def describe_folds(folds: Iterable[ResampledFold], draw: int, *, resampled: bool = True) -> bytes:
    """Describe every fold of a (data set, method).

    Parameters
    ----------
    folds : iterable of ResampledFold
        In the protocol's order, with `X_before` and `y_before`.
    draw : int
        The protocol's.
    resampled : bool
        Whether the method resamples at all; without, there is nothing to describe but the rows.

    Returns
    -------
    bytes
        JSON: a list of `Sample.to_json`.
    """
    samples = [_sample(fold, draw, resampled).to_json() for fold in folds]
    return json.dumps(samples, allow_nan=False, separators=(",", ":")).encode()


def read_samples(data: bytes) -> list[Sample]:
    """Return the samples that `describe_folds` wrote, in order."""
    return [Sample.from_json(record) for record in json.loads(data)]


def rows_digest(X: np.ndarray, y: np.ndarray) -> str:
    """Return a digest of rows and labels, in their order, as 16 hexadecimal digits.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_features), float
    y : ndarray of shape (n_rows,), int

    Notes
    -----
    Numbers are hashed as little-endian doubles with one zero and one NaN, so that the digest is that of the
    values, on every platform.

    Examples
    --------
    >>> import numpy as np
    >>> rows_digest(np.array([[0.0]]), np.array([1])) == rows_digest(np.array([[-0.0]]), np.array([1]))
    True
    """
    values = np.ascontiguousarray(X, dtype="<f8") + 0.0  # -0.0 + 0.0 is 0.0
    values[np.isnan(values)] = np.nan
    digest = hashlib.blake2b(repr(values.shape).encode(), digest_size=8)
    digest.update(np.ascontiguousarray(values, dtype="<f8").data)
    digest.update(np.ascontiguousarray(y, dtype="<i8").data)
    return digest.hexdigest()


def split_digest(rows: np.ndarray) -> str:
    """Return a digest of row numbers, in their order, as 16 hexadecimal digits.

    >>> import numpy as np
    >>> split_digest(np.array([3, 1])) == split_digest(np.array([3, 1], dtype=np.int32))
    True
    """
    return hashlib.blake2b(np.ascontiguousarray(rows, dtype="<i8").data, digest_size=8).hexdigest()


def _sample(fold: ResampledFold, draw: int, resampled: bool) -> Sample:
    assert fold.X_before is not None
    assert fold.y_before is not None
    before, after = (fold.X_before, fold.y_before), (fold.X, fold.y)
    # First of all, since it refuses in words what cannot be compared.
    descriptors = describe(before, after, fold.columns) if resampled else {}
    majority, minority = np.bincount(fold.y, minlength=2)
    return Sample(
        phase=fold.rows.phase,
        repeat=fold.rows.repeat,
        fold=fold.rows.fold,
        draw=draw,
        test_digest=split_digest(fold.rows.test),
        rows_digest=rows_digest(fold.X, fold.y),
        n_synthetic=len(match_rows(*before, *after)[1]) if resampled else 0,
        rows_before=fold.rows_before,
        rows_after=(int(majority), int(minority)),
        resample_seconds=fold.seconds,
        noop=fold.noop,
        descriptors=descriptors,
    )
