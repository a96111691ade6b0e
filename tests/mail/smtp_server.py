"""A real SMTP server in a process of its own, that keeps what it took in a file and fails when it is told to.

`python -m tests.mail.smtp_server PORT FILE [WAY]`; ways: «plain», «cut» (takes the letter, then cuts the line before
it says so, once), «slow» (says so after a minute).
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller

from tests.site import ROOT


class Keeper:
    """Writes each letter down before it answers, as a real server does."""

    def __init__(self, file: Path, way: str) -> None:
        self.file, self.way = file, way

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=default)
        line = json.dumps({"to": envelope.rcpt_tos[0], "id": mail["Message-ID"], "pid": os.getpid()})
        with self.file.open("a") as file:
            file.write(line + "\n")
        if self.way == "cut":
            self.way = "plain"
            server.transport.abort()
        if self.way == "slow":
            await asyncio.sleep(60)
        return "250 2.0.0 taken"


def main() -> None:
    port, file, way = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    Controller(Keeper(file, way), "127.0.0.1", port).start()
    while True:
        time.sleep(60)


@dataclass
class Server:
    """The server as a test sees it; it may be down."""

    port: int
    file: Path
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self.port}"

    def up(self, way: str = "plain") -> None:
        command = [sys.executable, "-m", "tests.mail.smtp_server", str(self.port), str(self.file), way]
        self.process = subprocess.Popen(command, cwd=ROOT)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the mail server didn't start")

    def down(self) -> None:
        """As a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def took(self) -> list[tuple[str, str]]:
        """Recipient and Message-ID of every letter, in the order they came."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [(one["to"], one["id"]) for one in map(json.loads, lines)]

    def await_letters(self, number: int, within: float = 180) -> list[tuple[str, str]]:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and len(self.took()) < number:
            time.sleep(0.05)
        return self.took()


@contextmanager
def server_in(folder: Path) -> Iterator[Server]:
    """A server that is down until it is told otherwise, at a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(port, folder / "taken.jsonl")
    try:
        yield server
    finally:
        server.down()


if __name__ == "__main__":
    main()
