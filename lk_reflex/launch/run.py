"""`python -m lk_reflex run`: from a fresh checkout to a served cabinet, doing each step only where it is due."""

import signal
import sys
from contextlib import nullcontext

import typer

from lk_reflex.core.errors import DomainError
from lk_reflex.core.migrations import standing
from lk_reflex.launch.build import BuildError, build, is_built
from lk_reflex.launch.environment import prepare_environment
from lk_reflex.launch.schema import bring_up
from lk_reflex.launch.serve import serve
from lk_reflex.launch.worker import worker_beside
from lk_reflex.settings import Settings
from lk_reflex.wiring import database


def run_cabinet(settings: Settings) -> None:
    """Migrate, fill a demonstration once, build what changed, serve; a demonstration has its worker beside."""
    # Until the server has its own handler: as an exit, so that a build or a worker under way is ended, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    settings.key()
    if not standing(database().engine).fits:
        _say("Готовим базу данных…")
        try:
            bring_up()
        except DomainError as fault:
            typer.echo(fault.message, err=True)
            sys.exit(2)
    if settings.preview:
        from lk_reflex.launch.demo import fill_demo

        fill_demo(settings, say=_say)
    build_pages(settings)
    # The serving process opens its own: connections and threads don't survive a fork.
    database().close()
    database.cache_clear()
    with worker_beside() if settings.preview else nullcontext():
        _say(f"Личный кабинет: {settings.site}")
        serve(settings)


def build_pages(settings: Settings) -> None:
    """Build the front end unless it is built already; exits with the builder's words where it can't."""
    prepare_environment(settings)
    if is_built(settings):
        return
    _say("Собираем страницы, это займёт около минуты…")
    try:
        build(settings)
    except BuildError as fault:
        typer.echo(f"Не удалось собрать страницы:\n{fault}", err=True)
        sys.exit(1)


def _say(text: str) -> None:
    typer.echo(text)
