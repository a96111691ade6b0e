"""The letters of a registration."""

from collections.abc import Sequence
from datetime import datetime

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.domain.mail.letter import Letter, Link

ACTIVATION = "Активация аккаунта в личном кабинете"
KNOWN = "Регистрация в личном кабинете: у вас уже есть логин"
SEVERAL = "Регистрация в личном кабинете: заполнено несколько форм"
#: So many moments are named; a stranger may have filled in any number.
_NAMED = 5


def activation_letter(email: str, site: str, token: str) -> Letter:
    """The link that makes the login."""
    return Letter(
        ACTIVATION,
        (
            f"Вы зарегистрировались в личном кабинете абонента {site} с логином {email}.",
            "Чтобы завершить регистрацию, откройте ссылку и нажмите «Активировать аккаунт».",
        ),
        Link("Активировать аккаунт", f"{site}/activate/{token}"),
        (
            "Ссылка действует 72 часа и срабатывает один раз.",
            "Если вы не регистрировались, ничего не делайте: без этой ссылки аккаунт не появится.",
        ),
    )


def known_letter(email: str, site: str) -> Letter:
    """To the owner of a login, whose address somebody has typed into the form again."""
    return Letter(
        KNOWN,
        (
            f"В личном кабинете абонента {site} кто-то заполнил форму регистрации с адресом {email}. "
            "У этого адреса уже есть логин, поэтому второй мы не создаём.",
            "Если это были вы, войдите с прежним паролем. Не помните пароль? Получите новый:",
        ),
        Link("Получить новый пароль", f"{site}/forgot"),
        ("Если это были не вы, ничего делать не нужно: ваш логин и пароль не изменились.",),
    )


def several_letter(email: str, site: str, filled: Sequence[datetime], time_zone: str) -> Letter:
    """Instead of a new link, where different forms wait: the newest one may be a stranger's, with their password."""
    local = [local_time(moment, time_zone) for moment in filled[:_NAMED]]
    times = ", ".join(f"{format_date(moment.date())} в {moment:%H:%M}" for moment in local)
    return Letter(
        SEVERAL,
        (
            f"В личном кабинете абонента {site} для адреса {email} заполнено несколько форм регистрации: {times}. "
            "Возможно, не все из них заполнили вы, поэтому новую ссылку мы не отправляем.",
            "Откройте ссылку из того письма, которое пришло сразу после того, как форму заполнили вы. Если такого "
            "письма нет или 72 часа прошли, заполните форму заново: новая ссылка придёт сразу.",
        ),
        Link("Заполнить форму", f"{site}/register"),
        ("Если вы не регистрировались, ничего не делайте: без ссылки аккаунт не появится.",),
    )
