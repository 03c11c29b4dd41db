"""The command of a baseline, as another machine can repeat it."""

from __future__ import annotations

from pathlib import Path

from smote_bench.gating.baselines.arguments import portable_arguments, repeated_arguments


def test_arguments_are_written_as_another_machine_would(tmp_path: Path) -> None:
    from smote_bench.experiment.shipped import experiment_path, grid_file

    given_words = [
        str(grid_file()),
        f"--rootdir={tmp_path}",
        "--smote-experiment",
        str(experiment_path("quick")),
        "--smote-out",
        "reports",
        "--smote-save=main",
        "--smote-accept-reason",
        "why",
        "-n",
        "2",
        str(tmp_path / "conf" / "mine.yaml"),
        "--smote-data=/elsewhere",
        "-k",
        "a and b",
    ]
    assert portable_arguments(given_words, tmp_path) == [
        "{grid}",
        "--rootdir=.",
        "--smote-experiment",
        "quick",
        "-n",
        "2",
        "conf/mine.yaml",
        "--smote-data=/elsewhere",
        "-k",
        "a and b",
    ]


def test_repeated_arguments_name_the_baseline_and_the_reason_anew() -> None:
    from smote_bench.experiment.shipped import grid_file

    words = repeated_arguments(["{grid}", "-n", "2"], name="main", reports=Path("reports"), reason="why")
    assert words[:3] == [str(grid_file()), "-n", "2"]
    assert words[3:] == ["--smote-out", "reports", "--smote-save", "main", "--smote-accept-reason", "why"]
