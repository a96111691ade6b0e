"""What the cabinet asks of Госуслуги, what it is told of a person, and how that may fail."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lk_reflex.core.errors import DomainError

#: What we ask for: who it is, how they are called, where they are reached.
SCOPE = "openid fullname email mobile"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as Госуслуги describe them. `oid` is theirs for the person and never changes.

    `trusted` is a confirmed person (подтверждённая учётная запись); `mobile` is as they write it.
    """

    oid: str
    surname: str
    first_name: str
    patronymic: str
    trusted: bool
    email: str = ""
    email_verified: bool = False
    mobile: str = ""

    @property
    def short_name(self) -> str:
        """«СЕРГЕЙ ВЛАДИМИРОВИЧ З.»: enough to recognise oneself by."""
        initial = f"{self.surname[:1]}." if self.surname else ""
        return " ".join(part for part in (self.first_name, self.patronymic, initial) if part)


@dataclass(frozen=True, slots=True)
class Aim:
    """One errand: where the person comes back to, and the word by which we know the answer as ours."""

    redirect_uri: str
    nonce: str


class Esia(Protocol):
    """Госуслуги. All of it may take seconds: call it on a thread and outside of transactions."""

    def authorise_url(self, aim: Aim, state: str, *, now: datetime) -> str:
        """Where to send the browser. Raises EsiaError where our signature can't be made."""
        ...

    def person(self, aim: Aim, code: str, *, now: datetime) -> Person:
        """Whom the code that the browser brought stands for; a code works once. Raises EsiaError."""
        ...

    def logout_url(self, redirect_url: str) -> str:
        """Where to send a browser that shall forget who is signed in there."""
        ...


class EsiaError(DomainError):
    """Госуслуги didn't tell us who it is. `code` («ESIA-007004», or a word of ours) is for the log only."""

    says = ""

    def __init__(self, code: str = "") -> None:
        super().__init__(self.says)
        self.code = code


class Declined(EsiaError):
    """The person said no."""

    says = "Вы отказались от входа через Госуслуги. Войдите с паролем или попробуйте ещё раз."


class Misconfigured(EsiaError):
    """They don't accept us: a setting, our signature or our certificate is wrong. Trying again doesn't help."""

    says = "Вход через Госуслуги сейчас не работает: мы уже записали ошибку и разберёмся с ней. Войдите с паролем."


class Silent(EsiaError):
    """No answer, or one that they can't answer now."""

    says = "Госуслуги сейчас не отвечают. Попробуйте через несколько минут или войдите с паролем."


class Expired(EsiaError):
    """The code has been used, is too old, or the request's time is off."""

    says = "Время входа через Госуслуги истекло. Нажмите «Вход через Госуслуги» ещё раз."


class Unconfirmed(EsiaError):
    """They let in confirmed people only, and this one isn't."""

    says = "Госуслуги пускают сюда только с подтверждённой учётной записью. Подтвердите её или войдите с паролем."


class Unexpected(EsiaError):
    """An answer that we don't understand or don't believe."""

    says = "Не получилось узнать вас через Госуслуги. Попробуйте ещё раз или войдите с паролем."


_CODE = re.compile(r"ESIA-\d{6}")
#: From their methodical recommendations («Методические рекомендации по использованию ЕСИА», errors of v2/ac and v3/te).
ERRORS: dict[str, type[EsiaError]] = {
    "ESIA-007002": Misconfigured,  # certificate and client don't belong together
    "ESIA-007003": Misconfigured,  # a wrong parameter
    "ESIA-007004": Declined,
    "ESIA-007005": Misconfigured,  # the client may not ask this way
    "ESIA-007006": Misconfigured,  # scope
    "ESIA-007007": Silent,  # an unexpected fault of theirs
    "ESIA-007008": Silent,  # load or maintenance
    "ESIA-007009": Misconfigured,
    "ESIA-007011": Expired,  # the code is used up, too old or somebody else's
    "ESIA-007012": Misconfigured,
    "ESIA-007013": Misconfigured,  # no scope
    "ESIA-007014": Misconfigured,  # a missing parameter
    "ESIA-007015": Misconfigured,  # the time of the request: our clock is wrong
    "ESIA-007019": Declined,  # no permission given
    "ESIA-007023": Misconfigured,  # the address to come back to isn't registered
    "ESIA-007053": Misconfigured,  # client_secret
    "ESIA-007055": Unconfirmed,
    "ESIA-008010": Misconfigured,  # the client isn't known
}


def error_of(error: str, description: str) -> EsiaError:
    """The error behind `error` and `error_description`, as they come in an address or in JSON."""
    found = _CODE.search(description)
    if found:
        return ERRORS.get(found.group(), Unexpected)(found.group())
    # Standard words (RFC 6749, 4.1.2.1) where no number of theirs stands beside them.
    plain = {"access_denied": Declined, "temporarily_unavailable": Silent, "server_error": Silent}
    return plain.get(error, Unexpected)(error[:40])
