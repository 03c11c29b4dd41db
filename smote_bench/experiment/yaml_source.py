"""YAML as plain data that remembers where every value stood, so that an error can name file, line and key."""

from __future__ import annotations

import errno
import io
import math
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.experiment.yaml_bounds import TooLarge, check_bounds
from smote_bench.plain_text import cut

__all__ = ["YamlSource"]

Keys = tuple[str | int, ...]

_MERGE = "tag:yaml.org,2002:merge"
_BLOCKS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


MOST_BYTES = 5_000_000
"""Of a file that is read."""
MOST_NUMBER_CHARACTERS, MOST_BITS = 400, 1023
"""Of a number as it is written, and of a whole one: what is more is no float, and cannot be printed."""
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_SHOWN = 30


def _has_tab(text: str, line: int) -> bool:
    """Tell whether a line, counted from 1, is indented with a tab, which YAML does not take."""
    found = text.splitlines()[line - 1 : line]
    return any("\t" in one[: len(one) - len(one.lstrip())] for one in found)


def _text_of(path: Path) -> str:
    """Return the text of a regular file within the bound: its size alone says too little, as of a device."""
    state = path.stat()
    if stat.S_ISDIR(state.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(state.st_mode):
        raise ConfigError(
            f"expected a YAML file, got {str(path)!r}, which is no regular file but a pipe, a device or a "
            "socket: write the text into a file"
        )
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        n = max(state.st_size, len(content))
        raise ConfigError(
            f"expected a YAML file of at most {MOST_BYTES:,} bytes, got {n:,} in {str(path)!r}: split it"
        )
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8").read()


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
        self._open: list[yaml.Node] = []
        try:
            self._check_bounds(text)
            self.data: Any = self._read(yaml.SafeLoader(text))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            mend = "indent it with blanks, not with a tab" if _has_tab(text, line) else "mend the line"
            raise ConfigError(f"{path}:{line}: expected YAML, got: {error.problem}; {mend}") from error
        except yaml.YAMLError as error:
            text = " ".join(str(error).split())
            raise ConfigError(f"{path}: expected YAML, got: {text}; mend the file") from error

    @classmethod
    def read(cls, path: Path) -> YamlSource:
        """Read a file; what is none, as a pipe or a device, is not opened."""
        try:
            return cls(_text_of(Path(path)), str(path))
        except OSError as error:
            hint = ""
            if isinstance(error, FileNotFoundError):  # else the name is right
                hint = did_you_mean(Path(path).name, [one.name for one in Path(path).parent.glob("*.y*ml")])
            raise ConfigError(
                f"expected a YAML file, got {str(path)!r}: {error.strerror}; check the path.{hint}"
            ) from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"expected UTF-8 text in {str(path)!r}: {error}; save it as UTF-8") from error

    def error(self, keys: Keys, message: str) -> ConfigError:
        """Return an error that names the file, the line of `keys`, the key and the message."""
        probe = keys
        while probe and probe not in self._lines:
            probe = probe[:-1]
        return self._error_in(self._lines.get(probe, 1), keys, message)

    def _error_at(self, node: yaml.Node, keys: Keys, message: str) -> ConfigError:
        """Return an error that names the line of a node, which may be that of a key not known yet."""
        return self._error_in(node.start_mark.line + 1, keys, message)

    def _error_in(self, line: int, keys: Keys, message: str) -> ConfigError:
        where = ".".join(str(key) for key in keys)
        return ConfigError(f"{self.path}:{line}: {where + ': ' if where else ''}{message}")

    def check_keys(self, mapping: Mapping[str, Any], allowed: Iterable[str], keys: Keys = ()) -> None:
        """Refuse keys of a mapping that are not in `allowed`, with a suggestion."""
        names = list(allowed)
        for key in mapping:
            if key not in names:
                raise self.error(
                    (*keys, key),
                    f"unknown key {key!r}.{did_you_mean(str(key), names)} "
                    f"Expected one of: {', '.join(names)}",
                )

    def _check_bounds(self, text: str) -> None:
        """Refuse what is small to write and dear to read, before anything of it is built."""
        try:
            check_bounds(text)
        except TooLarge as error:
            raise ConfigError(f"{self.path}:{error.line}: {error}") from error

    def _read(self, loader: yaml.SafeLoader) -> Any:
        try:
            node = loader.get_single_node()
            return None if node is None else self._plain(loader, node, ())
        finally:
            loader.dispose()

    def _plain(self, loader: yaml.SafeLoader, node: yaml.Node, keys: Keys) -> Any:
        self._lines.setdefault(keys, node.start_mark.line + 1)
        if not isinstance(node, yaml.SequenceNode | yaml.MappingNode):
            return self._scalar(loader, node, keys)
        if node.tag not in _BLOCKS:
            raise self.error(keys, f"expected plain data, got the tag {node.tag!r}; remove it")
        if any(node is parent for parent in self._open):
            raise self.error(keys, "expected data, got an alias of the block it stands in; write it out")
        self._open.append(node)
        if isinstance(node, yaml.SequenceNode):
            plain: Any = [self._plain(loader, child, (*keys, n)) for n, child in enumerate(node.value)]
        else:
            plain = self._mapping(loader, node, keys)
        self._open.pop()
        return plain

    def _scalar(self, loader: yaml.SafeLoader, node: yaml.Node, keys: Keys) -> Any:
        # Before it is built: parts of base 60 take time by the square of their number.
        if node.tag in _NUMBERS and len(node.value) > MOST_NUMBER_CHARACTERS:
            raise self._error_at(node, keys, self._too_long(node))
        try:
            value = loader.construct_object(node, deep=True)
        except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError) as error:
            # a date such as 2024-13-45, or a tag such as !!int before a word
            short = cut(str(node.value))
            raise self._error_at(
                node, keys, f"expected a value, got {short!r} ({error}); quote it"
            ) from error
        if isinstance(value, int) and value.bit_length() > MOST_BITS:
            raise self._error_at(node, keys, self._too_long(node))
        if keys[:1] == ("datasets",) and node.tag in _NUMBERS and not _is_as_written(node.value, value):
            raise self._error_at(
                node,
                keys,
                f"expected a number in digits from 0 to 9, or a text in quotes, got {node.value}, which YAML "
                f"reads as {value}: put it in quotes",
            )
        return value

    @staticmethod
    def _too_long(node: yaml.Node) -> str:
        n = len(node.value)
        return (
            f"expected a number below 10 to the power of 308, got {node.value[:_SHOWN]!r}... of {n:,} "
            "characters: write a smaller one, or quote it if it is a text"
        )

    def _mapping(self, loader: yaml.SafeLoader, node: yaml.MappingNode, keys: Keys) -> dict[Any, Any]:
        own: dict[Any, tuple[yaml.Node, yaml.Node]] = {}
        merges = any(key_node.tag == _MERGE for key_node, _ in node.value)
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                continue
            key = self._scalar(loader, key_node, keys)
            if isinstance(key, list | dict | set):
                raise self.error(keys, "expected a word as key; write one word before each colon")
            self._lines[(*keys, key)] = key_node.start_mark.line + 1
            if key in own:
                raise self.error((*keys, key), "is there twice; keep one")
            own[key] = (key_node, value_node)
        if merges:  # what is merged in goes first, so that the block's own keys win
            loader.flatten_mapping(node)
            own = {self._scalar(loader, pair[0], keys): pair for pair in node.value}
            # An alias may bring the node here again: then it holds every key once.
            node.value = list(own.values())
        plain: dict[Any, Any] = {}
        for key, (key_node, value_node) in own.items():
            self._lines[(*keys, key)] = key_node.start_mark.line + 1
            plain[key] = self._plain(loader, value_node, (*keys, key))
        return plain


def _is_as_written(text: str, value: float) -> bool:
    """Tell whether a number is what its digits say: YAML 1.1 reads 010 as 8, and 12:30 as 750."""
    if not math.isfinite(value):
        return True
    try:
        return (int(text) if isinstance(value, int) else float(text)) == value  # floats end at 2**53
    except ValueError:
        return False
