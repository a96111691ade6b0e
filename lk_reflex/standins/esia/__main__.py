"""`python -m lk_reflex.standins.esia PORT FOLDER`: the stand-in as a server of its own."""

import os
import sys
from pathlib import Path

from starlette.applications import Starlette

from lk_reflex.standins.esia.server import served

_FOLDER = "LK_STAND_IN_FOLDER"


def application() -> Starlette:
    """Made anew in the serving process."""
    return served(Path(os.environ[_FOLDER]))


def serve(port: int, folder: str) -> None:
    """Blocks until stopped."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ[_FOLDER] = folder
    where = "lk_reflex.standins.esia.__main__:application"
    Server(where, factory=True, address="127.0.0.1", port=port, interface=Interfaces.ASGI, workers=1).serve()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
