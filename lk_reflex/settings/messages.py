"""Whom mail, SMS and push messages go through: what is wrong with the settings of each."""

from lk_reflex.core.this_machine import leads_here
from lk_reflex.integrations.mail.message import parse_sender
from lk_reflex.integrations.mail.server import parse_server
from lk_reflex.settings.addresses import Addresses
from lk_reflex.settings.fields import Fields
from lk_reflex.settings.rules import given


def mail_faults(settings: Addresses) -> list[str]:
    """What is wrong with the settings of mail. A demonstration has a server of its own and writes to nobody else."""
    url = settings.smtp_url.get_secret_value()
    if settings.preview and not url and not settings.mail_from:
        return []
    faults: list[str] = []
    try:
        server = parse_server(url) if url or not settings.preview else None
    except ValueError as fault:
        faults.append(f"LK_SMTP_URL: {fault}.")
    else:
        if settings.preview and server and not server.loopback:
            faults.append(
                "LK_SMTP_URL: демонстрация отправляет письма только на свой же компьютер, например 127.0.0.1."
            )
    try:
        parse_sender(settings.mail_from or (settings.mail_sender if settings.preview else ""))
    except ValueError:
        faults.append("LK_MAIL_FROM: нужен отправитель писем, например «Личный кабинет <no-reply@lk.example.org>».")
    return faults


def sms_faults(settings: Fields) -> list[str]:
    """What is wrong with the settings of SMS; without any, phones stay unconfirmed."""
    return _gateway_faults(settings, "sms", "SMS", "SMS")


def push_faults(settings: Fields) -> list[str]:
    """What is wrong with the settings of push messages; without any, nobody's phone is told of anything."""
    return _gateway_faults(settings, "push", "уведомлений", "уведомления")


def _gateway_faults(settings: Fields, name: str, what: str, sent: str) -> list[str]:
    url, variables = getattr(settings, f"{name}_url"), (f"LK_{name.upper()}_URL", f"LK_{name.upper()}_TOKEN")
    if not url:
        slip = given(settings, f"{name}_token")
        return [f"{variables[0]}: задан {variables[1]}, но не адрес шлюза {what}."] if slip else []
    if settings.preview:
        return (
            [] if leads_here(url) else [f"{variables[0]}: демонстрация отправляет {sent} только на свой же компьютер."]
        )
    safe = url.startswith("https://")
    return [] if safe else [f"{variables[0]}: нужен адрес шлюза {what}, начинающийся с https://."]
