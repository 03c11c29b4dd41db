"""The subject: styles, seeds, numbers of neighbours, families, and the code it prints.

Also of: cases, families, loading, said, styles, told_categories, violations.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE
from sklearn.neighbors import NearestNeighbors

from smote_bench.errors import ConfigError
from smote_bench.properties import Case, Violation, as_subject, validate
from smote_bench.properties.loading import load_subject
from smote_bench.properties.mixed_frames import mixed_case
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Refused
from smote_impls import SMOTENC

X = np.array([[0.0], [1.0], [2.0], [5.0], [6.0]])
Y = np.array([0, 0, 0, 1, 1])


class Doubler:
    """Copies the first row of class 1; takes no seed."""

    def fit_resample(self, X, y):
        return np.vstack([X, X[y == 1][:1]]), np.append(y, 1)


class Sampled:
    """In smote_variants' manner."""

    def __init__(self, proportion=1.0, n_neighbors=4, random_state=None):
        self.proportion, self.n_neighbors, self.random_state = proportion, n_neighbors, random_state

    def sample(self, X, y):
        return X, y


def copy_rows(X, y, seed=0, n_rows=1):
    return np.vstack([X, X[y == 1][:n_rows]]), np.append(y, [1] * n_rows)


@pytest.mark.parametrize(
    ("target", "style"),
    [
        (SMOTE, "estimator"),
        (SMOTE(), "estimator"),
        (Doubler, "object"),
        (Sampled, "sample"),
        (copy_rows, "function"),
    ],
)
def test_tells_the_four_styles_apart(target, style):
    subject = Subject(target)
    assert subject.style == style
    case = Case(X, Y, params={subject.k_name: 1} if style == "estimator" else {})
    assert len(subject.arrays(case)[1]) in (5, 6)


@pytest.mark.parametrize("target", [str, 3, {"a": 1}])
def test_refuses_what_has_no_way_to_resample(target):
    with pytest.raises(ConfigError, match=r"expected fit_resample\(X, y\), sample\(X, y\) or a function"):
        Subject(target)


def test_refuses_a_function_of_one_argument():
    with pytest.raises(ConfigError, match="function of X and y"):
        Subject(lambda X: X, name="alone")


def test_a_constructor_that_raises_is_a_wrong_call():
    class Picky:
        def __init__(self, n):
            self.n = n

        def fit_resample(self, X, y):
            return X, y

    with pytest.raises(ConfigError, match="its constructor raised TypeError"):
        Subject(Picky)
    assert Subject(Picky, params={"n": 1}).style == "object"


def test_suggests_the_parameter_that_was_meant():
    with pytest.raises(ConfigError, match=r"got 'k_neighbor'\. Did you mean 'k_neighbors'"):
        Subject(SMOTE, params={"k_neighbor": 3})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("imblearn.over_sampling:SMOTT", "Did you mean 'SMOTE'"),
        ("no_such_package.here:SMOTE", "no module 'no_such_package'"),
        ("imblearn.over_sampling.SMOTE", "put a colon"),
        ("imblearn.over_sampling:SMOTE?{k: 1}", "JSON object"),
        ("imblearn.over_sampling:SMOTE?[1]", "JSON object"),
    ],
)
def test_a_wrong_target_says_what_to_write(text, message):
    with pytest.raises(ConfigError, match=message):
        load_subject(text)


def test_a_module_that_raises_on_import_is_a_wrong_call(tmp_path, monkeypatch):
    (tmp_path / "falls_over_on_import.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match="importable, it raised ZeroDivisionError"):
        load_subject("falls_over_on_import:Sampler")


def test_parameters_follow_the_question_mark():
    subject = load_subject('imblearn.over_sampling:SMOTE?{"k_neighbors": 2}')
    assert subject.build(Case(X, Y, seed=7)).get_params() == {
        "k_neighbors": 2,
        "random_state": 7,
        "sampling_strategy": "auto",
    }
    assert not subject.accepts("k_neighbors")
    assert "fixed to 2" in subject.lacks("k")


def test_an_instance_is_copied_for_every_call():
    mine = SMOTE(k_neighbors=1)
    Subject(mine).arrays(Case(X, Y))
    assert not hasattr(mine, "sampling_strategy_")


@pytest.mark.parametrize(
    ("sampler", "family", "source"),
    [
        (SMOTE(), "smote", "known"),
        (BorderlineSMOTE(kind="borderline-2"), "borderline2", "known"),
        (ADASYN(), "adasyn", "known"),
        (Doubler(), "generic", "not stated"),
    ],
)
def test_reads_the_family(sampler, family, source):
    subject = Subject(sampler)
    assert subject.family == family
    assert source in subject.family_source


def test_a_stated_family_goes_before_tags_and_must_exist():
    assert Subject(SMOTE, family="generic").family == "generic"
    with pytest.raises(ConfigError, match="Did you mean 'smote'"):
        Subject(SMOTE, family="smot")


def test_a_variant_that_inherits_from_smote_is_not_taken_for_it():
    class Variant(SMOTE):
        pass

    assert Subject(Variant).family == "generic"


def test_an_attribute_states_the_family():
    class Mine(Doubler):
        oversampler_family = "interpolating"

    assert Subject(Mine).family == "interpolating"


def test_knows_the_number_of_neighbours_in_force():
    assert Subject(SMOTE).k(Case(X, Y)) == 5
    assert Subject(SMOTE).k(Case(X, Y, params={"k_neighbors": 2})) == 2
    assert Subject(SMOTE(k_neighbors=NearestNeighbors(n_neighbors=4))).k(Case(X, Y)) == 3
    assert Subject(Sampled).k(Case(X, Y)) == 4
    assert Subject(BorderlineSMOTE(m_neighbors=7)).m(Case(X, Y)) == 7
    assert Subject(copy_rows, family="smote").k(Case(X, Y)) == 5


def test_an_exception_is_a_violation_or_a_refusal_as_asked():
    case = Case(X, Y)  # two rows of the minority, six wanted
    with pytest.raises(Violation, match="it raised ValueError"):
        Subject(SMOTE).answer(case)
    with pytest.raises(Refused, match="ValueError"):
        Subject(SMOTE).arrays(case)


@pytest.mark.parametrize(
    "answer", [None, np.zeros((3, 1)), (np.zeros(3), np.zeros(3)), (np.zeros((3, 1)), np.zeros(2))]
)
def test_an_answer_that_is_no_pair_of_rows_and_labels_is_a_violation(answer):
    with pytest.raises(Violation, match="expected"):
        Subject(lambda X, y: answer, name="odd").arrays(Case(X, Y))


@pytest.mark.parametrize(
    "target",
    [
        "imblearn.over_sampling:SMOTE",
        'imblearn.over_sampling:SMOTE?{"k_neighbors": 1}',
        "smote_variants:SMOTE",
    ],
)
def test_the_code_it_prints_makes_the_same_call(target):
    subject = load_subject(target)
    case = Case(X, Y, seed=11, params={subject.k_name: 1} if subject.accepts(subject.k_name) else {})
    names: dict = {}
    exec(subject.code(case), names)
    assert np.array_equal(names["X_resampled"], subject.arrays(case)[0])
    assert f"from {target.partition(':')[0]} import SMOTE" in subject.code(case)


def test_the_code_of_a_function_passes_its_seed():
    assert "copy_rows(X, y, seed=3)" in Subject(copy_rows).code(Case(X, Y, seed=3))


def test_as_subject_takes_strings_classes_and_subjects():
    subject = as_subject("imblearn.over_sampling:SMOTE", family="generic")
    assert as_subject(subject) is subject
    assert as_subject(SMOTE).name == "SMOTE"


class ByName(SMOTENC):
    """Wants the names of its categories, and knows no "auto"."""

    def __init__(self, categorical_features, random_state=None, k_neighbors=5, sampling_strategy="auto"):
        super().__init__(
            categorical_features=categorical_features,
            random_state=random_state,
            k_neighbors=k_neighbors,
            sampling_strategy=sampling_strategy,
        )

    def fit_resample(self, X, y):
        for name in self.categorical_features:
            if name not in list(X.columns):
                raise ValueError(f"no column {name!r}")
        return super().fit_resample(X, y)


class ByPlace(ByName):
    """Wants the places of its categories."""

    def fit_resample(self, X, y):
        if not all(type(place) is int for place in self.categorical_features):
            raise ValueError(f"expected places, got {self.categorical_features!r}")
        return SMOTENC.fit_resample(self, X, y)


class ByMask(ByName):
    """Wants a mask of its categories."""

    def fit_resample(self, X, y):
        if not all(type(is_one) is bool for is_one in self.categorical_features):
            raise ValueError(f"expected a mask, got {self.categorical_features!r}")
        return SMOTENC.fit_resample(self, X, y)


def by_name(X, y, categorical_features=None, random_state=None):
    """Resample a frame by a function that is told its categories."""
    return ByName(categorical_features or [], random_state).fit_resample(X, y)


def _typed_case():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [30, 10])
    columns = {"kind": pd.Categorical(rng.choice(["a", "b"], size=40)), "size": rng.normal(size=40).round(3)}
    return mixed_case(pd.DataFrame(columns), y, 7)


@pytest.mark.parametrize(
    ("target", "expected"), [(ByName, ["kind"]), (ByPlace, [0]), (ByMask, [True, False]), (by_name, ["kind"])]
)
def test_a_sampler_that_has_to_be_told_its_categories_is_told_them_as_it_takes_them(target, expected):
    subject, case = Subject(target, family="smotenc"), _typed_case()
    X, y = subject.call(subject.build(case), case.frame.copy(), case.y.copy())
    assert len(y) == 60
    if isinstance(target, type):
        assert subject.build(case).categorical_features == expected
    names = {"np": np, "pd": pd, target.__name__: target}
    exec(subject.code(case), names)
    pd.testing.assert_frame_equal(names["X_resampled"], X)


@pytest.mark.parametrize("target", [SMOTENC, "smote_impls:SMOTENC"])
def test_a_sampler_that_sees_its_categories_by_itself_is_told_nothing(target):
    subject = as_subject(target, family="smotenc")
    assert subject.build(_typed_case()).categorical_features == "auto"


def test_what_the_user_says_of_categories_stays():
    subject = Subject(ByName, family="smotenc", params={"categorical_features": ["size"]})
    assert subject.build(_typed_case()).categorical_features == ["size"]


def test_a_sampler_of_told_categories_is_accepted():
    verdict = validate(ByName, family="smotenc", smoke=True)
    assert [r.property.name for r in verdict.results if r.status == "failed"] == []
