"""The campaign of false alarms keeps each verdict, goes on where it was stopped, and counts what was run."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from correct_samplers import CORRECT

_BLOCKS = ("false_alarms", "false_alarms_of_new")
TOOL = Path(__file__).resolve().parents[2] / "tools" / "false_alarms.py"


@pytest.fixture
def tool():
    spec = importlib.util.spec_from_file_location("false_alarms", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def asked(tool, monkeypatch):
    """Answer at once, and note what was asked."""
    calls = []

    def verdict(target, seed, *, smoke, properties=()):
        calls.append((target, seed, *properties))
        failed = ["it fails"] if seed == 1 and target.endswith("ADASYN") else []
        return {"target": target, "seed": seed, "smoke": smoke, "seconds": 2.0, "failed": failed}

    monkeypatch.setattr(tool, "verdict", verdict)
    return calls


def test_a_campaign_goes_on_where_it_was_stopped(tool, asked, tmp_path):
    path = tmp_path / "alarms.jsonl"
    tool.campaign(path, range(2), smoke=False)
    assert len(asked) == 2 * len(tool.REFERENCES)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n" + lines[-1][:20])  # cut off in the middle of a line
    asked.clear()
    tool.campaign(path, range(3), smoke=False)
    assert len(asked) == 1 + len(tool.REFERENCES)
    assert len(tool.kept(path, smoke=False)) == 3 * len(tool.REFERENCES)


def test_verdicts_of_another_kit_are_not_counted(tool, asked, tmp_path):
    path = tmp_path / "alarms.jsonl"
    old = {
        "target": "smote_impls:SMOTE",
        "seed": 0,
        "smoke": False,
        "seconds": 9.0,
        "failed": [],
        "kit": "old",
    }
    path.write_text(json.dumps(old) + "\n")
    assert len(tool.kept(path, smoke=False)) == 1
    tool.campaign(path, range(1), smoke=False)
    assert len(asked) == len(tool.REFERENCES)
    assert all(one["kit"] != "old" for one in tool.kept(path, smoke=False))


def test_the_table_says_how_many_were_really_run(tool, asked, tmp_path, monkeypatch, capsys):
    path, document = tmp_path / "alarms.jsonl", tmp_path / "doc.md"
    document.write_text("<!-- false_alarms: begin -->\n<!-- false_alarms: end -->\n")
    tool.campaign(path, range(2), smoke=False)
    asked.clear()
    monkeypatch.setattr("sys.argv", ["x", "--write", "--keep", str(path), "--document", str(document)])
    assert tool.main() == 1
    assert asked == []
    assert "| `smote_impls:ADASYN` | adasyn | 2 | 0 to 1 | 1 | 2.0 |" in document.read_text()
    assert "20 verdicts, 1 false alarms; 2 seeds were run." in document.read_text()


def test_some_samplers_alone(tool, asked, tmp_path, monkeypatch):
    document = tmp_path / "doc.md"
    document.write_text("<!-- false_alarms: begin -->\n<!-- false_alarms: end -->\n")
    options = ["--seeds", "3", "--keep", str(tmp_path / "alarms.jsonl"), "--document", str(document)]
    monkeypatch.setattr("sys.argv", ["x", "--samplers", "smote_impls:SMOTEN", *options])
    assert tool.main() == 0
    assert asked == [(f"smote_impls:{name}", seed) for seed in range(3) for name in ("SMOTENC", "SMOTEN")]
    monkeypatch.setattr("sys.argv", ["x", "--samplers", "SMOET", *options])
    with pytest.raises(SystemExit):
        tool.main()


def test_a_verdict_is_one_of_the_kit(tool, monkeypatch):
    monkeypatch.setattr(tool, "PROPERTIES", {"originals_come_first": None, tool.SLOW: None})
    one = tool.verdict("smote_impls:SMOTE", 3, smoke=True)
    assert (one["failed"], one["seed"]) == ([], 3)


def test_samplers_of_all_styles_are_put_to_it_as_well(tool, asked, tmp_path, monkeypatch):
    document = tmp_path / "doc.md"
    document.write_text("<!-- false_alarms: begin -->\n<!-- false_alarms: end -->\n")
    options = ["--seeds", "2", "--keep", str(tmp_path / "alarms.jsonl"), "--document", str(document)]
    monkeypatch.setattr("sys.argv", ["x", "--styles", *options])
    assert tool.main() == 0
    targets = {target for target, _ in asked}
    assert len(targets) == len(CORRECT)
    assert len(asked) == 2 * len(targets)
    text = tool.table(tool.kept(tmp_path / "alarms.jsonl", smoke=False), smoke=False)
    assert all(f"| `{target}` | {tool.references(styles=True)[target]} | 2 |" in text for target in targets)


def test_new_properties_alone_are_kept_apart(tool, asked, tmp_path, monkeypatch):
    keep, document = tmp_path / "alarms.jsonl", tmp_path / "doc.md"
    blocks = [f"<!-- {name}: {end} -->\n" for name in _BLOCKS for end in ("begin", "end")]
    document.write_text("".join(blocks))
    options = ["--keep", str(keep), "--document", str(document), "--samplers", "smote_impls:SMOTEN"]
    new = ["--properties", "originals_come_first,steps_are_uniform"]
    monkeypatch.setattr("sys.argv", ["x", "--seeds", "1", *options])
    assert tool.main() == 0
    asked.clear()
    monkeypatch.setattr("sys.argv", ["x", "--seeds", "2", *new, *options])
    assert tool.main() == 0
    assert {one[2:] for one in asked} == {("originals_come_first", "steps_are_uniform")}
    assert len(asked) == 4
    monkeypatch.setattr("sys.argv", ["x", "--write", *new, *options])
    assert tool.main() == 0
    monkeypatch.setattr("sys.argv", ["x", "--write", *options])
    assert tool.main() == 0
    of_all, of_new = document.read_text().split(_BLOCKS[1], 1)
    assert "2 verdicts, 0 false alarms; 1 seeds were run." in of_all
    assert "4 verdicts, 0 false alarms; 2 seeds were run." in of_new
