"""Assembles the cabinet: the table of pages, the gate of events, the routes and the outer shell."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx
from redis.exceptions import RedisError
from reflex.environment import environment
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
from lk_reflex.core.signals import CART, EXCHANGE, FEED, ORDER, QUEUE, REQUEST
from lk_reflex.core.traces import Trace, begin
from lk_reflex.launch.demo_houses import demo_houses
from lk_reflex.settings import Settings, get_settings
from lk_reflex.standins.routes import stand_ins
from lk_reflex.ui import paths
from lk_reflex.ui.address import keep_addresses_plain
from lk_reflex.ui.gate import Gate
from lk_reflex.ui.live import Live
from lk_reflex.ui.new_version import NEW_VERSION_SLOT, new_version_bar
from lk_reflex.ui.public.activate.page import activate_page
from lk_reflex.ui.public.activate.state import ActivateState
from lk_reflex.ui.public.confirm_email.page import confirm_email_page
from lk_reflex.ui.public.confirm_email.state import ConfirmEmailState
from lk_reflex.ui.public.esia.page import esia_page
from lk_reflex.ui.public.esia.state import EsiaState
from lk_reflex.ui.public.farewell.page import farewell_page
from lk_reflex.ui.public.farewell.state import FarewellState
from lk_reflex.ui.public.forgot.page import forgot_page
from lk_reflex.ui.public.forgot.state import ForgotState
from lk_reflex.ui.public.guest.page import guest_page
from lk_reflex.ui.public.guest.state import GuestState
from lk_reflex.ui.public.help.page import help_page
from lk_reflex.ui.public.help.state import HelpState
from lk_reflex.ui.public.home.page import home_page
from lk_reflex.ui.public.home.state import HomeState
from lk_reflex.ui.public.pay.page import pay_page
from lk_reflex.ui.public.pay.state import PayLinkState
from lk_reflex.ui.public.register.page import register_page
from lk_reflex.ui.public.register.state import RegisterState
from lk_reflex.ui.public.remind.page import remind_page
from lk_reflex.ui.public.remind.state import RemindState
from lk_reflex.ui.public.reset.page import reset_page
from lk_reflex.ui.public.reset.state import ResetState
from lk_reflex.ui.public.texts.page import consent_page, privacy_page, terms_page
from lk_reflex.ui.public.texts.state import TextsState
from lk_reflex.ui.resident.accounts.page import accounts_page
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.resident.accruals.page import accruals_page
from lk_reflex.ui.resident.accruals.state import AccrualsState
from lk_reflex.ui.resident.appeal.page import appeal_page
from lk_reflex.ui.resident.appeal.regulation_page import appeal_regulation_page
from lk_reflex.ui.resident.appeal.regulation_state import AppealRegulation
from lk_reflex.ui.resident.appeal.state import AppealState
from lk_reflex.ui.resident.cart.page import cart_page
from lk_reflex.ui.resident.cart.state import CartPageState
from lk_reflex.ui.resident.cart_result.page import cart_result_page
from lk_reflex.ui.resident.cart_result.state import CartResultState
from lk_reflex.ui.resident.charges.page import charges_page
from lk_reflex.ui.resident.charges.state import ChargesState
from lk_reflex.ui.resident.document.page import document_page
from lk_reflex.ui.resident.document.state import DocumentState
from lk_reflex.ui.resident.documents.page import documents_page
from lk_reflex.ui.resident.documents.state import DocumentsState
from lk_reflex.ui.resident.emergency.page import emergency_page
from lk_reflex.ui.resident.emergency.regulation_page import emergency_regulation_page
from lk_reflex.ui.resident.emergency.regulation_state import EmergencyRegulation
from lk_reflex.ui.resident.emergency.state import EmergencyState
from lk_reflex.ui.resident.meters.page import meters_page
from lk_reflex.ui.resident.meters.state import MetersState
from lk_reflex.ui.resident.meters.use_state import MetersUse
from lk_reflex.ui.resident.notifications.page import notifications_page
from lk_reflex.ui.resident.notifications.state import NotificationsState
from lk_reflex.ui.resident.overview.page import overview_page
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.resident.overview.year_state import YearState
from lk_reflex.ui.resident.payments.page import payments_page
from lk_reflex.ui.resident.payments.state import PaymentsState
from lk_reflex.ui.resident.readings.correction import CorrectionState
from lk_reflex.ui.resident.readings.page import readings_page
from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.resident.request.page import request_page
from lk_reflex.ui.resident.request.state import RequestState
from lk_reflex.ui.resident.sealing.page import sealing_page
from lk_reflex.ui.resident.sealing.regulation_page import sealing_regulation_page
from lk_reflex.ui.resident.sealing.regulation_state import SealingRegulation
from lk_reflex.ui.resident.sealing.state import SealingState
from lk_reflex.ui.resident.services.page import services_page
from lk_reflex.ui.resident.services.state import ServicesState
from lk_reflex.ui.resident.settings.page import settings_page
from lk_reflex.ui.resident.settings.state import SettingsState
from lk_reflex.ui.shared.boundary import BOUNDARY_SLOT, error_boundary
from lk_reflex.ui.shared.not_found import not_found_page
from lk_reflex.ui.shared.offline import OFFLINE_SLOT, offline_bar
from lk_reflex.ui.shared.words import ERROR, NOT_FOUND_TITLE, PRODUCT_FULL, page_title
from lk_reflex.ui.staff.account.page import staff_account_page
from lk_reflex.ui.staff.account.state import StaffAccountState
from lk_reflex.ui.staff.accounts.page import staff_accounts_page
from lk_reflex.ui.staff.accounts.state import AccountSearchState
from lk_reflex.ui.staff.announcements.page import staff_announcements_page
from lk_reflex.ui.staff.announcements.state import AnnouncementsState
from lk_reflex.ui.staff.audit.page import staff_audit_page
from lk_reflex.ui.staff.audit.state import AuditState
from lk_reflex.ui.staff.dictionaries.page import staff_dictionaries_page
from lk_reflex.ui.staff.dictionaries.state import DictionariesState
from lk_reflex.ui.staff.exchange.page import staff_exchange_page
from lk_reflex.ui.staff.exchange.state import ExchangeState
from lk_reflex.ui.staff.organization.page import staff_organization_page
from lk_reflex.ui.staff.organization.state import OrganizationState
from lk_reflex.ui.staff.organizations.page import staff_organizations_page
from lk_reflex.ui.staff.organizations.state import OrganizationsState
from lk_reflex.ui.staff.payment.page import staff_order_page
from lk_reflex.ui.staff.payment.state import StaffOrderState
from lk_reflex.ui.staff.payments.page import staff_payments_page
from lk_reflex.ui.staff.payments.state import OrdersDeskState
from lk_reflex.ui.staff.people.page import staff_people_page
from lk_reflex.ui.staff.people.state import PeopleState
from lk_reflex.ui.staff.period.caller import CallerState
from lk_reflex.ui.staff.period.page import staff_period_page
from lk_reflex.ui.staff.period.state import PeriodState
from lk_reflex.ui.staff.readings.page import staff_readings_page
from lk_reflex.ui.staff.readings.state import DeskState
from lk_reflex.ui.staff.request.page import staff_request_page
from lk_reflex.ui.staff.request.state import StaffRequestState
from lk_reflex.ui.staff.requests.page import staff_requests_page
from lk_reflex.ui.staff.requests.state import RequestsDeskState
from lk_reflex.ui.staff.totals.page import staff_totals_page
from lk_reflex.ui.staff.totals.state import TotalsState
from lk_reflex.ui.task_ear import TaskEar
from lk_reflex.ui.theme import HEAD, RESET_STYLE, STYLESHEETS
from lk_reflex.ui.traced import trace_events
from lk_reflex.ui.uploads.refused import told_by
from lk_reflex.wiring import database, gauge, state_store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """One line of the table: address, what draws it, the state whose `load` fills it; private ones need a session.

    `faults` is the var of the errors of the page's form: while there are any, the browser's title says so.
    `named` is the var of the heading of a page whose name depends on what it shows.
    `later` is sent by the browser once the page is there, for what its first paint doesn't wait for.
    `live` are the topics of signals that make an open page load anew by itself.
    `first`: readings, the doors to them and payments' results, opened while other pages are put off.
    """

    path: str
    draw: Callable[[], rx.Component]
    state: type[rx.State]
    private: bool = True
    faults: Any = None
    later: Any = None
    named: Any = None
    live: frozenset[str] = frozenset()
    first: bool = False

    def title(self) -> Any:
        """The browser's title: «Общая информация — Личный кабинет»."""
        plain = page_title(paths.TITLES[self.path]) if self.named is None else self.named + page_title("")
        if self.faults is None:
            return plain
        return rx.cond(self.faults.length() > 0, f"{ERROR}: {plain}", plain)


_META: dict[str, Any] = {"image": "", "description": PRODUCT_FULL}
PAGES = (
    Page(paths.HOME, home_page, HomeState, private=False, faults=HomeState.faults, first=True),
    Page(paths.REGISTER, register_page, RegisterState, private=False, faults=RegisterState.faults),
    Page(paths.ACTIVATE, activate_page, ActivateState, private=False, faults=ActivateState.faults),
    Page(paths.FORGOT, forgot_page, ForgotState, private=False, faults=ForgotState.faults),
    Page(paths.RESET, reset_page, ResetState, private=False, faults=ResetState.faults),
    Page(paths.TERMS, terms_page, TextsState, private=False),
    Page(paths.PRIVACY, privacy_page, TextsState, private=False),
    Page(paths.CONSENT, consent_page, TextsState, private=False),
    Page(paths.ESIA, esia_page, EsiaState, private=False, faults=EsiaState.faults, first=True),
    Page(paths.HELP, help_page, HelpState, private=False),
    Page(paths.REMIND, remind_page, RemindState, private=False, first=True),
    Page(
        paths.PAY,
        pay_page,
        PayLinkState,
        private=False,
        faults=PayLinkState.faults,
        live=frozenset({ORDER}),
        named=PayLinkState.heading,
        first=True,
    ),
    Page(paths.GUEST, guest_page, GuestState, private=False, faults=GuestState.faults, first=True),
    Page(paths.OVERVIEW, overview_page, OverviewState, later=YearState.load, live=frozenset({ORDER, FEED})),
    Page(paths.CHARGES, charges_page, ChargesState),
    Page(paths.ACCRUALS, accruals_page, AccrualsState),
    Page(paths.PAYMENTS, payments_page, PaymentsState, live=frozenset({ORDER})),
    Page(
        paths.READINGS,
        readings_page,
        ReadingsState,
        faults=ReadingsState.faults + CorrectionState.faults,
        later=CorrectionState.load,
        first=True,
    ),
    Page(paths.METERS, meters_page, MetersState, later=MetersUse.load),
    Page(paths.DOCUMENTS, documents_page, DocumentsState),
    Page(paths.DOCUMENT, document_page, DocumentState, named=DocumentState.heading),
    Page(
        paths.CART,
        cart_page,
        CartPageState,
        faults=CartPageState.faults,
        live=frozenset({CART, ORDER}),
        named=CartPageState.heading,
    ),
    Page(
        paths.CART_RESULT,
        cart_result_page,
        CartResultState,
        live=frozenset({ORDER}),
        later=CartResultState.look,
        named=CartResultState.heading,
        first=True,
    ),
    Page(paths.NOTIFICATIONS, notifications_page, NotificationsState, live=frozenset({FEED})),
    Page(paths.SERVICES, services_page, ServicesState, live=frozenset({REQUEST})),
    Page(paths.SEALING, sealing_regulation_page, SealingRegulation, named=SealingRegulation.heading),
    Page(
        paths.SEALING_FORM,
        sealing_page,
        SealingState,
        faults=SealingState.faults,
        named=SealingState.heading,
        live=frozenset({REQUEST}),
    ),
    Page(paths.EMERGENCY, emergency_regulation_page, EmergencyRegulation),
    Page(
        paths.EMERGENCY_FORM,
        emergency_page,
        EmergencyState,
        faults=EmergencyState.faults,
        live=frozenset({REQUEST}),
        named=EmergencyState.heading,
    ),
    Page(paths.APPEAL, appeal_regulation_page, AppealRegulation),
    Page(
        paths.APPEAL_FORM,
        appeal_page,
        AppealState,
        faults=AppealState.faults,
        live=frozenset({REQUEST}),
        named=AppealState.heading,
    ),
    Page(
        paths.REQUEST,
        request_page,
        RequestState,
        faults=RequestState.faults,
        live=frozenset({REQUEST}),
        named=RequestState.heading,
    ),
    Page(paths.SETTINGS, settings_page, SettingsState, faults=SettingsState.faults),
    Page(paths.CONFIRM_EMAIL, confirm_email_page, ConfirmEmailState, private=False),
    Page(paths.FAREWELL, farewell_page, FarewellState, private=False),
    Page(
        paths.STAFF_REQUESTS,
        staff_requests_page,
        RequestsDeskState,
        faults=RequestsDeskState.faults,
        live=frozenset({QUEUE}),
    ),
    Page(
        paths.STAFF_REQUEST,
        staff_request_page,
        StaffRequestState,
        faults=StaffRequestState.faults,
        named=StaffRequestState.heading,
        live=frozenset({QUEUE}),
    ),
    Page(paths.STAFF_READINGS, staff_readings_page, DeskState),
    Page(paths.STAFF_PAYMENTS, staff_payments_page, OrdersDeskState, faults=OrdersDeskState.faults),
    Page(
        paths.STAFF_PAYMENT,
        staff_order_page,
        StaffOrderState,
        faults=StaffOrderState.faults,
        named=StaffOrderState.heading,
    ),
    Page(paths.STAFF_TOTALS, staff_totals_page, TotalsState),
    Page(paths.STAFF_ACCOUNTS, staff_accounts_page, AccountSearchState, faults=AccountSearchState.faults),
    Page(paths.STAFF_ACCOUNT, staff_account_page, StaffAccountState, named=StaffAccountState.heading),
    Page(
        paths.STAFF_ANNOUNCEMENTS,
        staff_announcements_page,
        AnnouncementsState,
        faults=AnnouncementsState.faults,
    ),
    Page(
        paths.STAFF_PERIOD,
        staff_period_page,
        PeriodState,
        faults=CallerState.faults,
        later=CallerState.load,
        first=True,
    ),
    Page(paths.STAFF_ORGANIZATIONS, staff_organizations_page, OrganizationsState),
    Page(
        paths.STAFF_ORGANIZATION,
        staff_organization_page,
        OrganizationState,
        faults=OrganizationState.faults,
        named=OrganizationState.heading,
    ),
    Page(paths.STAFF_DICTIONARIES, staff_dictionaries_page, DictionariesState, faults=DictionariesState.faults),
    Page(paths.STAFF_PEOPLE, staff_people_page, PeopleState, faults=PeopleState.faults),
    Page(paths.STAFF_AUDIT, staff_audit_page, AuditState, faults=AuditState.faults),
    Page(
        paths.STAFF_EXCHANGE,
        staff_exchange_page,
        ExchangeState,
        faults=ExchangeState.faults,
        live=frozenset({EXCHANGE}),
    ),
    Page(paths.ACCOUNTS, accounts_page, AccountsState, faults=AccountsState.faults),
)


#: What is opened while other pages are put off.
FIRST = frozenset(page.path for page in PAGES if page.first)


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
        first=FIRST,
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
    for page in PAGES:
        app.add_page(
            page.draw, route=page.path, title=page.title(), on_load=_loader(page), image="", description=PRODUCT_FULL
        )
    ending().also(lambda: events_under_way(app))
    app.add_page(not_found_page, route="/404", title=page_title(NOT_FOUND_TITLE), image="", description=PRODUCT_FULL)
    loaders = {page.path: (page.state, _loader(page).fn) for page in PAGES}
    later = {page.path: page.later() for page in PAGES if page.later is not None}
    app.add_middleware(Gate(loaders, later, first=FIRST))
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


def _loader(page: Page) -> Any:
    return page.state.load  # pyright: ignore[reportAttributeAccessIssue]


app = _app()
