"""Hand-written oversamplers, and the base class to write your own on; knows nothing of smote_bench."""

from smote_impls.adasyn import ADASYN
from smote_impls.base import BaseOversampler, OversamplerTags
from smote_impls.borderline import BorderlineSMOTE
from smote_impls.nearest.neighbors import k_nearest
from smote_impls.random_over import RandomOverSampler
from smote_impls.segments import Segments
from smote_impls.smote import SMOTE
from smote_impls.smote_enn import SMOTEENN
from smote_impls.smote_tomek import SMOTETomek
from smote_impls.smoten import SMOTEN
from smote_impls.smotenc import SMOTENC
from smote_impls.target import TargetClass

__all__ = [
    "ADASYN",
    "SMOTE",
    "SMOTEENN",
    "SMOTEN",
    "SMOTENC",
    "BaseOversampler",
    "BorderlineSMOTE",
    "OversamplerTags",
    "RandomOverSampler",
    "SMOTETomek",
    "Segments",
    "TargetClass",
    "k_nearest",
]
