"""What the home page knows: where a person was going, and what was wrong with the last try to sign in."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import reflex as rx

from lk_reflex.core.errors import Refused
from lk_reflex.domain.identity.demo import DEMO_PASSWORD, DEMO_PEOPLE
from lk_reflex.domain.identity.registering.captcha import new_captcha
from lk_reflex.domain.identity.registering.registration import resend
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.flash import faults_in, note_in
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

#: What was done on another page that leads here, by the address's parameter `done`.
DONE = {
    "activated": "Аккаунт активирован. Войдите с логином и паролем, которые указали при регистрации.",
    "esia": "Аккаунт активирован. Теперь для входа достаточно кнопки «Вход через Госуслуги».",
}
#: An ended visit doesn't tell whether another tab has ended it or the clock.
_GUEST_OVER = "Передача показаний без регистрации завершена: вы закончили её или прошло 30 минут."
#: By the address's parameter `guest`.
GUEST_SAID = {
    "over": f"{_GUEST_OVER} Чтобы передать показания, введите данные ещё раз.",
    "kept": f"{_GUEST_OVER} Введите данные ещё раз: набранные показания появятся в форме.",
    "done": "Вы завершили передачу показаний без регистрации.",
}
#: Whoever was signed out while at the bank comes back here first.
RESULT = paths.CART_RESULT.partition("[")[0]
RESULT_SAID = (
    "Войдите, чтобы увидеть, чем кончился платёж. Если банк принял деньги, придёт и письмо; пока не узнаете, "
    "не платите второй раз."
)


@dataclass(frozen=True)
class DemoLogin:
    """A login of the demonstration, offered with one press."""

    email: str
    who: str
    password: str


class HomeState(rx.State):
    """The sign-in form is native: the password never comes here."""

    login: str = ""
    target: str = ""
    login_error: str = ""
    password_error: str = ""
    number: str = ""
    house: str = ""
    flat: str = ""
    number_error: str = ""
    house_error: str = ""
    #: The token of the picture's code; empty where none is asked for.
    captcha_token: str = ""
    captcha_error: str = ""
    faults: list[Fault] = []
    #: What was done on the page that led here.
    done: str = ""
    done_kind: str = "good"
    #: Whether the login and the password were right, and only the activation is missing.
    waits: bool = False
    demo_logins: list[DemoLogin] = []
    #: Empty where Госуслуги aren't set up. Filled from the first, so that nothing moves when the page has loaded.
    esia_href: str = paths.ESIA_START

    #: Whose letter «Отправить письмо ещё раз» sends.
    _waiting_email: str = ""

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> rx.event.EventSpec | None:
        """Read the address and, after a refused try, the note about it."""
        note = note_in(visit.cookies) if visit.query("fault") else {}
        fields = faults_in(note)
        first = "number" if note.get("form") == "guest" else "login"
        shown = [Fault(name or first, sentence) for name, sentence in fields.items()]
        publish(
            self,
            target=visit.query("next")[:500],
            login=str(note.get("login", "")),
            login_error=fields.get("login", ""),
            password_error=fields.get("password", ""),
            faults=shown,
            waits=note.get("waits") is True,
            done=_said(visit),
            done_kind=_said_kind(visit),
            **{name: str(note.get(name, "")) for name in ("number", "house", "flat", "captcha_token")},
            **{f"{name}_error": fields.get(name, "") for name in ("number", "house", "captcha")},
            demo_logins=_demo_logins(),
            esia_href=_esia_href(visit.query("next")),
        )
        self._waiting_email = self.login if self.waits else ""
        return rx.set_focus(SUMMARY_ID) if shown else None

    @rx.event
    @anonymous(writes=True)
    def resend(self, visit: Visit) -> Any:
        """«Отправить письмо ещё раз»: to a form that waits for its activation."""
        if not self._waiting_email:
            return None
        try:
            site, zone = get_settings().site, get_settings().time_zone
            visit.database.write(
                resend, self._waiting_email, client=visit.client, site=site, now=visit.now, time_zone=zone
            )
        except Refused as refusal:
            publish(self, faults=[Fault("login", refusal.message)], login_error="", done="")
            return rx.set_focus(SUMMARY_ID)
        publish(self, faults=[], login_error="", done=f"Мы отправили письмо ещё раз на {self._waiting_email}.")
        return None

    @rx.event
    @anonymous(writes=True)
    def another_code(self, visit: Visit) -> None:
        """«Изменить код», where the guest's form asks for one; what else was typed stays."""
        if not self.captcha_token:
            return
        try:
            fresh = visit.database.write(new_captcha, now=visit.now, client=visit.client)
            publish(self, captcha_token=fresh, captcha_error="")
        except Refused as refusal:
            publish(self, captcha_error=refusal.message)


def _said(visit: Visit) -> str:
    said = DONE.get(visit.query("done"), "") or GUEST_SAID.get(visit.query("guest"), "")
    return said or (RESULT_SAID if visit.query("next").startswith(RESULT) else "")


def _said_kind(visit: Visit) -> str:
    waits = visit.query("guest") in ("over", "kept") or _said(visit) == RESULT_SAID
    return "due" if waits else "good"


def _esia_href(target: str) -> str:
    if not get_settings().esia_on:
        return ""
    return f"{paths.ESIA_START}?next={quote(target[:500])}" if target else paths.ESIA_START


def _demo_logins() -> list[DemoLogin]:
    if not get_settings().preview:
        return []
    return [DemoLogin(person.email, person.who, DEMO_PASSWORD) for person in DEMO_PEOPLE]
