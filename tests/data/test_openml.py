"""Fetching from OpenML, against a server on the loopback that speaks enough of its protocol."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
import urllib.request
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest
import sklearn.datasets._openml as sklearn_openml

from smote_bench.data import cards, fetching, openml
from smote_bench.data.cards import get_card
from smote_bench.data.dataset import load_dataset
from smote_bench.data.digests import DigestMismatch, content_digest, file_sha256
from smote_bench.data.providers import cache_folder, provider_of
from smote_bench.data.tables.table_files import read_table
from smote_bench.errors import UnavailableError

MIRROR = Path(__file__).resolve().parents[3] / "shared" / "data" / "mirror"

# OpenML labels the classes -1 and 1 and names the columns its own way.
ROWS = [(0.1, 3, -1), (1e-05, 4, -1), (2, 5, 1), (0.30000000000000004, 6, -1)]


class Server(ThreadingHTTPServer):
    """Serves one data set; counts the requests for its rows, and can be told to fail."""

    def __init__(self, rows, names):
        super().__init__(("127.0.0.1", 0), Handler)
        self.rows, self.names = rows, names
        self.n_downloads = 0
        self.status = 200

    def arff(self):
        kinds = [*(f"@attribute {name} real" for name in self.names), "@attribute class {'-1','1'}"]
        rows = [",".join([*map(repr, row[:-1]), f"'{row[-1]}'"]) for row in self.rows]
        return "\n".join(["@relation made", *kinds, "@data", *rows, ""]).encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        features = [feature(name, "numeric") for name in server.names] + [
            feature("class", "nominal", target=True)
        ]
        answers = {
            r"/data/features/\d+": {"data_features": {"feature": features}},
            r"/data/qualities/\d+": {
                "data_qualities": {"quality": [{"name": "NumberOfInstances", "value": str(len(server.rows))}]}
            },
            r"/json/data/\d+": {
                "data_set_description": {
                    "id": "1",
                    "name": "made",
                    "version": "1",
                    "status": "active",
                    "format": "ARFF",
                    "description": "made up",
                    "url": "https://www.openml.org/data/v1/download/1/made.arff",
                    "md5_checksum": hashlib.md5(server.arff()).hexdigest(),
                }
            },
        }
        body = next(
            (json.dumps(a).encode() for p, a in answers.items() if re.search(p + "$", self.path)), None
        )
        if body is None:
            server.n_downloads += 1
            body = server.arff()
        self.send_response(server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def feature(name, data_type, target=False):
    return {
        "name": name,
        "data_type": data_type,
        "is_target": str(target).lower(),
        "is_ignore": "false",
        "is_row_identifier": "false",
        "number_of_missing_values": "0",
    }


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("SMOTE_BENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SMOTE_BENCH_DATA", raising=False)
    monkeypatch.delenv("SMOTE_BENCH_OFFLINE", raising=False)
    monkeypatch.setattr(openml, "_failures", {})


@pytest.fixture
def serve(monkeypatch):
    """Start a server, and send everything meant for OpenML to it."""
    started = []

    def start(rows, names):
        server = Server(rows, names)
        started.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        send_to(monkeypatch, server.server_port)
        return server

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def send_to(monkeypatch, port):
    def redirected(request, *args, **kwargs):
        path = urllib.request.urlparse(request.full_url).path
        return real(f"http://127.0.0.1:{port}{path}", *args, **kwargs)

    real = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
    monkeypatch.setattr(sklearn_openml, "urlopen", redirected)
    monkeypatch.setattr(urllib.request, "urlopen", redirected)


@pytest.fixture
def card(monkeypatch, tmp_path):
    """Put a made-up set on the catalogue that only OpenML has."""
    path = tmp_path / "made.csv"
    lines = [f"{a!r},{b},{label}" for a, b, label in ROWS]
    path.write_text("\n".join(["first,second,class", *lines, ""]))
    made = replace(
        get_card("Mammography"),
        name="Made",
        file="made_up.csv",
        openml=77,
        columns=("first", "second"),
        features=2,
    )
    made = replace(
        made, digest=content_digest(*read_table(path, made)), sha256=file_sha256(path), rows=len(ROWS)
    )
    monkeypatch.setattr(cards, "_cards", lambda: {"Made": made})
    return made


def test_fetches_checks_and_keeps_what_openml_has(serve, card):
    server = serve(ROWS, ["att_1", "att_2"])
    assert provider_of(card) == "openml"
    made = load_dataset("Made")
    assert (made.digest, list(made.X.columns), made.y.tolist()) == (
        card.digest,
        ["first", "second"],
        [0, 0, 1, 0],
    )
    assert provider_of(card) == "cache"
    load_dataset("Made")
    assert server.n_downloads <= 2  # scikit-learn opens its download twice: for the checksum, and to read it


def test_stores_the_very_file_of_the_card(serve, card):
    serve(ROWS, ["att_1", "att_2"])
    load_dataset("Made")
    assert file_sha256(cache_folder() / card.file) == card.sha256


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([(0.1, 3, -1), (1e-05, 4, -1), (2, 5.5, 1), (0.30000000000000004, 6, -1)], ["a", "b"]),
        ([(3, -1), (4, -1), (5, 1), (6, -1)], ["b"]),
        (ROWS[::-1], ["a", "b"]),
        ([(0.1, 3, -1), (0.2, 4, -1)], ["a", "b"]),
    ],
    ids=["a cell", "a column less", "another order", "no minority"],
)
def test_wrong_content_fails_naming_both_digests_and_leaves_nothing(serve, card, rows, names):
    serve(rows, names)
    with pytest.raises(DigestMismatch, match=card.digest) as caught:
        load_dataset("Made")
    assert caught.value.found in str(caught.value)
    assert [path.name for path in cache_folder().rglob("*") if path.suffix != ".lock"] == []


def test_a_failure_is_remembered_for_the_process(serve, card):
    server = serve(ROWS[::-1], ["a", "b"])
    for _ in range(3):
        with pytest.raises(DigestMismatch):
            load_dataset("Made")
    assert server.n_downloads <= 2


def test_fetching_by_command_asks_again(serve, card):
    server = serve(ROWS[::-1], ["a", "b"])
    with pytest.raises(DigestMismatch):
        load_dataset("Made")
    server.rows = ROWS
    assert openml.fetch(card, cache_folder()).is_file()
    assert load_dataset("Made").digest == card.digest


def test_a_server_that_is_gone_makes_the_set_unavailable(serve, card, monkeypatch):
    server = serve(ROWS, ["a", "b"])
    server.shutdown()
    server.server_close()
    with pytest.raises(UnavailableError, match="OpenML cannot be reached") as caught:
        load_dataset("Made")
    assert "--smote-data" in caught.value.remedy
    assert not (cache_folder() / card.file).exists()


def test_a_server_that_refuses_makes_the_set_unavailable(serve, card):
    serve(ROWS, ["a", "b"]).status = 412
    with pytest.raises(UnavailableError, match="OpenML did not deliver data set 77"):
        load_dataset("Made")


def test_while_one_fails_those_who_waited_take_its_answer(card, monkeypatch):
    cache_folder().mkdir()
    note = cache_folder() / "Made.failed"
    asked = []

    class Clock:
        @staticmethod
        def time():
            note.write_text("another process found no network")  # written after we asked
            return 0.0

    monkeypatch.setattr(fetching, "time", Clock)
    monkeypatch.setattr(openml, "_fetch_into", lambda *args: asked.append(args))
    with pytest.raises(UnavailableError, match="another process found no network"):
        load_dataset("Made")
    assert asked == []


def test_an_old_failure_of_another_process_does_not_keep_us_from_asking(serve, card):
    cache_folder().mkdir()
    note = cache_folder() / "Made.failed"
    note.write_text("no network yesterday")
    os.utime(note, (0, 0))
    serve(ROWS, ["a", "b"])
    assert load_dataset("Made").digest == card.digest
    assert not note.exists()


def test_can_be_switched_off(card, monkeypatch):
    monkeypatch.setenv("SMOTE_BENCH_OFFLINE", "1")
    with pytest.raises(UnavailableError, match="switched off by SMOTE_BENCH_OFFLINE"):
        load_dataset("Made")


def test_a_cache_that_cannot_be_written_is_said(serve, card, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SMOTE_BENCH_CACHE", str(tmp_path / "file" / "below"))
    serve(ROWS, ["a", "b"])
    with pytest.raises(UnavailableError, match="cannot be written"):
        load_dataset("Made")


@pytest.mark.skipif(not MIRROR.is_dir(), reason="the data mirror is not beside the checkout")
@pytest.mark.parametrize("name", ["Mammography", "Oil"])
def test_the_real_sets_pass_through_openml_unchanged(serve, name):
    card = get_card(name)
    table = pd.read_csv(MIRROR / card.file)
    labels = table[card.target].map(lambda label: 1 if label == 1 else -1)
    rows = [(*row, label) for row, label in zip(table.iloc[:, :-1].to_numpy().tolist(), labels, strict=True)]
    serve(rows, [f"att_{i}" for i in range(card.features)])
    assert load_dataset(name).digest == card.digest
