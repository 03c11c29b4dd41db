"""The analysis of a run, all in one place to import from: a run in, frames out."""

from smote_bench.report.cell_intervals import cell_intervals, heat_map
from smote_bench.report.over_datasets import TestResults, tests
from smote_bench.report.ranking import pareto, ranking
from smote_bench.report.score_blocks import blocks

__all__ = ["TestResults", "blocks", "cell_intervals", "heat_map", "pareto", "ranking", "tests"]
