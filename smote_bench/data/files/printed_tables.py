"""Tables as terminals and Markdown print them, with rules of hyphens: told from text, and refused."""

from __future__ import annotations

import re
from pathlib import Path

from smote_bench.data.files.compressed import READ_ERRORS, open_binary
from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.errors import ConfigError

__all__ = ["check_printed"]

_HEAD_BYTES = 4096
_LINES = 4
_RULE = re.compile(
    r"\s*[|+]?\s*:?[-=]{2,}:?(\s*[|+]\s*:?[-=]{2,}:?|[ \t]+[-=]{2,})+\s*[|+]?\s*"  # psql, MySQL, Markdown
    r"|\s*\+[-=]{2,}\+\s*|(?=.*(--|:))\s*\|(\s*:?-+:?\s*\|)+\s*"
    r"|\s*[┌╭├╞│╔╠]?[─━═]{2,}([┬┼╪╤╦╬│][─━═]{2,})*[┐╮┤╡│╗╣]?\s*"  # polars, duckdb
)


def check_printed(path: Path, name: str, reading: ReadKeys) -> None:
    """Check that a text file is no table as programs print it for people to look at.

    Where `reading` says how cells are parted, which lines are no rows, or where the header is, nothing is
    checked: such a table can be read so.

    Raises
    ------
    ConfigError
        If it is one. It shows the rule, and says what to do.
    """
    if reading.sep is not None or reading.comment is not None or reading.header is not None:
        return
    try:
        with open_binary(path) as stream:
            head = stream.read(_HEAD_BYTES)
    except READ_ERRORS:  # whoever reads it says what is wrong
        return
    lines = head.decode(reading.encoding or "utf-8", errors="replace").splitlines()[:_LINES]
    for n, line in enumerate(lines, start=1):
        if _RULE.fullmatch(line):
            raise ConfigError(
                f"{name}: expected delimited text at {path}, got a table as programs print it for people to "
                f"look at, with a rule ({line.strip()[:40]!r} in line {n}): write it as CSV where it comes "
                "from (psql --csv, mysql --batch, DataFrame.to_csv); 'read: {sep: \"|\", comment: ...}' "
                "reads one of bars alone, if lines of rules begin with a sign of their own"
            )
