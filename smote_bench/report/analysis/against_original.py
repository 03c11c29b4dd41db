"""Each method against `Original` over data sets: Wilcoxon-Holm and Bayesian, each pair with its own n."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from smote_bench.methods.names import ORIGINAL
from smote_bench.stats import (
    MIN_DATASETS,
    bayesian_sign_test,
    bayesian_signed_rank_test,
    oriented_differences,
    wilcoxon_holm,
)

__all__ = ["ALPHA", "against_original", "data_sets"]

ALPHA = 0.05


def against_original(
    scores: pd.DataFrame,
    missing: pd.DataFrame,
    *,
    better: Literal["high", "low"],
    failed: str,
    rope: float,
    warnings: list[str],
) -> dict[str, Any]:
    """Compare each method with `Original` on the data sets that both were run on.

    Parameters
    ----------
    scores : DataFrame of shape (n_datasets, n_methods)
    missing : DataFrame of bool, same shape
        Where a method was not run.
    better : {"high", "low"}
    failed : {"complete", "worst"}
    rope : float
    warnings : list of str
        Appended to.

    Returns
    -------
    dict
        wilcoxon and bayes, as fields of `TestResults`; empty where no pair carries a test.
    """
    methods = [method for method in scores.columns if method != ORIGINAL]
    if ORIGINAL not in scores.columns or not methods:
        warnings.append(f"no comparison with {ORIGINAL}: it takes scores of {ORIGINAL} and of a method")
        return {}
    differences = oriented_differences(
        scores, ORIGINAL, better=better, missing="worst" if failed == "worst" else "drop", not_run=missing
    )
    table = wilcoxon_holm(differences)
    _say_what_is_not_tested(table, warnings)
    tested = table.index[table["n"] >= MIN_DATASETS]
    if tested.empty:
        return {}
    bayes = [_posteriors(differences[method].dropna().to_numpy(), rope) for method in tested]
    return {"wilcoxon": table, "bayes": pd.DataFrame(bayes, index=tested)}


def _posteriors(values: np.ndarray, rope: float) -> dict[str, float]:
    rank, sign = bayesian_signed_rank_test(values, rope=rope), bayesian_sign_test(values, rope=rope)
    row: dict[str, float] = {"n": len(values)}
    for prefix, posterior in (("", rank), ("sign_", sign)):
        for name in ("p_worse", "p_equivalent", "p_better"):
            row[prefix + name] = getattr(posterior, name)
    return {**row, "rope": rope}


def _say_what_is_not_tested(table: pd.DataFrame, warnings: list[str]) -> None:
    short = table.index[table["n"] < MIN_DATASETS].tolist()
    if len(short) == len(table):
        warnings.append(
            f"no Wilcoxon or Bayesian test: {data_sets(int(table['n'].max()))} with both, at least "
            f"{MIN_DATASETS} needed"
        )
    elif short:
        warnings.append(
            f"no Wilcoxon or Bayesian test, with fewer than {MIN_DATASETS} data sets: {', '.join(short)}"
        )
    tested = int(table["p"].notna().sum())
    if tested and _least_p(table) * tested > ALPHA:
        warnings.append(
            f"Wilcoxon-Holm cannot reject: with {data_sets(int(table['n'].max()))} and {tested} methods even "
            f"the clearest outcome has p = {_least_p(table) * tested:.3f}"
        )
    equal = table.index[table["reason"].str.startswith("equal")].tolist()
    if equal:
        warnings.append(
            f"scored as {ORIGINAL} on all data sets, so not tested by Wilcoxon: {', '.join(equal)}"
        )


def _least_p(table: pd.DataFrame) -> float:
    """Return the p of a method that is better on all data sets, the smallest there is."""
    return 2.0 ** (1 - int(table["n"].max()))


def data_sets(n: int) -> str:
    """Return the count in words: ``"1 data set"``, ``"3 data sets"``."""
    return f"{n} data set" + ("" if n == 1 else "s")
