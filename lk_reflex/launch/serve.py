"""Serves the built cabinet: pages, socket and routes on one port, in one process."""

import os

from lk_reflex.launch.environment import ROOT
from lk_reflex.settings import Settings


def serve(settings: Settings, *, host: str = "0.0.0.0") -> None:  # noqa: S104  it is a server
    """Blocks until stopped. Compiles nothing: the front end must have been built."""
    os.environ["__REFLEX_SKIP_COMPILE"] = "true"
    os.environ["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"] = "true"
    os.chdir(ROOT)
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "lk_reflex.lk_reflex:app",
        factory=True,
        address=host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,
        log_access=False,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
    ).serve()
