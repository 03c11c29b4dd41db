"""How strict a gate is to be, as people write it: in options, and in an experiment's ``gate:`` section.

Importing this module imports the standard library only: options are read before anything is collected.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.experiment.gate_settings import LEVELS, GateSettings, Level, Mode, Override

__all__ = [
    "MODES",
    "checked_better",
    "gate_block",
    "parse_alpha",
    "parse_better",
    "parse_fixed",
    "parse_gate_block",
    "parse_max_slowdown",
    "parse_mode",
    "parse_names",
    "parse_overrides",
    "parse_tolerances",
]

MODES: tuple[Mode, ...] = get_args(Mode)
_GATE_KEYS = ("mode", "alpha", "tolerance", "metrics", "compare_fail", "max_slowdown", "overrides")
_NAME_KEYS = ("dataset", "method", "classifier", "metric")
_OVERRIDE_KEYS = (*_NAME_KEYS, "tolerance", "mode")


def parse_alpha(value: object, where: str = "alpha") -> float:
    """Return the rate of false alarms per run, above 0 and below 1.

    Raises
    ------
    ConfigError

    Examples
    --------
    >>> parse_alpha("0.01")
    0.01
    """
    return _number(
        value, where, lambda v: 0 < v < 1, "a rate of false alarms per run above 0 and below 1", "0.01"
    )


def parse_max_slowdown(value: object, where: str = "max_slowdown") -> float:
    """Return by which factor a method may become slower, above 1.

    Raises
    ------
    ConfigError
    """
    return _number(
        value, where, lambda v: v > 1, "a factor above 1", "1.5, or leave it out: seconds are not judged then"
    )


def parse_mode(value: object, where: str = "mode", *, modes: Sequence[Mode] = MODES) -> Mode:
    """Return whether a verdict fails, warns or is not taken.

    Raises
    ------
    ConfigError
    """
    if value is False and "off" in modes:  # YAML 1.1 reads a bare off as false
        return "off"
    for mode in modes:
        if value == mode:
            return mode
    raise ConfigError(
        f"{where}: expected one of {', '.join(modes)}, got {value!r}.{did_you_mean(str(value), modes)} "
        "Write one of them"
    )


def parse_tolerances(text: str, where: str = "tolerance") -> dict[Level, float]:
    """Return the tolerances of the levels that a text names.

    Raises
    ------
    ConfigError

    Examples
    --------
    >>> parse_tolerances("method:0.002,case:0.02")
    {'method': 0.002, 'case': 0.02}
    """
    return _tolerances(_pairs(text, where, "method:0.0015,dataset:0.005,case:0.01"), where)


def parse_fixed(text: str | Sequence[str], where: str = "compare_fail") -> dict[str, float]:
    """Return the fixed limits of a case's mean drop, by metric.

    Raises
    ------
    ConfigError

    Examples
    --------
    >>> parse_fixed("roc_auc:0.05")
    {'roc_auc': 0.05}
    """
    return _fixed(_pairs(text, where, "roc_auc:0.05,g_mean:0.1"), where)


def parse_better(items: str | Sequence[str], where: str = "better") -> dict[str, Literal["high", "low"]]:
    """Return the directions of metrics that are not ours.

    Raises
    ------
    ConfigError

    Examples
    --------
    >>> parse_better(["cost=low"])
    {'cost': 'low'}
    """
    return checked_better(_pairs(items, where, "cost=low", separator="="), where)


def checked_better(directions: object, where: str = "better") -> dict[str, Literal["high", "low"]]:
    """Return directions that are given as a mapping; what is neither high nor low would reverse a verdict.

    Raises
    ------
    ConfigError

    Examples
    --------
    >>> checked_better({"cost": "low"})
    {'cost': 'low'}
    """
    found: dict[str, Literal["high", "low"]] = {}
    for name, direction in _mapping(directions, where, None, '{"cost": "low"}').items():
        if not isinstance(name, str):
            raise ConfigError(
                f'{where}: expected names of metrics, got {name!r}: write it as {{"cost": "low"}}'
            )
        if direction == "high":
            found[name] = "high"
        elif direction == "low":
            found[name] = "low"
        else:
            raise ConfigError(
                f"{where}: expected high or low for {name!r}, got {direction!r}: say which values are good"
            )
    return found


def parse_names(items: str | Sequence[str], where: str = "metrics") -> tuple[str, ...]:
    """Return names written with commas between them, each once.

    Raises
    ------
    ConfigError
    """
    names = _parts(items)
    if not names:
        raise ConfigError(f"{where}: expected names, got {items!r}: write them with commas between")
    return tuple(dict.fromkeys(names))


def parse_overrides(items: object, where: str = "overrides") -> tuple[Override, ...]:
    """Return the overrides in a list of mappings; whether the names exist is for the caller to check.

    Parameters
    ----------
    items : sequence of mapping
        Each with some of ``dataset``, ``method``, ``classifier``, ``metric``, and with ``tolerance``,
        ``mode`` or both.
    where : str
        Stands at the beginning of messages.

    Raises
    ------
    ConfigError
    """
    if items is None:
        return ()
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise ConfigError(
            f"{where}: expected a list of mappings, got {items!r}: "
            "write `- {dataset: Ecoli, tolerance: 0.03}` below it"
        )
    return tuple(_override(item, f"{where}[{n}]") for n, item in enumerate(items))


def parse_gate_block(block: object, where: str = "gate") -> GateSettings:
    """Return the settings of an experiment's ``gate:`` section; what it does not name stays at its default.

    Parameters
    ----------
    block : mapping or None
        Keys ``mode``, ``alpha``, ``tolerance``, ``metrics``, ``compare_fail``, ``max_slowdown``,
        ``overrides``.
    where : str
        Stands at the beginning of messages.

    Raises
    ------
    ConfigError

    Examples
    --------
    >>> parse_gate_block({"alpha": 0.05, "tolerance": {"case": 0.02}}).tolerance["case"]
    0.02
    """
    if block is None:
        return GateSettings()
    settings = _mapping(block, where, _GATE_KEYS, "{alpha: 0.01, tolerance: {case: 0.02}}")
    readers: Mapping[str, tuple[str, Callable[[Any, str], Any]]] = {
        "mode": ("mode", parse_mode),
        "alpha": ("alpha", parse_alpha),
        "tolerance": ("tolerance", lambda v, w: {**GateSettings().tolerance, **_tolerances(v, w)}),
        "metrics": ("metrics", _metrics),
        "compare_fail": ("fixed", _fixed),
        "max_slowdown": ("max_slowdown", parse_max_slowdown),
        "overrides": ("overrides", parse_overrides),
    }
    chosen = {}
    for key, value in settings.items():
        field, read = readers[key]
        if value is not None:
            chosen[field] = read(value, f"{where}.{key}")
    return GateSettings(**chosen)


def gate_block(settings: GateSettings) -> dict[str, Any]:
    """Return settings as `parse_gate_block` reads them, in JSON values.

    >>> parse_gate_block(gate_block(GateSettings(alpha=0.05))).alpha
    0.05
    """
    overrides = [{k: v for k, v in vars(one).items() if v not in ("", None)} for one in settings.overrides]
    block = {
        "mode": settings.mode,
        "alpha": settings.alpha,
        "tolerance": dict(settings.tolerance),
        "metrics": list(settings.metrics),
        "compare_fail": dict(settings.fixed),
        "max_slowdown": settings.max_slowdown,
        "overrides": overrides,
    }
    return {key: value for key, value in block.items() if value not in ([], {}, None)}


def _override(item: object, where: str) -> Override:
    settings = _mapping(item, where, _OVERRIDE_KEYS, "{dataset: Ecoli, tolerance: 0.03}")
    for key in _NAME_KEYS:
        if key in settings and (not isinstance(settings[key], str) or not settings[key]):
            raise ConfigError(
                f"{where}.{key}: expected a name, got {settings[key]!r}: write one, or leave {key} out to "
                "mean all"
            )
    tolerance, mode = settings.get("tolerance"), settings.get("mode")
    if tolerance is None and mode is None:
        raise ConfigError(
            f"{where}: expected a tolerance or a mode, got {dict(settings)!r}: say what is to be different, "
            "as in `tolerance: 0.03` or `mode: warn`"
        )
    return Override(
        **{key: settings[key] for key in _NAME_KEYS if key in settings},
        tolerance=None if tolerance is None else _tolerance(tolerance, f"{where}.tolerance"),
        mode=None if mode is None else parse_mode(mode, f"{where}.mode"),
    )


def _tolerances(values: object, where: str) -> dict[Level, float]:
    levels = _mapping(values, where, LEVELS, "{method: 0.0015, dataset: 0.005, case: 0.01}")
    return {level: _tolerance(levels[level], f"{where}.{level}") for level in LEVELS if level in levels}


def _fixed(values: object, where: str) -> dict[str, float]:
    limits = _mapping(values, where, None, "{roc_auc: 0.05}")
    return {
        str(metric): _number(value, f"{where}.{metric}", lambda v: v > 0, "a drop above 0", "0.05")
        for metric, value in limits.items()
    }


def _metrics(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return parse_names(value, where)
    if not isinstance(value, Sequence) or not value or not all(isinstance(name, str) for name in value):
        raise ConfigError(f"{where}: expected a list of metrics, got {value!r}: write [g_mean, roc_auc]")
    return parse_names(list(value), where)


def _tolerance(value: object, where: str) -> float:
    return _number(value, where, lambda v: v >= 0, "a drop in the metric's units, 0 or more", "0.01")


def _number(value: object, where: str, fits: Callable[[float], bool], words: str, example: str) -> float:
    number = math.nan
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        with contextlib.suppress(ValueError, OverflowError):
            number = float(value)
    if not math.isfinite(number) or not fits(number):
        raise ConfigError(f"{where}: expected {words}, got {value!r}: write a number such as {example}")
    return number


def _mapping(value: object, where: str, allowed: Iterable[str] | None, example: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{where}: expected a mapping, got {value!r}: write it as {example}")
    for key in value if allowed is not None else ():
        names = list(allowed or ())
        if key not in names:
            raise ConfigError(
                f"{where}: expected keys among {', '.join(names)}, got {key!r}."
                f"{did_you_mean(str(key), names)} Rename or remove it"
            )
    return value


def _pairs(items: str | Sequence[str], where: str, example: str, *, separator: str = ":") -> dict[str, str]:
    """Return what is written as name, separator, value with commas between; a name twice is an error."""
    pairs: dict[str, str] = {}
    for part in _parts(items):
        # a metric's own name may hold the separator, a value does not
        name, found, value = (word.strip() for word in part.rpartition(separator))
        if not found or not name or not value:
            raise ConfigError(
                f"{where}: expected NAME{separator}VALUE with commas between, got {part!r}: write {example}"
            )
        if name in pairs:
            raise ConfigError(f"{where}: expected each name once, got {name!r} twice: keep one")
        pairs[name] = value
    if not pairs:
        raise ConfigError(f"{where}: expected NAME{separator}VALUE, got {items!r}: write {example}")
    return pairs


def _parts(items: str | Sequence[str]) -> list[str]:
    texts = [items] if isinstance(items, str) else items
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]
