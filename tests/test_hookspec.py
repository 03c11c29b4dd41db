"""The hooks: typed, documented, and empty where nobody implements them."""

from __future__ import annotations

import inspect
import typing

import pluggy
import pytest

from smote_bench import hookspec
from smote_bench.experiment.model import Extensions

_TOLD = "pytest_smote_run_finished"
_ADDING = [name for name in hookspec.__all__ if name != _TOLD]


@pytest.mark.parametrize("name", _ADDING)
def test_every_hook_that_adds_is_documented_typed_and_gives_nothing_by_itself(name: str) -> None:
    hook = getattr(hookspec, name)
    hints = typing.get_type_hints(hook)
    assert inspect.getdoc(hook)
    assert set(hints) == {"config", "return"}
    assert hook(None) == {}


def test_there_is_a_hook_for_everything_an_experiment_takes_from_others() -> None:
    kinds = {name.removeprefix("pytest_smote_") for name in _ADDING}
    assert kinds == set(Extensions.__dataclass_fields__)


def test_the_hook_that_is_told_of_a_finished_run_gives_nothing() -> None:
    hook = getattr(hookspec, _TOLD)
    assert inspect.getdoc(hook)
    assert hook(None, None) is None


def test_a_misspelt_hook_is_refused() -> None:
    manager = pluggy.PluginManager("pytest")
    manager.add_hookspecs(hookspec)

    class Plugin:
        @pluggy.HookimplMarker("pytest")
        def pytest_smote_method(self) -> None: ...

    manager.register(Plugin())
    with pytest.raises(pluggy.PluginValidationError, match="unknown hook 'pytest_smote_method'"):
        manager.check_pending()
