"""Letters that are not Latin are named as such, with the encodings they may be in; Latin ones never."""

from __future__ import annotations

import gzip

import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files.encodings import encoding_of, other_alphabet, wrong_encoding
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

OTHERS = {
    "cp1251": "Пол,Возраст,Исход\nмуж,{},да\nжен,{},нет\n",
    "iso8859-5": "Пол,Город,Исход\nмуж,Москва,да\nжен,Тверь,нет\n",
    "koi8-r": "Пол,Возраст,Исход\nмуж,{},да\nжен,{},нет\n",
    "cp866": "Пол,Возраст,Исход\nмуж,{},да\nжен,{},нет\n",
    "cp1253": "Φύλο,Ηλικία,Έκβαση\nάνδρας,{},ναι\nγυναίκα,{},όχι\n",
    "cp1255": "מין,גיל,תוצאה\nזכר,{},כן\nנקבה,{},לא\n",
    "cp1256": "الجنس,العمر,النتيجة\nذكر,{},نعم\nأنثى,{},لا\n",
    "cp874": "เพศ,อายุ,ผลลัพธ์\nชาย,{},ใช่\nหญิง,{},ไม่\n",
    "shift_jis": "性別,年齢,結果\n男,{},はい\n女,{},いいえ\n",
    "euc_jp": "性別,年齢,結果\n男,{},はい\n女,{},いいえ\n",
    "gb18030": "性别,年龄,结果\n男性,{},是\n女性,{},否\n",
    "big5": "性別,年齡,結果\n男性,{},是\n女性,{},否\n",
    "euc_kr": "성별,나이,결과\n남자,{},예\n여자,{},아니오\n",
}
LATIN = {
    "latin-1": "größe,prénom,naïveté,y\nBäääh,créée,Zoë,1\nÅÄÖ,Ñandú,ñ,2\n",
    "cp1252": "Preis €,größe,y\n5€,ä,1\n",
    "cp1250": "Płeć,Wiek,Wynik\nkobieta,3,źdźbło\nżółty,4,nie\n",
    "iso8859-9": "Yaş,Cinsiyet,Çıkış\n3,erkek,düşük\n7,kadın,yüksek\n4,kadın,düşük\n",
    "utf-8": OTHERS["cp1251"],
}


def written(folder, encoding, text):
    (folder / "t.csv").write_bytes(text.encode(encoding))
    return folder / "t.csv"


@pytest.mark.parametrize("encoding", OTHERS)
def test_the_encoding_of_another_alphabet_is_among_those_named(tmp_path, encoding):
    path = written(tmp_path, encoding, OTHERS[encoding])
    said = other_alphabet(path, encoding_of(path))
    assert f" in {encoding}" in said
    word = max(OTHERS[encoding].replace("\n", ",").split(","), key=lambda text: len(text.encode(encoding)))
    assert any(repr(part) in said for part in (word, word[:12], word[:6])), (word, said)


@pytest.mark.parametrize("encoding", LATIN)
def test_latin_letters_are_left_alone(tmp_path, encoding):
    path = written(tmp_path, encoding, LATIN[encoding])
    assert not other_alphabet(path, encoding_of(path))


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "euc_kr"])
def test_words_of_one_sign_are_enough(tmp_path, encoding):
    path = written(tmp_path, encoding, "a,性,y\n" + "1,男,0\n2,女,1\n" * 20)
    assert f" in {encoding}" in other_alphabet(path, encoding_of(path))


def test_latin_letters_of_the_east_of_europe_are_named_where_words_have_many(tmp_path):
    path = written(tmp_path, "cp1250", "a,city,y\n" + "1,Łódź,0\n2,Łódź,1\n" * 20)
    assert "'Łódź' in cp1250" in other_alphabet(path, encoding_of(path))


def test_utf8_with_a_byte_that_is_none_is_named_with_its_line(tmp_path):
    text = ("a,city,y\n" + "1,Zürich,0\n2,Bern,1\n" * 20).encode()
    (tmp_path / "t.csv").write_bytes(text + b"3,Z\xfcrich,0\n")
    (found,) = [
        one
        for one in parse_source(
            {"name": "t", "file": "t.csv", "target": "y", "minority": 1, "drop_duplicates": False}, tmp_path
        ).findings
        if "utf-8" in one.text
    ]
    assert found.is_caveat
    assert "'ZÃ¼rich' is 'Zürich' in utf-8, which 20 letters are and 1 bytes are not" in found.text
    assert "the first in line 42" in found.text
    assert found.remedy == "write the file in one encoding"


@pytest.mark.parametrize("n_bad", [1, 6, 30, 60, 100, 119])
@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", ["Orléans", "Nîmes", "Bern"]),
        ("cp1250", ["Łódź", "Gdańsk"]),
        ("cp1251", ["Москва", "Омск"]),
    ],
)
def test_two_exports_in_two_encodings_below_each_other_are_named(tmp_path, encoding, words, n_bad):
    rows = [f"{n},{words[n % len(words)]},{n % 3}\n" for n in range(120)]
    head, tail = "".join(rows[:-n_bad]), "".join(rows[-n_bad:])
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,city,y\n" + head.encode() + tail.replace("Bern", words[0]).encode(encoding))
    assert "in utf-8, which" in other_alphabet(path, encoding_of(path))


@pytest.mark.parametrize("words", [["医药业", "制造业", "农业"], ["肖雪英", "王伟"], ["小学校", "中学"]])
def test_chinese_words_whose_bytes_are_utf8_by_chance_are_in_their_own_encoding(tmp_path, words):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,who\n" + "".join(f"{n},{words[n % len(words)]}\n" for n in range(60)).encode("gbk"))
    assert "in gb18030" in other_alphabet(path, encoding_of(path))


def test_what_is_shown_of_two_encodings_is_a_word_of_the_one_that_is_named(tmp_path):
    path = tmp_path / "t.csv"
    rows = [f"{n},{('罗兰', '陈静')[n % 2]}\n".encode("gbk" if n < 60 else "utf-8") for n in range(120)]
    path.write_bytes(b"a,who\n" + b"".join(rows))
    said = other_alphabet(path, encoding_of(path))
    assert "is '罗兰' in utf-8" in said
    assert "lines 62 and 2 are the first" in said


def test_an_export_far_above_another_is_named(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,city\n" + "2,Nîmes\n".encode() * 9 + b"3,N\xeemes\n" * 9 + b"1,Bern\n" * 200_000)
    said = other_alphabet(path, encoding_of(path))
    assert "a part of the file is and another is not (line 2 is, and line 11 is not)" in said


def test_an_encoding_that_is_given_of_a_damaged_file_is_no_reason_to_fail(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(
        gzip.compress(("a,city\n" + "".join(f"{n},Nîmes\n" for n in range(9999))).encode())[:-900]
    )
    assert wrong_encoding(path, "utf-16") == "correct 'encoding' in 'read', and check the file"


def test_an_export_far_below_another_is_named(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,city\n" + b"1,Bern\n" * 200_000 + "2,Nîmes\n".encode() * 9 + b"3,N\xeemes\n" * 9)
    said = other_alphabet(path, encoding_of(path))
    assert "'NÃ®mes' is 'Nîmes' in utf-8, which a part of the file is and another is not" in said
    assert "(line 200002 is, and line 200011 is not)" in said


def test_an_error_says_in_which_encodings_the_file_has_the_target(tmp_path):
    written(tmp_path, "big5", "a,sex,流失\n" + "1,m,是\n2,f,否\n3,f,否\n" * 20)
    with pytest.raises(ConfigError, match=r"the file has '流失' in .*big5.*'read: {encoding}' says which"):
        parse_source({"name": "t", "file": "t.csv", "target": "流失", "minority": "是"}, tmp_path)


def test_a_caveat_and_errors_name_it_until_the_encoding_is_given(tmp_path):
    rows = "".join(OTHERS["cp1251"].split("\n", 1)[1].format(n % 61 + 20, n % 47 + 20) for n in range(60))
    written(tmp_path, "cp1251", "Пол,Возраст,Исход\n" + rows + "муж,33,нет\n")
    entry = {"name": "t", "file": "t.csv", "target": "Исход", "minority": "да"}
    with pytest.raises(
        ConfigError, match=r"expected a column.*the file has 'Исход' in cp1251.*'read: {encoding}'"
    ):
        load_dataset(parse_source(entry, tmp_path))
    entry["read"] = {"encoding": "cp1251"}
    source = parse_source(entry, tmp_path)
    assert list(load_dataset(source).X.columns) == ["Пол", "Возраст"]
    assert not [one for one in source.findings if "alphabet" in one.text]
    for sign in ("£", "€"):  # how dear a place is, which would be letters in other encodings
        prices = "place,price,y\n" + "".join(f"p{n % 9},{sign * (n % 3 + 1)},{n % 2}\n" for n in range(60))
        (tmp_path / "p.csv").write_bytes(prices.encode("cp1252"))
        own = parse_source({"name": "p", "file": "p.csv", "target": "y", "minority": 1}, tmp_path)
        assert not [one for one in own.findings if "alphabet" in one.text]
    latin = "Исход".encode("cp1251").decode("cp1252")
    source = parse_source({"name": "t", "file": "t.csv", "target": latin, "minority": "äà"}, tmp_path)
    (said,) = [one for one in source.findings if "another alphabet" in one.text]
    assert said.is_caveat
    with pytest.raises(ConfigError, match="in cp1251"):
        load_dataset(
            parse_source({"name": "t", "file": "t.csv", "target": latin, "minority": "да"}, tmp_path)
        )
