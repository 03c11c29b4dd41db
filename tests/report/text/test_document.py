"""One report as text, as Markdown and as HTML.

Also of: markup.
"""

from __future__ import annotations

from smote_bench.report.text.document import Section, Table, as_markdown, as_text, html_section

_HOSTILE = "<script>alert('x')</script>|*_[a](b)\n# no heading"


def test_text_aligns_words_at_the_left_and_numbers_at_the_right() -> None:
    table = Table(["method", "delta"], [["SMOTE", "+0.1"], ["no", "-10.25"]])
    assert as_text([Section("Title", [table])]) == (
        "Title\n-----\n\nmethod   delta\nSMOTE     +0.1\nno      -10.25\n"
    )


def test_text_wraps_paragraphs_and_points() -> None:
    text = as_text([Section("T", ["word " * 50, ["point " * 50]])])
    assert max(map(len, text.splitlines())) <= 110
    assert "- point" in text
    assert "\n  point" in text


def test_a_name_cannot_break_out_of_a_row_of_text() -> None:
    text = as_text([Section("T", [Table(["n", "v"], [["a\nb\x1b[31m", "1"]])])])
    assert text.splitlines()[-1] == "a b [31m  1"


def test_markdown_escapes_what_would_be_markup() -> None:
    text = as_markdown([Section("T", [_HOSTILE, Table(["a|b"], [[_HOSTILE]])])])
    assert "<script" not in text.replace(r"\<script", "")
    row = text.splitlines()[-1]
    assert row.replace(r"\|", "").count("|") == 2
    assert "\n# no" not in text


def test_html_escapes_names_everywhere() -> None:
    page = html_section(Section(_HOSTILE, [_HOSTILE, [_HOSTILE], Table([_HOSTILE], [[_HOSTILE]])]))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 7  # a table has a caption, and its name for those who do not see
