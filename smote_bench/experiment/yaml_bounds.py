"""Whether a YAML text is small enough to be built: entries with aliases written out, levels, long values."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

__all__ = ["LONGEST_VALUE", "MOST_ENTRIES", "MOST_LEVELS", "TooLarge", "check_bounds"]

MOST_ENTRIES, MOST_LEVELS, LONGEST_VALUE = 50_000, 50, 1_000_000
"""Entries (aliases count as what they stand for), blocks within blocks, and characters of one value."""


class TooLarge(Exception):
    """A text is beyond a bound.

    Attributes
    ----------
    line : int
        Where it gets there, from 1.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class _Block:
    """An open block: its anchor, and how many entries there are in it."""

    anchor: str | None
    n_entries: int = 1


def check_bounds(text: str) -> None:
    """Read a text as events, and stop at the first bound that it passes.

    Raises
    ------
    TooLarge
    yaml.YAMLError
        If it is no YAML.
    """
    sizes: dict[str, int] = {}
    blocks = [_Block(None, 0)]
    # libyaml, where PyYAML has it, reads a hundred times faster.
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            blocks.append(_Block(event.anchor))
            if len(blocks) - 1 > MOST_LEVELS:
                raise TooLarge(f"expected at most {MOST_LEVELS} levels, got more: write it flatter", line)
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            closed = blocks.pop()
            size, anchor = closed.n_entries, closed.anchor
        elif isinstance(event, yaml.ScalarEvent):
            size, anchor = 1, event.anchor
            if len(event.value) > LONGEST_VALUE:
                n = f"{len(event.value):,} characters"
                raise TooLarge(f"expected a value of at most {LONGEST_VALUE:,} characters, got {n}", line)
        elif isinstance(event, yaml.AliasEvent):
            size, anchor = sizes.get(event.anchor or "", 1), None
        else:
            continue
        if anchor:
            sizes[anchor] = size
        blocks[-1].n_entries += size
        if blocks[-1].n_entries > MOST_ENTRIES:
            raise TooLarge(
                f"expected at most {MOST_ENTRIES:,} entries with aliases written out, got more: "
                "split the file, or say it shorter",
                line,
            )
