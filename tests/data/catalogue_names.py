"""The names of the catalogue's data sets, written out."""

from __future__ import annotations

NAMES = [
    "Adult",
    "Abalone",
    "Forest_coverage",
    "Haberman",
    "Ionosphere",
    "Mammography",
    "Oil",
    "Phoneme",
    "Pima_diabetes",
    "Satimage",
    "Ecoli",
    "US_crime",
    "Yeast_ml8",
    "Flare",
    "German_credit",
    "Contraceptive",
    "Hepatitis",
    "Flare_letters",
    "Tic_tac_toe",
]
BUNDLED = [name for name in NAMES if name not in ("Mammography", "Oil")]
SMALL = [name for name in BUNDLED if name not in ("Adult", "Forest_coverage")]
