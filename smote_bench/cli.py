"""The command ``smote-bench``; each subcommand lives in a module of `smote_bench.commands`."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from smote_bench.errors import SmoteBenchError, did_you_mean
from smote_bench.plain_text import VisibleStream
from smote_bench.version import __version__

__all__ = ["main"]

COMMANDS = (
    "try",
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
    "doctor",
    "prune",
)
_MODULES = {"try": "try_file"}
"""A keyword is no name of a module."""

_CALLS_PYTEST = ("run", "baseline")
"""What these do not know is pytest's."""
USAGE_ERROR = 2
INTERRUPTED = 130
CANNOT_PRINT = 1
"""A shell's for SIGINT."""


class _Parser(argparse.ArgumentParser):
    """A parser, and those of its subcommands, that suggest what a misspelt word may stand for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Take options as they are written: ``--n 2`` is not ``--na 2``."""
        super().__init__(*args, **{"allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        """End with the message, and a suggestion where the word is none of a few."""
        found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        hint = did_you_mean(found[1], re.findall(r"[\w-]+", found[2])) if found else ""
        super().error(message + (f".{hint}" if hint else ""))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; what is unknown is looked for among the options of the innermost subcommand."""
        parsed, rest = super().parse_known_args(args, namespace)
        if not hasattr(parsed, "known_options"):  # a subcommand's names are copied to its parent's
            parsed.known_options = {name: name for action in self._actions for name in action.option_strings}
            parsed.known_options |= self._called_otherwise() | getattr(parsed, "other_names", {})
        return parsed, rest

    def _called_otherwise(self) -> dict[str, str]:
        """Return what pytest calls options of this command, as help says: ``as given to --smote-out``."""
        return {
            other: action.option_strings[-1]
            for action in self._actions
            if action.option_strings
            for other in re.findall(r"\bas (?:given to )?(--smote-[\w-]+)", action.help or "")
        }


def _option_meant(word: str, known: Mapping[str, str]) -> str:
    """Suggest an option: what pytest calls otherwise, or where only the number of dashes is wrong, that one.

    Parameters
    ----------
    word : str
    known : mapping of str to str
        What may be written, to the option of this command that it stands for.

    >>> _option_meant("--n", {"-n": "-n", "--na": "--na"})
    " Did you mean '-n'?"
    >>> _option_meant("--smote-out", {"--out": "--out", "--reports": "--reports", "--smote-out": "--reports"})
    " Did you mean '--reports'?"
    """
    dashes = word[1:] if word.startswith("--") else f"-{word}"
    ours = word.replace("--smote-", "--", 1)
    own = [name for name, meant in known.items() if name == meant]
    found = next((known[one] for one in (word, dashes, ours) if known.get(one, word) != word), None)
    return f" Did you mean {found!r}?" if found else did_you_mean(ours, [one for one in own if one != word])


@contextlib.contextmanager
def _names_made_visible(command: str) -> Iterator[None]:
    """Write out control characters in names that others gave: of files, columns, experiments."""
    before = sys.stdout
    if before is not None and command not in _CALLS_PYTEST:  # which has colours
        sys.stdout = VisibleStream(before)
    try:
        yield
    finally:
        sys.stdout = before


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand; return 0 on success, 2 when the call itself is wrong, 130 after Ctrl-C."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _Parser(prog="smote-bench", description=__doc__)
    parser.add_argument("--version", action="version", version=f"smote-bench {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="|".join(COMMANDS))
    # What is called is all that is imported: `list` answers before the others' imports are done.
    needed = arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS
    modules = {
        name: importlib.import_module(f"smote_bench.commands.{_MODULES.get(name, name)}") for name in needed
    }
    for module in modules.values():
        module.add_parser(subparsers)
    args, rest = parser.parse_known_args(arguments)
    if rest and args.command not in _CALLS_PYTEST:
        options = [word.partition("=")[0] for word in rest if re.match("--?[a-zA-Z]", word)]
        hints = dict.fromkeys(_option_meant(word, args.known_options) for word in options)
        hint = "".join(hints)
        parser.error(f"unknown arguments: {' '.join(rest)}" + (f".{hint}" if hint else ""))
    args.rest = rest
    try:
        with _names_made_visible(args.command):
            code = int(modules[args.command].run(args))
            if sys.stdout is not None:  # as after `>&-`
                sys.stdout.flush()
        return code
    except OSError as error:
        from smote_bench.session.standard_output import give_up, why_unprintable

        why = why_unprintable(error)
        if not why:
            raise
        give_up()
        if isinstance(error, BrokenPipeError):  # whoever read has enough, as `| head` does
            return 0
        print(f"smote-bench {args.command}: expected to print, but {why}", file=sys.stderr)
        return CANNOT_PRINT
    except KeyboardInterrupt:
        print(f"smote-bench {args.command}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except SmoteBenchError as error:
        print(f"smote-bench {args.command}: {error}", file=sys.stderr)
        return USAGE_ERROR
