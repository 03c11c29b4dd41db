"""What is better has one colour, what is worse another, and both can be told apart and read."""

import ast
import importlib.resources
import re
from pathlib import Path

import numpy as np
import pytest

import smote_bench
from smote_bench.report import colours
from smote_bench.report.charts import deltas
from smote_bench.report.charts import style as of_charts
from smote_bench.report.colours import (
    BETTER,
    BETTER_TEXT,
    DARK_BETTER_TEXT,
    DARK_PALE_BETTER,
    DARK_PALE_UNCLEAR,
    DARK_PALE_WORSE,
    DARK_PAPER,
    DARK_WORSE_TEXT,
    PALE_BETTER,
    PALE_UNCLEAR,
    PALE_WORSE,
    UNCLEAR,
    WORSE,
    WORSE_TEXT,
    contrast,
    ink_on,
)
from smote_bench.report.compare import chart
from smote_bench.report.figures import bayes, heat_map
from smote_bench.report.figures import style as of_plots
from smote_bench.report.figures import summary_deltas as figures
from smote_bench.report.page.theme import CHARTS_IN_THE_DARK, DARK, LIGHT, theme_style

# What is seen without one kind of cone, in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1,
# doi:10.1109/TVCG.2009.113).
CONES = {
    "all": np.eye(3),
    "no long": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no medium": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no short": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def seen(colour, cones):
    """Return a colour as CIELAB, as somebody with these cones sees it."""
    rgb = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.array(CONES[cones]) @ linear, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("cones", CONES)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BETTER, WORSE),
        (BETTER, UNCLEAR),
        (WORSE, UNCLEAR),
        (BETTER_TEXT, WORSE_TEXT),
        (PALE_BETTER, PALE_WORSE),
        (PALE_BETTER, PALE_UNCLEAR),
        (PALE_WORSE, PALE_UNCLEAR),
        (DARK_BETTER_TEXT, DARK_WORSE_TEXT),
        (DARK_PALE_BETTER, DARK_PALE_WORSE),
        (DARK_PALE_BETTER, DARK_PALE_UNCLEAR),
        (DARK_PALE_WORSE, DARK_PALE_UNCLEAR),
    ],
)
def test_verdicts_are_told_apart_by_every_kind_of_colour_vision(one, other, cones):
    # A difference of 2 can just be seen; green and grey would have 10 without medium cones.
    assert np.linalg.norm(seen(one, cones) - seen(other, cones)) > 20


def test_what_is_written_in_or_with_the_colours_can_be_read():
    assert min(contrast(colour, ink_on(colour)) for colour in (BETTER, WORSE, UNCLEAR)) > 4.5
    assert min(contrast(colour, "#000000") for colour in (PALE_BETTER, PALE_WORSE, PALE_UNCLEAR)) > 4.5
    assert min(contrast(colour, "#ffffff") for colour in (BETTER_TEXT, WORSE_TEXT)) > 4.5
    # of marks and lines
    assert min(contrast(colour, "#ffffff") for colour in (BETTER, WORSE, UNCLEAR)) > 3


def test_what_is_written_in_the_dark_can_be_read():
    assert min(contrast(one, DARK_PAPER) for one in (DARK_BETTER_TEXT, DARK_WORSE_TEXT)) > 4.5
    shades = (DARK_PALE_BETTER, DARK_PALE_WORSE, DARK_PALE_UNCLEAR)
    assert min(contrast(one, "#ffffff") for one in shades) > 4.5
    lines = (CHARTS_IN_THE_DARK.get(one.lower(), one) for one in (*of_charts.PALETTE, UNCLEAR))
    assert min(contrast(one, DARK_PAPER) for one in lines) > 3


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_ink_of_a_page_can_be_read_on_each_ground(theme):
    grounds = ("paper", "pale", "caution", "failure")
    inks = ("ink", "soft", "blue", "better", "worse")
    assert min(contrast(theme[ink], theme[ground]) for ink in inks for ground in grounds) >= 4.5
    assert contrast(theme["on-blue"], theme["blue"]) >= 4.5
    assert LIGHT.keys() == DARK.keys()


def test_figures_charts_and_pages_take_them_from_one_place():
    for module in (of_plots, of_charts, figures):
        assert (module.BETTER, module.WORSE, module.UNCLEAR) == (BETTER, WORSE, UNCLEAR)
    for looks in (deltas._KINDS, chart._LOOKS):
        assert (looks["better"][1], looks["worse"][1]) == (BETTER, WORSE)
    assert {part[1]: part[2] for part in bayes._PARTS} == {
        "better": BETTER,
        "worse": WORSE,
        "equivalent": UNCLEAR,
    }
    assert [part[1] for part in heat_map._PARTS[:3]] == [BETTER, UNCLEAR, WORSE]
    assert [colour for _, colour in of_charts.SHADES] == [PALE_WORSE, PALE_UNCLEAR, PALE_BETTER]


def test_no_other_module_assigns_a_colour_to_better_or_worse():
    package = Path(smote_bench.__file__).parent
    assigned = [
        f"{path.name}:{node.lineno}"
        for path in package.rglob("*.py")
        if path != Path(colours.__file__)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        for target in ast.walk(ast.Tuple(node.targets, ast.Store()))
        if isinstance(target, ast.Name) and target.id.strip("_") in ("BETTER", "WORSE", "UNCLEAR")
        if "#" in ast.unparse(node.value)
    ]
    assert assigned == []


def test_the_style_of_pages_names_them_and_has_none_of_its_own():
    style = (importlib.resources.files("smote_bench.report.page") / "assets" / "page.css").read_text()
    rules = dict(re.findall(r"^\.(better|worse) \{ color: (.*?); \}", style, flags=re.MULTILINE))
    assert rules == {"better": "var(--better)", "worse": "var(--worse)"}
    assert f"--better: {BETTER_TEXT}; --worse: {WORSE_TEXT};" in theme_style()
    assert re.findall(r"#[0-9a-f]{3,8}\b", style.partition("@media print")[0].replace("#answer", "")) == []


def test_a_metric_without_direction_has_other_colours():
    looks = chart._LOOKS
    assert not {looks["higher"][1], looks["lower"][1]} & {BETTER, WORSE}
