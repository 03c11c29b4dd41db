"""parametrize_with_properties in a user's test file, and benchmarks/test_properties.py with its options."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smote_bench.errors import ConfigError
from smote_bench.properties import parametrize_with_properties

pytestmark = pytest.mark.versions

ROOT = Path(__file__).resolve().parents[2]

_SAMPLERS = '''
import numpy as np
from imblearn.over_sampling import SMOTE


class Shifted(SMOTE):
    """Moves the originals."""

    oversampler_family = "generic"

    def fit_resample(self, X, y):
        X, y = super().fit_resample(X, y)
        return X + 1, y
'''


@pytest.fixture
def project(pytester, monkeypatch):
    """A user's folder with a broken sampler; pytest runs in it as a process of its own."""
    pytester.makepyfile(my_samplers=_SAMPLERS)
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{pytester.path}")
    return pytester


def run(project, *args):
    return project.runpytest_subprocess("-p", "smote_bench.plugin", "-p", "no:cacheprovider", *args)


def test_a_users_test_file_gets_a_case_for_each_property(project):
    project.makepyfile(
        test_mine="""
        from imblearn.over_sampling import SMOTE
        from smote_bench.properties import parametrize_with_properties
        from my_samplers import Shifted

        @parametrize_with_properties(
            [SMOTE(), Shifted],
            properties=["originals_come_first", "rows_lie_between_neighbors"],
            expected_failures={"Shifted": {"originals_come_first": "it moves them on purpose"}},
        )
        def test_mine(estimator, check):
            check(estimator)
        """
    )
    result = run(project, "test_mine.py", "-v", "-rsx")
    result.assert_outcomes(passed=2, xfailed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*test_mine[[]SMOTE-originals_come_first[]]*PASSED*",
            "*XFAIL*Shifted-originals_come_first*it moves them on purpose*",
        ]
    )
    result.stdout.fnmatch_lines(["*SKIPPED*rows_lie_between_neighbors does not apply*this one is generic*"])


def test_a_failure_prints_property_meaning_data_and_seed(project):
    project.makepyfile(
        test_mine="""
        from smote_bench.properties import parametrize_with_properties

        @parametrize_with_properties(["my_samplers:Shifted"], properties=["originals_come_first"])
        def test_mine(oversampler, check):
            check(oversampler)
        """
    )
    result = run(project, "test_mine.py")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*originals_come_first (structure) does not hold: rows of the input are changed*",
            "*search seed 0*",
            "*from my_samplers import Shifted*",
            "*X = np.array(*",
            "*fit_resample(X, y)*",
        ]
    )


def test_an_expected_failure_that_holds_fails(project):
    project.makepyfile(
        test_mine="""
        from imblearn.over_sampling import SMOTE
        from smote_bench.properties import parametrize_with_properties

        @parametrize_with_properties(
            [SMOTE()], properties=["originals_come_first"], expected_failures={"originals_come_first": "why"}
        )
        def test_mine(oversampler, check):
            check(oversampler)
        """
    )
    run(project, "test_mine.py").assert_outcomes(failed=1)


def test_the_seed_is_hypothesis_own_option(project):
    project.makepyfile(
        test_mine="""
        from smote_bench.properties import parametrize_with_properties

        @parametrize_with_properties(["my_samplers:Shifted"], properties=["originals_come_first"])
        def test_mine(oversampler, check):
            check(oversampler)
        """
    )
    run(project, "test_mine.py", "--hypothesis-seed=12").stdout.fnmatch_lines(["*search seed 12*"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"expected_failures": {"originals_come_frist": "why"}}, "Did you mean 'originals_come_first'"),
        ({"expected_failures": {"SMOTTE": {"originals_come_first": "why"}}}, "Did you mean 'SMOTE'"),
        ({"expected_failures": {"originals_come_first": ""}}, "a reason in words"),
        ({"expected_failures": {"originals_come_first": True}}, "a reason in words"),
        ({"properties": ["structur"]}, "Did you mean 'structure'"),
        ({"family": "smot"}, "Did you mean 'smote'"),
    ],
)
def test_wrong_arguments_are_told_at_once(arguments, message):
    with pytest.raises(ConfigError, match=message):
        parametrize_with_properties(["imblearn.over_sampling:SMOTE"], **arguments)


def test_a_test_function_without_room_for_the_check_is_told():
    decorate = parametrize_with_properties(["imblearn.over_sampling:SMOTE"], properties=["structure"])
    with pytest.raises(ConfigError, match="an oversampler and a check"):
        decorate(lambda oversampler: None)


def test_expected_failures_may_be_a_function_of_the_oversampler():
    marked = []

    def reasons(oversampler):
        marked.append(oversampler)
        return {"originals_come_first": "why"}

    parametrize_with_properties(
        ["imblearn.over_sampling:SMOTE"], properties=["structure"], expected_failures=reasons
    )
    assert marked == ["imblearn.over_sampling:SMOTE"]


@pytest.fixture
def benchmarks(project):
    """The files of benchmarks/ in the user's folder."""
    for name in ("test_properties.py", "conftest.py", "test_grid.py"):
        target = project.path / "benchmarks" / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "benchmarks" / name, target)
    return project


def test_the_benchmark_takes_oversamplers_from_the_command_line(benchmarks):
    options = [
        "--oversampler",
        "my_samplers:Shifted",
        "--oversampler",
        'my_samplers:Shifted?{"k_neighbors": 2}',
    ]
    result = run(benchmarks, "benchmarks/test_properties.py", "-k", "originals_come", "-v", *options)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*Shifted(k_neighbors=2)-originals_come_first*"])


def test_the_benchmark_works_with_workers_and_a_stated_family(benchmarks):
    options = ["--oversampler", "my_samplers:Shifted", "--oversampler-family", "smote", "--oversampler-smoke"]
    result = run(benchmarks, "benchmarks/test_properties.py", "-n", "2", "-k", "between_neighbors", *options)
    result.assert_outcomes(failed=1)


def test_the_benchmark_names_a_misspelt_oversampler(benchmarks):
    result = run(benchmarks, "benchmarks/test_properties.py", "--oversampler", "my_samplers:Shiftet")
    result.stdout.fnmatch_lines(["*Did you mean 'Shifted'*"])
    assert result.ret != 0


def test_the_folder_alone_collects_the_grid_only(benchmarks):
    result = run(benchmarks, "benchmarks", "--collect-only", "-q", "--smote-experiment", "quick")
    assert "test_grid.py" in result.stdout.str()
    assert "test_properties" not in result.stdout.str()


@pytest.mark.parametrize("oversamplers", ["smote_impls:SMOTE", 3, [], iter(())])
def test_oversamplers_are_a_list_with_something_in_it(oversamplers):
    with pytest.raises(ConfigError, match=r"^oversamplers: expected a list of oversamplers, got .* write"):
        parametrize_with_properties(oversamplers)
