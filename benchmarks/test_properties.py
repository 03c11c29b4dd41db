"""The property kit over oversamplers: our own, or those that ``--oversampler package.module:Class`` names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = (
    "smote_impls:SMOTE",
    "smote_impls:BorderlineSMOTE",
    'smote_impls:BorderlineSMOTE?{"kind": "borderline-2"}',
    "smote_impls:ADASYN",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a case of every oversampler and property."""
    from smote_bench.properties.parametrize import property_params

    option = metafunc.config.getoption
    chosen = list(dict.fromkeys(option("--oversampler") or OURS))
    try:
        params = list(
            property_params(
                chosen,
                family=option("--oversampler-family"),
                smoke=option("--oversampler-smoke"),
                strict=option("--oversampler-strict"),
            )
        )
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from error
    metafunc.parametrize(("oversampler", "check"), params)


def test_property(oversampler: Any, check: Callable[[Any], None]) -> None:
    """Fails with the smallest data set on which the property does not hold."""
    check(oversampler)
