"""What comes with smote-bench, installed or in a checkout: experiments and the grid's test file."""

from __future__ import annotations

from pathlib import Path

from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["RUN_OPTIONS", "experiment_path", "experiments_folder", "grid_file", "shipped_experiments"]

RUN_OPTIONS = (
    *("-p", "smote_bench.plugin", "--import-mode=importlib"),
    # this command has imported us before pytest, which would say so in every summary
    *("-W", "ignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning"),
)
"""What ``smote-bench run`` and ``smote-bench baseline`` give to pytest beside the grid's file."""


def experiment_path(name: str) -> Path:
    """Return the file of an experiment given as a path, or by the bare name of one of smote-bench's own."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return path
    shipped = shipped_experiments()
    if name in shipped:
        return shipped[name]
    raise ConfigError(
        f"expected an experiment file, or one of {', '.join(shipped)}; got {name!r}."
        f"{did_you_mean(name, shipped) or _for_one_data_set(name)}"
    )


def _for_one_data_set(name: str) -> str:
    """Say how an experiment is run on one data set, to those who named the data set."""
    from smote_bench.data.cards import catalogue_names

    hint = did_you_mean(name, catalogue_names())
    return f"{hint} A data set is picked by -k, as in `smote-bench run default -k Ecoli`" if hint else ""


def shipped_experiments() -> dict[str, Path]:
    """Return the files of smote-bench's own experiments by their names."""
    return {found.stem: found for found in sorted(experiments_folder().glob("*.yaml"))}


def experiments_folder() -> Path:
    """Return the folder of the experiments that come with smote-bench."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_benchmarks" / "experiments"
    return installed if installed.is_dir() else package.parent / "benchmarks" / "experiments"


def grid_file() -> Path:
    """Return the test file whose cases are the cells."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_benchmarks" / "test_grid.py"
    return installed if installed.is_file() else package.parent / "benchmarks" / "test_grid.py"
