"""The registration form as it was filled in, and what is wrong with it."""

from dataclasses import dataclass

from lk_reflex.domain.identity.contacts.phones import parse_mobile
from lk_reflex.domain.identity.passwords.rules import password_fault
from lk_reflex.domain.identity.registering.emails import clean_email, email_fault

EMPTY_AGAIN = "Введите пароль ещё раз"
APART = "Пароли не совпадают. Введите тот же пароль ещё раз"
EMPTY_PHONE = "Введите номер сотового телефона"
BAD_PHONE = "Введите номер российского сотового телефона, например 8 912 345-67-89"
EMPTY_CODE = "Введите код с картинки"
NO_TERMS = "Чтобы зарегистрироваться, примите условия пользовательского соглашения"
NO_CONSENT = "Чтобы зарегистрироваться, дайте согласие на обработку персональных данных"


@dataclass(frozen=True, slots=True)
class Application:
    """What a person typed and ticked; `captcha_token` is of the picture that was shown."""

    email: str
    password: str
    again: str
    phone: str
    captcha: str
    captcha_token: str
    terms: bool
    consent: bool


def application_faults(form: Application) -> dict[str, str]:
    """Field → the sentence that tells what is wrong, in the order of the form. The code itself isn't looked at."""
    email = clean_email(form.email)
    found = {
        "email": email_fault(email),
        "password": password_fault(form.password, email),
        "again": _again_fault(form),
        "phone": _phone_fault(form.phone),
        "captcha": None if form.captcha.strip() else EMPTY_CODE,
        "terms": None if form.terms else NO_TERMS,
        "consent": None if form.consent else NO_CONSENT,
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def _again_fault(form: Application) -> str | None:
    if not form.again:
        return EMPTY_AGAIN
    return None if form.again == form.password else APART


def _phone_fault(typed: str) -> str | None:
    if not typed.strip():
        return EMPTY_PHONE
    try:
        parse_mobile(typed)
    except ValueError:
        return BAD_PHONE
    return None
