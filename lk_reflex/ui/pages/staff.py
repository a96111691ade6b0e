"""The pages of staff."""

from lk_reflex.core.signals import EXCHANGE, QUEUE
from lk_reflex.core.strain import Strain
from lk_reflex.ui import paths
from lk_reflex.ui.pages.page import Page
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

STAFF = (
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
        rank=Strain.ENTRIES,
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
)
