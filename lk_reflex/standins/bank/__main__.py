"""`python -m lk_reflex.standins.bank PORT FOLDER [--callback URL]`: the stand-in as a server of its own."""

import argparse
import asyncio
import signal
from pathlib import Path

from lk_reflex.standins.bank.server import served
from lk_reflex.standins.bank.setup import Setup

PARTS = (
    ("pause", "between two tries of a callback"),
    ("patience", "how long a callback's answer is waited for"),
    ("late", "by how much a late callback is late"),
    ("slow", "how long the slow card takes"),
    ("silence", "how long the silent cards are silent"),
)


def read(words: list[str] | None = None) -> tuple[int, Setup]:
    """The port, and all else that stands in the command line. Times in seconds."""
    parser = argparse.ArgumentParser(prog="lk_reflex.standins.bank")
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--callback", default="", help="whom to call back")
    for name, help_text in PARTS:
        parser.add_argument(f"--{name}", type=float, default=argparse.SUPPRESS, help=f"{help_text}, in seconds")
    given = vars(parser.parse_args(words))
    return given.pop("port"), Setup(**given, troubles=True)


async def serve(port: int, setup: Setup) -> None:
    """Until stopped. One process alone, so that `kill -9` of it ends the whole bank."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    server = Server(served(setup), address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, server.stop)
    await server.serve()


if __name__ == "__main__":
    asyncio.run(serve(*read()))
