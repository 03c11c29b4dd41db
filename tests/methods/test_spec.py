"""The grammar of methods: names and YAML definitions become specs, and wrong ones are explained."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.errors import ConfigError
from smote_bench.methods.names import SMOTE_VARIANTS, imblearn_names
from smote_bench.methods.spec import MethodSpec, Step, parse_method
from smote_bench.metrics import METRICS, parse_metric

SMOTE = Step("smote_impls:SMOTE")


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("SMOTE", "smote_impls:SMOTE"),
        ("ADASYN", "smote_impls:ADASYN"),
        ("sv.SMOTE", "smote_variants:SMOTE"),
        ("sv.SMOTE()", "smote_variants:SMOTE"),
        ("SVMSMOTE", "imblearn.over_sampling:SVMSMOTE"),
        ("imblearn.SMOTE", "imblearn.over_sampling:SMOTE"),
        ("imblearn.TomekLinks", "imblearn.under_sampling:TomekLinks"),
        ("SMOTETomek", "imblearn.combine:SMOTETomek"),
        ("RandomOverSampler", "imblearn.over_sampling:RandomOverSampler"),
        ("my_package.samplers:Mine", "my_package.samplers:Mine"),
    ],
)
def test_finds_a_sampler_by_name(name: str, target: str) -> None:
    assert parse_method(name).steps == (Step(target),)


def test_trivial_arms_sample_nothing_and_only_original_is_original() -> None:
    original, weight, threshold = map(parse_method, ["Original", "class_weight", "tuned_threshold"])
    assert original == MethodSpec("Original")
    assert weight == MethodSpec("class_weight", class_weight="balanced")
    assert threshold == MethodSpec("tuned_threshold", tuned_threshold=True)
    assert [spec.is_original for spec in (original, weight, threshold)] == [True, False, False]


def test_a_mapping_without_reserved_keys_is_parameters_of_the_method_of_that_name() -> None:
    assert parse_method("SMOTE", {"k_neighbors": 3}).steps == (Step(SMOTE.target, {"k_neighbors": 3}),)


def test_an_alias_keeps_the_users_name() -> None:
    assert parse_method("mine", "sv.SMOTE()") == MethodSpec("mine", (Step("smote_variants:SMOTE"),))


def test_reserved_keys_combine_a_sampler_with_weights_and_a_threshold() -> None:
    definition = {"method": "SMOTE", "params": {"k": 1}, "class_weight": "balanced", "tuned_threshold": True}
    assert parse_method("all", definition) == MethodSpec(
        "all", (Step(SMOTE.target, {"k": 1}),), "balanced", True
    )


@pytest.mark.parametrize(
    ("name", "definition"),
    [
        ("tuned_threshold", {"metric": "f1"}),
        ("for_f1", {"method": "tuned_threshold", "params": {"metric": "f1"}}),
        ("for_f1", {"method": "Original", "tuned_threshold": {"metric": "f1"}}),
        ("for_f1", [{"tuned_threshold": {"metric": "f1"}}]),
        ("for_f1", {"chain": ["tuned_threshold"], "tuned_threshold": {"metric": "f1"}}),
    ],
)
def test_a_threshold_is_tuned_for_the_metric_that_is_named(name: str, definition: object) -> None:
    spec = parse_method(name, definition)
    assert spec == MethodSpec(name, tuned_threshold=True, threshold_metric=METRICS["f1"])
    assert (spec.tuned_for, spec.arm, spec.to_json()["threshold_metric"]) == ("f1", "tuned_threshold", "f1")


@pytest.mark.parametrize("metric", [name for name, card in METRICS.items() if card.needs == "labels"])
def test_every_metric_of_labels_can_be_tuned_for_alone_and_after_samplers(metric: str) -> None:
    alone = parse_method("x", {"method": "tuned_threshold", "params": {"metric": metric}})
    after = parse_method("x", ["SMOTE", {"tuned_threshold": {"metric": metric}}, "class_weight"])
    reserved = {"method": "SMOTE", "class_weight": "balanced", "tuned_threshold": {"metric": metric}}
    assert alone.tuned_for == after.tuned_for == metric
    assert after == parse_method("x", reserved)


@pytest.mark.parametrize("metric", [name for name, card in METRICS.items() if card.needs != "labels"])
def test_no_threshold_is_tuned_for_a_metric_of_scores(metric: str) -> None:
    with pytest.raises(ConfigError, match=r"choose from tn, fp, fn, tp, accuracy, .* mcc, or a metric of"):
        parse_method("tuned_threshold", {"metric": metric})


def test_a_threshold_is_tuned_for_a_metric_of_ones_own() -> None:
    own = parse_metric("cost", {"metric": "pkg.mod:cost", "better": "low"})
    spec = parse_method("tuned_threshold", {"metric": "cost"}, metric={"cost": own}.__getitem__)
    assert spec.threshold_metric == own


def test_the_trivial_arms_are_told_by_what_they_do() -> None:
    definitions = {
        "Original": "Original",
        "class_weight": ["class_weight"],
        "RandomOverSampler": "imblearn.RandomOverSampler",
        "tuned_threshold": {"method": "tuned_threshold", "params": {"metric": "mcc"}},
    }
    for arm, definition in definitions.items():
        assert parse_method("another_name", definition).arm == arm
    clever = [
        "SMOTE",
        ["RandomOverSampler", "tuned_threshold"],
        ["class_weight", "tuned_threshold"],
        ["RandomOverSampler"] * 2,
        {"method": "RandomOverSampler", "params": {"shrinkage": 0.5}},
    ]
    for definition in clever:
        assert parse_method("tuned_threshold", definition).arm == ""


def test_reads_the_chain_of_the_issue_from_yaml() -> None:
    definition = yaml.safe_load(
        "[{RandomOverSampler: {sampling_strategy: 0.4}}, "
        "{RandomUnderSampler: {sampling_strategy: 0.5}}, class_weight]"
    )
    spec = parse_method("chain", definition)
    assert [step.params for step in spec.steps] == [{"sampling_strategy": 0.4}, {"sampling_strategy": 0.5}]
    assert [step.target.rpartition(":")[2] for step in spec.steps] == [
        "RandomOverSampler",
        "RandomUnderSampler",
    ]
    assert spec.class_weight == "balanced"


def test_weights_and_a_threshold_with_nothing_behind_the_colon_are_not_dropped() -> None:
    spec = parse_method("chain", yaml.safe_load("[SMOTE, {class_weight: }, {tuned_threshold: }]"))
    assert (spec.class_weight, spec.tuned_for) == ("balanced", "balanced_accuracy")


def test_chains_inside_chains_are_flattened_in_order() -> None:
    spec = parse_method("c", ["ADASYN", ["TomekLinks", {"SMOTE": ["NearMiss"]}], {"tuned_threshold": True}])
    assert [step.target.rpartition(":")[2] for step in spec.steps] == ["ADASYN", "TomekLinks", "NearMiss"]
    assert spec.tuned_threshold


def test_registered_methods_go_before_the_libraries_and_may_be_used_in_chains() -> None:
    known = {"SMOTE": {"method": "imblearn.SMOTE"}, "two": ["SMOTE", "TomekLinks"]}
    assert parse_method("SMOTE", known=known).steps == (Step("imblearn.over_sampling:SMOTE"),)
    assert parse_method("x", ["two"], known=known).steps[0] == Step("imblearn.over_sampling:SMOTE")


def test_parameters_reach_a_registered_method_through_its_own_name() -> None:
    known = {"mine": "pkg.mod:Mine"}
    assert parse_method("mine", {"k": 3}, known=known).steps == (Step("pkg.mod:Mine", {"k": 3}),)


def test_a_definition_that_is_among_the_known_itself_means_the_librarys_sampler() -> None:
    known = {"SMOTE": {"n_neighbors": 3}, "ADASYN": None}
    assert parse_method("SMOTE", known["SMOTE"], known=known) == parse_method("SMOTE", known=known)
    assert parse_method("ADASYN", known=known).steps == (Step("smote_impls:ADASYN"),)


def test_methods_defined_by_each_other_are_refused() -> None:
    with pytest.raises(ConfigError, match="is defined by itself"):
        parse_method("a", known={"a": "b", "b": "a"})


@pytest.mark.parametrize(
    ("name", "definition", "message"),
    [
        ("SMOT", None, "Did you mean 'SMOTE'"),
        ("sv.SMOT", None, "Did you mean 'SMOTE'"),
        ("SMOTE(k=3)", None, "expected the name of a method"),
        ("x", "__import__('os').system('true')", "expected the name of a method"),
        ("a.b:", None, "put a colon between module and class"),
        (3, None, "expected a method's name as text"),
        ("x", 3, "expected a method's name, parameters as a mapping, or a chain"),
        ("SMOTE", {"random_state": 3}, "seeds come from the protocol"),
        ("SMOTE", {"params": {"random_state": 3}}, "seeds come from the protocol"),
        ("x", [{"SMOTE": {"random_state": 3}}], "seeds come from the protocol"),
        ("SMOTE", {1: 2}, "expected parameters' names as text"),
        ("SMOTE", {"p": yaml.safe_load("2020-01-01")}, "expected p to be text, a finite number"),
        ("SMOTE", {"p": {"q": [float("nan")]}}, r"expected p\.q\[0\] to be"),
        ("SMOTE", {"method": "SMOTE", "parms": {}}, "Did you mean 'params'"),
        ("SMOTE", {"params": [1]}, "expected a mapping under 'params'"),
        ("x", {"method": 3}, "expected a name under 'method'"),
        ("x", {"chain": ["SMOTE"], "params": {}}, "got both"),
        ("x", {"method": "SMOTE", "class_weight": {0: 1}}, "expected class_weight: balanced"),
        ("x", {"method": "SMOTE", "tuned_threshold": "yes"}, "expected tuned_threshold: true or false"),
        ("x", {"method": "SMOTE", "tuned_threshold": 1}, "or {metric: f1}, got 1"),
        ("tuned_threshold", {"metric": "roc_auc"}, "'roc_auc', which is computed from scores .* from tn, fp"),
        ("x", {"method": "tuned_threshold", "params": {"metric": "f11"}}, "got 'f11'. Did you mean 'f1'"),
        ("x", ["SMOTE", {"tuned_threshold": {"metric": None}}], "expected a threshold metric .* got None"),
        ("x", ["SMOTE", {"tuned_threshold": {"metric": ["f1"]}}], "expected a threshold metric"),
        ("tuned_threshold", {"metrics": "f1"}, "'metric' as the only parameter of tuned_threshold, got 'me"),
        ("x", ["tuned_threshold", {"tuned_threshold": {"metric": "f1"}}], "for balanced_accuracy and for f1"),
        ("Weights", {"class_weight": "balanced"}, "write 'method: Original' beside"),
        ("SOI_CJ", {"method": "jittering"}, "for a parameter called 'method'"),
        ("x", [], "at least one method"),
        ("x", [{"SMOTE": {}, "ADASYN": {}}], "with 2 keys"),
        ("x", [3], "in the chain, got 3"),
        ("x", [{3: None}], "expected a method's name in the chain"),
        ("Original", {"k": 1}, "is no sampler"),
    ],
)
def test_wrong_definitions_are_explained(name: object, definition: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_method(name, definition)  # type: ignore[arg-type]


def test_parameters_for_a_registered_chain_are_refused() -> None:
    with pytest.raises(ConfigError, match="is a chain of 2 samplers: remove k"):
        parse_method("two", {"k": 1}, known={"two": ["SMOTE", "TomekLinks"]})


names = st.sampled_from([*SMOTE_VARIANTS, *imblearn_names()])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
params = st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), values, max_size=3)


@settings(deadline=None)
@given(st.lists(st.tuples(names, params), min_size=1, max_size=4))
def test_a_chain_survives_yaml_and_json_unchanged(links: list[tuple[str, dict[str, object]]]) -> None:
    definition = [{name: given_params} for name, given_params in links]
    spec = parse_method("chain", definition)
    assert parse_method("chain", yaml.safe_load(yaml.safe_dump(definition))) == spec
    assert json.loads(json.dumps(spec.to_json()))["steps"] == [
        {"target": step.target, "params": dict(step.params)} for step in spec.steps
    ]
    assert [dict(step.params) for step in spec.steps] == [given_params for _, given_params in links]


@settings(deadline=None)
@given(values | st.binary() | st.sets(st.integers()))
def test_no_definition_raises_anything_but_a_config_error(definition: object) -> None:
    with contextlib.suppress(ConfigError):
        parse_method("SMOTE", definition)


def test_naming_and_identifying_methods_imports_no_library() -> None:
    code = (
        "import sys\n"
        "from smote_bench.methods.identity import method_identity\n"
        "from smote_bench.methods.names import method_names\n"
        "from smote_bench.methods.spec import parse_method\n"
        "specs = [parse_method(name) for name, _, _ in method_names()]\n"
        "[method_identity(spec) for spec in specs]\n"
        "heavy = {'numpy', 'pandas', 'sklearn', 'imblearn', 'smote_variants', 'tensorflow'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("definition", "calibrated", "corrected"),
    [
        ({"method": "SMOTE", "calibrated": "isotonic"}, "isotonic", False),
        ({"method": "SMOTE", "calibrated": True}, "sigmoid", False),
        ({"method": "SMOTE", "prior_corrected": True}, "", True),
        (["SMOTE", "calibrated"], "sigmoid", False),
        (["SMOTE", {"calibrated": "isotonic"}], "isotonic", False),
        (["SMOTE", "prior_corrected", {"tuned_threshold": {"metric": "f1"}}], "", True),
    ],
)
def test_a_method_may_set_probabilities_right(definition, calibrated: str, corrected: bool) -> None:
    spec = parse_method("M", definition)
    assert (spec.steps, spec.calibrated, spec.prior_corrected) == ((SMOTE,), calibrated, corrected)
    assert spec.has_inner_fits == bool(calibrated or spec.tuned_threshold)
    written = spec.to_json()
    assert (written.get("calibrated", ""), written.get("prior_corrected", False)) == (calibrated, corrected)
    assert json.loads(json.dumps(written)) == written


def test_what_sets_probabilities_right_is_no_trivial_arm_and_leaves_the_keys_of_others() -> None:
    for name in ("calibrated", "prior_corrected"):
        assert (parse_method(name).arm, parse_method(name).is_original) == ("", False)
    assert "calibrated" not in parse_method("SMOTE").to_json()
    assert "prior_corrected" not in parse_method("class_weight").to_json()


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ({"method": "SMOTE", "calibrated": "beta"}, "expected calibrated: sigmoid or isotonic, got 'beta'"),
        ({"method": "SMOTE", "prior_corrected": "yes"}, "expected prior_corrected: true or false, got 'yes'"),
        ({"method": "SMOTE", "calibrated": "sigmoid", "prior_corrected": True}, "got both"),
        (["SMOTE", "calibrated", "prior_corrected"], "got both"),
    ],
)
def test_probabilities_are_set_right_in_one_known_way(definition, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_method("M", definition)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("my_pkg.samplers.CautiousSMOTE", "my_pkg.samplers:CautiousSMOTE"), ("mine.Cautious", "mine:Cautious")],
)
def test_a_dot_in_place_of_the_colon_gets_the_colon(written: str, meant: str) -> None:
    with pytest.raises(ConfigError, match=f"Did you mean '{meant}'"):
        parse_method(written)


def test_a_librarys_misspelt_name_is_no_module() -> None:
    with pytest.raises(ConfigError, match="Did you mean 'SMOTE'"):
        parse_method("sv.SMOT")
