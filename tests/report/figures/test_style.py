"""What all figures share: nothing of the user's own settings, and text that stays text."""

from __future__ import annotations

from smote_bench.report.figures.folds import draw_folds
from smote_bench.report.figures.style import new_figure, paper_style, save


def test_the_users_own_settings_of_matplotlib_change_nothing(small, tmp_path):
    import matplotlib

    with paper_style():
        save(draw_folds(small, "Ecoli"), tmp_path / "plain")
    with (
        matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.fonttype": "path"}),
        paper_style(),
    ):
        save(draw_folds(small, "Ecoli"), tmp_path / "own")
    for ending in ("png", "svg"):
        assert (tmp_path / f"plain.{ending}").read_bytes() == (tmp_path / f"own.{ending}").read_bytes()


def test_text_in_svg_is_text_and_a_dollar_in_a_name_is_no_formula(tmp_path):
    with paper_style():
        figure = new_figure(2, 1, layout=None)
        figure.text(0, 0.5, "pay $1 or $2 & more")
        save(figure, tmp_path / "dollar.v1")
    assert "pay $1 or $2 &amp; more</text>" in (tmp_path / "dollar.v1.svg").read_text()
