"""Other people's text, made fit to be shown."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.errors import ConfigError
from smote_bench.plain_text import LONGEST_TEXT, VisibleStream, cut, guarded, unguarded, visible

DANGEROUS = [*map(chr, (0, 7, 13, 0x1B, 0x7F, 0x85, 0x9B, 0x2028, 0x2029, 0x202E, 0x2066, 0xD800))]


@given(st.text(st.characters()))
def test_nothing_is_left_that_a_terminal_obeys(text):
    shown = visible(text)
    for character in shown:
        assert character in "\n\t\u200c\u200d" or unicodedata.category(character) not in (
            "Cc",
            "Cf",
            "Cs",
            "Zl",
            "Zp",
        )


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_what_can_be_printed_stays(text):
    assert visible(text) == text


@pytest.mark.fault(
    injected="control characters in an error, a warning or a name",
    seen="they are written out, as \\x1b, in terminal, tables and pages",
    lost="nothing",
)
@pytest.mark.parametrize("character", DANGEROUS)
def test_every_dangerous_character_is_written_out(character):
    shown = visible(f"a{character}b")
    assert character not in shown
    assert f"{ord(character):x}" in shown


def test_a_message_shows_how_long_a_value_was_and_not_all_of_it():
    error = str(ConfigError(f"expected a seed, got {'9' * 5000}: write a smaller one"))
    assert len(error) < 200
    assert "(5,000 characters): write" not in error  # the colon belongs to the word
    assert "characters)" in error
    assert error.endswith("write a smaller one")


def test_a_long_message_of_short_words_is_cut_too():
    assert len(cut("word " * 10_000)) < LONGEST_TEXT + 40
    assert cut("word " * 10_000).endswith("(50,000 characters)")


def test_an_error_shows_no_control_characters():
    assert "\x1b" not in str(ConfigError("expected a name, got \x1b[31m"))


@given(st.text())
def test_a_guarded_text_is_read_back(text):
    assert unguarded(guarded(text)) == text or text.startswith("'")
    assert not str(guarded(text)).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_are_never_guarded():
    assert guarded(-1.5) == -1.5
    assert guarded(None) is None


def test_a_visible_stream_is_another_one_but_for_what_is_not_shown() -> None:
    stream = io.StringIO()
    visible_stream = VisibleStream(stream)
    print("two\nlines", "a\x1b[31m\x07", file=visible_stream)
    assert stream.getvalue() == "two\nlines a\\x1b[31m\\x07\n"
    assert visible_stream.isatty() is False
