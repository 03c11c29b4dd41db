"""The tool of kills looks at every broken sampler, keeps what it finds, and says what was missed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "kills.py"


@pytest.fixture
def tool(monkeypatch):
    spec = importlib.util.spec_from_file_location("kills", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr("smote_bench.properties.engine._SHRINK_CALLS", 40)
    return module


def test_all_broken_samplers_are_looked_at(tool):
    from broken_samplers import BROKEN

    found = tool.kills()
    assert {name for name, _ in found} >= {"LeavesContradictionsOut", "CapsItsSeeds", "SilentFew"}
    assert len(found) == sum(len(made.killed_by) for made in BROKEN.values())


def test_a_kill_is_looked_at(tool):
    tool.kills()
    assert tool.look("CutsItsScale", "other_parameters_are_kept", 1, smoke=True)["noticed"]
    assert not tool.look("CutsItsScale", "originals_come_first", 1, smoke=True)["noticed"]


def test_a_run_goes_on_and_what_is_missed_is_named(tool, monkeypatch, tmp_path, capsys):
    asked = []

    def look(name, wanted, seed, *, smoke):
        asked.append(name)
        noticed = not (smoke and name == "B")
        one = {"sampler": name, "property": wanted, "seed": seed, "smoke": smoke}
        return {**one, "noticed": noticed, "seconds": 1}

    monkeypatch.setattr(tool, "look", look)
    monkeypatch.setattr(tool, "kills", lambda: [("A", "p"), ("B", "p")])
    path, document = tmp_path / "kills.jsonl", tmp_path / "doc.md"
    tool.campaign(path, range(1, 2), smoke=False)
    tool.campaign(path, range(1, 3), smoke=False)
    tool.campaign(path, range(1, 2), smoke=True)
    assert asked == ["A", "B"] * 3
    assert "seed 1: p does not notice B" in capsys.readouterr().out
    document.write_text("<!-- kills: begin -->\n<!-- kills: end -->\n")
    monkeypatch.setattr("sys.argv", ["x", "--write", "--keep", str(path), "--document", str(document)])
    assert tool.main() == 0
    assert "| full | 2 | 2 | 2 |  |" in document.read_text()
    assert "| smoke | 1 | 2 | 1 | `B` |" in document.read_text()
