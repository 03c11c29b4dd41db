"""BaseOversampler: the one template that every sampler here is written on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils._tags import Tags
from scipy import sparse
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from smote_impls.segments import PARENTS_DTYPE, Segments
from smote_impls.strategy import STRATEGY_NAMES, synthetic_counts
from smote_impls.tables.containers import append_to_X, append_to_y
from smote_impls.tables.output import DenseOutput, SparseOutput, checked, parents_of
from smote_impls.tables.validation import Labels, check_X, check_y
from smote_impls.target import TargetClass

__all__ = ["BaseOversampler", "OversamplerTags"]


@dataclass(slots=True)
class OversamplerTags(Tags):  # type: ignore[misc]  # no types in scikit-learn
    """imbalanced-learn's tags, and the family whose properties a sampler claims.

    Parameters
    ----------
    oversampler_family : {"generic", "smote", "borderline1", "borderline2", "adasyn", "smotenc", "smoten"}
        ``"combined"`` of samplers that oversample and then remove rows.
    """

    oversampler_family: str = "generic"


class BaseOversampler(BaseOverSampler):  # type: ignore[misc]  # no types in imbalanced-learn
    """Validate, count, append and keep containers; a subclass says where synthetic rows lie.

    A subclass writes one method, ``_synthesize``. ``docs/samplers.md`` has one in fifteen lines.

    Parameters
    ----------
    sampling_strategy : float, str, dict, list or callable, default="auto"
        - float in (0, 1]: rows of the minority divided by rows of the majority, after resampling; two classes
          only.
        - str: the classes to bring up to the majority's number of rows: ``"minority"``, ``"not minority"``,
          ``"not majority"``, ``"all"``; ``"auto"`` is ``"not majority"``.
        - dict: for each class to be grown, the number of rows after resampling.
        - list: the classes to bring up to the majority's number of rows.
        - callable: takes ``y``, returns such a dict.
    random_state : int, RandomState or None, default=None
        An int gives the same rows in each call, a RandomState goes on where it stands. One generator is made
        per call and passed down, so that no two classes get the same draws.

    Attributes
    ----------
    sampling_strategy_ : dict
        For each targeted class, the number of synthetic rows.
    synthetic_parents_ : structured ndarray of shape (n_synthetic,)
        For each synthetic row, in the order of the output, ``seed`` and ``neighbor`` (rows of the input) and
        ``step``: the row is ``X[seed] + step * (X[neighbor] - X[seed])``. Rows of a sampler that does not
        interpolate have -1, -1 and NaN.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Only if X is a frame whose column names are all strings.

    Notes
    -----
    It is a `BaseOverSampler` of imbalanced-learn, so that ``isinstance``, its pipelines and its checks see
    one. imbalanced-learn allows a list for cleaning methods only.

    Integers are rounded to the nearest value; imbalanced-learn cuts them off, which pulls each synthetic row
    towards 0. Rows at the same place in every minority class do not follow from the same draws, as they do in
    imbalanced-learn, where an int is read again for each class.

    Its tags say that sparse matrices are taken only where a subclass says ``takes_sparse = True``. They are
    handed down without that too, and where `_synthesize` fails on them the error says what is to be done.
    """

    oversampler_family = "generic"
    takes_sparse = False

    # imbalanced-learn's, and a list.
    _parameter_constraints: ClassVar[dict[str, Any]] = {
        "sampling_strategy": [
            Interval(Real, 0, 1, closed="right"),
            StrOptions(set(STRATEGY_NAMES)),
            Mapping,
            list,
            callable,
        ],
        "random_state": ["random_state"],
    }

    def __init__(self, *, sampling_strategy: Any = "auto", random_state: Any = None) -> None:
        super().__init__(sampling_strategy=sampling_strategy)
        self.random_state = random_state

    def fit(self, X: Any, y: Any, **params: Any) -> BaseOversampler:
        """Check the data and count the rows to be made; `fit_resample` does so itself.

        Parameters
        ----------
        X, y, **params
            As for `fit_resample`.

        Returns
        -------
        BaseOversampler
            Itself.
        """
        self._check(X, y)
        return self

    def fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]:
        """Append synthetic rows to the data.

        Parameters
        ----------
        X : ndarray, DataFrame, sparse matrix or list, of shape (n_rows, n_features)
            Numeric, without NaN and inf.
        y : array-like of shape (n_rows,), or one-vs-rest binarised, (n_rows, n_classes)
        **params : dict
            Metadata that a subclass's ``_synthesize`` takes as keywords.

        Returns
        -------
        X_resampled, y_resampled
            The rows of the input, untouched and first, then the synthetic ones, class by class; in the
            containers and types of `X` and `y`, frames with a fresh index.

        Raises
        ------
        ValueError
            If a parameter, X or y is not fit for use.
        """
        X_checked, labels = self._check(X, y)
        rng = check_random_state(self.random_state)
        n_synthetic = sum(self.sampling_strategy_.values())
        output = self._room(X_checked, n_synthetic)
        parents, label_rows = [np.empty(0, dtype=PARENTS_DTYPE)], [np.empty(0, dtype=np.intp)]
        self._start()
        for label, n_samples in self.sampling_strategy_.items():
            if n_samples == 0:
                continue
            target = TargetClass(output.originals, labels.rows_of(label), label, n_samples, labels.codes)
            made = self._checked_rows(self._made(target, rng, params), target)
            output.append(made)
            parents.append(parents_of(made))
            label_rows.append(np.full(n_samples, target.rows[0]))
        self.synthetic_parents_ = np.concatenate(parents)
        return self._give_back(X, output), append_to_y(y, np.concatenate(label_rows))

    def _made(self, target: TargetClass, rng: np.random.RandomState, params: Mapping[str, Any]) -> Any:
        try:
            return self._synthesize(target, rng, **params)
        except (AttributeError, TypeError, ValueError) as error:
            if self.takes_sparse or not sparse.issparse(target.X):
                raise
            raise TypeError(
                f"Expected dense X, got a sparse matrix, of which {type(self).__name__} made nothing "
                f"({error}). Use X.toarray(); one that takes sparse matrices says so by takes_sparse = True."
            ) from error

    @abstractmethod
    def _synthesize(self, target: TargetClass, rng: np.random.RandomState) -> Segments | Any:
        """Say where the synthetic rows of one class lie.

        Parameters
        ----------
        target : TargetClass
            The class and the data: ``X``, ``rows``, ``label``, ``n_samples``, ``classes``.
        rng : RandomState
            The call's one source of randomness.

        Returns
        -------
        Segments, or ndarray or sparse matrix of shape (n_samples, n_features)
            Segments between rows of ``target.X``, of which the rows are made and ``synthetic_parents_``
            recorded; or, of a sampler that does not interpolate, the synthetic rows.
        """

    def _start(self) -> None:
        """Reset what `_synthesize` records for each class; called once in each call of `fit_resample`."""

    def _fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]:
        # imbalanced-learn's abstract method. Its template is not used here: see `fit_resample`.
        return self.fit_resample(X, y, **params)

    def _check(self, X: Any, y: Any) -> tuple[Any, Labels]:
        self._validate_params()
        X_checked = self._check_X(X)
        labels = check_y(y, X_checked.shape[0])
        self.sampling_strategy_ = synthetic_counts(self.sampling_strategy, labels.present, labels.as_array)
        return X_checked, labels

    # The next four are what samplers of typed rows do otherwise (`smote_impls.mixed.base`).

    def _check_X(self, X: Any) -> Any:
        return check_X(self, X)

    def _room(self, X_checked: Any, n_synthetic: int) -> Any:
        return SparseOutput(X_checked) if sparse.issparse(X_checked) else DenseOutput(X_checked, n_synthetic)

    def _checked_rows(self, made: Any, target: TargetClass) -> Any:
        return checked(made, target, type(self).__name__)

    def _give_back(self, X: Any, output: Any) -> Any:
        return append_to_X(X, output.finish())

    def __sklearn_tags__(self) -> OversamplerTags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = self.takes_sparse
        known = {field.name: getattr(tags, field.name) for field in fields(tags)}
        return OversamplerTags(**known, oversampler_family=self.oversampler_family)
