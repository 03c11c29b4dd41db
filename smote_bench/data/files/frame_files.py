"""Files that a library reads as a whole: ARFF and KEEL's ``.dat``, LIBSVM, Feather, Excel."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.data.files.arff_files import read_arff
from smote_bench.data.files.compressed import open_binary
from smote_bench.data.files.encodings import wrong_encoding
from smote_bench.data.files.excel_files import read_excel
from smote_bench.data.files.formats import format_of
from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.data.findings import Finding
from smote_bench.data.values.number_texts import number
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["read_frame"]

_MOST_DENSE_BYTES = 2**30
_EXACT = 2**53
_AS_GUESSED = ReadKeys()
_WORDS = {
    "arff": "an ARFF or KEEL table",
    "libsvm": "a LIBSVM table",
    "feather": "a Feather table",
    "excel": "an Excel table",
}


def read_frame(
    path: Path, form: str, name: str, *, beside: Path | None = None, reading: ReadKeys = _AS_GUESSED
) -> tuple[pd.DataFrame, list[Finding]]:
    """Read a file whose format is not delimited text.

    Parameters
    ----------
    path : Path
    form : {"arff", "libsvm", "feather", "excel"}
        As `smote_bench.data.files.formats.format_of` gives it.
    name : str
        What messages call the data set.
    beside : Path, optional
        The other file of a table in two: of LIBSVM both say together whether features count from 0 or 1, and
        how many there are.
    reading : ReadKeys
        Which sheet of an Excel file is read, and in which encoding an ARFF file is; others are of text.

    Returns
    -------
    frame : DataFrame of shape (n_rows, n_columns)
        LIBSVM's target is ``label`` and its features ``x1``, ``x2``, ..., dense; ``qid`` where every row has
        one. Feather may have an index.
    findings : list of Finding
        What was guessed; of kind ``left out`` is a column that is no feature unless somebody names it.

    Raises
    ------
    ConfigError
        If it is no such file, would take more than 1 GiB as a dense table, or needs a package that is not
        installed.
    """
    findings: list[Finding] = []
    try:
        if form == "arff":
            frame, findings = read_arff(path, name, reading.encoding)
        elif form == "excel":
            frame, findings = read_excel(path, name, reading.sheet)
        else:
            frame, findings = (_feather(path), []) if form == "feather" else _libsvm(path, name, beside)
    except ConfigError:
        raise
    except Exception as error:  # whatever the library makes of a file that is none
        reason = str(error).strip() or type(error).__name__
        given = reading.encoding if form == "arff" and isinstance(error, UnicodeError) else None
        remedy = wrong_encoding(path, given) if given else "check the file"
        raise ConfigError(f"{name}: expected {_WORDS[form]} at {path}, got {reason}: {remedy}") from error
    frame = frame.rename(columns=lambda column: str(column).strip())
    if form != "feather":
        frame = frame.reset_index(drop=True)
    twice = [column for column, n in Counter(frame.columns).items() if n > 1]
    if twice:
        raise ConfigError(
            f"{name}: expected distinct column names in {path.name}, got {twice[0]!r} more than once: rename "
            "one"
        )
    return frame, findings


def _libsvm(path: Path, name: str, beside: Path | None) -> tuple[pd.DataFrame, list[Finding]]:
    import numpy as np
    import pandas as pd
    from sklearn.datasets import load_svmlight_files

    paths = [path, *([beside] if beside is not None and format_of(beside) == "libsvm" else [])]
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(open_binary(one)) for one in paths]
        try:
            sparse, labels, queries, *_ = load_svmlight_files(streams, query_id=True)
        except ValueError as error:
            raise _wrong_label(paths, name) or error from error
    n_rows, n_columns = sparse.shape
    n_bytes = 8 * n_rows * n_columns
    if n_bytes > _MOST_DENSE_BYTES:
        raise ConfigError(
            f"{name}: expected a table of at most {_MOST_DENSE_BYTES // 2**20:,} MiB, as it becomes dense, "
            f"got {n_rows:,} x {n_columns:,} numbers in {path.name} ({n_bytes // 2**20:,} MiB): select "
            "features, or reduce their number first"
        )
    frame = pd.DataFrame(sparse.toarray(), columns=[f"x{n}" for n in range(1, n_columns + 1)])
    if (np.abs(labels) >= _EXACT).any():
        raise ConfigError(
            f"{name}: expected labels below 2**53 in {path.name}, got {labels[np.abs(labels).argmax()]:.0f}: "
            "labels of LIBSVM are read as floats, in which longer ones become equal; number the labels"
        )
    whole = labels.astype(np.int64)
    frame["label"] = whole if (whole == labels).all() else labels
    if not len(queries):
        return frame, []
    if len(queries) < n_rows:
        return frame, [_of_some_queries(path.name, len(queries), n_rows)]
    frame["qid"] = queries
    return frame, _of_queries(path.name, queries)


def _wrong_label(paths: Sequence[Path], name: str) -> ConfigError | None:
    """Return the error that names the first line with several labels; None where all have one."""
    for path in paths:
        with open_binary(path) as stream:
            for n, line in enumerate(stream, 1):
                label = line.split(b"#")[0].split()[:1]
                text = label[0].decode("latin-1") if label else ""
                if "," in text and b":" in line and all(number(part) is not None for part in text.split(",")):
                    return ConfigError(
                        f"{name}: {path.name}, line {n}: expected one label at the beginning, got "
                        f"{text!r}, several labels: keep one for each row"
                    )
    return None


def _of_queries(file: str, queries: np.ndarray) -> list[Finding]:
    """Say that the queries of a ranking are no feature, and that their rows belong together."""
    import numpy as np

    sizes = np.unique(queries, return_counts=True)[1]
    said = f"{file}: 'qid', the query that a row belongs to, is left out, as an identifier"
    found = [Finding("left out", "qid", said, "'keep: [qid]' makes a feature of it")]
    if n_shared := int(sizes[sizes > 1].sum()):
        said = (
            f"{n_shared:,} of {len(queries):,} rows share their 'qid' with another ({len(sizes):,} queries): "
            "rows of one query may be on both sides of a split"
        )
        remedy = "'groups: qid' keeps them together; 'drop: [qid]' says that they are independent"
        found.append(Finding("suspect", "qid", said, remedy))
    return found


def _of_some_queries(file: str, n_queries: int, n_rows: int) -> Finding:
    return Finding(
        "suspect",
        "",
        f"{file}: {n_queries:,} of {n_rows:,} rows have a 'qid', the query that they belong to: it is left "
        "out, and rows of one query may be on both sides of a split",
        "give every row one, and 'groups: qid' keeps them together",
    )


def _feather(path: Path) -> pd.DataFrame:
    import pandas as pd

    frame: pd.DataFrame = pd.read_feather(path)
    return frame
