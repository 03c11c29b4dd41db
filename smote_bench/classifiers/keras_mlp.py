"""A multilayer perceptron on Keras as a scikit-learn classifier: a fresh, seeded network for every fit."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import numbers
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from smote_bench.classifiers.group_splits import fewest_groups, group_parts
from smote_bench.classifiers.time_splits import latest_rows
from smote_bench.classifiers.training_history import epoch_metrics

if TYPE_CHECKING:
    from smote_bench.classifiers.keras_training import Epoch, NetworkPlan, Rows

__all__ = ["KerasMLP"]

# Sigmoids hide a divergence: the loss of a network that answers 0 or 1 whatever comes stays finite.
_LARGEST_WEIGHT = 1e10


class KerasMLP(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # no types in scikit-learn
    """Dense layers and one sigmoid unit, trained with Keras; for two classes.

    The defaults are the network of the study that docs/flare.md repeats.

    Parameters
    ----------
    layers : sequence of int
        Units of each hidden layer; none gives a logistic regression.
    activation : str
        Of the hidden layers, as Keras names it: ``sigmoid``, ``relu``, ``tanh``...
    optimizer : str
        As Keras names it: ``sgd``, ``adam``, ``rmsprop``...
    learning_rate : float, optional
        The optimizer's own where None (``sgd``: 0.01, ``adam``: 0.001).
    loss : str
        As Keras names it: ``mean_squared_error``, ``binary_crossentropy``, ``binary_focal_crossentropy``...
    epochs : int
    batch_size : int
    early_stopping : int, optional
        Stop after so many epochs without a lower loss on the held-out rows, and take the weights of the best
        epoch.
    validation_split : float in [0, 1)
        Share of each class that is held out: the network does not learn from these rows, `history_` follows
        them. With 0, all rows are learnt from and there are no ``val_`` curves.
    class_weight : {"balanced"} or dict, optional
        As in scikit-learn; multiplied by ``sample_weight``.
    random_state : int, RandomState or None
        Of initial weights, held-out rows and the order of rows in each epoch.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    history_ : dict of str to list of float
        After each epoch: ``loss``, ``accuracy``, ``precision``, ``recall`` and ``auc`` on the rows learnt
        from, and the same with ``val_`` on the held-out rows. The loss is weighted, the others are not.
    weights_ : list of ndarray
        Kernel and bias of each layer.
    n_features_in_ : int

    Notes
    -----
    The same seed gives the same weights, to the bit, in any process and whatever was fitted before: every
    initialiser and the shuffling have seeds of their own, no global generator is touched, and every operation
    runs on the CPU, where those used here are deterministic. TensorFlow's ``enable_op_determinism`` is not
    needed for them; it holds for the whole process, and makes other code's unseeded operations fail. oneDNN
    changes the bits and is switched off, unless the caller has imported TensorFlow with it before.

    A fitted classifier holds its weights as arrays and nothing of TensorFlow, so it can be pickled;
    `build_model` makes a Keras model of it. Do not fork a process after a fit: the child would wait for
    TensorFlow's threads for ever.

    Where the rows hold copies or synthetic rows, as after oversampling, held-out rows have relatives among
    those learnt from: ``val_`` curves are then too good. Scores on test rows are not concerned.
    """

    def __init__(
        self,
        layers: Sequence[int] = (12, 12),
        *,
        activation: str = "sigmoid",
        optimizer: str = "sgd",
        learning_rate: float | None = None,
        loss: str = "mean_squared_error",
        epochs: int = 50,
        batch_size: int = 32,
        early_stopping: int | None = None,
        validation_split: float = 0.1,
        class_weight: Any = None,
        random_state: Any = None,
    ) -> None:
        self.layers = layers
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.loss = loss
        self.epochs = epochs
        self.batch_size = batch_size
        self.early_stopping = early_stopping
        self.validation_split = validation_split
        self.class_weight = class_weight
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: NDArray[np.int64] | None = None,
        times: NDArray[np.float64] | None = None,
    ) -> Self:
        """Train a fresh network.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
            Two classes of any kind; the second in sorted order is the positive one.
        sample_weight : array-like of shape (n_samples,), optional
        groups : ndarray of shape (n_samples,), int64, optional
            Whole groups are held out then; rows, with a warning, where a class is in one group alone.
        times : ndarray of shape (n_samples,), float64, optional
            The latest rows are held out then; any, with a warning, where these have no row of a class.

        Raises
        ------
        ValueError
            For wrong parameters or other than two classes, and if training diverges: the loss is not finite,
            or a weight beyond 1e10.
        UnavailableError
            If TensorFlow or Keras 3 is not here.
        """
        self._check_params()
        X, y = cast(tuple[NDArray[Any], NDArray[Any]], validate_data(self, X, y, dtype=np.float32))
        codes = self._encode(y)
        weight = _check_sample_weight(sample_weight, X, dtype=np.float32, ensure_non_negative=True)
        if self.class_weight is not None:
            weight = (weight * compute_sample_weight(self.class_weight, y)).astype(np.float32)
        random = check_random_state(self.random_state)
        kept, held_out = _hold_out(codes, self.validation_split, random, groups, times)
        if self.early_stopping is not None and not len(held_out):
            raise ValueError(
                "expected held-out rows to stop early on, got none with "
                f"validation_split={self.validation_split!r} of {len(codes)} rows: raise validation_split or "
                "leave early_stopping out"
            )
        self._train((X, codes, weight), kept, held_out, random)
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the probability of each class, ndarray of shape (n_samples, 2)."""
        check_is_fitted(self)
        X = cast(NDArray[Any], validate_data(self, X, dtype=np.float32, reset=False))
        from smote_bench.classifiers.keras_training import predict_network

        score = predict_network(self._plan(), self.weights_, X).astype(np.float64)
        return np.column_stack([1.0 - score, score])

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class with the larger probability; of equal ones the first."""
        proba = self.predict_proba(X)
        labels: NDArray[Any] = self.classes_.take(proba.argmax(axis=1))
        return labels

    def build_model(self) -> Any:
        """Return a new Keras model with the fitted weights, for prediction."""
        check_is_fitted(self)
        from smote_bench.classifiers.keras_training import build_network

        return build_network(self._plan(), self.weights_)

    def _encode(self, y: NDArray[Any]) -> NDArray[np.int64]:
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) > 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(y)}: expected two classes, got {len(self.classes_)}: merge or select "
                "classes"
            )
        if len(self.classes_) < 2:
            raise ValueError(
                f"expected two classes, got one class, {self.classes_[0]!r}: give rows of both classes"
            )
        return codes

    def _plan(self) -> NetworkPlan:
        from smote_bench.classifiers.keras_training import NetworkPlan

        names = (self.activation, self.optimizer, self.loss)
        return NetworkPlan(self.n_features_in_, tuple(self.layers), *names, self.learning_rate)

    def _train(
        self,
        data: tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]],
        kept: NDArray[np.int64],
        held_out: NDArray[np.int64],
        random: np.random.RandomState,
    ) -> None:
        from smote_bench.classifiers.keras_training import train_network

        training = train_network(
            self._plan(),
            _rows(data, kept),
            _rows(data, held_out) if len(held_out) else None,
            epochs=self.epochs,
            batch_size=self.batch_size,
            random=random,
        )
        epochs: list[Epoch] = []
        best, best_loss, weights = 0, math.inf, []
        with contextlib.closing(training):
            for number, epoch in enumerate(training, start=1):
                epochs.append(dataclasses.replace(epoch, weights=[]))
                self._check_progress(epoch, number)
                if self.early_stopping is None:
                    weights = epoch.weights
                elif epoch.val_loss is not None and epoch.val_loss < best_loss:
                    best, best_loss, weights = number, epoch.val_loss, epoch.weights
                elif number - best >= self.early_stopping:
                    break
        self.weights_ = weights
        self.history_ = _history(epochs, data[1][kept], data[1][held_out])

    def _check_progress(self, epoch: Epoch, number: int) -> None:
        largest = max(float(np.abs(weight).max()) for weight in epoch.weights)
        if not math.isfinite(epoch.loss):
            found = f"the loss is not finite after epoch {number} ({epoch.loss!r})"
        elif not largest < _LARGEST_WEIGHT:
            found = f"a weight is {largest:.2g} after epoch {number}"
        else:
            return
        rate = "the optimizer's own" if self.learning_rate is None else self.learning_rate
        raise ValueError(
            f"expected a network that learns, but {found}: lower learning_rate (now {rate}, optimizer "
            f"{self.optimizer}) or scale the features"
        )

    def _check_params(self) -> None:
        expected = {
            "layers": ("a list of whole numbers from 1", _is_layers),
            "activation": ("a name that Keras knows", _is_name),
            "optimizer": ("a name that Keras knows", _is_name),
            "loss": ("a name that Keras knows", _is_name),
            "epochs": ("a whole number from 1", _is_count),
            "batch_size": ("a whole number from 1", _is_count),
            "learning_rate": ("a number above 0, or null for the optimizer's own,", _is_rate),
            "early_stopping": ("a number of epochs from 1, or null", lambda v: v is None or _is_count(v)),
            "validation_split": ("a share from 0 to below 1", lambda v: _is_number(v) and 0 <= v < 1),
        }
        for name, (words, is_right) in expected.items():
            value = getattr(self, name)
            if not is_right(value):
                raise ValueError(
                    f"expected {words} for {name}, got {name}={value!r} (type={type(value).__name__}): "
                    "correct it"
                )


def _is_name(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _is_rate(value: Any) -> bool:
    return value is None or (_is_number(value) and math.isfinite(value) and value > 0)


def _is_count(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool) and int(value) >= 1


def _is_layers(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(map(_is_count, value))


def _hold_out(
    codes: NDArray[np.int64],
    share: float,
    random: np.random.RandomState,
    groups: NDArray[np.int64] | None = None,
    times: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Split rows into those to learn from and those held out: `share` of each class, and never all of one."""
    if share and (groups is not None or times is not None):
        apart = _held_apart(codes, share, random, groups, times)
        if apart is not None:
            return np.flatnonzero(~apart), np.flatnonzero(apart)
        warnings.warn(
            "a class is in one group or at one time alone: held-out rows are drawn from all", stacklevel=3
        )
    held_out = []
    for code in (0, 1):
        rows = random.permutation(np.flatnonzero(codes == code))
        held_out.append(rows[: min(round(share * len(rows)), len(rows) - 1)])
    is_held_out = np.zeros(len(codes), dtype=bool)
    is_held_out[np.concatenate(held_out)] = True
    return np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)


def _held_apart(
    codes: NDArray[np.int64],
    share: float,
    random: np.random.RandomState,
    groups: NDArray[np.int64] | None,
    times: NDArray[np.float64] | None,
) -> NDArray[np.bool_] | None:
    """Tell which rows are held out: whole groups, or the latest rows; None if that cannot be."""
    if groups is None:
        assert times is not None
        return latest_rows(codes, times, round(share * len(codes)), n_blocks=1)
    n_parts = min(max(2, round(1 / share)), fewest_groups(codes, groups))
    if n_parts < 2:
        return None
    held_out: NDArray[np.bool_] = group_parts(codes, groups, n_parts, seed=random.randint(2**31 - 1)) == 0
    return held_out


def _rows(data: tuple[NDArray[Any], NDArray[Any], NDArray[Any]], index: NDArray[np.int64]) -> Rows:
    from smote_bench.classifiers.keras_training import Rows

    return Rows(*(np.ascontiguousarray(values[index], dtype=np.float32) for values in data))


def _history(
    epochs: Sequence[Epoch], y: NDArray[np.int64], y_held_out: NDArray[np.int64]
) -> dict[str, list[float]]:
    history = {"loss": [epoch.loss for epoch in epochs]}
    history |= epoch_metrics(y, np.stack([epoch.score for epoch in epochs]))
    if not len(y_held_out):
        return history
    held_out = {"loss": [float(epoch.val_loss) for epoch in epochs if epoch.val_loss is not None]}
    held_out |= epoch_metrics(
        y_held_out, np.stack([epoch.val_score for epoch in epochs if epoch.val_score is not None])
    )
    return history | {f"val_{name}": values for name, values in held_out.items()}
