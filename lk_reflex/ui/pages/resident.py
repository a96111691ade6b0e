"""The pages of residents."""

from lk_reflex.core.signals import CART, FEED, ORDER, REQUEST
from lk_reflex.core.strain import Strain
from lk_reflex.ui import paths
from lk_reflex.ui.pages.page import Page
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

RESIDENT = (
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
        rank=Strain.ENTRIES,
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
        rank=Strain.NEVER,
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
    Page(paths.ACCOUNTS, accounts_page, AccountsState, faults=AccountsState.faults),
)
