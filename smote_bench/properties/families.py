"""Families of oversamplers: what a sampler claims to be decides which properties it is held to.

`undersampler`, `cleaning` and `combined` ones remove rows, and `smotenc` and `smoten` ones make rows of typed
frames; both are held to laws of their own. Of the other oversamplers
`generic` is any; `interpolating` ones put every new row on a segment between two rows of its
class; `smote`, `borderline1`, `borderline2` and `adasyn` follow those papers, so that seeds, neighbours,
steps and allocation are known too.
"""

from __future__ import annotations

from typing import Any

from smote_bench.errors import ConfigError, did_you_mean

__all__ = [
    "FAMILIES",
    "MIXED",
    "NUMERIC",
    "OVERSAMPLERS",
    "REMOVERS",
    "SAME_CLASS_SEGMENTS",
    "SMOTE_LIKE",
    "check_family",
    "family_of",
]

OVERSAMPLERS = ("generic", "interpolating", "smote", "borderline1", "borderline2", "adasyn")

REMOVERS = ("undersampler", "cleaning", "combined")
"""Samplers that remove rows: to a number, those that are doubtful, or after new ones were made."""

NUMERIC = (*OVERSAMPLERS, *REMOVERS)
"""Families that are looked at with tables of numbers."""

MIXED = ("smotenc", "smoten")
"""Families that are looked at with typed frames: of numbers and categories, and of categories alone."""

FAMILIES = (*NUMERIC, *MIXED)

SMOTE_LIKE = ("smote", "borderline1", "borderline2", "adasyn")
"""Families whose seeds, neighbours and steps are laid down by a paper."""

SAME_CLASS_SEGMENTS = ("interpolating", "smote", "borderline1", "adasyn")
"""Families whose new rows lie between two rows of their own class; borderline2 also steps towards others."""

# Samplers of the two libraries, which state no family themselves: by the class's own path, not by
# inheritance, because many variants inherit from SMOTE without being one.
_KNOWN = {
    "imblearn.over_sampling._smote.base.SMOTE": "smote",
    "imblearn.over_sampling._smote.filter.BorderlineSMOTE": "borderline1",
    "imblearn.over_sampling._adasyn.ADASYN": "adasyn",
    "smote_variants.oversampling._smote.SMOTE": "smote",
    "smote_variants.oversampling._borderline_smote.Borderline_SMOTE1": "borderline1",
    "smote_variants.oversampling._borderline_smote.Borderline_SMOTE2": "borderline2",
    "smote_variants.oversampling._adasyn.ADASYN": "adasyn",
    "imblearn.combine._smote_enn.SMOTEENN": "combined",
    "imblearn.combine._smote_tomek.SMOTETomek": "combined",
}

# Whatever inherits from these takes typed frames as they do, and would be refused by nothing but those.
_KNOWN_WITH_HEIRS = {
    "imblearn.over_sampling._smote.base.SMOTENC": "smotenc",
    "imblearn.over_sampling._smote.base.SMOTEN": "smoten",
}


def check_family(family: str) -> str:
    """Return `family` if it is one.

    Raises
    ------
    ConfigError
        If it is not.
    """
    if family not in FAMILIES:
        raise ConfigError(
            f"expected a family, one of {', '.join(FAMILIES)}, got {family!r}."
            f"{did_you_mean(family, FAMILIES)}"
        )
    return family


def family_of(sampler: Any) -> tuple[str, str]:
    """Return a sampler's family and where it was read from.

    Read in this order: the field `oversampler_family` of its scikit-learn tags, its attribute of that name,
    the list of known samplers of imbalanced-learn and smote_variants (of SMOTENC and SMOTEN heirs too),
    imbalanced-learn's `_sampling_type`; `generic` where nothing says more.

    Parameters
    ----------
    sampler : object
        An instance, or a function.
    """
    for source, stated in (
        ("its tags", getattr(_tags(sampler), "oversampler_family", None)),
        ("its attribute oversampler_family", getattr(sampler, "oversampler_family", None)),
    ):
        if stated is not None:
            return check_family(stated), source
    known = _KNOWN.get(f"{type(sampler).__module__}.{type(sampler).__qualname__}")
    if known == "borderline1" and getattr(sampler, "kind", "borderline-1") == "borderline-2":
        known = "borderline2"
    if known is not None:
        return known, "the list of known samplers"
    for ancestor in type(sampler).__mro__:
        mixed = _KNOWN_WITH_HEIRS.get(f"{ancestor.__module__}.{ancestor.__qualname__}")
        if mixed is not None:
            return mixed, "the list of known samplers"
    removing = _SAMPLING_TYPES.get(str(getattr(sampler, "_sampling_type", "")))
    if removing is not None:
        return removing, "its _sampling_type"
    return "generic", "not stated"


_SAMPLING_TYPES = {"under-sampling": "undersampler", "clean-sampling": "cleaning"}


def _tags(sampler: Any) -> Any:
    read = getattr(sampler, "__sklearn_tags__", None)
    if read is None:
        return None
    try:
        return read()
    except Exception:  # broken tags are a matter for the contract group, not for this question
        return None
