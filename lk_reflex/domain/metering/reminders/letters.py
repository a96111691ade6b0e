"""The letters of reminders: several accounts in one, no sums and no names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from lk_reflex.core.clock import format_date
from lk_reflex.core.exact import NBSP
from lk_reflex.core.months import day_in_words
from lk_reflex.domain.mail.letter import Facts, Letter, Link
from lk_reflex.domain.metering.reminders.persons import Whose
from lk_reflex.domain.metering.reminders.places import OPENS

OPEN_FORM = "Открыть форму показаний"
#: What the button is good for, so that nobody takes it for a way into the cabinet, nor hands it on as one.
ABOUT_BUTTON = (
    "Кнопка срабатывает один раз и открывает форму показаний только этого лицевого счета, без входа в кабинет: "
    "ни сумм, ни имён в ней нет. Не пересылайте это письмо."
)
LEAVE_READINGS = (
    "Не хотите получать такие письма — выключите «Напоминание о показаниях» в разделе «Настройки» личного кабинета."
)
LEAVE_VERIFICATION = (
    "Не хотите получать такие письма — выключите «Срок поверки счётчика» в разделе «Настройки» личного кабинета."
)
WHAT_TO_DO = (
    "Закажите поверку или замену прибора в аккредитованной организации и передайте акт в вашу управляющую "
    "(ресурсоснабжающую) организацию. Пока прибор не поверен, начислят по среднему или по нормативу."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An account whose readings are awaited until a day; `address` is the one-time link to its form."""

    account: Whose
    stage: str
    days_left: int
    closes: date
    address: str


@dataclass(frozen=True, slots=True)
class Due:
    """An account's meters whose verification ends, or has ended, on one day."""

    account: Whose
    meters: tuple[str, ...]
    due: date
    over: bool


def readings_letter(asked: Sequence[Asked]) -> Letter:
    """«Пора передать показания до 25 ноября»: by account until when, and the button that opens its form."""
    first = min(asked, key=lambda one: one.closes)
    opened = all(one.stage == OPENS for one in asked)
    until = day_in_words(first.closes)
    subject = f"Пора передать показания: приём до {until}" if opened else f"Показания ещё не переданы: приём до {until}"
    said = "Открыт приём показаний приборов учета." if opened else "Кабинет ещё ждёт показаний приборов учета."
    return Letter(subject, (said,), None, (ABOUT_BUTTON, LEAVE_READINGS), tuple(map(_asked, asked)))


def _asked(one: Asked) -> Facts:
    return Facts(
        one.account.title,
        (("Передайте показания до", format_date(one.closes)),),
        Link(OPEN_FORM, one.address),
    )


def verification_letter(due: Sequence[Due], site: str) -> Letter:
    """«Заканчивается срок поверки»: by account which meters, and until when."""
    over = all(one.over for one in due)
    many = sum(len(one.meters) for one in due) > 1
    whose = "приборов учета" if many else "прибора учета"
    subject = f"Закончился срок поверки {whose}" if over else f"Срок поверки {whose}"
    said = f"{subject}." if over else f"Подходит к концу срок поверки {whose}."
    link = Link("Посмотреть в кабинете", f"{site}/meters")
    facts = tuple(_of_account(account, own) for account, own in groupby(due, key=lambda one: one.account))
    return Letter(subject, (said, WHAT_TO_DO), link, (LEAVE_VERIFICATION,), facts)


def _of_account(account: Whose, due: Iterable[Due]) -> Facts:
    return Facts(account.title, tuple((meter, _when(one)) for one in due for meter in one.meters))


def _when(one: Due) -> str:
    return f"{'закончилась' if one.over else 'до'}{NBSP}{format_date(one.due)}"
