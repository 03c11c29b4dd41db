"""The names of samplers, written out: collecting a grid must not import the libraries to know them.

A test compares these tuples with what the installed packages hold: a release that adds a sampler is noticed.
"""

from __future__ import annotations

import importlib.util

from smote_bench.environment.targets import split_target

__all__ = [
    "IMBLEARN",
    "ORIGINAL",
    "OURS",
    "OURS_BY_PREFIX",
    "SMOTE_VARIANTS",
    "TRIVIAL_ARMS",
    "imblearn_names",
    "lookup_target",
    "method_names",
]

# Ours: classes of `smote_impls`.
OURS: tuple[str, ...] = ("SMOTE", "BorderlineSMOTE", "ADASYN")

# Ours too, but reached as `ours.SMOTENC` or `smote_impls:SMOTENC`: the bare names mean imbalanced-learn's,
# and experiments that have them keep their ids.
OURS_BY_PREFIX: tuple[str, ...] = ("SMOTEN", "SMOTENC", "RandomOverSampler", "SMOTETomek", "SMOTEENN")

ORIGINAL = "Original"

# What any clever method has to beat. RandomOverSampler is imbalanced-learn's.
TRIVIAL_ARMS: tuple[str, ...] = (ORIGINAL, "RandomOverSampler", "class_weight", "tuned_threshold")

# smote_variants 1.0.1, in the order of get_all_oversamplers().
# fmt: off
SMOTE_VARIANTS: tuple[str, ...] = (
    "A_SUWO", "ADASYN", "ADG", "ADOMS", "AHC", "AMSCO", "AND_SMOTE", "ANS", "ASMOBD", "Assembled_SMOTE",
    "Borderline_SMOTE1", "Borderline_SMOTE2", "CBSO", "CCR", "CE_SMOTE", "cluster_SMOTE", "CURE_SMOTE",
    "DBSMOTE", "DE_oversampling", "DEAGO", "distance_SMOTE", "DSMOTE", "DSRBF", "E_SMOTE",
    "Edge_Det_SMOTE", "G_SMOTE", "GASMOTE", "Gaussian_SMOTE", "polynom_fit_SMOTE_star",
    "polynom_fit_SMOTE_bus", "polynom_fit_SMOTE_poly", "polynom_fit_SMOTE_mesh", "Gazzah", "IPADE_ID",
    "ISMOTE", "ISOMAP_Hybrid", "KernelADASYN", "kmeans_SMOTE", "Lee", "LLE_SMOTE", "LN_SMOTE",
    "LVQ_SMOTE", "MCT", "MDO", "MOT2LD", "MSYN", "MWMOTE", "NDO_sampling", "NEATER", "NRAS",
    "NRSBoundary_SMOTE", "NT_SMOTE", "OUPS", "PDFOS", "ProWSyn", "Random_SMOTE", "ROSE", "RWO_sampling",
    "Safe_Level_SMOTE", "SDSMOTE", "Selected_SMOTE", "SL_graph_SMOTE", "SMMO", "SMOBD", "SMOTE_Cosine",
    "SMOTE_D", "SMOTE_ENN", "SMOTE_FRST_2T", "SMOTE_IPF", "SMOTE_OUT", "SMOTE_PSO", "SMOTE_PSOBAT",
    "SMOTE_RSB", "SMOTE_TomekLinks", "SMOTE", "SN_SMOTE", "SOI_CJ", "SOMO", "SPY", "SSO", "Stefanowski",
    "SUNDO", "Supervised_SMOTE", "SVM_balance", "SYMPROD", "TRIM_SMOTE", "V_SYNTH", "VIS_RST", "MSMOTE",
    "SMOTE_AMSR", "SMOTEWB",
)

# imbalanced-learn 0.14, by the module that holds them.
IMBLEARN: dict[str, tuple[str, ...]] = {
    "imblearn.over_sampling": (
    "ADASYN", "BorderlineSMOTE", "KMeansSMOTE", "RandomOverSampler", "SMOTE", "SMOTEN", "SMOTENC",
    "SVMSMOTE",
    ),
    "imblearn.under_sampling": (
    "AllKNN", "ClusterCentroids", "CondensedNearestNeighbour", "EditedNearestNeighbours",
    "InstanceHardnessThreshold", "NearMiss", "NeighbourhoodCleaningRule", "OneSidedSelection",
    "RandomUnderSampler", "RepeatedEditedNearestNeighbours", "TomekLinks",
    ),
    "imblearn.combine": ("SMOTEENN", "SMOTETomek"),
}
# fmt: on


def lookup_target(name: str) -> str | None:
    """Return the target behind a sampler's name, or None if no library has it.

    >>> lookup_target("imblearn.SMOTE")
    'imblearn.over_sampling:SMOTE'
    """
    prefix, dot, rest = name.partition(".")
    if ":" in name:
        split_target(name)
        return name
    if dot:
        libraries = {
            "sv": _smote_variants,
            "smote_variants": _smote_variants,
            "imblearn": _imblearn,
            "ours": _ours_by_prefix,
        }
        return libraries[prefix](rest) if prefix in libraries else None
    if name in TRIVIAL_ARMS:
        return _imblearn(name)
    return _ours(name) or _smote_variants(name) or _imblearn(name)


def method_names() -> list[tuple[str, str, str]]:
    """Return (name, library, kind) of every method that a bare or prefixed name reaches, for listing."""
    rows = [
        (name, "imblearn" if name in imblearn_names() else "trivial", "trivial arm") for name in TRIVIAL_ARMS
    ]
    if importlib.util.find_spec("smote_impls") is not None:
        rows += [(name, "ours", "oversampler") for name in OURS]
        rows += [
            (f"ours.{name}", "ours", "combination" if name in IMBLEARN["imblearn.combine"] else "oversampler")
            for name in OURS_BY_PREFIX
        ]
    rows += [(name if name not in OURS else f"sv.{name}", "sv", "oversampler") for name in SMOTE_VARIANTS]
    kinds = {"over_sampling": "oversampler", "under_sampling": "undersampler", "combine": "combination"}
    for module, names in IMBLEARN.items():
        for name in names:
            if name not in TRIVIAL_ARMS:
                shadowed = name in OURS or name in SMOTE_VARIANTS
                rows.append(
                    (f"imblearn.{name}" if shadowed else name, "imblearn", kinds[module.split(".")[1]])
                )
    return rows


def _smote_variants(name: str) -> str | None:
    return f"smote_variants:{name}" if name in SMOTE_VARIANTS else None


def _imblearn(name: str) -> str | None:
    return next((f"{module}:{name}" for module, names in IMBLEARN.items() if name in names), None)


def _ours(name: str, names: tuple[str, ...] = OURS) -> str | None:
    return f"smote_impls:{name}" if name in names and importlib.util.find_spec("smote_impls") else None


def _ours_by_prefix(name: str) -> str | None:
    return _ours(name, OURS + OURS_BY_PREFIX)


def imblearn_names() -> list[str]:
    """Return the names of imbalanced-learn's samplers, of all its modules."""
    return [name for names in IMBLEARN.values() for name in names]
