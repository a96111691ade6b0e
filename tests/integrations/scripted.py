"""A gateway that answers whatever the test says, and keeps what it was asked."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))

    @property
    def json(self) -> dict:
        return json.loads(self.body)


@dataclass
class Script:
    """`answers`: (status, body) one after the other, the last one again and again; a callable gets the socket."""

    base: str
    answers: list = field(default_factory=lambda: [(200, {})])
    asked: list[Asked] = field(default_factory=list)

    def says(self, *answers) -> None:
        self.answers[:] = [
            answer if isinstance(answer, tuple) or callable(answer) else (200, answer) for answer in answers
        ]


@contextmanager
def scripted() -> Iterator[Script]:
    script = Script("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            script.asked.append(Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            answer = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
            with suppress(OSError):
                if callable(answer):
                    answer(self)
                    return
                status, content = answer
                raw = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(raw)))):
                    self.send_header(name, value)
                if 300 <= status < 400:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(raw)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    script.base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def hangs_up(handler) -> None:
    """The line breaks before an answer."""
    handler.close_connection = True
    handler.connection.close()


def breaks_off(handler) -> None:
    """Half of an answer."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"errorCode": ')
    handler.close_connection = True


def keeps_silent(handler) -> None:
    """Longer than anybody's patience in a test."""
    handler.close_connection = True
    time.sleep(3)


def drips(handler) -> None:
    """A byte at a time, each of them in time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
    handler.close_connection = True
    for _ in range(60):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def floods(handler) -> None:
    """More than any answer has."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    handler.close_connection = True
    for _ in range(64):
        handler.wfile.write(b" " * 65536)


TROUBLES = [hangs_up, breaks_off, keeps_silent, drips, floods]
#: Answers that say nothing of what became of the order, whatever the wire.
GARBAGE = [
    (200, b""), (200, b"OK"), (200, b"<html>Bad gateway</html>"), (200, b"\xff\xfe"), (200, b"[]"), (200, b"null"),
    (200, b"7"), (200, b'"x"'), (200, b"{" * 100_000), (200, b'{"a":' * 50_000), (302, b"{}"), (301, b""),
    (500, b"{}"), (502, b"<html>"), (503, {"errorCode": "0", "id": "x"}), (204, b""),
]  # fmt: skip
