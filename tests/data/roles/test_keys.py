"""The keys groups, time, test, split and weights: what they may be, what contradicts what."""

from __future__ import annotations

from pathlib import Path

import pytest

from smote_bench.data.fingerprints import fingerprint
from smote_bench.data.roles.keys import RoleKeys, parse_role_keys
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

ENTRY = {"name": "t", "file": "t.csv", "target": "y", "minority": "1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [f"{n}.5,{n // 2},{n},{'test' if n > 8 else 'train'},{n % 3 + 1},{n % 2}" for n in range(12)]
    (tmp_path / "t.csv").write_text("\n".join(["x,g,t,s,w,y", *rows]) + "\n")
    (tmp_path / "other.csv").write_text("\n".join(["x,g,t,s,w,y", *rows]) + "\n")
    return tmp_path


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"groups": "g", "time": "t"}, "'groups' or 'time', got both: .* keep one"),
        ({"test": "other.csv", "split": "s"}, "'test' or 'split', got both"),
        ({"weights": "w", "sample_weight": "w"}, "'weights' or 'sample_weight', got both"),
        ({"groups": 3}, "name of a column for 'groups', got 3"),
        ({"test": "gone.csv"}, "expected a file at .*gone.csv, but there is none"),
        ({"groups": "patient"}, "expected a column 'patient' in t.csv"),
        ({"groups": "y"}, "one role for each column, got two for 'y'"),
        ({"groups": "g", "weights": "g"}, "one role for each column, got two for 'g'"),
        ({"group": "g"}, "Did you mean 'groups'"),
    ],
)
def test_wrong_keys_are_refused_when_the_experiment_is_read(folder, more, words):
    with pytest.raises(ConfigError, match=words):
        parse_source({**ENTRY, **more}, folder)


def test_sample_weight_is_another_name_of_weights(folder):
    found = [parse_role_keys({key: "w"}, folder, "t") for key in ("weights", "sample_weight")]
    assert found == [RoleKeys(weights="w")] * 2
    assert found[0].to_json() == {"weights": "w"}


def test_a_table_without_roles_has_the_fingerprint_it_had(folder):
    found = fingerprint(parse_source(ENTRY, folder))
    assert sorted(found) == [
        *("columns", "drop_duplicates", "file", "minority", "missing", "nominal", "ordinal", "reading"),
        *("target", "version"),
    ]
    assert "+" not in found["file"]


@pytest.mark.parametrize(
    "more", [{"groups": "g"}, {"time": "t"}, {"split": "s"}, {"weights": "w"}, {"test": "other.csv"}]
)
def test_every_role_is_part_of_the_fingerprint(folder, more):
    plain, own = (fingerprint(parse_source(entry, folder)) for entry in (ENTRY, {**ENTRY, **more}))
    assert own["roles"] == more
    assert own != plain


def test_other_test_rows_are_another_fingerprint(folder):
    before = fingerprint(parse_source({**ENTRY, "test": "other.csv"}, folder))
    (folder / "other.csv").write_text("x,g,t,s,w,y\n1,1,1,test,1,1\n2,2,2,test,1,0\n")
    assert fingerprint(parse_source({**ENTRY, "test": "other.csv"}, folder)) != before
