"""Random oversampling: copies of rows, or a smoothed bootstrap (ROSE, Menardi and Torelli 2014)."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from scipy import sparse
from sklearn.utils._param_validation import Interval

from smote_impls.base import BaseOversampler, OversamplerTags
from smote_impls.mixed.base import MadeRows, MixedOversampler
from smote_impls.mixed.categorical_columns import BY_TYPE
from smote_impls.mixed.columns import MixedColumns, read_columns
from smote_impls.mixed.kernel_noise import bandwidths, smoothed
from smote_impls.segments import Segments
from smote_impls.tables.repeated_rows import RepeatedRows, RowsAsTheyAre
from smote_impls.tables.validation import Labels
from smote_impls.target import TargetClass

__all__ = ["RandomOverSampler"]


class RandomOverSampler(MixedOversampler):
    """Repeat rows drawn with replacement; with `shrinkage`, each with noise around its numbers.

    Parameters
    ----------
    sampling_strategy : float, str, dict, list or callable, default="auto"
        See `smote_impls.BaseOversampler`.
    random_state : int, RandomState or None, default=None
        See `smote_impls.BaseOversampler`.
    shrinkage : float, dict or None, default=None
        None repeats rows as they are, whatever they hold. A number, 0 or more, multiplies the bandwidth of
        the noise: 1 is Silverman's, 0 none. A dict has a number for each class that grows.

    Attributes
    ----------
    sampling_strategy_ : dict
        For each class, the number of synthetic rows.
    shrinkage_ : dict or None
        For each class, the factor used.
    sample_indices_ : ndarray of shape (n_rows + n_synthetic,), intp
        For each row of the output, the row of the input that it is, or was made from.
    synthetic_parents_ : structured ndarray of shape (n_synthetic,)
        ``seed``, the row of the input. Of copies ``neighbor`` is the same row and ``step`` 0; of smoothed
        rows
        -1 and NaN, since they lie on no segment.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Raises
    ------
    ValueError
        If `shrinkage` has no number for a class, or X, with `shrinkage`, is not fit for use.
    TypeError
        If X is sparse and there is a `shrinkage`.

    Notes
    -----
    The noise of a smoothed row is normal and independent by column, with the standard deviation ``shrinkage *
    (4 / ((d + 2) n)) ** (1 / (d + 4)) * s``: d numeric columns, n rows of the class, s the column's standard
    deviation in the class, divided by n - 1. So is ROSE's kernel in R (``hmult.mino``), which draws both
    classes anew; here, as in imbalanced-learn, the originals stay as they are. imbalanced-learn 0.14 takes n
    from all rows of the data, of every class, which makes the noise of a minority too narrow, and s divided
    by n.

    Levels of categorical columns are copied from the row: of frames and tables the columns whose type says so
    (see `smote_impls.SMOTENC`), of arrays of objects those that hold anything but numbers. Integers are
    rounded, and kept within what their type holds.

    Without `shrinkage` the same seed draws the same rows as imbalanced-learn's `RandomOverSampler`.

    References
    ----------
    Menardi, G., Torelli, N. (2014). Training and assessing classification rules with imbalanced data. Data
    Mining and Knowledge Discovery 28, 92-122. doi:10.1007/s10618-012-0295-5

    Silverman, B. W. (1986). Density Estimation for Statistics and Data Analysis. Chapman and Hall.

    Examples
    --------
    >>> import pandas as pd
    >>> from smote_impls import RandomOverSampler
    >>> X = pd.DataFrame({"age": [20.0, 30, 40, 50, 60], "home": ["own", "rent", "own", "rent", "free"]})
    >>> out, _ = RandomOverSampler(shrinkage=1, random_state=0).fit_resample(X, [0, 0, 0, 1, 1])
    >>> out["age"].round(1).tolist()[5:], out["home"].tolist()[5:]
    ([57.3], ['rent'])
    """

    oversampler_family = "generic"

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **BaseOversampler._parameter_constraints,
        "shrinkage": [Interval(Real, 0, None, closed="left"), dict, None],
    }

    def __init__(
        self, *, sampling_strategy: Any = "auto", random_state: Any = None, shrinkage: Any = None
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.shrinkage = shrinkage

    @property
    def takes_sparse(self) -> bool:  # type: ignore[override]
        """Whether rows are only repeated: noise leaves no zeros."""
        return self.shrinkage is None

    def _check_X(self, X: Any) -> Any:
        if self.shrinkage is None:
            return RowsAsTheyAre.checked(self, X)
        if sparse.issparse(X):
            raise TypeError(
                f"Expected dense X with a shrinkage, got a sparse {X.format} matrix: noise leaves no zeros. "
                "Pass X.toarray(), or shrinkage=None."
            )
        return read_columns(self, X, BY_TYPE)

    def _check(self, X: Any, y: Any) -> tuple[Any, Labels]:
        X_checked, labels = super()._check(X, y)
        self.shrinkage_ = _by_class(self.shrinkage, self.sampling_strategy_)
        self.sample_indices_ = np.arange(X_checked.shape[0])
        return X_checked, labels

    def _room(self, X_checked: Any, n_synthetic: int) -> Any:
        return RepeatedRows(X_checked) if self.shrinkage is None else super()._room(X_checked, n_synthetic)

    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> MadeRows:
        seeds = rng.choice(target.rows, size=target.n_samples)
        self.sample_indices_ = np.concatenate([self.sample_indices_, seeds])
        if self.shrinkage_ is None:
            return MadeRows(Segments(seeds, seeds, np.zeros(len(seeds))).as_parents(), (), seeds[:, None])
        columns: MixedColumns = target.X
        wide = self.shrinkage_[target.label] * bandwidths(columns.matrix[target.rows], target.label)
        noise = rng.normal(size=(target.n_samples, len(wide))) * wide
        numbers = tuple(smoothed(values[seeds], noise[:, i]) for i, values in enumerate(columns.numbers))
        donors = np.repeat(seeds[:, None], len(columns.categorical), axis=1)
        return MadeRows.from_seeds(seeds, numbers, donors)

    def __sklearn_tags__(self) -> OversamplerTags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = self.shrinkage is None
        tags.input_tags.string = True
        tags.sampler_tags.sample_indices = True
        return tags


def _by_class(shrinkage: Any, classes: Mapping[Any, int]) -> dict[Any, float] | None:
    """Return the factor of each class that grows."""
    if shrinkage is None:
        return None
    factors = shrinkage if isinstance(shrinkage, Mapping) else dict.fromkeys(classes, shrinkage)
    missing = [label for label in classes if label not in factors]
    if missing:
        raise ValueError(
            f"Expected a number in shrinkage for each class that grows, {list(classes)}, got none for "
            f"{missing}. Add them, or give one number for all."
        )
    for label in classes:
        factor = factors[label]
        if not isinstance(factor, Real) or isinstance(factor, bool) or not 0 <= float(factor) < np.inf:
            raise ValueError(
                f"Expected a number of 0 or more in shrinkage for class {label!r}, got {factor!r} "
                f"(type={type(factor).__name__}). 1 is Silverman's bandwidth."
            )
    return {label: float(factors[label]) for label in classes}
