"""What a cell predicted on test rows: truth, label and score of every row of every fit, and their bytes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from smote_bench.classifiers.prediction import ScoreKind
from smote_bench.evaluation.blobs import read_array, saved, unpacked

__all__ = ["FitPredictions", "Predictions"]

_PHASES = ("cv", "holdout")
_SCORE_KINDS: tuple[ScoreKind, ...] = ("probability", "decision", "none")
# The columns as stored, one after the other for all fits: like stands beside like, which compresses well.
_COLUMNS = (("rows", np.int32), ("truth", np.uint8), ("label", np.uint8), ("score", np.float64))
_COMPRESSION_LEVEL = 1


@dataclass(frozen=True, eq=False)
class FitPredictions:
    """The test rows of one fit.

    Parameters
    ----------
    phase : {"cv", "holdout"}
    repeat, fold : int
        As in `smote_bench.evaluation.splits.FoldRows`.
    rows : ndarray of shape (n_test,), int32
        Row numbers of the table that was split.
    truth, label : ndarray of shape (n_test,), uint8
        The class, and the class that was predicted: 1 for the positive one, which is the minority unless the
        data set says otherwise.
    score : ndarray of shape (n_test,), float64
        The positive class's probability, or whatever score the classifier has; NaN where it has labels only.
    score_kind : {"probability", "decision", "none"}
    """

    phase: str
    repeat: int
    fold: int
    rows: np.ndarray
    truth: np.ndarray
    label: np.ndarray
    score: np.ndarray
    score_kind: ScoreKind = "probability"


@dataclass(frozen=True)
class Predictions:
    """The predictions of one cell, in the order of its fits."""

    fits: tuple[FitPredictions, ...]

    def dumps(self) -> bytes:
        """Return the predictions as compressed bytes, without loss."""
        heads = [
            (_PHASES.index(f.phase), f.repeat, f.fold, len(f.rows), _SCORE_KINDS.index(f.score_kind))
            for f in self.fits
        ]
        written = [saved(np.array(heads, dtype=np.int32).reshape(-1, 5))]
        for name, dtype in _COLUMNS:
            parts = [np.asarray(getattr(fit, name), dtype=dtype) for fit in self.fits]
            written.append(saved(np.concatenate(parts) if parts else np.empty(0, dtype)))
        return zlib.compress(b"".join(written), _COMPRESSION_LEVEL)

    @classmethod
    def loads(cls, data: bytes) -> Predictions:
        """Rebuild predictions from `dumps`.

        Raises
        ------
        SmoteBenchError
            If the bytes are damaged, or would be larger than `smote_bench.evaluation.blobs.MOST_BYTES`.
        """
        buffer = unpacked(data)
        heads = _with_kinds(read_array(buffer))
        columns = {name: read_array(buffer) for name, _ in _COLUMNS}
        ends = np.cumsum(heads[:, 3])
        return cls(
            tuple(
                FitPredictions(
                    _PHASES[phase],
                    int(repeat),
                    int(fold),
                    **{name: column[end - n : end] for name, column in columns.items()},
                    score_kind=_SCORE_KINDS[kind],
                )
                for (phase, repeat, fold, n, kind), end in zip(heads.tolist(), ends.tolist(), strict=True)
            )
        )


def _with_kinds(heads: np.ndarray) -> np.ndarray:
    """Return heads with the kind of each fit's scores, which runs of schema 3 did not keep.

    Nobody can tell then which are probabilities, so they are drawn as scores that are none.
    """
    if heads.shape[1] == 5:
        return heads
    return np.column_stack([heads, np.full(len(heads), _SCORE_KINDS.index("decision"), heads.dtype)])
