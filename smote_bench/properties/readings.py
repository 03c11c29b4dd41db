"""Where the papers can be read in more than one way: all of these readings are accepted."""

from __future__ import annotations

__all__ = ["readings_of"]

_SEEDS = "seeds are drawn with replacement, or each row is one as often as the others"
_DANGER = "half of an odd m, from which on a row is in DANGER, is rounded up or down"
_TIES = "which of two rows at the same distance is the nearer one"
_VOTES = "of levels with as many votes one comes by a rule, or each as often as the others"
_READINGS = {
    "smote": (_SEEDS, _TIES),
    "borderline1": (_SEEDS, _TIES, _DANGER),
    "borderline2": (
        _SEEDS,
        _TIES,
        _DANGER,
        "steps towards other classes go to the nearest of their rows, to one of the k nearest of these, or "
        "to those among the k nearest of all rows",
        "how many of the new rows go towards other classes",
    ),
    "adasyn": (
        _TIES,
        "a row's share of the new rows is rounded, cut off, rounded up or drawn, or the total is kept by the "
        "largest remainders",
        "the neighbour is one of the k nearest rows of the class, or one of the class among the k nearest of "
        "all",
    ),
    "smotenc": (_SEEDS, _TIES, _VOTES, "the deviation is that of a population or of a sample"),
    "smoten": (_SEEDS, _TIES, _VOTES, "differences of levels are summed, or their squares"),
}


def readings_of(family: str) -> tuple[str, ...]:
    """Return, in words, where a family's paper is read in more than one way."""
    return _READINGS.get(family, ())
