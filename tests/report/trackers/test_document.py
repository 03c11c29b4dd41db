"""docs/trackers.md: its webhook and its hook work as printed, and its settings are the code's."""

from __future__ import annotations

import csv
import http.server
import json
import re
import statistics
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smote_bench.experiment.tracking import TRACKING_KEYS, TrackingSettings
from smote_bench.report.trackers.publish import publish
from smote_bench.runs.open import open_run

PAGE = (Path(__file__).parents[3] / "docs" / "trackers.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps the documents that are posted; refuses after `most` of them."""

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []
        self.most = 1000
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/cells"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        refused = len(self.server.documents) >= self.server.most
        if not refused:
            self.server.documents.append(json.loads(body))
        self.send_response(503 if refused else 200)
        self.end_headers()

    def log_message(self, *arguments: Any) -> None: ...


@pytest.fixture
def receiver(there: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    (there.path / "webhook.py").write_text(BLOCKS[1], encoding="utf-8")
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("WEBHOOK_URL", server.address)
        yield server
        server.shutdown()
        thread.join()


def test_the_webhook_gets_every_cell_with_the_scores_of_the_hold_outs(
    receiver: Receiver, run_folder: Path
) -> None:
    said: list[str] = []
    assert publish(run_folder, "webhook:Webhook", say=said.append) is None
    assert said == [f"3 cells are at {receiver.address}"]
    by_method = {document["method"]: document for document in receiver.documents}
    assert {name: document["status"] for name, document in by_method.items()} == {
        "Original": "ok",
        "Jitter": "ok",
        "Broken": "error",
    }
    with (run_folder / "scores.csv").open(newline="") as file:
        values = [
            float(row["value"])
            for row in csv.DictReader(file)
            if (row["method"], row["phase"], row["metric"]) == ("Jitter", "holdout", "g_mean")
        ]
    assert by_method["Jitter"]["scores"]["g_mean"] == pytest.approx(statistics.fmean(values))
    assert by_method["Broken"]["scores"] == {}


def test_the_webhook_goes_on_where_the_server_refused(receiver: Receiver, run_folder: Path) -> None:
    receiver.most = 1
    problem = publish(run_folder, "webhook:Webhook", say=print)
    assert problem is not None
    assert "expected the webhook" in problem
    assert "503" in problem
    receiver.most = 1000
    assert publish(run_folder, "webhook:Webhook", say=print) is None
    assert [document["method"] for document in receiver.documents] == ["Original", "Jitter", "Broken"]


def test_the_webhook_says_what_it_needs(
    receiver: Receiver, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEBHOOK_URL")
    problem = publish(run_folder, "webhook:Webhook", say=print)
    assert problem is not None
    assert "expected the webhook's address in WEBHOOK_URL" in problem


def test_the_hook_of_the_page_prints_the_best_method(
    run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {}
    exec(BLOCKS[0], names)
    names["pytest_smote_run_finished"](None, open_run(run_folder))
    assert re.fullmatch(
        rf"{run_folder.name}: best on the hold-outs is \w+ \(0\.\d{{3}}\)\n", capsys.readouterr().out
    )


def test_the_page_has_every_setting_with_its_default() -> None:
    table = PAGE.partition("| key | default | meaning |")[2].partition("\n\n")[0]
    shown = {}
    for line in table.splitlines()[2:]:
        keys, default, _ = (cell.strip() for cell in line.strip("|").split(" | "))
        shown.update(dict.fromkeys(re.findall(r"`(\w+)`", keys), default))
    words = {True: "true", False: "false", None: "none", (): "none"}
    defaults = {key: words.get(value, value) for key, value in vars(TrackingSettings()).items()}
    assert shown == {**defaults, "clearml_task_name": "data set + method"}
    assert list(shown) == list(TRACKING_KEYS)
