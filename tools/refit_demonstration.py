"""Write into docs/flare.md what re-fitting one Keras model does, beside a fresh one for every treatment.

    python tools/refit_demonstration.py

Fits the study's network nineteen times to one split of Flare; one to four minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from imblearn.over_sampling import RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler
from sklearn.metrics import balanced_accuracy_score, recall_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler

from smote_bench.commands.documents import write_into
from smote_bench.data.dataset import load_dataset
from smote_bench.environment.quiet_tensorflow import import_keras

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "flare.md"
SEED = 42
EPOCHS = 50
TREATMENTS = {
    "none": None,
    "RandomUnderSampler": RandomUnderSampler(random_state=SEED),
    "RandomOverSampler": RandomOverSampler(random_state=SEED),
}


def main() -> None:
    """Write the table."""
    data = split()
    lines = [
        "| network | order | treatment | loss at the start | loss at the end | balanced accuracy | recall |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for name in TREATMENTS:
        lines += rows("fresh", [name], data)
    for order in (list(TREATMENTS), list(reversed(TREATMENTS))):
        lines += rows("re-fitted", order, data)
    # As long as the study's: what its last treatment had behind it.
    same = list(rows("re-fitted", [list(TREATMENTS)[-1]] * 10, data))
    lines += [same[place - 1] for place in (5, 10)]
    write_into(DOCUMENT, "flare refit", "\n" + "\n".join(lines) + "\n\n")
    print(DOCUMENT)


def split() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return training rows, hold-out and their classes as in the study: 80/20, stratified."""
    dataset = load_dataset("Flare")
    X, y = dataset.X.to_numpy(float), np.asarray(dataset.y)
    train, test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=SEED)
    scaler = MinMaxScaler().fit(train)
    return scaler.transform(train), scaler.transform(test), y_train, y_test


def rows(kind: str, order: list[str], data: tuple[np.ndarray, ...]) -> Iterator[str]:
    """Fit one model to treatments in an order and return a line of the table for each."""
    train, test, y_train, y_test = data
    model = network()
    for place, name in enumerate(order, start=1):
        sampler = TREATMENTS[name]
        X, y = sampler.fit_resample(train, y_train) if sampler is not None else (train, y_train)
        before = float(model.evaluate(X, y, verbose=0))
        model.fit(X, y, epochs=EPOCHS, batch_size=32, verbose=0)
        after = float(model.evaluate(X, y, verbose=0))
        label = (model.predict(test, verbose=0).ravel() > 0.5).astype(int)
        scores = (balanced_accuracy_score(y_test, label), recall_score(y_test, label))
        where = f"{place} of {len(order)}" if len(order) > 1 else "alone"
        values = " | ".join(f"{value:.3f}" for value in (before, after, *scores))
        yield f"| {kind} | {where} | {name} | {values} |"


def network() -> Any:
    """Return the study's network, compiled, with the same first weights each time."""
    _, keras = import_keras()
    keras.utils.set_random_seed(SEED)
    layers = [keras.layers.Dense(units, activation="sigmoid") for units in (12, 12, 1)]
    model = keras.Sequential([keras.Input((7,)), *layers])
    model.compile(optimizer="sgd", loss="mean_squared_error")
    return model


if __name__ == "__main__":
    main()
