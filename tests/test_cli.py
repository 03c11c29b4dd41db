"""The command ``smote-bench``.

Also of: __main__, version.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from smote_bench import __version__, cli
from smote_bench.errors import ConfigError


@pytest.fixture(autouse=True)
def commands(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Replace the subcommands by two that record how they were called."""
    seen: dict[str, Any] = {}

    def command(name: str) -> types.SimpleNamespace:
        def add_parser(subparsers: Any) -> None:
            subparsers.add_parser(name).add_argument("what", nargs="?")

        def run(args: argparse.Namespace) -> int:
            seen["args"] = args
            if isinstance(seen.get("result"), BaseException):
                raise seen["result"]
            return int(seen.get("result", 0))

        return types.SimpleNamespace(add_parser=add_parser, run=run)

    modules = {f"smote_bench.commands.{name}": command(name) for name in ("run", "datasets")}
    monkeypatch.setattr(cli, "COMMANDS", ("run", "datasets"))
    monkeypatch.setattr(cli.importlib, "import_module", modules.__getitem__)
    return seen


def test_what_run_does_not_know_goes_on_to_pytest(commands: dict[str, Any]) -> None:
    assert cli.main(["run", "quick", "-n", "auto", "-k", "Ecoli", "--smote-out=there"]) == 0
    assert commands["args"].what == "quick"
    assert commands["args"].rest == ["-n", "auto", "-k", "Ecoli", "--smote-out=there"]


def test_other_commands_refuse_what_they_do_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["datasets", "list", "--frobnicate"])
    assert end.value.code == 2
    assert "unknown arguments: --frobnicate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(["rum"], "run"), (["dataset"], "datasets"), (["datasets", "--hlep"], "--help")],
)
def test_misspelt_words_get_a_suggestion(
    arguments: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert f"Did you mean '{meant}'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "meant"), [("--k", "-k"), ("-minutes", "--minutes"), ("--minuts", "--minutes")]
)
def test_an_option_is_not_taken_for_a_longer_one(
    commands: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    word: str,
    meant: str,
) -> None:
    def add_parser(subparsers: Any) -> None:
        parser = subparsers.add_parser("datasets")
        parser.add_argument("-k")
        parser.add_argument("--key")
        parser.add_argument("--minutes")

    monkeypatch.setattr(cli, "COMMANDS", ("datasets",))
    monkeypatch.setattr(
        cli.importlib, "import_module", lambda _: types.SimpleNamespace(add_parser=add_parser)
    )
    with pytest.raises(SystemExit) as end:
        cli.main(["datasets", word, "2"])
    assert end.value.code == 2
    assert f"Did you mean '{meant}'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["list", "--smote-out", "x"], "--out"),
        (["list", "--smote-out=x"], "--out"),
        (["plan", "quick", "--smote-out", "x"], "--out"),
        (["report", "--smote-out", "x"], "--reports"),
        (["report", "latest", "--smote-tsne", "off"], "--tsne"),
        (["compare", "a", "b", "--smote-out", "x"], "--reports"),
        (["gate", "a", "b", "--smote-out", "x"], "--reports"),
        (["track", "--to", "mlflow", "--smote-out", "x"], "--reports"),
    ],
)
def test_an_option_of_pytest_is_answered_with_that_of_the_command(
    arguments: list[str], meant: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()  # the real commands
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert f". Did you mean '{meant}'?" in capsys.readouterr().err


@pytest.mark.parametrize("command", [name for name in cli.COMMANDS if name not in ("run", "baseline")])
def test_nobody_is_told_what_they_wrote(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()  # the real commands
    for word in ("--smote-out", "--smote-memo", "--smote-save", "--smote-experiment"):
        with pytest.raises(SystemExit):
            cli.main([command, word, "x"])
        assert f"Did you mean '{word}'?" not in capsys.readouterr().err


def test_a_word_like_no_other_gets_no_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["zzzzzz"])
    assert "Did you mean" not in capsys.readouterr().err


def test_a_wrong_call_is_one_line_and_exit_code_2(
    commands: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    commands["result"] = ConfigError("expected this, got that; do so")
    assert cli.main(["run", "quick"]) == 2
    assert capsys.readouterr().err == "smote-bench run: expected this, got that; do so\n"


def test_the_commands_exit_code_is_the_programs(commands: dict[str, Any]) -> None:
    commands["result"] = 5
    assert cli.main(["run", "quick"]) == 5


@pytest.mark.parametrize("arguments", [[], ["explode"]])
def test_a_missing_or_unknown_command_lists_them(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert "run|datasets" in capsys.readouterr().err


def test_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"smote-bench {__version__}\n"


def test_is_called_as_a_module_too(tmp_path: Path) -> None:
    called = subprocess.run(
        [sys.executable, "-m", "smote_bench", "--version"], capture_output=True, text=True, cwd=tmp_path
    )
    assert called.stdout == f"smote-bench {__version__}\n"


def test_a_closed_pipe_is_no_traceback() -> None:
    listing = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from smote_bench.cli import main; sys.exit(main(['methods', 'list']))",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).resolve().parent.parent,
    )
    assert listing.stdout is not None
    listing.stdout.close()
    _, errors = listing.communicate(timeout=120)
    assert b"Traceback" not in errors
    assert b"BrokenPipe" not in errors


def test_an_interrupt_is_no_traceback(commands: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    commands["result"] = KeyboardInterrupt()
    assert cli.main(["datasets", "list"]) == 130
    assert capsys.readouterr().err == "smote-bench datasets: interrupted\n"
