"""What two runs were asked to do, and with what: their manifests side by side. Manifests in, changes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["SECTIONS", "Change", "renamed", "setting_changes"]

SECTIONS = ("experiment", "protocol", "data", "methods", "classifiers", "metrics", "code", "machine")

_ABSENT = "-"
_THERE = "there"
_NAMED = {"data": "datasets", "methods": "methods", "classifiers": "classifiers"}
"""Sections whose parts have names of the user's own, and where the manifest keeps them."""

_Key = tuple[str, str]
"""The name of a part, empty where the section has none, and the path of a setting within it."""


@dataclass(frozen=True)
class Change:
    """One setting that is not the same in both runs.

    Parameters
    ----------
    section : str
        One of `SECTIONS`.
    what : str
        The setting's name, as in ``SMOTE: steps.0.params.k_neighbors``.
    base, other : str
        Its values in words; "-" where a run does not have it.
    """

    section: str
    what: str
    base: str
    other: str


def setting_changes(base: Mapping[str, Any], other: Mapping[str, Any]) -> list[Change]:
    """Return every setting that differs between two manifests, in the order of `SECTIONS`."""
    return [
        Change(section, what, before, after)
        for section in SECTIONS
        for what, before, after in _different(_settings(base, section), _settings(other, section))
    ]


def renamed(base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, str]:
    """Return the names in `other` of what `base` calls differently: ``{base's name: other's name}``.

    A method or classifier is taken to be renamed where its definition is the same to the letter, its name is
    in one run only, and no second one has that definition.

    Parameters
    ----------
    base, other : mapping of name to definition
        As ``methods`` or ``classifiers`` in a manifest.
    """
    gone = {name: _definition(base[name]) for name in base if name not in other}
    new = {name: _definition(other[name]) for name in other if name not in base}
    pairs = {}
    for name, definition in gone.items():
        same = [candidate for candidate, known in new.items() if known == definition]
        if len(same) == 1 and list(gone.values()).count(definition) == 1:
            pairs[name] = same[0]
    return pairs


def _definition(spec: Any) -> Any:
    return {key: value for key, value in spec.items() if key != "name"} if isinstance(spec, Mapping) else spec


def _settings(manifest: Mapping[str, Any], section: str) -> dict[_Key, str]:
    """Return a section's settings in words, by owner and name."""
    experiment = manifest["experiment"]
    if section in _NAMED:
        return dict(_of_named(experiment[_NAMED[section]]))
    commit = manifest["commit"] or {}
    tree: dict[str, Any]
    if section == "experiment":
        tree = {"name": experiment["name"], "file": experiment["file"]}
        tree["timeout_seconds"] = manifest["timeout_seconds"]
    elif section == "protocol":
        tree = experiment["protocol"]
    elif section == "metrics":
        tree = {"priority_metrics": ", ".join(experiment["priority_metrics"])}
        cards = experiment["metric_cards"]
        tree |= {name: cards[name]["formula"] or "computed" for name in experiment["metrics"]}
    elif section == "code":
        tree = {"code digest": manifest["code_digest"], "commit": commit.get("id")}
        tree |= {"uncommitted changes": commit.get("dirty"), **manifest["versions"]}
    else:
        assert section == "machine", section
        tree = manifest["machine"]
    return {("", path): text for path, text in _leaves(tree)}


def _of_named(parts: Mapping[str, Any]) -> Iterator[tuple[_Key, str]]:
    """Yield that a part is there, and its settings."""
    for name, definition in parts.items():
        yield (name, ""), _THERE
        yield from (((name, path), text) for path, text in _leaves(_definition(definition)))


def _leaves(tree: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, list):
            value = dict(enumerate(value))
        if isinstance(value, Mapping):
            yield from ((f"{name}.{path}", text) for path, text in _leaves(value))
        elif value is not None:
            yield str(name), value if isinstance(value, str) else repr(value)


def _different(base: Mapping[_Key, str], other: Mapping[_Key, str]) -> Iterator[tuple[str, str, str]]:
    for owner, path in dict.fromkeys([*base, *other]):
        before, after = base.get((owner, path), _ABSENT), other.get((owner, path), _ABSENT)
        # A data set that -k left out was not read: that it has no digest there is no change of the data.
        if path == "digest" and _ABSENT in (before, after):
            continue
        # What is in one run only is named once, not with all its settings.
        is_detail = path and base.get((owner, "")) != other.get((owner, ""))
        if before != after and not is_detail:
            yield (f"{owner}: {path}" if owner and path else owner or path), before, after
