"""Every method is read with its library; no two are read alike."""

from __future__ import annotations

from smote_bench.methods.labels import label_of, labels_of
from smote_bench.methods.names import IMBLEARN, ORIGINAL, SMOTE_VARIANTS, method_names
from smote_bench.methods.spec import parse_method


def test_each_library_has_its_label_and_ours_has_none() -> None:
    names = [
        "SMOTE",
        "ours.SMOTE",
        "sv.SMOTE",
        "imblearn.SMOTE",
        "MWMOTE",
        "RandomOverSampler",
        "class_weight",
    ]
    labels = labels_of({name: parse_method(name).to_json() for name in (*names, ORIGINAL)})
    assert list(labels.values()) == [
        "SMOTE",
        "ours.SMOTE",
        "SMOTE (sv)",
        "SMOTE (imblearn)",
        "MWMOTE (sv)",
        "RandomOverSampler (imblearn)",
        "class_weight",
        "Original",
    ]


def test_no_two_methods_of_the_catalogue_are_read_alike() -> None:
    names = [name for name, _, _ in method_names()]
    labels = labels_of({name: parse_method(name).to_json() for name in names})
    assert len(set(labels.values())) == len(names) > len(SMOTE_VARIANTS) + len(IMBLEARN)


def test_a_sampler_of_ones_own_is_named_by_its_package_unless_the_name_says_it() -> None:
    assert label_of("my_samplers:Careful", ["my_samplers:Careful"]) == "my_samplers:Careful"
    assert label_of("careful", ["my_samplers:Careful"]) == "careful (my_samplers)"


def test_runs_without_recipes_have_names_alone() -> None:
    assert labels_of({"SMOTE": None, "other": {}}) == {"SMOTE": "SMOTE", "other": "other"}
