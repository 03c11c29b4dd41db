"""Waiting for one another's fetching, and a failure that is raised again; who waited is in test_openml."""

from __future__ import annotations

import pytest

from smote_bench.data import fetching
from smote_bench.data.fetching import once, turn
from smote_bench.errors import ConfigError, UnavailableError


def test_a_failure_is_raised_again_without_a_second_try():
    failures, tries = {}, []

    def fetch():
        tries.append(1)
        raise UnavailableError("no network", "connect")

    for _ in range(2):
        with pytest.raises(UnavailableError, match="no network"):
            once(failures, "a", fetch)
    assert len(tries) == 1
    assert once(failures, "b", lambda: 3) == 3


def test_a_mistake_of_the_user_is_not_remembered():
    failures = {}

    def fetch():
        raise ConfigError("wrong")

    with pytest.raises(ConfigError):
        once(failures, "a", fetch)
    assert failures == {}


def test_waiting_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "_LOCK_SECONDS", 0.0)
    with (
        turn("a", tmp_path, provider="X"),
        pytest.raises(UnavailableError, match="another process has been fetching it from X"),
        turn("a", tmp_path, provider="X"),
    ):
        raise AssertionError("two at once")
