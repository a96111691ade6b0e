"""A subject arrives as it was written, however long; no line is longer than mail allows."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default

import pytest

from lk_reflex.integrations.mail.message import compose
from lk_reflex.integrations.mail.port import Message

SENDER = Address("Личный кабинет", "no-reply", "lk.example.org")


@pytest.mark.parametrize("address", ["anna@example.org", "анна@пример.рф"])
@pytest.mark.parametrize(
    "subject",
    [
        "Учётная запись личного кабинета удалена",
        "Запрошена смена логина личного кабинета",
        "Вход в личный кабинет с нового устройства и ещё несколько слов для длины",
        "Квитанция за СЕНТЯБРЬ 2019",
        "Receipt",
        "а " * 200 + "конец",
        "Ж" * 300,
    ],
)
def test_not_a_space_is_lost(subject, address):
    message = Message(identity="1@lk", recipient=address, subject=subject, plain="Текст", html="<p>Текст</p>",
                      written_at=datetime(2026, 11, 20, tzinfo=UTC))  # fmt: skip
    raw = compose(message, SENDER, address)
    assert str(message_from_bytes(raw, policy=default)["Subject"]) == subject
    head = raw.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, head)) <= 998
    assert max(len(line) for line in head if line.startswith((b"Subject", b" =?"))) <= 78
