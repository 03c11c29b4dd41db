"""The name of an engine: what is understood, and what is refused in words."""

from __future__ import annotations

import importlib.metadata
from importlib.metadata import EntryPoint

import pytest

from smote_bench.errors import ConfigError, UnavailableError
from smote_bench.experiment.engine_choice import (
    GROUP,
    EngineChoice,
    check_engine,
    engine_target,
    parse_engine,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, ("", "")),
        ("", ("", "")),
        (" ", ("", "")),
        ("local", ("local", "")),
        ("dask", ("dask", "")),
        (" dask = tls://h:1 ", ("dask", "tls://h:1")),
        ("my.module:Engine=x=y", ("my.module:Engine", "x=y")),
    ],
)
def test_a_name_and_an_address(text: str | None, expected: tuple[str, str]) -> None:
    assert parse_engine(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (3, "expected the name of an engine"),
        ("dusk", "Did you mean 'dask'"),
        ("=tcp://x", "There are: local, xdist, dask"),
        ("dask=", "expected an address after dask="),
        ("local=x", "it has no address"),
    ],
)
def test_what_is_no_engine(text: object, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        parse_engine(text)


def test_what_it_is_called() -> None:
    assert str(EngineChoice("dask", "tcp://h:1")) == "dask=tcp://h:1"
    assert str(EngineChoice("dask")) == "dask"
    assert [EngineChoice(name).is_pytest for name in ("", "local", "xdist", "dask")] == [True] * 3 + [False]


def test_a_package_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "smote_bench.experiment.engine_choice.is_installed", lambda name: name != "distributed"
    )
    with pytest.raises(UnavailableError, match=r"the engine 'dask' needs distributed.*smote-bench\[dask\]"):
        check_engine(parse_engine("dask"))
    check_engine(parse_engine("local"))


def test_engines_of_other_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def entry_points(*, group: str) -> list[EntryPoint]:
        assert group == GROUP
        return [EntryPoint("mine", "my.engines:Mine", group)]

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    assert engine_target("mine") == "my.engines:Mine"
    assert parse_engine("mine=there") == ("mine", "there")
