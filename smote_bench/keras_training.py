"""A small Keras network and its training, an epoch a call; everything that imports TensorFlow is in here.

`Model.fit` spends most of its time on itself: on 850 rows and 50 epochs this loop, with the same Keras network,
optimizer and loss and the same steps, is several times as fast, and far more so with metrics (docs/experiments.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smote_bench.quiet_tensorflow import import_keras

__all__ = ["Epoch", "NetworkPlan", "Rows", "build_network", "predict_network", "train_network"]

_PREDICTED_ROWS = 4096


@dataclass(frozen=True)
class NetworkPlan:
    """A network before its weights, and how it learns.

    Parameters
    ----------
    n_features : int
    layers : tuple of int
        Units of each hidden layer.
    activation, optimizer, loss : str
        Names that Keras knows.
    learning_rate : float or None
        None for the optimizer's own.
    seeds : tuple of int
        One per hidden layer and one for the output layer.
    """

    n_features: int
    layers: tuple[int, ...]
    activation: str
    optimizer: str
    loss: str
    learning_rate: float | None
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Rows:
    """Features, labels (0 or 1) and weights of the same rows, all float32."""

    X: NDArray[np.float32]
    y: NDArray[np.float32]
    weight: NDArray[np.float32]


@dataclass(frozen=True)
class Epoch:
    """What an epoch left: losses over all rows and probabilities of class 1, both after its last step."""

    loss: float
    score: NDArray[np.float32]
    val_loss: float | None
    val_score: NDArray[np.float32] | None


def build_network(plan: NetworkPlan) -> Any:
    """Return a fresh Keras network: dense hidden layers and one sigmoid unit.

    Each layer draws from a seed of its own, so no global generator is read or changed.

    Raises
    ------
    ValueError
        If Keras does not know the activation.
    """
    _, keras = import_keras()
    units = [*plan.layers, 1]
    activations = [_known(keras.activations.get, "activation", plan.activation)] * len(plan.layers)
    with keras.device("cpu:0"):  # where the same steps give the same bits; a GPU sums in any order
        network = keras.Sequential(name="KerasMLP")
        network.add(keras.Input((plan.n_features,), dtype="float32"))
        for number, (n_units, activation) in enumerate(zip(units, [*activations, "sigmoid"], strict=True)):
            network.add(
                keras.layers.Dense(
                    n_units,
                    activation,
                    kernel_initializer=keras.initializers.GlorotUniform(seed=plan.seeds[number]),
                    dtype="float32",
                    name=f"dense_{number}",
                )
            )
    return network


def train_network(
    network: Any,
    plan: NetworkPlan,
    train: Rows,
    held_out: Rows | None,
    *,
    epochs: int,
    batch_size: int,
    shuffling: np.random.RandomState,
) -> Iterator[Epoch]:
    """Train a network and yield what each epoch left, while the network holds that epoch's weights.

    Parameters
    ----------
    network : keras.Model
        From `build_network`.
    plan : NetworkPlan
    train : Rows
        What it learns from, in a new order each epoch.
    held_out : Rows, optional
        Predicted after each epoch, never learnt from.
    epochs, batch_size : int
        The last batch of an epoch is smaller where the rows do not divide.
    shuffling : RandomState
        Of the orders.

    Raises
    ------
    ValueError
        If Keras does not know the optimizer or the loss.
    """
    tf, keras = import_keras()
    with keras.device("cpu:0"):
        loss = _known(keras.losses.get, "loss", plan.loss)
        rate = {} if plan.learning_rate is None else {"learning_rate": plan.learning_rate}
        kind = type(_known(keras.optimizers.get, "optimizer", plan.optimizer))
        optimizer = kind(**rate)
        optimizer.build(network.trainable_variables)
        parts = [_tensors(tf, rows) for rows in (train, held_out) if rows is not None]
        run_epoch = _compile_epoch(tf, network, optimizer, _weighted(loss), parts, batch_size)
        for _ in range(epochs):
            order = shuffling.permutation(len(train.X)).astype(np.int32)
            found = [(float(value), score.numpy()) for value, score in run_epoch(tf.constant(order))]
            yield Epoch(*found[0], *(found[1] if held_out is not None else (None, None)))


def predict_network(network: Any, X: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probability of class 1 for each row."""
    tf, keras = import_keras()
    with keras.device("cpu:0"):
        starts = range(0, len(X), _PREDICTED_ROWS)
        parts = [network(tf.constant(X[start : start + _PREDICTED_ROWS]), training=False) for start in starts]
        return np.concatenate([np.asarray(part)[:, 0] for part in parts])


def _known(get: Any, what: str, name: str) -> Any:
    try:
        return get(name)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"expected the name of a Keras {what}, got {what}={name!r}: take one from Keras's documentation, "
            "in snake_case or lower case as Keras writes it"
        ) from error


def _weighted(loss: Any) -> Any:
    """Return a loss as `Model.fit` computes it: the sum of weight times loss over the number of rows."""

    def mean_loss(y: Any, score: Any, weight: Any) -> Any:
        import tensorflow as tf

        return tf.reduce_mean(loss(y, score) * weight)

    return mean_loss


def _tensors(tf: Any, rows: Rows) -> tuple[Any, Any, Any]:
    return tf.constant(rows.X), tf.constant(rows.y[:, None]), tf.constant(rows.weight)


def _compile_epoch(
    tf: Any, network: Any, optimizer: Any, loss: Any, parts: Sequence[tuple[Any, Any, Any]], batch_size: int
) -> Any:
    """Return a function from an order of the rows to (loss, scores) of each part; one graph, one call an epoch.

    Without autograph, which takes half a second a network to read code that has nothing to convert.
    """
    X, y, weight = parts[0]

    def step(start: Any, order: Any) -> tuple[Any, Any]:
        rows = order[start : start + batch_size]
        with tf.GradientTape() as tape:
            score = network(tf.gather(X, rows), training=True)
            value = loss(tf.gather(y, rows), score, tf.gather(weight, rows))
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(value, variables), variables)
        return start + batch_size, order

    @tf.function(autograph=False)
    def run_epoch(order: Any) -> list[tuple[Any, Any]]:
        n_rows = tf.size(order)
        tf.while_loop(lambda start, _: start < n_rows, step, (tf.constant(0), order), parallel_iterations=1)
        scores = [network(part[0], training=False) for part in parts]
        return [(loss(part[1], score, part[2]), score[:, 0]) for part, score in zip(parts, scores, strict=True)]

    return run_epoch
