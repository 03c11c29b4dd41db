"""A small table in a file, and how an experiment names it."""

from __future__ import annotations

TABLE = """age,colour,size,label
31,red,small,no
25,,large,no
40,blue,small,yes
,red,medium,no
25,red,large,no
"""


def entry(**changes):
    return {"name": "own", "file": "own.csv", "target": "label", "minority": "yes", **changes}
