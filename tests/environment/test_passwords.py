"""Addresses without the passwords in them."""

from __future__ import annotations

import pytest

from smote_bench.environment.passwords import without_password


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("sqlite:////data/mlflow.db", "sqlite:////data/mlflow.db"),
        ("http://localhost:5000", "http://localhost:5000"),
        ("http://me@host/a", "http://host/a"),
        ("https://me:p:w@host", "https://host"),
        ("https://me:p@w@host/x", "https://host/x"),
        ("postgresql://db/x?user=me&password=secret&a=b", "postgresql://db/x?user=me&password=***&a=b"),
        ("http://host/a@b", "http://host/a@b"),
    ],
)
def test_an_address_loses_user_and_password_and_nothing_else(address: str, bare: str) -> None:
    assert without_password(address) == bare
