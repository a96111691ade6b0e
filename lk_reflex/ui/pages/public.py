"""The pages that nobody needs to sign in for."""

from lk_reflex.core.signals import ORDER
from lk_reflex.core.strain import Strain
from lk_reflex.ui import paths
from lk_reflex.ui.pages.page import Page
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

PUBLIC = (
    Page(paths.HOME, home_page, HomeState, private=False, faults=HomeState.faults, rank=Strain.ENTRIES),
    Page(paths.REGISTER, register_page, RegisterState, private=False, faults=RegisterState.faults),
    Page(paths.ACTIVATE, activate_page, ActivateState, private=False, faults=ActivateState.faults),
    Page(paths.FORGOT, forgot_page, ForgotState, private=False, faults=ForgotState.faults),
    Page(paths.RESET, reset_page, ResetState, private=False, faults=ResetState.faults),
    Page(paths.TERMS, terms_page, TextsState, private=False),
    Page(paths.PRIVACY, privacy_page, TextsState, private=False),
    Page(paths.CONSENT, consent_page, TextsState, private=False),
    Page(paths.ESIA, esia_page, EsiaState, private=False, faults=EsiaState.faults, rank=Strain.FORMS),
    Page(paths.HELP, help_page, HelpState, private=False),
    Page(paths.REMIND, remind_page, RemindState, private=False, rank=Strain.ENTRIES),
    Page(
        paths.PAY,
        pay_page,
        PayLinkState,
        private=False,
        faults=PayLinkState.faults,
        live=frozenset({ORDER}),
        named=PayLinkState.heading,
        rank=Strain.FORMS,  # people come back to it from a bank
    ),
    Page(paths.GUEST, guest_page, GuestState, private=False, faults=GuestState.faults, rank=Strain.ENTRIES),
    Page(paths.CONFIRM_EMAIL, confirm_email_page, ConfirmEmailState, private=False),
    Page(paths.FAREWELL, farewell_page, FarewellState, private=False),
)
