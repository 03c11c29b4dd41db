"""The colours of figures, charts and pages, and what they mean; nothing is imported for them.

Better is blue and worse is vermilion wherever a verdict has a colour. They and the grey between them are
told apart by every kind of colour vision, as green and grey are not; a sign, word or symbol says the same.
"""

from __future__ import annotations

__all__ = [
    "BETTER",
    "BETTER_TEXT",
    "DARK_BETTER_TEXT",
    "DARK_PALE_BETTER",
    "DARK_PALE_UNCLEAR",
    "DARK_PALE_WORSE",
    "DARK_PAPER",
    "DARK_WORSE_TEXT",
    "PALETTE",
    "PALE_BETTER",
    "PALE_UNCLEAR",
    "PALE_WORSE",
    "UNCLEAR",
    "WORSE",
    "WORSE_TEXT",
    "contrast",
    "ink_on",
]

# Okabe and Ito's colours, told apart by every kind of colour vision; the pale yellow comes last.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")

BETTER, WORSE, UNCLEAR = PALETTE[0], PALETTE[1], "#7f7f7f"
"""Of marks and bars."""


def _mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with a share of another in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round((1 - share) * a + share * b):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue


PALE_BETTER, PALE_WORSE, PALE_UNCLEAR = (
    _mixed(BETTER, "#ffffff", 0.4),
    _mixed(WORSE, "#ffffff", 0.4),
    "#eeeeee",
)
"""Of fields with black text in them."""

BETTER_TEXT, WORSE_TEXT = _mixed(BETTER, "#000000", 0.2), _mixed(WORSE, "#000000", 0.2)
"""Of words on white."""

DARK_PAPER = "#16202a"
"""The ground of a page in the dark."""

DARK_PALE_BETTER, DARK_PALE_WORSE, DARK_PALE_UNCLEAR = (
    _mixed(BETTER, DARK_PAPER, 0.25),
    _mixed(WORSE, DARK_PAPER, 0.25),
    "#34414e",
)
"""Of fields with white text in them, in the dark."""

DARK_BETTER_TEXT, DARK_WORSE_TEXT = _mixed(BETTER, "#ffffff", 0.5), _mixed(WORSE, "#ffffff", 0.4)
"""Of words in the dark."""


def contrast(colour: str, other: str) -> float:
    """Return the ratio of contrast of two colours, from 1 to 21, as the WCAG 2 define it."""
    dark, light = sorted((_luminance(colour), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """Return black or white, whichever is the better to read on a colour.

    >>> ink_on("#0072B2"), ink_on("#D55E00")
    ('#ffffff', '#000000')
    """
    return max("#000000", "#ffffff", key=lambda ink: contrast(ink, colour))


def _luminance(colour: str) -> float:
    shares = (channel / 255 for channel in _channels(colour))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
