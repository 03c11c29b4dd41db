"""Digests: of a table's content, whoever provides it, and of a file's bytes.

The content digest sees values, their order and the kinds of the columns, and the binary target. It does not
see column names or how the classes are labelled, because providers of the same data differ in both.
"""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.data.tables.table_files import read_table
from smote_bench.errors import ConfigError, SmoteBenchError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from smote_bench.data.cards import Card
    from smote_bench.data.roles.rows import RowRoles

__all__ = [
    "DigestMismatch",
    "content_digest",
    "file_sha256",
    "files_sha256",
    "read_verified",
    "roles_digest",
]

_FORMAT = b"smote-bench table 1\n"


class DigestMismatch(SmoteBenchError):
    """The content of a dataset is not what its card says.

    Parameters
    ----------
    name : str
        The dataset.
    where : str
        The file or the provider the content came from.
    expected, found : str
        The digest on the card, and that of the content.
    remedy : str
        What the user can do about it.
    """

    def __init__(self, name: str, where: str, *, expected: str, found: str, remedy: str) -> None:
        super().__init__(
            f"{name}: expected content with digest {expected}, got {found} from {where}; {remedy}"
        )
        self.name = name
        self.where = where
        self.expected = expected
        self.found = found
        self.remedy = remedy

    def __reduce__(self) -> tuple[Any, ...]:
        # The default rebuilds an exception from its message alone, which fails between processes.
        return _rebuild, (self.name, self.where, self.expected, self.found, self.remedy)


def _rebuild(name: str, where: str, expected: str, found: str, remedy: str) -> DigestMismatch:
    return DigestMismatch(name, where, expected=expected, found=found, remedy=remedy)


def content_digest(X: pd.DataFrame, y: np.ndarray) -> str:
    """Return the SHA-256 of a table's content as 64 hexadecimal digits.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_features)
        float64 columns are numeric, bool ones boolean, ``category`` columns nominal, or ordinal if ordered.
    y : ndarray of shape (n_samples,)
        1 for the minority, 0 for the majority.

    Notes
    -----
    Numbers, and truth values as 1 and 0, are hashed as little-endian IEEE 754 doubles with one NaN and one
    zero. Categories are hashed as their texts in order of appearance, then the index of each cell's category,
    -1 if it is missing. So the digest is the same on every platform, and does not depend on how the
    categories are stored.
    """
    import numpy as np
    import pandas as pd

    digest = hashlib.sha256(_FORMAT + struct.pack("<qq", *X.shape))
    for position in range(X.shape[1]):
        column = X.iloc[:, position]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes, texts = pd.factorize(column)
            digest.update(b"o" if column.dtype.ordered else b"c")
            digest.update(struct.pack("<q", len(texts)))
            for text in texts:
                encoded = str(text).encode()
                digest.update(struct.pack("<q", len(encoded)) + encoded)
            digest.update(np.ascontiguousarray(codes, dtype="<i4").tobytes())
        else:
            values = np.array(column, dtype="<f8")
            values[values == 0] = 0.0  # -0.0 too
            values[np.isnan(values)] = np.nan
            digest.update((b"b" if column.dtype == bool else b"n") + values.tobytes())
    digest.update(b"y" + np.ascontiguousarray(y, dtype="<u1").tobytes())
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_sha256(path: Path, more: Path | None = None) -> str:
    """Return the SHA-256 of a file's bytes, and after a plus sign that of another one where there is one."""
    return "+".join(file_sha256(one) for one in (path, more) if one is not None)


def roles_digest(digest: str, roles: RowRoles | None) -> str:
    """Return a content's digest with the roles of its rows in it: the digest as it is where there are none.

    Two tables of the same features that are split or weighted in other ways are not the same data.
    """
    if not roles:
        return digest
    import numpy as np

    whole = hashlib.sha256(digest.encode())
    for name, values in sorted(vars(roles).items()):
        if values is not None:
            kind = "<f8" if name in ("times", "weights") else "<i8"
            whole.update(name.encode() + np.ascontiguousarray(values, dtype=kind).tobytes())
    return whole.hexdigest()


def read_verified(card: Card, path: Path, *, remedy: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Read a dataset of the catalogue and check its content against the card.

    Raises
    ------
    DigestMismatch
        If `path` holds anything else.
    """
    try:
        X, y = read_table(path, card)
        found = content_digest(X, y)
    except ConfigError as error:
        found = f"none ({error})"
    if found != card.digest:
        raise DigestMismatch(card.name, str(path), expected=card.digest, found=found, remedy=remedy)
    return X, y
