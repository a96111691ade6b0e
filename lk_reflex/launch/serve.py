"""Serves the built cabinet: pages, socket and routes on one port, in one process or several."""

import os
import sys
import tempfile
from pathlib import Path

import typer

from lk_reflex.core.bell import Bell
from lk_reflex.core.builds import BUILD_VARIABLE
from lk_reflex.core.logs import configuration
from lk_reflex.launch.build import build_name, builds
from lk_reflex.launch.environment import ROOT
from lk_reflex.launch.gentle import MARGIN, end_gently
from lk_reflex.settings import Settings


def serve(settings: Settings, *, workers: int = 1) -> None:
    """Blocks until stopped. Compiles nothing: the front end must have been built.

    Told to end (SIGTERM), each process drains: see core/ending.py. One that dies is begun anew.
    """
    choose_build(settings)
    os.environ["__REFLEX_SKIP_COMPILE"] = "true"
    os.environ["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"] = "true"
    os.chdir(ROOT)
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.server import Server

    end_gently(settings.drain_seconds, settings.drain_notice)
    server = Server(
        "lk_reflex.lk_reflex:app",
        factory=True,
        address=settings.listens_at,
        port=settings.port,
        interface=Interfaces.ASGI,
        # Nothing of ours speaks HTTP/2 without TLS, and what isn't spoken can't be abused.
        http=HTTPModes.http1,
        # Milliseconds for a request's headers, and bytes for them: cookies of ours and a long address are 4 KB at most.
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 * 1024),
        workers=workers,
        log_access=False,
        log_dictconfig=configuration("web", plain=settings.log_plain, level=settings.log_level),
        workers_kill_timeout=settings.drain_notice + settings.drain_seconds + MARGIN,
        respawn_failed_workers=True,
    )
    # Its handlers of signals set it, and would wait for ever for what the signal before holds.
    server.main_loop_interrupt = Bell()  # pyright: ignore[reportAttributeAccessIssue]
    server.serve()


def choose_build(settings: Settings) -> None:
    """Point this process and its children at the pages of these sources; exits where there are none at all.

    It is a folder of this build's own: what is built later goes elsewhere, and this process keeps what it began with.
    """
    kept, name = builds(settings), build_name(settings)
    if not kept.has(name):
        name = kept.newest()
        if not name:
            typer.echo("Страницы не собраны. Выполните: python -m lk_reflex build", err=True)
            sys.exit(1)
        typer.echo(
            "Страницы собраны для другой версии или другого адреса, открываем их. Выполните: python -m lk_reflex build",
            err=True,
        )
    os.environ["REFLEX_WEB_WORKDIR"] = str(writable(kept.serve(name)))
    os.environ[BUILD_VARIABLE] = name


def writable(folder: Path) -> Path:
    """That build where it may be written to: Reflex leaves a note of its own beside the pages that it serves.

    In an image that nobody changes it is led to from a temporary folder, which ends with the container.
    """
    if os.access(folder, os.W_OK):
        return folder
    place = Path(tempfile.mkdtemp(prefix="lk-pages-")) / folder.name
    place.mkdir()
    for part in ("build", "routes.json"):
        (place / part).symlink_to(folder / part)
    return place
