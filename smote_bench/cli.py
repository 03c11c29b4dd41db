"""The command ``smote-bench``; each subcommand lives in a module of `smote_bench.commands`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from smote_bench.errors import SmoteBenchError
from smote_bench.version import __version__

__all__ = ["main"]

COMMANDS = (
    "run",
    "plan",
    "list",
    "report",
    "track",
    "compare",
    "baseline",
    "gate",
    "validate",
    "survey",
    "datasets",
    "methods",
    "figure",
)
_CALLS_PYTEST = ("run", "baseline")
"""What these do not know is pytest's."""
USAGE_ERROR = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand; return 0 on success, 2 when the call itself is wrong."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="smote-bench", description=__doc__)
    parser.add_argument("--version", action="version", version=f"smote-bench {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="|".join(COMMANDS))
    # What is called is all that is imported: `list` answers before the others' imports are done.
    needed = arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS
    modules = {name: importlib.import_module(f"smote_bench.commands.{name}") for name in needed}
    for module in modules.values():
        module.add_parser(subparsers)
    args, rest = parser.parse_known_args(arguments)
    if rest and args.command not in _CALLS_PYTEST:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    args.rest = rest
    try:
        return int(modules[args.command].run(args))
    except BrokenPipeError:
        # Whoever read has enough, as `| head` does; the interpreter's last flush must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SmoteBenchError as error:
        print(f"smote-bench {args.command}: {error}", file=sys.stderr)
        return USAGE_ERROR


if __name__ == "__main__":
    sys.exit(main())
