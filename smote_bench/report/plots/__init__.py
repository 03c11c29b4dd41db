"""A run's figures through matplotlib, fit for a paper: a function per figure, a run in, a `Figure` out."""

from smote_bench.report.plots.files import write_figures

__all__ = ["write_figures"]
