"""Letters about who sees an account. They go to everyone they concern: no topic turns them off."""

from dataclasses import dataclass
from datetime import date

from lk_reflex.core.clock import format_date
from lk_reflex.domain.mail.letter import Letter, Link
from lk_reflex.domain.mail.masks import masked_email, masked_number

_STRANGER = (
    "Если вы не знаете, кто это, обратитесь в вашу управляющую (ресурсоснабжающую) компанию и назовите номер лицевого "
    "счета."
)
_OPEN = "Открыть личный кабинет"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a relative may do beside seeing, and the last day of it (None: without an end)."""

    may_send: bool
    may_pay: bool
    until: date | None

    @property
    def words(self) -> str:
        """«видеть начисления, показания и квитанции, передавать показания, оплачивать»."""
        more = (", передавать показания" if self.may_send else "") + (", оплачивать" if self.may_pay else "")
        return f"видеть начисления, показания и квитанции{more}"

    @property
    def lasting(self) -> str:
        """«до 31.12.2026 включительно» or «без срока»."""
        return f"до {format_date(self.until)} включительно" if self.until else "без срока"


def linked_letter(site: str, number: str, newcomer: str) -> Letter:
    """To those who see the account already: somebody has linked it."""
    return Letter(
        "К вашему лицевому счету привязан ещё один личный кабинет",
        (
            f"Лицевой счет {number} привязан ещё к одному личному кабинету: {masked_email(newcomer)}.",
            "Для этого ввели номер лицевого счета, дом, квартиру и фамилию собственника или нанимателя.",
            _STRANGER,
        ),
        Link(_OPEN, f"{site}/accounts"),
    )


def paused_letter(site: str, number: str) -> Letter:
    """To those who see the account already: somebody is guessing the surname."""
    return Letter(
        "Кто-то пытался привязать ваш лицевой счет",
        (
            f"К лицевому счету {number} пытались привязать ещё один личный кабинет и пять раз ввели неверную фамилию.",
            "Поэтому новые привязки этого лицевого счета остановлены на сутки. Ваш доступ не изменился.",
            "Если это были не вы и не ваши близкие, ничего делать не нужно.",
        ),
        Link(_OPEN, f"{site}/accounts"),
    )


def given_letter(site: str, number: str, organization: str, giver: str, rights: Rights) -> Letter:
    """To the relative, the same whether or not there is a login with that address."""
    return Letter(
        "Вам открыт доступ к лицевому счету",
        (
            f"{masked_email(giver)} открывает вам доступ к лицевому счету {masked_number(number)} ({organization}) в "
            "личном кабинете абонента.",
            f"Вы сможете {rights.words}. Доступ действует {rights.lasting}.",
            "Если у вас есть личный кабинет с этим адресом электронной почты, войдите в него: лицевой счет уже там. "
            "Если нет, зарегистрируйтесь с этим адресом.",
        ),
        Link(_OPEN, f"{site}/accounts"),
        ("Если вы не знаете, кто это, ничего не делайте. Отказаться можно в разделе «Выбор лицевого счета».",),
    )


def closed_letter(site: str, number: str, organization: str, giver: str) -> Letter:
    """To the relative, the same whether or not there is a login with that address."""
    return Letter(
        "Доступ к лицевому счету закрыт",
        (
            f"{masked_email(giver)} больше не даёт вам доступ к лицевому счету {masked_number(number)} "
            f"({organization}) в личном кабинете абонента.",
            "Переданные вами показания остались в силе. Если доступ открыл вам и кто-то другой, он действует.",
        ),
        Link(_OPEN, f"{site}/accounts"),
    )


def shared_letter(site: str, number: str, giver: str, relative: str, rights: Rights) -> Letter:
    """To all who have linked the account, the giver among them: one of them lets somebody else see it."""
    return Letter(
        "К вашему лицевому счету открыт доступ",
        (
            f"{masked_email(giver)} открывает доступ к лицевому счету {number} для {masked_email(relative)}: "
            f"{rights.words}, {rights.lasting}.",
            _STRANGER,
        ),
        Link(_OPEN, f"{site}/accounts"),
    )
