"""Assembles the cabinet: the pages of the table, the gate of events, the routes and the outer shell."""

import logging

import reflex as rx
from redis.exceptions import RedisError
from reflex.environment import environment
from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.exceptions import LockExpiredError
from starlette.types import ASGIApp

import lk_reflex.tables  # noqa: F401
from lk_reflex.api.edge.callers import caller_of
from lk_reflex.api.edge.draining import Draining
from lk_reflex.api.edge.kept_assets import KeptAssets
from lk_reflex.api.edge.layer import Edge
from lk_reflex.api.edge.loop import watch_loop
from lk_reflex.api.edge.sockets import Limits, Sockets
from lk_reflex.api.edge.watch import Watch
from lk_reflex.api.routes import api
from lk_reflex.api.seen.metrics import siblings
from lk_reflex.core.builds import Builds
from lk_reflex.core.collector import collect_rarely
from lk_reflex.core.ending import ending
from lk_reflex.core.logs import scrubbed
from lk_reflex.core.traces import Trace, begin
from lk_reflex.launch.demo_houses import demo_houses
from lk_reflex.settings import Settings, get_settings
from lk_reflex.standins.routes import stand_ins
from lk_reflex.ui import paths
from lk_reflex.ui.address import keep_addresses_plain
from lk_reflex.ui.gate import Gate
from lk_reflex.ui.live import Live
from lk_reflex.ui.new_version import NEW_VERSION_SLOT, new_version_bar
from lk_reflex.ui.pages.table import PAGES, RANKS
from lk_reflex.ui.shared.boundary import BOUNDARY_SLOT, error_boundary
from lk_reflex.ui.shared.not_found import not_found_page
from lk_reflex.ui.shared.offline import OFFLINE_SLOT, offline_bar
from lk_reflex.ui.shared.words import NOT_FOUND_TITLE, PRODUCT_FULL, page_title
from lk_reflex.ui.task_ear import TaskEar
from lk_reflex.ui.theme import HEAD, RESET_STYLE, STYLESHEETS
from lk_reflex.ui.traced import trace_events
from lk_reflex.ui.tree import StatesInMemory
from lk_reflex.ui.uploads.refused import told_by
from lk_reflex.wiring import database, gauge, state_store

log = logging.getLogger(__name__)


def _edge(inner: ASGIApp) -> ASGIApp:
    return Draining(_watched(inner), ending())


def _watched(inner: ASGIApp) -> ASGIApp:
    return Watch(_answering(inner), frozenset(page.path for page in PAGES))


def _answering(inner: ASGIApp) -> ASGIApp:
    built = environment.REFLEX_WEB_WORKDIR.get() / "build" / "client"
    settings = get_settings()
    limits = Limits(settings.sockets, settings.sockets_each, settings.sockets_address, settings.socket_rate)
    known = RegistrationContext.ensure_context().event_handlers
    return Edge(
        inner,
        sockets=Sockets(inner, limits, who=caller_of, known=known.__contains__, useless=lambda: state_store().away),
        api=api(),
        demo=_demo(get_settings()) if get_settings().preview else None,
        pages=frozenset(page.path for page in PAGES),
        private=frozenset(page.path for page in PAGES if page.private),
        guests=frozenset({paths.GUEST}),
        ranks=RANKS,
        built=built,
        kept=KeptAssets(built, Builds(environment.REFLEX_WEB_WORKDIR.get().parent)),
        tell=told_by(lambda: app),
    )


def _demo(settings: Settings) -> ASGIApp:
    return stand_ins(settings.data_dir / "demo", cabinet=settings.own_url, houses=demo_houses)


def unexpected(exception: Exception) -> rx.event.EventSpec | None:
    """What got past the guard (a malformed event): logged, and never told to whoever sent it."""
    begin(Trace(event=EventContext.get().txid))  # it runs in a task of its own
    log.error("event failed: %s", type(exception).__name__, exc_info=exception)
    if isinstance(exception, RedisError | LockExpiredError):
        # Its tab waits for what won't come: it connects anew, and its page is read anew.
        ending().send_one_away(EventContext.get().token)
    return None


def script_failed(exception: Exception) -> None:
    """A browser reported a fault of its own; whatever it sent is only noted, cut short."""
    log.warning("browser: %.300s", scrubbed(str(exception)))


def _app() -> rx.App:
    keep_addresses_plain()
    trace_events()
    app = rx.App(
        html_lang="ru",
        stylesheets=list(STYLESHEETS),
        reset_style=RESET_STYLE,
        head_components=HEAD,
        extra_app_wraps={
            OFFLINE_SLOT: offline_bar,
            NEW_VERSION_SLOT: new_version_bar,
            BOUNDARY_SLOT: error_boundary,
        },
        # Messages stand in the page; toasts would be evaluated strings, which the content policy forbids.
        toaster=None,
        api_transformer=_edge,
        backend_exception_handler=unexpected,
        frontend_exception_handler=script_failed,
    )
    if isinstance(app.state_manager, StateManagerMemory):
        app._state_manager = StatesInMemory()
    for page in PAGES:
        app.add_page(
            page.draw, route=page.path, title=page.title(), on_load=page.loader(), image="", description=PRODUCT_FULL
        )
    ending().also(lambda: events_under_way(app))
    app.add_page(not_found_page, route="/404", title=page_title(NOT_FOUND_TITLE), image="", description=PRODUCT_FULL)
    loaders = {page.path: (page.state, page.loader().fn) for page in PAGES}
    later = {page.path: page.later() for page in PAGES if page.later is not None}
    app.add_middleware(Gate(loaders, later, ranks=RANKS))
    followed = {page.path: (loaders[page.path], page.live) for page in PAGES if page.live}
    app.register_lifespan_task(Live(app, followed, [TaskEar()]).run)
    app.register_lifespan_task(collect_rarely)
    app.register_lifespan_task(_look_at_strain)
    app.register_lifespan_task(_look_at_states)
    app.register_lifespan_task(watch_loop)
    app.register_lifespan_task(siblings().run)
    return app


async def _look_at_strain() -> None:
    await gauge().run(*database().lines)


async def _look_at_states() -> None:
    # What a tab is waiting for will not come: it is told so when it knocks again.
    await state_store().run(ending().send_away)


def events_under_way(app: rx.App) -> int:
    """How many events of the tabs are being answered: a press of a button is finished before the process goes."""
    processor = app._event_processor
    return len(processor._tasks) if processor is not None else 0


app = _app()
