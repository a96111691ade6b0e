"""The letters around passwords. They go to everyone they concern: the safety of a login is no topic to refuse."""

from lk_reflex.domain.mail.letter import Letter, Link

_AGAIN = "Задать новый пароль"


def reset_letter(site: str, token: str) -> Letter:
    """The link to a new password."""
    return Letter(
        "Новый пароль для личного кабинета",
        (
            "Кто-то (надеемся, вы) попросил новый пароль для личного кабинета абонента.",
            "Чтобы задать его, откройте ссылку. Она действует 1 час и срабатывает один раз.",
        ),
        Link(_AGAIN, f"{site}/reset/{token}"),
        (
            "Если вы получили несколько таких писем, действует только ссылка из последнего.",
            "Если вы ничего не просили, ничего не делайте: ваш пароль остаётся прежним.",
        ),
    )


def changed_letter(site: str) -> Letter:
    """After each change of the password: the owner may not be who changed it."""
    return Letter(
        "Пароль изменён",
        (
            "Пароль вашей учётной записи в личном кабинете абонента изменён. На других устройствах вход завершён.",
            "Если это сделали вы, ничего больше не нужно. Если не вы, сразу задайте новый пароль.",
        ),
        Link(_AGAIN, f"{site}/forgot"),
    )


def guessing_letter(site: str) -> Letter:
    """Somebody has been trying passwords."""
    return Letter(
        "Попытки подобрать ваш пароль",
        (
            "За последние сутки к вашей учётной записи в личном кабинете абонента много раз вводили неверный пароль.",
            "Если это были вы и забыли пароль, задайте новый. Если не вы, пароль пока никто не подобрал: "
            "чтобы не беспокоиться, задайте новый, длинный, который больше нигде не используете.",
        ),
        Link(_AGAIN, f"{site}/forgot"),
        (
            "Пока попытки идут, вход с нового устройства может задержаться не дольше чем на 15 минут. Устройств, с "
            "которых вы уже входили, это не касается.",
        ),
    )


def new_device_letter(site: str, when: str, where: str) -> Letter:
    """A sign-in from a browser that hasn't been seen with this login; `when` and `where` are ready words."""
    return Letter(
        "Вход с нового устройства",
        (
            "В вашу учётную запись в личном кабинете абонента вошли с устройства, с которого раньше не входили.",
            f"Когда: {when}. Откуда: {where}.",
            "Если это были вы, ничего делать не нужно. Если не вы, задайте новый пароль: все входы завершатся.",
        ),
        Link(_AGAIN, f"{site}/forgot"),
        ("Отключить такие письма можно в разделе «Настройки».",),
    )
