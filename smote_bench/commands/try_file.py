"""``smote-bench try FILE --target COLUMN``: does oversampling help on this file? Without an experiment."""

from __future__ import annotations

import argparse
import itertools
import math
import os
import re
import shlex
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.commands.datasets_file import told
from smote_bench.commands.file_options import add_options, entry_of
from smote_bench.errors import ConfigError
from smote_bench.runs.whole_folder import write_as_named

if TYPE_CHECKING:
    from smote_bench.api.one_file.stages import Found, Question

__all__ = ["add_parser", "run"]

_WIDTH = 110
_FEWEST_MINUTES = 0.5
_INTERRUPTED = 130


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    summary = "does oversampling help on a file of yours, and which method?"
    parser = subparsers.add_parser(
        "try", help=summary, description=f"{summary} docs/try.md says how it is told."
    )
    parser.add_argument(
        "file", metavar="FILE", help="a table: CSV, Parquet, Excel, ARFF, ... (docs/datasets.md)"
    )
    parser.add_argument(
        "--minutes", type=_minutes, default=5.0, metavar="M", help="for everything, the page too (default: 5)"
    )
    parser.add_argument(
        "--metric", default="", metavar="NAME", help="which one decides (default: balanced_accuracy)"
    )
    parser.add_argument(
        "--cost",
        type=_cost,
        metavar="FP,FN",
        help="what a false positive and a false negative cost, as in 1,25: the expected cost decides",
    )
    parser.add_argument(
        "--precision",
        type=_precision,
        metavar="P",
        help="repeat until intervals are ±P (default: 0.01, of costs a twentieth of Original's)",
    )
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="DIR", help="folder of reports")
    parser.add_argument(
        "--yaml", type=Path, metavar="FILE", help="the experiment to write (default: named as FILE)"
    )
    parser.add_argument(
        "-n", dest="n_workers", type=_workers, default="auto", metavar="N", help="workers (auto)"
    )
    add_options(parser)


def _number(text: str, least: float, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value < math.inf:
        raise argparse.ArgumentTypeError(f"expected {what}, got {text!r}")
    return value


def _minutes(text: str) -> float:
    return _number(text, _FEWEST_MINUTES, f"a number of minutes, {_FEWEST_MINUTES:g} or more")


def _precision(text: str) -> float:
    return _number(text, 1e-6, "a number above 0")


def _workers(text: str) -> int | str:
    if text == "auto":
        return text
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of 1 or more, or auto, got {text!r}")
    return int(text)


def _cost(text: str) -> dict[str, float]:
    words = [word.strip() for word in text.split(",")]
    if len(words) != 2:
        raise argparse.ArgumentTypeError(
            f"expected two numbers, of a false positive and a false negative, got {text!r}"
        )
    return {
        key: _number(word.removeprefix(f"{key}="), 0.0, "two numbers of 0 or more, as in 1,25")
        for key, word in zip(("fp", "fn"), words, strict=True)
    }


def run(args: argparse.Namespace) -> int:
    """Read, compute, answer; write the page and the experiment.

    Returns
    -------
    int
        0, whatever the answer is; 130 after Ctrl-C.
    """
    try:
        return _answered(args)
    except KeyboardInterrupt:
        _say("stopped; what was computed is in the memo, and the same command goes on from there")
        return _INTERRUPTED


def _answered(args: argparse.Namespace) -> int:
    started = time.monotonic()
    from smote_bench.api.one_file.stages import Stages

    if args.cost and args.metric:
        raise ConfigError("expected --cost or --metric, got both: with costs the expected cost decides")
    _check_place(args.yaml)
    question = _question(args)
    stages = Stages(
        question,
        60 * args.minutes,
        args.precision,
        args.out,
        args.n_workers,
        say=_say,
        before=time.monotonic() - started,
    )
    found = stages.look()
    file = _written(found.experiment, args)
    _say(f"the page, from {file}")
    from smote_bench.api.start import run as run_experiment

    made = run_experiment(file, n_workers=args.n_workers, out=args.out, progress=False, report=True)
    _tell(question, found, made.folder)
    _say_where(made.folder, file)
    return 0


def _check_place(file: Path | None) -> None:
    """Refuse a place where no experiment can be written before anything is computed."""
    folder = Path() if file is None else file.parent
    if file is not None and file.is_dir():
        raise ConfigError(f"expected a file for --yaml, got the folder {str(file)!r}: name a file in it")
    if not folder.is_dir():
        raise ConfigError(
            f"expected a folder at {str(folder)!r} for --yaml, but there is none: make it first"
        )
    if not os.access(folder, os.W_OK):
        where = "the folder you are in" if file is None else f"the folder {str(folder)!r}"
        raise ConfigError(f"expected to be allowed to write in {where}, got no: name a place with --yaml")


def _question(args: argparse.Namespace) -> Question:
    """Read the file, print what was read as what, and check what is asked for."""
    from smote_bench.api.one_file.choice import FEWEST_MINORITY_ROWS, methods_for, n_folds_for
    from smote_bench.api.one_file.stages import Question
    from smote_bench.data.sources import parse_user_file
    from smote_bench.metrics import DEFAULT_PRIORITY_METRICS, EXPECTED_COST, parse_metric

    if args.metric:
        parse_metric(args.metric)
    entry = {**entry_of(args, args.file), "name": _name(args.file)}
    columns, y, lines = told(parse_user_file(entry, Path.cwd()))
    for line in lines:
        print(line)
    print(flush=True)
    n_minority = int(y.sum())
    if n_minority < FEWEST_MINORITY_ROWS:
        raise ConfigError(
            f"expected at least {FEWEST_MINORITY_ROWS} rows of the minority, got {n_minority}: on fewer no "
            "number means anything; collect more, or name another --minority"
        )
    return Question(
        entry={**entry, **_absolute(entry)},
        n_rows=len(columns.X),
        n_columns=columns.X.shape[1],
        n_folds=n_folds_for(n_minority),
        metric=args.metric or (EXPECTED_COST if args.cost else DEFAULT_PRIORITY_METRICS[0]),
        cost=args.cost,
        chosen_metric=args.metric,
        methods=methods_for(columns.X),
    )


def _absolute(entry: dict[str, Any]) -> dict[str, str]:
    """Return the files of an entry by paths that hold in any folder."""
    return {key: str(Path(entry[key]).expanduser().absolute()) for key in ("file", "test") if key in entry}


def _name(file: str) -> str:
    """Name a data set after its file, without the endings of its format and of its packing.

    >>> _name("data/my file.2020.csv.gz")
    'my_file.2020'
    """
    name = re.sub(r"\.(gz|bz2|xz|zip|zst)$", "", Path(file).name, flags=re.IGNORECASE)
    stem = name.rpartition(".")[0] or name
    return re.sub(r"[^\w.]+", "_", stem).strip("_.") or "file"


def _written(experiment: dict[str, Any], args: argparse.Namespace) -> Path:
    """Write the experiment, its data files named from there; never over another content."""
    import yaml

    wanted = args.yaml or Path(f"{_name(args.file)}.yaml")
    entry = {**experiment["datasets"][0], "file": args.file}
    folder = wanted.absolute().parent
    entry |= {key: os.path.relpath(path, folder) for key, path in _absolute(entry).items()}
    content = {**experiment, "datasets": [entry]}
    text = f"# smote-bench run {wanted.name} repeats what smote-bench try found.\n"
    text += yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    for n in itertools.count(1):
        path = wanted if n == 1 else wanted.with_name(f"{wanted.stem}_{n}{wanted.suffix}")
        if not path.exists():
            write_as_named(path, text)
            return path
        if path.read_text(encoding="utf-8", errors="replace") == text:
            return path
    raise AssertionError("count has no end")


def _tell(question: Question, found: Found, folder: Path) -> None:
    from smote_bench.api.one_file.words import answer_parts, gains_table, more_sentences
    from smote_bench.report.analysis.answer import answer
    from smote_bench.runs.open import open_run

    run = open_run(folder)
    said = answer(run)
    if not set(run.methods) - set(run.trivial):
        _part(
            "No sampler was come to",
            ["The answer is about what resamples nothing clever: trivial arms alone."],
        )
    for heading, sentences in answer_parts(said):
        _part(heading, sentences)
    title = run.metrics[question.metric].title
    print(f"Gains over Original by {title} (95% interval, all methods counted)")
    for line in gains_table(run, question.metric):
        print(f"  {line}")
    print()
    gain = said.effect.gain if said.effect else math.nan
    _part(
        "What it would take to know more",
        list(more_sentences(question, found, gain, is_shown=said.verdict in ("helps", "hurts"))),
    )


def _part(heading: str, sentences: Sequence[str]) -> None:
    print(heading)
    for sentence in sentences:
        print(
            textwrap.fill(
                sentence, _WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
            )
        )
    print()


def _say_where(folder: Path, file: Path) -> None:
    page = folder / "report.html"
    print(f"Page: {os.path.relpath(page)}" if page.is_file() else f"Tables: {os.path.relpath(folder)}")
    print(f"To repeat it: smote-bench run {shlex.quote(str(file))}")


def _say(text: str) -> None:
    print(f"smote-bench: {text}", flush=True)
