"""Broken samplers are noticed whatever the seed, and correct ones of many styles are not rejected."""

from __future__ import annotations

import importlib

import pytest
from broken_samplers import BROKEN
from correct_samplers import CORRECT

from smote_bench.properties import PROPERTIES, Subject, run_property, validate

MODULES = ("arguments", "calls", "combined", "frames", "integers", "removing", "settings", "sizes", "twins")
for module in MODULES:
    importlib.import_module(f"broken_samplers.{module}")

NEW = {f"broken_samplers.{module}" for module in MODULES}
KILLS = [
    pytest.param(name, wanted, id=f"{wanted}-{name}")
    for name, made in BROKEN.items()
    for wanted in made.killed_by
    # Those that take processes or minutes are put to several seeds by tools/kills.py alone.
    if made.sampler.__module__ in NEW and not PROPERTIES[wanted].full_only
]


@pytest.mark.parametrize(("name", "wanted"), KILLS)
def test_a_broken_sampler_is_noticed_on_every_seed(name, wanted, monkeypatch):
    # Whether it is noticed is the question, not how small the data set gets.
    monkeypatch.setattr("smote_bench.properties.engine._SHRINK_CALLS", 0)
    made = BROKEN[name]
    subject = Subject(made.sampler, family=made.family)
    results = [run_property(PROPERTIES[wanted], subject, seed=seed) for seed in range(1, 6)]
    assert {result.status for result in results} == {"failed"}


@pytest.mark.parametrize("sampler", CORRECT, ids=lambda sampler: sampler.__name__)
def test_a_correct_sampler_is_not_rejected_for_its_style(sampler):
    verdict = validate(sampler, family=CORRECT[sampler], seed=1, smoke=True)
    assert verdict.accepted, [str(failure) for failure in verdict.failures]
