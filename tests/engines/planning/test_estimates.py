"""Seconds of cells from what was timed and what the memo knows."""

from __future__ import annotations

import pytest

from smote_bench.engines.planning.calibration import Calibration, Measured
from smote_bench.engines.planning.estimates import Estimates, group_costs
from smote_bench.engines.planning.growth import Growth, Point, Shape
from smote_bench.engines.planning.tables import Table
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.runs.known_work import Work

FLAT = Shape(rows=1.0, columns=0.0, least=1.0, most=1.0)


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return experiment_from_text(
        "methods: [SMOTE, ADASYN, tuned_threshold]\ndatasets: [Haberman, Ecoli]\n"
        "selected_classifiers: [kNN, DecisionTree]\ncv_folds: 4\n"
    )


TABLES = {
    "Haberman": Table("Haberman", 1000, 4, minority_share=0.25),
    "Ecoli": Table("Ecoli", 2000, 4, minority_share=0.25),
}


def linear(per_row: float) -> Growth:
    return Growth([Point(100, 4, 100 * per_row), Point(1000, 4, 1000 * per_row)], FLAT)


CALIBRATION = Calibration(
    methods={"SMOTE": Measured(linear(1e-3), grown=1.0), "ADASYN": Measured(linear(2e-3), grown=0.0)},
    classifiers={"kNN": Measured(linear(1e-2)), "DecisionTree": Measured(linear(1e-3))},
)


def estimates(experiment: Experiment, known: dict[Cell, Work] | None = None) -> Estimates:
    return Estimates(experiment, TABLES, CALIBRATION, known or {})


# Four folds train on 600 of 800 rows, the hold-out on 800: 640 in the mean, in 5 fits.


def test_resampling_is_counted_for_the_rows_of_every_fold(experiment: Experiment) -> None:
    found = estimates(experiment)
    assert found.resampling("Haberman", "SMOTE") == pytest.approx(5 * 0.64)
    assert found.resampling("Ecoli", "ADASYN") == pytest.approx(5 * 2.56)
    assert found.resampling("Haberman", "Original") == 0


def test_a_fit_takes_what_the_rows_after_resampling_take(experiment: Experiment) -> None:
    found = estimates(experiment)
    assert found.fitting(Cell("Haberman", "Original", "kNN")) == pytest.approx(5 * 6.4)
    assert found.fitting(Cell("Haberman", "SMOTE", "kNN")) == pytest.approx(5 * 6.4 * 1.5)
    assert found.fitting(Cell("Haberman", "ADASYN", "kNN")) == pytest.approx(5 * 6.4)


def test_a_tuned_threshold_fits_five_times_more(experiment: Experiment) -> None:
    found = estimates(experiment).fitting(Cell("Haberman", "tuned_threshold", "kNN"))
    assert found == pytest.approx(5 * 6.4 * (1 + 5 * 0.8))


def test_a_known_cell_takes_what_it_took(experiment: Experiment) -> None:
    cell = Cell("Haberman", "SMOTE", "kNN")
    found = estimates(experiment, {cell: Work(resampling=2.0, fitting=3.0)})
    assert found.fitting(cell) == pytest.approx(15)
    assert found.resampling("Haberman", "SMOTE") == pytest.approx(10)


def test_known_cells_correct_their_method_and_classifier_on_other_data_sets(experiment: Experiment) -> None:
    cell = Cell("Haberman", "SMOTE", "kNN")
    raw = estimates(experiment)
    doubled = {cell: Work(2 * raw.resampling("Haberman", "SMOTE") / 5, 2 * raw.fitting(cell) / 5)}
    found = estimates(experiment, doubled)
    there = Cell("Ecoli", "SMOTE", "kNN")
    assert raw.fitting(there) < found.fitting(there) <= 2 * raw.fitting(there)
    assert raw.resampling("Ecoli", "SMOTE") < found.resampling("Ecoli", "SMOTE")
    # what is less close is corrected less
    far = Cell("Ecoli", "Original", "DecisionTree")
    assert 1 < found.fitting(far) / raw.fitting(far) < found.fitting(there) / raw.fitting(there)


def test_errors_compare_known_cells_with_estimates_that_do_not_know_them(experiment: Experiment) -> None:
    cell = Cell("Haberman", "Original", "kNN")
    ((estimated, known),) = estimates(experiment, {cell: Work(0.0, 12.8)}).errors()
    assert estimated == pytest.approx(32.0)
    assert known == pytest.approx(64.0)


def test_without_calibration_seconds_are_those_of_the_kind(experiment: Experiment) -> None:
    found = Estimates(experiment, TABLES, Calibration(), {})
    assert 0 < found.fitting(Cell("Haberman", "SMOTE", "DecisionTree")) < 1
    assert found.resampling("Haberman", "SMOTE") > 0


def test_the_classifiers_of_a_group_share_its_resampling(experiment: Experiment) -> None:
    cells = [Cell("Haberman", "SMOTE", name) for name in ("kNN", "DecisionTree")]
    found = estimates(experiment)
    (cost,) = group_costs(cells, found)
    assert cost.total == pytest.approx(
        found.resampling("Haberman", "SMOTE")
        + found.describing("Haberman", "SMOTE")
        + sum(found.fitting(cell) + found.beside(cell) for cell in cells)
    )
    assert cost.seconds[0] > found.resampling("Haberman", "SMOTE")
    assert cost.n_over_time == 0


def test_no_cell_takes_longer_than_its_limit(experiment: Experiment) -> None:
    cells = [Cell("Haberman", "SMOTE", name) for name in ("kNN", "DecisionTree")]
    found = estimates(experiment)
    # 3.2 s of resampling and 48 s of kNN: the first ends by its limit, the second has its rows
    (cost,) = group_costs(cells, found, limit=10)
    assert cost.n_over_time == 1
    second = found.fitting(cells[1]) + found.beside(cells[1])
    assert cost.total == pytest.approx(10 + second + found.describing("Haberman", "SMOTE"))
    # resampling alone is over the limit: who comes second is told so
    (cost,) = group_costs(cells, found, limit=1)
    assert cost.n_over_time == 2
    assert cost.total < 1.1


def test_a_method_that_raised_everywhere_costs_next_to_nothing(experiment: Experiment) -> None:
    broken = Calibration({"SMOTE": Measured(failures=("ValueError: no",))}, CALIBRATION.classifiers)
    found = Estimates(experiment, TABLES, broken, {})
    assert found.fails("SMOTE")
    (cost,) = group_costs([Cell("Haberman", "SMOTE", "kNN")], found)
    assert cost.total < 0.1


def test_a_data_set_that_cannot_be_had_costs_nothing(experiment: Experiment) -> None:
    gone = {**TABLES, "Ecoli": Table("Ecoli", 1, 1, why_not="not here")}
    assert Estimates(experiment, gone, CALIBRATION, {}).fitting(Cell("Ecoli", "SMOTE", "kNN")) == 0
