"""The letters of a registration."""

from lk_reflex.domain.mail.letter import Letter, Link

ACTIVATION = "Активация аккаунта в личном кабинете"
KNOWN = "Регистрация в личном кабинете: у вас уже есть логин"


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
