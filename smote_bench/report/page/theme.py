"""The page's colours in light and in dark: variables of its style, and what a chart's colours become."""

from __future__ import annotations

from collections.abc import Mapping

from smote_bench.report.colours import (
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
    WORSE_TEXT,
)

__all__ = ["CHARTS_IN_THE_DARK", "DARK", "LIGHT", "theme_style"]

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1f2933",
    "soft": "#52606d",
    "line": "#d5dae0",
    "thin": "#e8ebef",
    "pale": "#f5f7fa",
    "blue": "#0072b2",
    "on-blue": "#ffffff",
    "caution": "#fff8e6",
    "caution-edge": "#e69f00",
    "failure": "#fdf1ea",
    "failure-edge": "#d55e00",
    "better": BETTER_TEXT,
    "worse": WORSE_TEXT,
}
"""Variables of page.css."""

DARK = {
    "paper": DARK_PAPER,
    "ink": "#e4e7eb",
    "soft": "#a9b4c0",
    "line": "#3d4b59",
    "thin": "#2b3844",
    "pale": "#1f2b37",
    "blue": "#6cb6e8",
    "on-blue": "#0b1218",
    "caution": "#2e2a18",
    "caution-edge": "#e69f00",
    "failure": "#35241a",
    "failure-edge": "#d55e00",
    "better": DARK_BETTER_TEXT,
    "worse": DARK_WORSE_TEXT,
}

CHARTS_IN_THE_DARK = {
    "#ffffff": DARK["paper"],
    "#000000": "#ffffff",
    "#1f2933": DARK["ink"],
    "#52606d": DARK["soft"],
    "#e4e7eb": "#2f3c49",
    "#c4cad1": "#5a6672",
    "#8fbfe0": "#1d5f8a",
    "#7fb3d8": "#1d5f8a",
    PALE_BETTER: DARK_PALE_BETTER,
    PALE_WORSE: DARK_PALE_WORSE,
    PALE_UNCLEAR: DARK_PALE_UNCLEAR,
}
"""Colours of charts that are others in the dark; the palette's can be seen on both."""


def theme_style() -> str:
    """Return the CSS of the variables: what the reader chose, else what the system has; light on paper."""
    light, dark = _variables(LIGHT, "light"), _variables(DARK, "dark")
    return (
        f":root {{ {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {dark} }} }}\n"
        f"@media screen {{ :root[data-theme=dark] {{ {dark} }} }}\n"
    )


def _variables(colours: Mapping[str, str], scheme: str) -> str:
    written = "; ".join(f"--{name}: {colour}" for name, colour in colours.items())
    return f"color-scheme: {scheme}; {written};"
