"""What two runs were asked to do, and with what: their manifests side by side. Manifests in, changes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["SECTIONS", "Change", "renamed", "setting_changes"]

SECTIONS = ("experiment", "protocol", "data", "methods", "classifiers", "metrics", "code", "machine")

_ABSENT = "-"


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


def _settings(manifest: Mapping[str, Any], section: str) -> dict[str, str]:
    """Return a section's settings by name, in words."""
    experiment = manifest["experiment"]
    commit = manifest["commit"] or {}
    tree: dict[str, Any] = {}
    if section == "experiment":
        tree = {part: experiment[part] for part in ("name", "file")}
        tree["timeout_seconds"] = manifest["timeout_seconds"]
    elif section in ("protocol", "methods", "classifiers"):
        tree = dict(experiment[section])
    elif section == "data":
        tree = dict(experiment["datasets"])
    elif section == "metrics":
        tree = {"priority_metrics": ", ".join(experiment["priority_metrics"])}
        cards = experiment["metric_cards"]
        tree |= {name: cards[name]["formula"] or "computed" for name in experiment["metrics"]}
    elif section == "code":
        tree = {"code digest": manifest["code_digest"], "commit": commit.get("id")}
        tree |= {"uncommitted changes": commit.get("dirty"), **manifest["versions"]}
    elif section == "machine":
        tree = dict(manifest["machine"])
    return dict(_flat(tree, section in ("methods", "classifiers", "data")))


def _flat(tree: Mapping[str, Any], is_named: bool) -> Iterator[tuple[str, str]]:
    """Yield every leaf with its path; what has a name of the user's own stands apart from its settings."""
    for name, value in tree.items():
        if is_named and isinstance(value, Mapping):
            yield str(name), "there"
            yield from ((f"{name}: {path}", text) for path, text in _leaves(_definition(value)))
        else:
            yield from _leaves({str(name): value})


def _leaves(tree: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, list):
            value = dict(enumerate(value))
        if isinstance(value, Mapping):
            yield from ((f"{name}.{path}", text) for path, text in _leaves(value))
        elif value is not None:
            yield str(name), value if isinstance(value, str) else repr(value)


def _different(base: Mapping[str, str], other: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for what in dict.fromkeys([*base, *other]):
        before, after = base.get(what, _ABSENT), other.get(what, _ABSENT)
        # What is in one run only is named once, not with all its settings.
        alone = ": " in what and {base.get(_owner(what)), other.get(_owner(what))} == {None, "there"}
        if before != after and not alone:
            yield what, before, after


def _owner(what: str) -> str:
    return what.split(": ", 1)[0]
