"""The letters around a binding. A binding opens the login: its safety is no topic to refuse."""

from lk_reflex.domain.mail.letter import Letter, Link

_NEW = "Задать новый пароль"


def bound_letter(site: str, name: str) -> Letter:
    """After each new binding; `name` is what the owner recognises the person by."""
    return Letter(
        "К вашей учётной записи привязаны Госуслуги",
        (
            f"В вашу учётную запись в личном кабинете абонента теперь можно входить через Госуслуги: {name}.",
            "Если это сделали вы, ничего больше не нужно.",
            "Если не вы, сразу задайте новый пароль по ссылке: Госуслуги отвяжутся, а вход на всех устройствах "
            "завершится.",
        ),
        Link(_NEW, f"{site}/forgot"),
    )


def unbound_letter(site: str) -> Letter:
    """After the owner, or somebody in the owner's session, has taken the binding away."""
    return Letter(
        "Госуслуги отвязаны от вашей учётной записи",
        (
            "В вашу учётную запись в личном кабинете абонента больше нельзя войти через Госуслуги. Вход с логином и "
            "паролем остался.",
            "Если это сделали вы, ничего больше не нужно. Если не вы, задайте новый пароль по ссылке: вход на всех "
            "устройствах завершится. Потом привяжите Госуслуги снова в разделе «Настройки».",
        ),
        Link(_NEW, f"{site}/forgot"),
    )
