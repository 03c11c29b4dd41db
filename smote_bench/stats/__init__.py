"""Statistics for comparisons over data sets and over folds: frames in, frames out.

Knows nothing of runs, cells or metrics: a block is a data set, a column is a method. docs/statistics.md says
what each test assumes, when it is refused, and which published numbers it is held to.
"""

from smote_bench.stats.adjust import holm
from smote_bench.stats.bayes import (
    Posterior,
    bayesian_correlated_t,
    bayesian_sign_test,
    bayesian_signed_rank_test,
)
from smote_bench.stats.control import z_against_control
from smote_bench.stats.frames import MIN_DATASETS, complete_blocks, oriented_differences
from smote_bench.stats.friedman import Friedman, friedman
from smote_bench.stats.intervals import ResampledT, mean_interval, resampled_t, resampled_t_columns
from smote_bench.stats.joint import MIN_FITS, MIN_SIGNS, joint_over_datasets, joint_over_fits
from smote_bench.stats.nemenyi import cliques, critical_difference, nemenyi
from smote_bench.stats.ranks import mean_ranks, rank_blocks
from smote_bench.stats.wilcoxon import SignedRank, signed_rank, wilcoxon_holm

__all__ = [
    "MIN_DATASETS",
    "MIN_FITS",
    "MIN_SIGNS",
    "Friedman",
    "Posterior",
    "ResampledT",
    "SignedRank",
    "bayesian_correlated_t",
    "bayesian_sign_test",
    "bayesian_signed_rank_test",
    "cliques",
    "complete_blocks",
    "critical_difference",
    "friedman",
    "holm",
    "joint_over_datasets",
    "joint_over_fits",
    "mean_interval",
    "mean_ranks",
    "nemenyi",
    "oriented_differences",
    "rank_blocks",
    "resampled_t",
    "resampled_t_columns",
    "signed_rank",
    "wilcoxon_holm",
    "z_against_control",
]
