"""The catalogue of datasets, in one import: cards, sources, digests and loading.

Importing this reads no data and imports no pandas; `load_dataset` does.
"""

from smote_bench.cards import VERSIONS, Card, catalogue_names, get_card
from smote_bench.dataset import Dataset, load_dataset, without_duplicates
from smote_bench.digests import DigestMismatch, content_digest
from smote_bench.fingerprints import fingerprint, size_hint
from smote_bench.keel import keel_names
from smote_bench.sources import UserFile, parse_source, source_name

__all__ = [
    "VERSIONS",
    "Card",
    "Dataset",
    "DigestMismatch",
    "UserFile",
    "catalogue_names",
    "content_digest",
    "fingerprint",
    "get_card",
    "keel_names",
    "load_dataset",
    "parse_source",
    "size_hint",
    "source_name",
    "without_duplicates",
]
