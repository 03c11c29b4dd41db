"""A small Keras network and its training, an epoch a call; the one module that makes TensorFlow compute.

`Model.fit` spends most of its time on itself. Here the same Keras layers, optimizer and loss take the same
steps inside one graph. A process makes one graph for each kind of network (layers, optimizer, loss...), not
for each fit: tracing it takes longer than the training, and TensorFlow 2.21 keeps nearly 2 MB of every graph
that was ever made, whether `clear_session` is called or not. Before each training everything that learns, the
weights and the optimizer's state, is set to fresh initial values, so nothing of an earlier fit is left; tests
hold it to that.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smote_bench.environment.quiet_tensorflow import import_keras

__all__ = ["Epoch", "NetworkPlan", "Rows", "build_network", "predict_network", "train_network"]

_PREDICTED_ROWS = 4096
_KINDS_KEPT = 16


@dataclass(frozen=True)
class NetworkPlan:
    """A kind of network, and how it learns.

    Parameters
    ----------
    n_features : int
    layers : tuple of int
        Units of each hidden layer.
    activation, optimizer, loss : str
        Names that Keras knows.
    learning_rate : float or None
        None for the optimizer's own.
    """

    n_features: int
    layers: tuple[int, ...]
    activation: str
    optimizer: str
    loss: str
    learning_rate: float | None


@dataclass(frozen=True)
class Rows:
    """Features, labels (0 or 1) and weights of the same rows, all float32."""

    X: NDArray[np.float32]
    y: NDArray[np.float32]
    weight: NDArray[np.float32]


@dataclass(frozen=True)
class Epoch:
    """What an epoch left: losses over all rows, probabilities of class 1 and weights, after its last step."""

    loss: float
    score: NDArray[np.float32]
    val_loss: float | None
    val_score: NDArray[np.float32] | None
    weights: list[NDArray[np.float32]]


def build_network(
    plan: NetworkPlan, weights: Sequence[NDArray[np.float32]] | None = None, *, dtype: str = "float32"
) -> Any:
    """Return a Keras model: dense hidden layers and one sigmoid unit.

    Raises
    ------
    ValueError
        If Keras does not know the activation.
    UnavailableError
        If TensorFlow or Keras 3 is not here.
    """
    _, keras = import_keras()
    activation = _known(keras.activations.get, "activation", plan.activation)
    kinds = [*((n_units, activation) for n_units in plan.layers), (1, "sigmoid")]
    with keras.device("cpu:0"):
        network = keras.Sequential(name="KerasMLP")
        network.add(keras.Input((plan.n_features,), dtype=dtype))
        for number, (n_units, kind) in enumerate(kinds):
            # Each with a seed, even where weights follow: drawing one would read a global generator.
            initial = keras.initializers.GlorotUniform(seed=number)
            network.add(
                keras.layers.Dense(
                    n_units, kind, kernel_initializer=initial, dtype=dtype, name=f"dense_{number}"
                )
            )
        if weights is not None:
            network.set_weights(weights)
    return network


def train_network(
    plan: NetworkPlan,
    train: Rows,
    held_out: Rows | None,
    *,
    epochs: int,
    batch_size: int,
    random: np.random.RandomState,
) -> Generator[Epoch, None, None]:
    """Train a network from fresh weights and yield what each epoch left.

    Parameters
    ----------
    plan : NetworkPlan
    train : Rows
        What it learns from, in a new order each epoch.
    held_out : Rows, optional
        Predicted after each epoch, never learnt from.
    epochs, batch_size : int
        The last batch of an epoch is smaller where the rows do not divide.
    random : RandomState
        Of initial weights and orders.

    Raises
    ------
    ValueError
        If Keras does not know the activation, the optimizer or the loss.
    UnavailableError
        If TensorFlow or Keras 3 is not here.
    """
    trainer = _trainer(plan)
    with trainer.lock:
        trainer.start([int(seed) for seed in random.randint(2**31 - 1, size=len(plan.layers) + 1)])
        for _ in range(epochs):
            trainer.learn(train, random.permutation(len(train.X)), batch_size)
            loss, score = trainer.evaluate(train)
            val_loss, val_score = (None, None) if held_out is None else trainer.evaluate(held_out)
            yield Epoch(loss, score, val_loss, val_score, trainer.network.get_weights())


def predict_network(
    plan: NetworkPlan, weights: Sequence[NDArray[np.float32]], X: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the probability of class 1 for each row, from a network with these weights."""
    trainer = _trainer(plan)
    with trainer.lock:
        trainer.network.set_weights(weights)
        starts = range(0, len(X), _PREDICTED_ROWS)
        return np.concatenate([trainer.predict(X[start : start + _PREDICTED_ROWS]) for start in starts])


class _Trainer:
    """The graphs of one kind of network; what they compute depends on `start` and their arguments alone.

    Everything is placed on the CPU, where these operations give the same bits; a GPU sums in any order.
    """

    def __init__(self, plan: NetworkPlan) -> None:
        self._tf, self._keras = import_keras()
        self.lock = threading.Lock()  # threads of one process share the graphs, and so the variables
        self._device = functools.partial(self._keras.device, "cpu:0")
        self._loss = _known(self._keras.losses.get, "loss", plan.loss)
        optimizer = type(_known(self._keras.optimizers.get, "optimizer", plan.optimizer))
        self.network = build_network(plan)
        with self._device():
            self._optimizer = optimizer(**_rate(plan))
            self._optimizer.build(self.network.trainable_variables)
            self._precise = build_network(plan, dtype="float64")
            self._initial_state = [np.asarray(variable) for variable in self._optimizer.variables]
            self._learn, self._evaluate = self._compile(plan.n_features)

    def start(self, seeds: Sequence[int]) -> None:
        """Set everything that learns to fresh initial values."""
        with self._device():
            for layer, seed in zip(self.network.layers, seeds, strict=True):
                layer.kernel.assign(self._keras.initializers.GlorotUniform(seed=seed)(layer.kernel.shape))
                layer.bias.assign(np.zeros(layer.bias.shape, np.float32))
            for variable, value in zip(self._optimizer.variables, self._initial_state, strict=True):
                variable.assign(value)

    def learn(self, rows: Rows, order: NDArray[np.integer], batch_size: int) -> None:
        """Take one step for each batch of rows in this order."""
        with self._device():
            self._learn(*self._tensors(rows), *map(self._tf.constant, (order.astype(np.int32), batch_size)))

    def evaluate(self, rows: Rows) -> tuple[float, NDArray[np.float32]]:
        """Return the loss over all rows and the probability of class 1 for each."""
        with self._device():
            loss, score = self._evaluate(*self._tensors(rows))
            return float(loss), score.numpy()

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probability of class 1 for each row."""
        nothing = np.zeros(len(X), np.float32)
        return self.evaluate(Rows(X, nothing, nothing))[1]

    def _tensors(self, rows: Rows) -> tuple[Any, Any, Any]:
        constant = self._tf.constant
        return constant(rows.X), constant(rows.y[:, None]), constant(rows.weight)

    def _compile(self, n_features: int) -> tuple[Any, Any]:
        """Trace both graphs, without autograph, which would read code that has nothing to convert."""
        tf, network = self._tf, self.network
        rows = [tf.TensorSpec(shape) for shape in ([None, n_features], [None, 1], [None])]
        order = tf.TensorSpec([None], tf.int32)
        batch_size = tf.TensorSpec([], tf.int32)

        def mean_loss(y: Any, score: Any, weight: Any) -> Any:
            return tf.reduce_mean(self._loss(y, score) * weight)  # as Model.fit weighs

        def learn(X: Any, y: Any, weight: Any, order: Any, batch_size: Any) -> Any:
            def step(start: Any) -> tuple[Any]:
                batch = order[start : start + batch_size]
                with tf.GradientTape() as tape:
                    score = network(tf.gather(X, batch), training=True)
                    loss = mean_loss(tf.gather(y, batch), score, tf.gather(weight, batch))
                variables = network.trainable_variables
                self._optimizer.apply(tape.gradient(loss, variables), variables)
                return (start + batch_size,)

            n_rows = tf.size(order)
            return tf.while_loop(lambda start: start < n_rows, step, (0,), parallel_iterations=1)

        def evaluate(X: Any, y: Any, weight: Any) -> tuple[Any, Any]:
            # In float32 a score's last bit depends on the row's place in a block of rows: equal rows would
            # get unequal scores, and rounding would break the ties of a ranking.
            X, y, weight = (tf.cast(values, tf.float64) for values in (X, y, weight))
            weights = [tf.cast(variable.value, tf.float64) for variable in network.trainable_variables]
            score, _ = self._precise.stateless_call(weights, [], X, training=False)
            return mean_loss(y, score, weight), tf.cast(score[:, 0], tf.float32)

        compiled = functools.partial(tf.function, autograph=False)
        return (
            compiled(learn).get_concrete_function(*rows, order, batch_size),
            compiled(evaluate).get_concrete_function(*rows),
        )


@functools.lru_cache(maxsize=_KINDS_KEPT)
def _trainer(plan: NetworkPlan) -> _Trainer:
    return _Trainer(plan)


def _rate(plan: NetworkPlan) -> dict[str, float]:
    return {} if plan.learning_rate is None else {"learning_rate": plan.learning_rate}


def _known(get: Any, what: str, name: str) -> Any:
    try:
        return get(name)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"expected the name of a Keras {what}, got {what}={name!r}: take one from Keras's documentation, "
            "in lower case with underscores, as 'relu', 'adam' or 'binary_crossentropy'"
        ) from error
