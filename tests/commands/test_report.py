"""``smote-bench report RUN``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from made_up import made_up_run

from smote_bench import cli

# The command gets a signal at a place of its work; a second one at once where SECOND is set.
_SENT = """
import os
import signal
import sys
from smote_bench import cli
from smote_bench.report.page import page
from smote_bench.report.figures import files
from smote_bench.runs import copy, whole_folder


def before(owner, name):
    real = getattr(owner, name)

    def sending(*args, **named):
        for _ in range(1 + int(os.environ.get("SECOND", "0"))):
            try:
                os.kill(os.getpid(), getattr(signal, os.environ["SEND"]))
            except KeyboardInterrupt:
                if not os.environ.get("SECOND"):
                    raise
        return real(*args, **named)

    setattr(owner, name, sending)


where = os.environ["WHERE"]
if where == "copy":
    before(copy.shutil, "copyfile")
if where == "tables":
    remove = whole_folder.shutil.rmtree

    def by_half(path, **named):
        global where
        if where and path.name in ("tables", ".tables.old") and path.exists():
            where = ""
            next(path.iterdir()).unlink()
            os.kill(os.getpid(), getattr(signal, os.environ["SEND"]))
        remove(path, **named)

    whole_folder.shutil.rmtree = by_half
if where == "page":
    before(page, "build_page")
if where == "figures":
    before(files, "_drawn")
sys.exit(cli.main(sys.argv[1:]))
"""


def test_a_folder_that_is_no_run_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", str(tmp_path)]) == 2
    assert "expected a run's folder, the name of one in" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["report", str(tmp_path), "--jobs", "0"])
    assert "expected a number of processes, 1 or more, got '0'" in capsys.readouterr().err


def _interrupted(run: Path, to: Path, where: str, number: signal.Signals, **env: str) -> tuple[int, str]:
    """Call the command, which gets a signal; return its exit code and what it said at the end."""
    done = subprocess.run(
        [sys.executable, "-c", _SENT, "report", str(run), "--to", str(to), "--tsne", "off", "--jobs", "2"],
        env={**os.environ, "WHERE": where, "SEND": number.name, **env},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr.splitlines()[-1] if done.stderr else ""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up_run(tmp_path_factory.mktemp("run"), datasets=2, methods=2, folds=2, rows=60, points=None)


@pytest.mark.fault(
    injected="SIGINT, SIGTERM or SIGHUP while `smote-bench report` works",
    seen="a line with the command that makes the rest; exit code 130, 143 or 129; no half file",
    lost="nothing",
)
@pytest.mark.parametrize(
    ("where", "number"),
    [
        ("page", signal.SIGINT),
        ("page", signal.SIGTERM),
        ("figures", signal.SIGHUP),
        ("tables", signal.SIGTERM),
    ],
)
def test_a_signal_says_how_to_go_on_and_leaves_nothing_by_half(
    small: Path, tmp_path: Path, where: str, number: signal.Signals
) -> None:
    to = tmp_path / "new folder"
    code, said = _interrupted(small, to, where, number)
    name = "Ctrl-C" if number == signal.SIGINT else number.name
    assert said == (
        f"smote-bench report: interrupted by {name}: what was made is whole; the rest is made by: "
        f"smote-bench report '{to}'"
    )
    assert code == 128 + number
    hidden = {path.name for path in to.rglob("*") if path.name.startswith(".")}
    assert hidden <= ({".tables.old"} if where == "tables" else set())  # which the next report removes
    assert (to / "report.html").exists() == (where == "figures")
    assert not (to / "figures").exists()
    tables = {path.relative_to(small / "tables") for path in (small / "tables").rglob("*")}
    assert tables <= {path.relative_to(to / "tables") for path in (to / "tables").rglob("*")}


def test_a_signal_while_the_run_is_copied_lets_the_same_command_go_on(small: Path, tmp_path: Path) -> None:
    to = tmp_path / "new"
    code, said = _interrupted(small, to, "copy", signal.SIGTERM)
    assert (code, said) == (
        143,
        "smote-bench report: interrupted by SIGTERM: no report was begun; the same command goes on",
    )
    assert not (to / "manifest.json").exists()
    assert cli.main(["report", str(small), "--to", str(to), "--tsne", "off", "--jobs", "1"]) == 0
    assert (to / "report.html").read_text().endswith("</html>\n")


def test_a_second_signal_ends_the_command_at_once(small: Path, tmp_path: Path) -> None:
    code, _ = _interrupted(small, tmp_path / "new", "page", signal.SIGTERM, SECOND="1")
    assert code == -signal.SIGTERM
    assert not (tmp_path / "new" / "report.html").exists()
