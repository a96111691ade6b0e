"""Senders who never finish: each a header line or a byte of a form now and then, for as long as the server bears it."""

import socket
import ssl
import threading
from contextlib import suppress

from tests.front.front import NAME, Front

HEADS, BODIES = 30, 10
#: Seconds between two pieces of one of them.
PAUSE = 1.0


class SlowOnes:
    """`HEADS` of them never end their headers, `bodies` never send the form that they have announced."""

    def __init__(self, front: Front, bodies: int = 0) -> None:
        self.front, self.all = front, HEADS + bodies
        self._ending = threading.Event()
        self._lines: list[tuple[ssl.SSLSocket, bytes]] = []
        self._thread = threading.Thread(target=self._drip, daemon=True)
        #: How many the server has let go.
        self.cut = 0

    def start(self) -> "SlowOnes":
        head = f"POST /api/sign-in HTTP/1.1\r\nHost: {NAME}\r\n".encode()
        form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\nlogin="
        for number in range(self.all):
            plain = socket.create_connection(("127.0.0.1", self.front.https), source_address=("127.0.0.66", 0))
            line = self.front.trust().wrap_socket(plain, server_hostname=NAME)
            waits_for_head = number < HEADS
            line.sendall(head if waits_for_head else head + form)
            line.settimeout(0.01)
            # Of a form nothing more comes at all: a byte now and then is what a bad line does, too.
            self._lines.append((line, b"X-Slow: 1\r\n" if waits_for_head else b""))
        self._thread.start()
        return self

    def stop(self) -> None:
        self._ending.set()
        self._thread.join()
        for line, _piece in self._lines:
            with suppress(OSError):
                line.close()

    def _drip(self) -> None:
        while not self._ending.wait(PAUSE):
            for line, piece in list(self._lines):
                if self._gone(line, piece):
                    self._lines.remove((line, piece))
                    self.cut += 1
                    line.close()

    def _gone(self, line: ssl.SSLSocket, piece: bytes) -> bool:
        try:
            if piece:
                line.sendall(piece)
            return line.recv(4096) is not None  # an answer or an end: both let it go
        except TimeoutError:
            return False
        except OSError:
            return True
