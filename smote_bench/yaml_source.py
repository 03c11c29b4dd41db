"""YAML as plain data that remembers where every value stood, so that an error can name file, line and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["YamlSource"]

Keys = tuple[str | int, ...]


class YamlSource:
    """A YAML file as data and marks.

    Attributes
    ----------
    path : str
        As shown in messages.
    data : Any
        Mappings, lists and scalars, by YAML's safe rules; nothing in a file can run code.

    Raises
    ------
    ConfigError
        If the file cannot be read, is not YAML, or repeats a key.
    """

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self._lines: dict[Keys, int] = {}
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            self.data: Any = None if node is None else self._plain(loader, node, ())
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise ConfigError(f"{path}:{line}: expected YAML, got: {error.problem}; mend the line") from error
        except yaml.YAMLError as error:
            raise ConfigError(f"{path}: expected YAML, got: {error}; mend the file") from error
        finally:
            loader.dispose()

    @classmethod
    def read(cls, path: Path) -> YamlSource:
        """Read a file."""
        try:
            return cls(Path(path).read_text(encoding="utf-8"), str(path))
        except OSError as error:
            raise ConfigError(
                f"expected a YAML file, got {str(path)!r}: {error.strerror}; check the path"
            ) from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"expected UTF-8 text in {str(path)!r}: {error}; save it as UTF-8") from error

    def error(self, keys: Keys, message: str) -> ConfigError:
        """Return an error that names the file, the line of `keys`, the key and the message."""
        probe = keys
        while probe and probe not in self._lines:
            probe = probe[:-1]
        where = ".".join(str(key) for key in keys)
        return ConfigError(f"{self.path}:{self._lines.get(probe, 1)}: {where + ': ' if where else ''}{message}")

    def check_keys(self, mapping: Mapping[str, Any], allowed: Iterable[str], keys: Keys = ()) -> None:
        """Refuse keys of a mapping that are not in `allowed`, with a suggestion."""
        names = list(allowed)
        for key in mapping:
            if key not in names:
                raise self.error(
                    (*keys, key),
                    f"unknown key {key!r}.{did_you_mean(str(key), names)} Expected one of: {', '.join(names)}",
                )

    def _plain(self, loader: yaml.SafeLoader, node: yaml.Node, keys: Keys) -> Any:
        self._lines.setdefault(keys, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(loader, child, (*keys, n)) for n, child in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            return loader.construct_object(node, deep=True)
        loader.flatten_mapping(node)
        plain: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if isinstance(key, list | dict):
                raise self.error(keys, "expected a word as key; write one word before each colon")
            self._lines[(*keys, key)] = key_node.start_mark.line + 1
            if key in plain:
                raise self.error((*keys, key), "is there twice; keep one")
            plain[key] = self._plain(loader, value_node, (*keys, key))
        return plain
