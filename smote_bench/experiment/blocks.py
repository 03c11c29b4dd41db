"""How the blocks of an experiment's file are read: settings by their place, lists, names, words, numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from smote_bench.errors import ConfigError
from smote_bench.experiment.model import LONGEST_NAME, Spec
from smote_bench.experiment.tracking import TRACKING_KEYS, WITHOUT_EFFECT
from smote_bench.experiment.yaml_source import Keys, YamlSource

__all__ = ["CONFIG_KEYS", "PARAMS_KEYS", "Blocks", "with_effect"]

CONFIG_KEYS = (
    "cv_folds",
    "test_size",
    "random_state",
    "random_runs",
    "priority_metrics",
    "metrics",
    "selected_classifiers",
    "preprocessed",
    "scaling",
    "n_neighbors",
    *TRACKING_KEYS,
)
PARAMS_KEYS = ("preprocessed", "scaling", "n_neighbors")


class Blocks:
    """The blocks of one file; every error names its line.

    Parameters
    ----------
    source : YamlSource
    """

    def __init__(self, source: YamlSource) -> None:
        self.source = source
        if not isinstance(source.data, dict):
            raise source.error((), f"expected a mapping with methods and datasets, got {_kind(source.data)}")
        self.data: dict[str, Any] = source.data

    def find(self, key: str, places: tuple[str, ...] = ("experiment_config",)) -> tuple[Keys, Any]:
        """Find a setting at the top level or in one of the blocks it may stand in; twice is an error."""
        found: list[tuple[Keys, Any]] = [((key,), self.data[key])] if key in self.data else []
        for place in places:
            block = self.block(place)
            if key in block:
                found.append(((place, key), block[key]))
        if len(found) > 1:
            raise self.source.error(found[1][0], f"{key} is set in two places; keep one")
        return found[0] if found else ((key,), None)

    def block(self, name: str) -> dict[str, Any]:
        """Return a block of settings, its keys checked; empty where it is not there."""
        allowed = CONFIG_KEYS if name == "experiment_config" else PARAMS_KEYS
        block = self.data.get(name)
        if block is None:
            return {}
        if isinstance(block, list):
            block = self.merged(name, block)
        elif name == "datasets_params" and isinstance(block, str):
            block = {block: True}
        if not isinstance(block, dict):
            raise self.source.error(
                (name,), f"expected a mapping, got {block!r}; indent its settings below it"
            )
        known = with_effect(block) if name == "experiment_config" else block
        self.source.check_keys(known, allowed, (name,))
        return block

    def merged(self, name: str, items: Sequence[Any]) -> dict[str, Any]:
        """Read a block written as a list: of mappings, or of words that switch a data setting on."""
        merged: dict[str, Any] = {}
        for n, item in enumerate(items):
            if isinstance(item, str) and name == "datasets_params":
                item = {item: True}
            if not isinstance(item, dict):
                raise self.source.error(
                    (name, n),
                    f"expected a mapping, got {item!r}; write its settings as 'key: value' below it",
                )
            for key in item:
                if key in merged:
                    raise self.source.error((name, n, key), "is there twice; keep one")
            merged.update(item)
        return merged

    def number(self, key: str, default: Any, kind: type, fits: Callable[[Any], bool], words: str) -> Any:
        """Return a number that fits, as `words` say what does; its default where it is not there."""
        keys, value = self.find(key)
        if value is None:
            return default
        allowed: tuple[type, ...] = (int, float) if kind is float else (int,)
        if isinstance(value, bool) or not isinstance(value, allowed) or not fits(value):
            noun = "a number" if kind is float else "a whole number"
            raise self.source.error(
                keys, f"expected {noun}, {words}; got {value!r} (type={type(value).__name__})"
            )
        return kind(value)

    def flag(self, value: Any, keys: Keys) -> bool:
        """Return what has to be true or false."""
        if not isinstance(value, bool):
            raise self.source.error(keys, f"expected true or false, got {value!r}")
        return value

    def entries(self, key: str, keys: Keys, value: Any) -> list[tuple[Keys, str, Any]]:
        """Read a list of names, a list of one-key mappings, or a mapping: as (where, name, definition)."""
        if isinstance(value, str):
            if "," in value:
                parts = [part.strip() for part in value.split(",")]
                raise self.source.error(
                    keys, f"expected a list of {key}, got one text, {value!r}: write [{', '.join(parts)}]"
                )
            value = [value]
        if isinstance(value, dict):
            return [((*keys, name), self.word((*keys, name), name), value[name]) for name in value]
        if not isinstance(value, list):
            raise self.source.error(keys, f"expected a list or a mapping of {key}, got {value!r}")
        found: list[tuple[Keys, str, Any]] = []
        for n, item in enumerate(value):
            here: Keys = (*keys, n)
            if isinstance(item, dict) and "name" in item:
                rest = {k: v for k, v in item.items() if k != "name"}
                found.append((here, self.word(here, item["name"]), rest or None))
            elif isinstance(item, dict) and len(item) == 1:
                ((name, definition),) = item.items()
                found.append(((*here, name), self.word(here, name), definition))
            else:
                found.append((here, self.word(here, item), None))
        return found

    def word(self, keys: Keys, value: Any) -> str:
        """Return a name that can be a part of a test's id."""
        if not isinstance(value, str) or not value:
            raise self.source.error(keys, f"expected a name, got {value!r} (type={type(value).__name__})")
        # pytest writes ids in ASCII and in brackets; a name it would change could not be found again.
        if not (value.isascii() and value.isprintable()) or set(value) & set("[]\\"):
            raise self.source.error(
                keys, f"expected a name in ASCII without [, ] and \\, got {value!r}; rename it"
            )
        if len(value) > LONGEST_NAME:
            raise self.source.error(
                keys,
                f"expected a name of at most {LONGEST_NAME} characters, got one of {len(value)}: "
                f"{value[:40]}...; shorten it",
            )
        return value

    def parsed(self, key: str, keys: Keys, value: Any, parse: Callable[[str, Any], Spec]) -> dict[str, Spec]:
        """Return what entries stand for, by name; none may be there twice."""
        specs: dict[str, Spec] = {}
        for here, written, definition in self.entries(key, keys, value):
            try:
                spec = parse(written, definition)
            except ConfigError as error:
                raise self.source.error(here, str(error)) from error
            # The name as parsed: the original's files write SMOTE() for SMOTE.
            if spec.name in specs:
                raise self.source.error(
                    here, f"{spec.name!r} is there twice; keep one, or give one another name"
                )
            specs[spec.name] = spec
        return specs


def _kind(data: Any) -> str:
    return "an empty file" if data is None else type(data).__name__


def with_effect(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a block that something depends on; `remarks` names the others."""
    return {key: value for key, value in block.items() if key not in WITHOUT_EFFECT}
