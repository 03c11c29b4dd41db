"""Takes a class, an instance, a function or a name for the sampler that is meant."""

from __future__ import annotations

import json
from typing import Any

from smote_bench.environment.optional_packages import EXTRAS, is_installed, missing_package
from smote_bench.environment.targets import load_target
from smote_bench.errors import ConfigError
from smote_bench.properties.subject import Subject, one_line

__all__ = ["as_subject", "load_subject"]


def as_subject(oversampler: Any, *, family: str | None = None) -> Subject:
    """Return a `Subject` for a class, an instance, a function, or ``"package.module:Class?{...}"``."""
    if isinstance(oversampler, Subject):
        return oversampler
    if isinstance(oversampler, str):
        return load_subject(oversampler, family=family)
    return Subject(oversampler, family=family)


def load_subject(text: str, *, family: str | None = None) -> Subject:
    """Import what ``package.module:Class`` names; parameters may follow as JSON after ``?``.

    Raises
    ------
    ConfigError
        If the text is malformed, there is no such class, or it cannot be built.
    """
    target, question, settings = text.partition("?")
    params: Any = {}
    if question:
        try:
            params = json.loads(settings)
        except json.JSONDecodeError as error:
            raise ConfigError(
                f"expected a JSON object after '?' in {text!r}, got {settings!r} ({error}): "
                'write package.module:Class?{"k_neighbors": 3}, in quotes for the shell'
            ) from error
        if not isinstance(params, dict):
            raise ConfigError(
                f"expected a JSON object after '?', got {settings!r}: write {{\"k_neighbors\": 3}}"
            )
    package = target.strip().partition(":")[0].partition(".")[0]
    if package in EXTRAS and not is_installed(package):
        raise ConfigError(str(missing_package(target.strip(), package)))
    try:
        found = load_target(target.strip())
    except ConfigError:
        raise
    except Exception as error:  # the module's own code failed while it was imported
        absent = error.name if isinstance(error, ModuleNotFoundError) else None
        if absent and (package in EXTRAS or absent in EXTRAS):
            raise ConfigError(str(missing_package(target.strip(), absent, needed_by=package))) from error
        raise ConfigError(f"expected {target!r} to be importable, it raised {one_line(error)}") from error
    return Subject(found, name=text, family=family, params=params)
