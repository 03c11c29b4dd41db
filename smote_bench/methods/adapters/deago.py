"""DEAGO on Keras 3: the same autoencoder, trained batch by batch, seeded by the sampler alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import smote_variants
from sklearn.preprocessing import StandardScaler

from smote_bench.environment.quiet_tensorflow import import_tensorflow

tf = import_tensorflow()

__all__ = ["DEAGO"]

_BATCH_SIZE = 32  # the default of Model.fit, which the original calls
_PATIENCE = 2


class DEAGO(smote_variants.DEAGO):  # type: ignore[misc]  # no types in smote_variants
    """SMOTE, then a denoising autoencoder of the minority class that moves the new rows onto its manifold.

    Notes
    -----
    Model, optimiser, number of epochs and early stopping are those of smote_variants. Three things differ:
    sizes are Python ints; nothing global is seeded or configured; and an epoch is a few calls of
    `train_on_batch`, since `Model.fit` spends 100 ms an epoch on itself (18 s for 142 epochs of one batch).
    """

    def sampling_algorithm(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows with as many new ones as `proportion` asks for."""
        if self.det_n_to_sample(self.proportion) == 0:
            unchanged: tuple[np.ndarray, np.ndarray] = self.return_copies(X, y, "Sampling is not needed.")
            return unchanged
        oversampled, _ = smote_variants.SMOTE(
            proportion=self.proportion,
            n_neighbors=self.n_neighbors,
            nn_params=self.nn_params,
            ss_params=self.ss_params,
            n_jobs=self.n_jobs,
            random_state=self._random_state_init,
        ).sample(X, y)
        minority = X[y == self.min_label]
        scaler = StandardScaler().fit(minority)
        samples = self.execute_autoencoder(
            scaler.transform(minority), scaler.transform(oversampled[len(X) :])
        )
        samples = scaler.inverse_transform(samples)
        return np.vstack([X, samples]), np.hstack([y, np.repeat(self.min_label, len(samples))])

    def get_model(self, n_dim: int, encoding_d: int) -> Any:
        """Return the autoencoder, each of its layers with a seed of its own."""
        layers, glorot = tf.keras.layers, tf.keras.initializers.GlorotUniform
        seeds = [int(seed) for seed in self.random_state.randint(2**31 - 1, size=3)]
        inputs = layers.Input(shape=(n_dim,))
        noise = layers.GaussianNoise(self.encoder_params["sigma"], seed=seeds[0])(inputs)
        encoded = layers.Dense(encoding_d, activation="relu", kernel_initializer=glorot(seeds[1]))(noise)
        decoded = layers.Dense(n_dim, activation="linear", kernel_initializer=glorot(seeds[2]))(encoded)
        return tf.keras.models.Model(inputs, decoded)

    def execute_autoencoder(self, X_min_normalized: np.ndarray, X_init_normalized: np.ndarray) -> np.ndarray:
        """Train on the minority, its last fifth held out to stop early; return the new rows, denoised."""
        n_rows, n_dim = X_min_normalized.shape
        model = self.get_model(n_dim, max(2, round(n_dim * self.encoder_params["h"])))
        model.compile(optimizer="adadelta", loss="mean_squared_error", jit_compile=False)
        n_held_out = int(0.2 * n_rows) if n_rows > 10 else 0
        train, held_out = np.split(X_min_normalized.astype("float32"), [n_rows - n_held_out])
        best, waited = np.inf, 0
        for _ in range(max(self.encoder_params["e"], int(5000 / n_rows))):
            order = self.random_state.permutation(len(train))
            for start in range(0, len(order), _BATCH_SIZE):
                batch = train[order[start : start + _BATCH_SIZE]]
                model.train_on_batch(batch, batch)
            if n_held_out:
                model.reset_metrics()
                loss = float(model.test_on_batch(held_out, held_out))
                best, waited = (loss, 0) if loss < best else (best, waited + 1)
                if waited >= _PATIENCE:
                    break
        return np.asarray(model(X_init_normalized.astype("float32"), training=False), dtype=np.float64)
