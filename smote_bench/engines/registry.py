"""From the choice of an engine to the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smote_bench.environment.targets import load_target
from smote_bench.errors import ConfigError
from smote_bench.experiment.engine_choice import EngineChoice, check_engine, engine_target

if TYPE_CHECKING:
    from smote_bench.engines.contract import Engine
    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.settings import RunSettings

__all__ = ["make_engine"]


def make_engine(
    choice: EngineChoice, experiment: Experiment, settings: RunSettings, wait_seconds: float
) -> Engine:
    """Return an engine that is not pytest itself, ready to take work.

    Parameters
    ----------
    choice : EngineChoice
    experiment : Experiment
    settings : RunSettings
    wait_seconds : float
        How long what is elsewhere may take to answer.

    Raises
    ------
    ConfigError, UnavailableError
        If it cannot be used.
    """
    check_engine(choice)
    made: Any = load_target(engine_target(choice.name))
    if not callable(made):
        raise ConfigError(
            f"expected a class for the engine {choice.name!r}, got {made!r}: see docs/cluster.md"
        )
    engine: Engine = made(experiment, settings, choice.address, wait_seconds)
    return engine
