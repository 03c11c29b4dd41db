"""A stand-in for ClearML's API server and file server on loopback: what its SDK 2.1 asks for, in memory.

A real server needs MongoDB and Elasticsearch. This one answers in the same forms, for tests that run the real
SDK in a process of its own::

    with ClearMLServer() as server:
        subprocess.run([sys.executable, "-c", code], env=server.environment(tmp_path))
        (task,) = server.named("Ecoli + SMOTE", project="SMOTE Test Bench")
        scalars = server.events_of(task["id"], "training_stats_scalar")
        server.files  # what was uploaded, by path
"""

from __future__ import annotations

import base64
import fnmatch
import json
import os
import re
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from clearml_state import ApiError, ClearMLState

__all__ = ["ClearMLServer"]

API_VERSION = "2.31"
WEB_ADDRESS = "http://clearml.invalid"  # part of addresses that the SDK prints; nobody asks it anything
# Of another task that is open, or of how ClearML is set up here: nothing of it may reach a test.
_FOREIGN = ("CLEARML_", "TRAINS_")

_CONFIGURATION = """
api {{
    web_server: {web}
    api_server: {api}
    files_server: {files}
    credentials {{ access_key: "{key}", secret_key: "{secret}" }}
}}
sdk {{
    storage.cache.default_base_dir: "{cache}"
    development.report_use_subprocess: false
}}
"""


class ClearMLServer(ClearMLState):
    """API server and file server, each on a port of its own; a context manager.

    Attributes
    ----------
    files : dict of str to bytes
        What was uploaded, by path on the file server, as in the URL's path without the first slash.
    refuse_credentials : bool
        Answer every login as to a wrong secret.
    fail : dict of str to int
        HTTP status to answer instead, by a pattern: ``{"events.*": 500}``; of files, ``files.post``.
    """

    access_key = "TESTACCESSKEY"
    secret_key = "test-secret"

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.refuse_credentials = False
        self.fail: dict[str, int] = {}
        self._left: int | None = None
        self._tokens: set[str] = set()
        self._api = _Http(("127.0.0.1", 0), _ApiHandler)
        self._files = _Http(("127.0.0.1", 0), _FileHandler)
        self._api.stand_in = self._files.stand_in = self

    def __enter__(self) -> ClearMLServer:
        for http in (self._api, self._files):
            # shutting down waits for one poll
            threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """Address of the API server."""
        return f"http://127.0.0.1:{self._api.server_port}"

    @property
    def files_address(self) -> str:
        """Address of the file server."""
        return f"http://127.0.0.1:{self._files.server_port}"

    def stop(self) -> None:
        """Die: connections are refused from now on, what was kept stays readable. May be called twice."""
        for http in (self._api, self._files):
            http.shutdown()
            http.server_close()

    def die_after(self, n_requests: int) -> None:
        """Answer so many further requests, then die in the middle of the next."""
        self._left = n_requests

    def environment(self, folder: Path, **more: str) -> dict[str, str]:
        """Return the environment of a process that works with this server and keeps its files in `folder`.

        A configuration file is written there too; `more` is added, an empty text removes a variable.
        """
        cache = folder / "clearml_cache"
        cache.mkdir(parents=True, exist_ok=True)
        configuration = folder / "clearml.conf"
        settings = {"key": self.access_key, "secret": self.secret_key, "cache": cache.as_posix()}
        hosts = {"web": WEB_ADDRESS, "api": self.address, "files": self.files_address}
        configuration.write_text(_CONFIGURATION.format(**settings, **hosts), encoding="utf-8")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        ours = {
            "CLEARML_API_HOST": self.address,
            "CLEARML_FILES_HOST": self.files_address,
            "CLEARML_WEB_HOST": WEB_ADDRESS,
            "CLEARML_API_ACCESS_KEY": self.access_key,
            "CLEARML_API_SECRET_KEY": self.secret_key,
            "CLEARML_CONFIG_FILE": str(configuration),
            "CLEARML_CACHE_DIR": str(cache),
            "HOME": str(folder),
            "NO_PROXY": "127.0.0.1",
        }
        return {name: value for name, value in {**clean, **ours, **more}.items() if value}

    # for the handler

    def must_drop(self) -> bool:
        """Count a request; tell whether the server died before it."""
        with self.lock:
            if self._left is None:
                return False
            self._left -= 1
            if self._left == -1:
                threading.Thread(target=self.stop, daemon=True).start()
            return self._left < 0

    def status_instead(self, endpoint: str) -> int | None:
        return next((code for pattern, code in self.fail.items() if fnmatch.fnmatch(endpoint, pattern)), None)

    def login(self, authorization: str) -> dict[str, Any]:
        kind, _, secret = authorization.partition(" ")
        if kind == "Basic":
            given = base64.b64decode(secret).decode()
            if self.refuse_credentials or given != f"{self.access_key}:{self.secret_key}":
                raise ApiError(
                    401, 22, "Unauthorized (invalid credentials) (failed to locate provided credentials)"
                )
        else:
            self.check_token(authorization)
        token = _jwt({"exp": int(time.time()) + 86400, "api_version": API_VERSION, "server_version": "2.0.0"})
        with self.lock:
            self._tokens.add(token)
        return {"token": token}

    def check_token(self, authorization: str) -> None:
        kind, _, token = authorization.partition(" ")
        if not authorization:
            raise ApiError(401, 20, "Unauthorized (missing credentials)")
        if kind == "Basic":
            self.login(authorization)
        elif self.refuse_credentials or token not in self._tokens:
            raise ApiError(401, 30, "Unauthorized (invalid token)")


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    stand_in: ClearMLServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one packet
    disable_nagle_algorithm = True
    server: _Http

    def handle_one_request(self) -> None:
        """Handle a request of any method, unless the server is dead."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = self._chunks()
        if self.server.stand_in.must_drop():
            self.close_connection = True
            return
        self.handle_path(unquote(urlsplit(self.path).path).lstrip("/"), body)
        self.wfile.flush()

    def handle_path(self, path: str, body: bytes) -> None:
        raise NotImplementedError

    def send(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests' output clean."""

    @property
    def authorization(self) -> str:
        return self.headers.get("Authorization") or ""

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)


class _ApiHandler(_Handler):
    def handle_path(self, path: str, body: bytes) -> None:
        version, _, endpoint = path.rpartition("/")
        stand_in = self.server.stand_in
        code, subcode, message = 200, 0, "OK"
        data: dict[str, Any] = {}
        try:
            failing = stand_in.status_instead(endpoint)
            if failing:
                raise ApiError(failing, 0, "General data error (made to fail by a test)")
            if endpoint == "auth.login":
                stand_in.calls.append(endpoint)
                data = stand_in.login(self.authorization)
            else:
                stand_in.check_token(self.authorization)
                data = stand_in.answer(endpoint, self._asked(body))
        except ApiError as error:
            code, subcode, message = error.code, error.subcode, error.message
        except (KeyError, TypeError, AttributeError) as error:
            code, subcode, message = 400, 12, f"Validation error ({error!r})"
        call = uuid.uuid4().hex
        version = version.removeprefix("v") or API_VERSION
        meta = {
            "id": call,
            "trx": call,
            "endpoint": {"name": endpoint, "requested_version": version, "actual_version": version},
            "result_code": code,
            "result_subcode": subcode,
            "result_msg": message,
            "error_stack": None if code == 200 else "",
            "error_data": {},
        }
        with stand_in.lock:  # an answer must not change while it is written down
            answer = json.dumps({"meta": meta, "data": data}).encode()
        self.send(code, answer, "application/json")

    def _asked(self, body: bytes) -> Any:
        lines = body.decode() if body else ""
        if "json-lines" in self.headers.get("Content-Type", ""):
            return [json.loads(line) for line in lines.splitlines() if line.strip()]
        return {**dict(parse_qsl(urlsplit(self.path).query)), **(json.loads(lines) if lines else {})}


class _FileHandler(_Handler):
    def handle_path(self, path: str, body: bytes) -> None:
        stand_in = self.server.stand_in
        try:
            failing = stand_in.status_instead(f"files.{self.command.lower()}")
            if failing:
                raise ApiError(failing, 0, "made to fail by a test")
            stand_in.check_token(self.authorization)
            self._store_or_fetch(path, body)
        except ApiError as error:
            self.send(error.code, error.message.encode(), "text/plain")

    def _store_or_fetch(self, path: str, body: bytes) -> None:
        stand_in = self.server.stand_in
        if self.command == "POST":
            parts = dict(_multipart(body, self.headers.get("Content-Type", "")))
            stand_in.files.update(parts)
            self.send(200, json.dumps(list(parts)).encode(), "application/json")
        elif path not in stand_in.files:
            raise ApiError(404, 0, "File not found")
        elif self.command == "DELETE":
            del stand_in.files[path]
            self.send(200, b"Ok", "text/plain")
        else:
            self.send(200, stand_in.files[path], "application/octet-stream")


def _multipart(body: bytes, content_type: str) -> list[tuple[str, bytes]]:
    """Return (path, bytes) of each file of a form; a part's file name is its path."""
    found = re.search(r'boundary="?([^";]+)', content_type)
    if not found:
        raise ApiError(400, 0, "expected multipart/form-data")
    files = []
    for part in body.split(b"--" + found[1].encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb'filename="([^"]*)"', head)
        if name:
            files.append((unquote(name[1].decode()).lstrip("/"), content.removesuffix(b"\r\n")))
    return files


def _jwt(claims: dict[str, Any]) -> str:
    parts = [json.dumps({"alg": "HS256", "typ": "JWT"}), json.dumps({**claims, "jti": uuid.uuid4().hex})]
    encoded = [base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, base64.urlsafe_b64encode(b"unsigned").rstrip(b"=").decode()])
