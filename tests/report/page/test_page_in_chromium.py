"""The page of a run in a browser: nothing breaks, nothing leaves, and what is clicked changes.

Also of: theme.
"""

from __future__ import annotations

import csv
import dataclasses
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from made_up import made_up_run
from report.chromium import CONTRASTS, Visit, find_chromium
from report.hostile import NASTY, hostile_run

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.answer import answer
from smote_bench.report.page.page import SECTIONS, write_page
from smote_bench.report.page.theme import DARK, LIGHT
from smote_bench.runs.open import Run, open_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FAILED = ("Ecoli", "SMOTE", "LogisticRegression")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("page")
    return write_page(open_run(made_up_run(out, datasets=6, statuses={FAILED: "error"})), out / "page.html")


def see_everything(visit: Visit) -> None:
    """Bring every figure and table of a page into view, one after the other."""
    for slot in visit.page.locator(".slot").all():
        name = slot.get_attribute("id")
        assert name
        visit.page.evaluate("name => document.getElementById(name).scrollIntoView()", name)
        visit.page.wait_for_selector(f"#{name}[data-shown]", state="attached")


def test_every_section_is_drawn_without_an_error_or_a_request(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    see_everything(visit)
    assert visit.problems == []
    assert visit.left_the_page() == []
    assert len(visit.requests) == 1
    for section in SECTIONS:
        assert visit.page.locator(f"section#{section.name} h2").count() == 1
    drawn = visit.page.evaluate("document.querySelectorAll('.figure.js-plotly-plot .main-svg').length")
    assert drawn > 10


def test_figures_are_drawn_only_when_they_come_into_view(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    visit.show("figure-deltas-metric")
    assert visit.page.locator("#figure-pca-method").get_attribute("data-shown") is None
    visit.show("figure-pca-method")


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_links_of_the_header_land_on_their_heading_from_a_cold_start(
    browser: Browser, page_file: Path, size: tuple[int, int]
) -> None:
    for section in SECTIONS:
        page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
        page.goto(page_file.as_uri())
        page.locator(f'nav a[href="#{section.name}"]').click()
        page.wait_for_function(_SETTLED, arg=section.name, timeout=60_000)
        assert page.evaluate("location.hash").startswith(f"#{section.name}?dataset=")
        page.context.close()


# Within 20 px of where the page begins to show, or as near as its end lets it, all that is in view drawn.
_SETTLED = """name => {
  const heading = document.querySelector(`#${name} h2`).getBoundingClientRect();
  const header = document.querySelector("header");
  const covered = getComputedStyle(header).position === "sticky" ? header.getBoundingClientRect().bottom : 0;
  const isDrawn = [...document.querySelectorAll(".slot")].every((slot) => {
    const at = slot.getBoundingClientRect();
    return at.bottom < 0 || at.top > innerHeight || slot.dataset.shown;
  });
  const isAtEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
  const off = heading.top - covered;
  return isDrawn && off >= 0 && (off <= 20 || (isAtEnd && heading.bottom <= innerHeight));
}"""


def test_printing_draws_every_figure_whole_on_a4(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    n_slots = visit.page.locator(".slot").count()
    visit.page.evaluate(
        "void (window.print = () => (window.printed = document.querySelectorAll('[data-shown]').length))"
    )
    visit.page.keyboard.press("Control+p")
    visit.page.wait_for_function("window.printed", timeout=60_000)
    assert visit.page.evaluate("window.printed") == n_slots
    visit.page.emulate_media(media="print")
    visit.page.set_viewport_size({"width": 703, "height": 1032})  # A4 without its margins
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    wide = visit.page.evaluate(_BEYOND_THE_PAPER)
    assert wide == []
    visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert visit.page.locator("[data-printed]").count() == 0
    assert visit.problems == []


_BEYOND_THE_PAPER = """[...document.querySelectorAll(".figure .main-svg")]
  .map((drawn) => [drawn.closest(".slot").id, drawn.getBoundingClientRect()])
  .filter(([_, at]) => at.left < 0 || at.right > 704 || at.height > 1032)
  .map(([id, at]) => [id, at.left, at.right, at.height])"""


def test_a_print_from_the_menu_that_waits_for_nothing_is_whole(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    visit.show("figure-deltas-metric")  # so plotly is here
    visit.page.wait_for_timeout(1500)  # idle, in which the page's chunks are unpacked
    shown = (
        "[document.querySelectorAll('.slot').length, document.querySelectorAll('.slot[data-shown]').length]"
    )
    n, before = visit.page.evaluate(shown)
    assert before < n
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert visit.page.evaluate(shown) == [n, n]
    empty = "[...document.querySelectorAll('.figure:not(.message)')].filter((one) => !one.children.length)"
    assert visit.page.evaluate(f"{empty}.length") == 0


def test_tables_are_sorted_by_keyboard(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    visit.page.wait_for_selector(".ranking th.sorts")
    heading = visit.page.locator(".ranking:visible th.sorts").nth(1)
    ranks = "table => [...table.tBodies[0].rows].map((row) => parseFloat(row.cells[1].textContent))"
    table = visit.page.locator(".ranking:visible").first
    heading.focus()
    visit.page.keyboard.press("Enter")
    falling = table.evaluate(ranks)
    assert falling == sorted(falling, reverse=True)
    assert heading.get_attribute("aria-sort") == "descending"
    visit.page.keyboard.press("Enter")
    assert table.evaluate(ranks) == falling[::-1]
    assert visit.problems == []


def test_a_table_of_many_rows_is_filtered_by_words(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    visit.show("part-improvement-method")
    visit.choose("datasets-dataset", "Haberman", "part-improvement-method")
    field = visit.page.locator("#part-improvement-method input[data-rows]")
    rows = visit.page.locator("#part-improvement-method tbody tr:visible")
    n = rows.count()
    field.fill("RandomForest brier")
    assert [text.split()[1] for text in rows.all_inner_texts()] == ["brier"]
    assert visit.page.locator("#part-improvement-method output").inner_text() == f"1 of {n} rows"
    visit.choose("improvement-method", "class_weight", "part-improvement-method")
    assert rows.count() == 1  # what was typed stays
    assert visit.page.locator("#part-counts input[data-rows]").count() == 0  # a short table has none
    assert visit.problems == []


def test_a_table_that_no_file_holds_is_saved_as_it_is_shown(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    visit.show("part-counts")
    with visit.page.expect_download() as saved:
        visit.page.locator("#part-counts a.csv").press("Enter")
    rows = list(csv.reader(saved.value.path().read_text(encoding="utf-8").splitlines()))
    assert rows[0][:2] == ["Method", "Majority before"]
    assert [row[0] for row in rows[1:]] == list(open_run(page_file.parent / "runs" / "one-made-up").methods)
    assert visit.page.locator("#part-results a.csv").get_attribute("href") == "tables/results_Ecoli.csv"
    visit.page.wait_for_selector("section#provenance .tools a.csv", state="attached")
    assert visit.page.evaluate(_TABLES_WITHOUT_CSV) == []
    assert visit.problems == []


_TABLES_WITHOUT_CSV = """[...document.querySelectorAll(".scroll > table")]
  .filter((table) => !table.parentElement.previousElementSibling?.querySelector("a.csv"))
  .map((table) => table.caption.textContent)"""


def test_click_in_the_legend_hides_a_trace(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    visit.show("figure-roc-method")
    assert visit.trace("figure-roc-method", 1, "visible") in (None, True)
    visit.page.locator("#figure-roc-method .legendtoggle").first.click()
    visit.page.wait_for_function(
        "document.getElementById('figure-roc-method').data[1].visible === 'legendonly'"
    )


def test_hidden_trace_is_there_again_after_another_choice(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    visit.show("figure-roc-method")
    visit.page.evaluate("Plotly.restyle('figure-roc-method', {visible: 'legendonly'}, [1])")
    for dataset in ("Haberman", "Ecoli"):
        visit.choose("cells-dataset", dataset, "figure-roc-method")
    assert visit.trace("figure-roc-method", 1, "visible") in (None, True)


def test_selectors_of_a_cell_change_its_figures(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    visit.show("figure-roc-method")
    title = "document.getElementById('figure-roc-method').layout.title.text"
    assert visit.page.evaluate(title) == "ROC: Ecoli, SMOTE"
    before = visit.trace("figure-roc-method", 2, "y")
    visit.choose("cells-method", "class_weight", "figure-roc-method")
    assert visit.page.evaluate(title) == "ROC: Ecoli, class_weight"
    assert visit.trace("figure-roc-method", 2, "y") != before
    visit.choose("cells-dataset", "Haberman", "figure-roc-method")
    assert visit.page.evaluate(title) == "ROC: Haberman, class_weight"
    assert visit.page.input_value("#points-dataset") == "Haberman"
    visit.choose("cells-classifier", "LogisticRegression", "figure-folds-method-classifier")
    folds = "document.getElementById('figure-folds-method-classifier').layout.title.text"
    assert visit.page.evaluate(folds) == "Metrics by fold: Haberman, LogisticRegression"
    assert visit.problems == []


def test_choices_are_in_the_address_and_come_back_from_it(
    browser: Browser,
    page_file: Path,
    tmp_path: Path,
) -> None:
    visit = Visit.open(browser, page_file)
    visit.show("figure-roc-method")
    visit.choose("cells-dataset", "Haberman", "figure-roc-method")
    assert "dataset=Haberman" in visit.page.url
    visit.page.goto("about:blank")
    visit.page.goto(page_file.as_uri() + "#cells?dataset=Ionosphere&method=class_weight&classifier=nonsense")
    visit.show("figure-roc-method")
    assert visit.page.input_value("#cells-dataset") == "Ionosphere"
    assert visit.page.input_value("#cells-method") == "class_weight"
    assert visit.page.input_value("#cells-classifier") == "RandomForest"


def test_failed_cell_says_why_and_the_next_choice_draws_again(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    slot = "figure-folds-method-classifier"
    visit.show(slot)
    visit.choose("cells-classifier", "LogisticRegression", slot)
    assert "ValueError: made up" in visit.page.locator(f"#{slot}").inner_text()
    assert visit.page.locator(f"#{slot} .main-svg").count() == 0
    visit.choose("cells-dataset", "Haberman", slot)
    assert visit.page.locator(f"#{slot} .main-svg").count() > 0
    assert visit.problems == []


def test_metric_of_the_answer_changes_table_and_figures(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    visit.show("figure-deltas-metric")
    visit.page.locator("#metric-tabs label", has_text="brier").click()
    visit.page.wait_for_function(
        "document.getElementById('figure-deltas-metric').layout?.title.text.includes('brier')"
    )
    assert visit.page.locator(".panel:visible caption").inner_text().startswith("brier")
    assert visit.page.input_value("#statistics-metric") == "brier"


@pytest.mark.parametrize("by", ["tab", "selector"])
def test_answer_and_caveats_follow_the_metric_that_is_picked(
    browser: Browser, page_file: Path, by: str
) -> None:
    visit = Visit.open(browser, page_file)
    run = open_run(page_file.parent / "runs" / "one-made-up")
    if by == "tab":
        visit.page.locator("#metric-tabs label", has_text="brier").click()
    else:
        visit.show("part-tests-metric-scope-complete")
        visit.page.select_option("#statistics-metric", "brier")
    visit.page.wait_for_function("document.querySelector('.panel[data-metric=brier]').checkVisibility()")
    said = answer(run, "brier")
    assert visit.page.locator(".said:visible p").all_inner_texts()[1:] == said.sentences
    assert visit.page.locator(".caveats:visible li").all_inner_texts() == said.caveats
    assert said.sentences != answer(run).sentences


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read_in_light_and_in_dark(
    browser: Browser, page_file: Path, scheme: Literal["light", "dark"]
) -> None:
    visit = Visit.open(browser, page_file)
    visit.page.emulate_media(color_scheme=scheme)
    see_everything(visit)
    visit.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    found = visit.page.evaluate(CONTRASTS)
    ground = max if scheme == "light" else min
    assert ground(found["grounds"]) == found["paper"]
    assert found["n"] > 500
    assert found["poor"] == []
    assert visit.problems == []


def test_the_theme_is_switched_and_remembered_and_charts_follow(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file)
    slot = "figure-deltas-metric"
    visit.show(slot)
    paper = f"document.getElementById('{slot}')._fullLayout.paper_bgcolor"
    assert visit.page.evaluate(paper) == LIGHT["paper"]
    switch = visit.page.locator("#theme")
    assert switch.inner_text() == "Dark"
    switch.focus()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_function(f"{paper} === '{DARK['paper']}'")
    assert switch.inner_text() == "Light"
    visit.page.reload()
    visit.show(slot)
    assert visit.page.evaluate(paper) == DARK["paper"]
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")  # paper is white
    assert visit.page.evaluate(paper) == LIGHT["paper"]
    visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    visit.page.wait_for_function(f"{paper} === '{DARK['paper']}'")
    assert visit.problems == []


@pytest.fixture(scope="module")
def crowded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of ten methods that cost and score nearly alike."""
    out = tmp_path_factory.mktemp("crowded")
    return write_page(open_run(made_up_run(out, datasets=2, methods=10)), out / "page.html")


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_names_in_the_figure_of_cost_do_not_overlap(
    browser: Browser, crowded_file: Path, size: tuple[int, int]
) -> None:
    visit = Visit.open(browser, crowded_file)
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    slot = "figure-front-metric"
    visit.show(slot)
    boxes = visit.page.evaluate(f"""[...document.querySelectorAll('#{slot} .textpoint text')]
      .filter((text) => text.textContent).map((text) => text.getBoundingClientRect())
      .map((at) => [at.left, at.top, at.right, at.bottom])""")
    assert len(boxes) >= 3
    for one, other in itertools.combinations(boxes, 2):
        assert one[2] <= other[0] or one[0] >= other[2] or one[3] <= other[1] or one[1] >= other[3]
    assert min(box[0] for box in boxes) >= 0
    assert max(box[2] for box in boxes) <= size[0]
    assert visit.trace(slot, 1, "customdata")  # what is told by hovering
    assert visit.problems == []


def test_nothing_lies_on_a_title_or_a_legend_on_a_phone(browser: Browser, crowded_file: Path) -> None:
    visit = Visit.open(browser, crowded_file)
    visit.page.set_viewport_size({"width": 390, "height": 844})
    see_everything(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    assert visit.page.evaluate(_HIDDEN_PARTS) == []
    assert visit.page.locator(".modebar-btn").count() == 0
    assert visit.page.locator(".figure .legend").count() > 4
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    visit.show("figure-front-metric")
    visit.page.wait_for_selector("#figure-front-metric[data-narrow=false] .modebar-btn", state="attached")
    assert visit.problems == []


# A title beyond its box, or one that meets its legend; a legend that meets the axes, or has to be scrolled.
_HIDDEN_PARTS = """[...document.querySelectorAll(".figure.js-plotly-plot")].flatMap((slot) => {
  const at = (name) => slot.querySelector(name)?.getBoundingClientRect();
  const isApart = (a, b) => a.left >= b.right || a.top >= b.bottom - 1;
  const meet = (a, b) => a && b && !isApart(a, b) && !isApart(b, a);
  const [title, legend, box] = [at(".gtitle"), at(".legend .bg"), slot.parentElement.getBoundingClientRect()];
  const scrolled = slot.querySelector(".legend .scrollbar")?.getBoundingClientRect().height > 0;
  const faults = [];
  if (title && title.right > box.right + 1) faults.push("title beyond");
  if (meet(title, legend)) faults.push("title on legend");
  if (meet(at(".xy .bg, .bglayer .bg"), legend)) faults.push("legend on axes");
  if (legend && legend.bottom > slot.getBoundingClientRect().bottom) faults.push("legend beyond");
  if (scrolled) faults.push("legend scrolled");
  return faults.map((fault) => slot.id + ": " + fault);
})"""


def test_first_screen_holds_the_answer_its_interval_and_its_caveats(
    browser: Browser, page_file: Path
) -> None:
    visit = Visit.open(browser, page_file)
    for part, place in ((".verdict", 0), (".said p", 1), (".caveats li", 0), (".ranking tbody tr", 3)):
        box = visit.page.locator(f"{part}:visible").nth(place).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, part


def test_answer_is_there_without_a_script(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file, script=False)
    assert visit.page.locator(".verdict:visible").count() == 1
    assert visit.page.locator(".panel:visible").count() == 2
    visit.page.locator("#metric-tabs label", has_text="roc_auc").click()
    assert visit.page.locator(".panel:visible caption").inner_text().startswith("roc_auc")
    assert "ROC AUC" in visit.page.locator(".said:visible p").nth(1).inner_text()


def test_browser_that_cannot_inflate_is_told_so(browser: Browser, page_file: Path) -> None:
    visit = Visit.open(browser, page_file, before="delete window.DecompressionStream")
    assert "DecompressionStream" in visit.page.locator("#trouble").inner_text()
    assert visit.page.locator(".verdict:visible").count() == 1


def test_hostile_names_run_nothing_and_are_shown_as_they_are(browser: Browser, tmp_path: Path) -> None:
    visit = Visit.open(browser, write_page(hostile_run(tmp_path), tmp_path / "page.html"))
    see_everything(visit)
    visit.show("figure-roc-method")
    visit.choose("cells-dataset", NASTY[3], "figure-roc-method")
    see_everything(visit)
    assert visit.problems == []
    assert visit.left_the_page() == []
    assert visit.page.evaluate("typeof hacked") == "undefined"
    assert visit.page.locator("img").count() == 0
    assert visit.page.locator("#cells-method option").first.inner_text() == NASTY[1]


def _original_alone(run: Run) -> Run:
    kept = tuple(outcome for outcome in run.outcomes if outcome.cell.method == ORIGINAL)
    return dataclasses.replace(run, outcomes=kept, methods=(ORIGINAL,))


def _without_predictions(run: Run) -> Run:
    object.__setattr__(run, "predictions", lambda cell: None)
    return run


ODD_RUNS: dict[str, Callable[[Path], Run]] = {
    "one data set": lambda out: open_run(made_up_run(out, datasets=1)),
    "Original alone": lambda out: _original_alone(open_run(made_up_run(out, datasets=2, methods=2))),
    "one classifier, hold-out alone": lambda out: open_run(
        made_up_run(out, datasets=2, classifiers=1, folds=0)
    ),
    "hold-outs of a network": lambda out: open_run(
        made_up_run(out, datasets=1, methods=2, folds=0, repeats=3, epochs={"RandomForest": 8})
    ),
    "repeats": lambda out: open_run(made_up_run(out, datasets=2, methods=2, folds=2, repeats=3)),
    "no points": lambda out: open_run(made_up_run(out, datasets=2, points=None)),
    "no predictions": lambda out: _without_predictions(open_run(made_up_run(out, datasets=2))),
    "all failed": lambda out: open_run(
        made_up_run(
            out,
            datasets=1,
            methods=2,
            classifiers=1,
            statuses={("Ecoli", m, "RandomForest"): "error" for m in ("Original", "SMOTE")},
        )
    ),
}


@pytest.mark.parametrize("kind", ODD_RUNS)
def test_odd_run_is_shown_without_an_error(browser: Browser, tmp_path: Path, kind: str) -> None:
    visit = Visit.open(browser, write_page(ODD_RUNS[kind](tmp_path), tmp_path / "page.html"))
    see_everything(visit)
    assert visit.problems == []
    assert visit.page.locator("#trouble").is_hidden()


def test_page_of_14_by_10_by_4_stays_below_10_megabytes(
    browser: Browser,
    tmp_path: Path,
) -> None:
    folder = made_up_run(tmp_path, datasets=14, methods=10, classifiers=4, points=1300)
    path = write_page(open_run(folder), tmp_path / "page.html")
    assert path.stat().st_size < 10_000_000
    visit = Visit.open(browser, path)
    visit.show("figure-deltas-metric")
    visit.show("figure-roc-method")
    visit.choose("cells-dataset", "Yeast_ml8", "figure-roc-method")
    marks = "['first-view', 'first-figure'].map(n => performance.getEntriesByName(n)[0].startTime / 1000)"
    view, drawn = visit.page.evaluate(marks)
    print(f"{path.stat().st_size / 1e6:.1f} MB, first view after {view:.2f} s, first figure {drawn:.2f} s")
    assert visit.problems == []
    assert visit.left_the_page() == []


def test_missing_chromium_skips_at_home_and_fails_in_ci() -> None:
    nowhere = {"PATH": "/nowhere"}
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        find_chromium(nowhere)
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        find_chromium({**nowhere, "CI": "true"})
