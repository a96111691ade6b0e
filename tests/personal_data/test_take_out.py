"""«Все мои данные»: everything of one's own, nothing of anybody else's, safe to open in a spreadsheet."""

import csv
import io
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update
from sqlmodel import col

import lk_reflex.domain
from lk_reflex.core.errors import Refused
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.mail.topics import TOPICS
from lk_reflex.domain.payments.orders.letters import PAID_KIND, REFUND_KIND
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.tables import PARTS
from lk_reflex.domain.personal_data.archive import JSON_NAME, READ_ME, archive
from lk_reflex.domain.personal_data.sheets import Sheet
from lk_reflex.domain.personal_data.take_out import take_out
from lk_reflex.domain.personal_data.words import DEEDS, LETTERS, ORDERS
from lk_reflex.domain.personal_data.words import PARTS as PARTS_IN_WORDS
from lk_reflex.domain.requests.history import Author, EventKind, note_event
from lk_reflex.domain.requests.tables import Request
from tests.cast import NOW
from tests.identity.people import PASSWORD, deeds
from tests.personal_data.life import live
from tests.requests.sealing.applications import VAULT

HOME = Client("10.0.0.1", "Firefox")
ZONE = "Asia/Yekaterinburg"
REQUESTS = select(col(Request.id), col(Request.user_id)).where(col(Request.sent_at).is_not(None))


@pytest.fixture
def lives(db, cast):
    for name in ("owner", "relative", "stranger"):
        live(db, cast, getattr(cast, name), name)
    return cast


def taken(db, person, now=NOW):
    return files(take_out(db, person.actor, vault=VAULT, zone=ZONE, client=HOME, now=now))


def files(data):
    with ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name).decode("utf-8") for name in package.namelist()}


def table(text):
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def test_everything_of_ones_own_is_there(db, lives):
    found = taken(db, lives.owner)
    whole = json.loads(found[JSON_NAME])
    assert {title for title, rows in whole.items() if not rows} == set()
    text = found[JSON_NAME]
    for mine in ("owner@example.org", "+79123456789", "oid-owner", "ИМЯ owner", "Мама owner", "given-owner@example.org",
                 "серия owner", "Вид owner", "10.1.1.1", "1234567899", "2026-11-01", "12.345", "-0.500",
                 "Уведомление owner"):  # fmt: skip
        assert mine in text, mine
    assert whole["Учётная запись"][0]["Номер"] == lives.owner.actor.user_id
    deeds_told = [(row["Что"], row["Кто"]) for row in whole["Журнал действий"]]
    assert {("Пароль изменён", "вы"), ("Дан доступ к лицевому счету", "вы")} <= set(deeds_told)
    assert ("Запрошено восстановление пароля", "") in deeds_told
    assert {"О чём": "Подтверждение передачи показаний", "Отправлять": False} in whole["Уведомления по почте"]


def test_what_was_paid_is_told_to_the_kopeck(db, lives):
    whole = json.loads(taken(db, lives.owner)[JSON_NAME])
    paid, waits = whole["Платежи"]
    assert (paid["Сумма"], paid["Комиссия"], paid["Всего"], paid["Возвращено"]) == ("100.00", "1.00", "101.00", "30.00")
    assert (paid["Состояние"], waits["Состояние"]) == ("оплачен", "ждёт оплаты")
    assert [line["Часть"] for line in whole["Платежи по услугам"]] == ["основная сумма"] * 2
    (returned,) = whole["Возвраты платежей"]
    assert (returned["Номер платежа"], returned["Сумма"]) == (paid["Номер платежа"], "30.00")
    (link,) = whole["Ссылки на оплату"]
    assert link["Сумма"] == "70.00"
    assert "pay-owner" not in repr(whole), "the link's key opens it"


def test_requests_are_told_with_their_passport_masked_and_without_the_staffs_notes(db, lives):
    with db.transaction() as writer:
        sent = next(row.id for row in writer.rows(REQUESTS) if row.user_id == lives.owner.actor.user_id)
        note_event(writer, sent, EventKind.NOTE, author=Author.OPERATOR, now=NOW, comment="между собой")
        note_event(writer, sent, EventKind.MESSAGE, author=Author.OPERATOR, now=NOW, comment="Ждём вас")
    found = taken(db, lives.owner)
    whole = json.loads(found[JSON_NAME])
    one, draft = whole["Заявки и обращения"]
    assert (one["Статус"], one["Паспорт"], draft["Статус"]) == ("Отправлено", "•• ••  ••••13", "Черновик")
    fields = {row["Поле"]: row["Значение"] for row in whole["Поля заявок"] if row["Номер"] == one["Номер"]}
    assert fields["ФИО собственника"] == "Мария owner"
    assert fields["Счетчик 1: Заводской номер ПУ"] == "58416745412"
    assert [row["Комментарий"] for row in whole["История заявок"]] == ["", "Ждём вас"]
    assert [row["Название"] for row in whole["Файлы заявок"]] == ["акт.pdf"] * 4
    assert len(whole["Согласия в заявках"]) == 2
    assert "246813" not in repr(found)
    assert "между собой" not in repr(found)


def test_every_state_and_part_of_an_order_has_russian_words():
    assert set(ORDERS) == {str(status) for status in Status}
    assert set(PARTS_IN_WORDS) == set(PARTS)


def test_each_subject_is_a_table_for_a_spreadsheet(db, lives):
    found = taken(db, lives.owner)
    whole = json.loads(found[JSON_NAME])
    assert {f"{title}.csv" for title in whole} | {JSON_NAME, READ_ME} == set(found)
    for title, rows in whole.items():
        head, *lines = table(found[f"{title}.csv"])
        assert len(lines) == len(rows)
        assert all(len(line) == len(head) for line in lines)
        assert head == list(rows[0])


@pytest.mark.parametrize("name", ["owner", "relative", "stranger", "operator"])
def test_nothing_of_anybody_else_is_there(db, lives, name):
    found = taken(db, getattr(lives, name))
    # Whom one has given access to is one's own record, with the address that one has typed oneself.
    given = "Доступ, который вы дали"
    whole = {title: rows for title, rows in json.loads(found.pop(JSON_NAME)).items() if title != given}
    del found[f"{given}.csv"]
    text = repr((found, whole))
    for other in ("owner", "relative", "stranger"):
        if other != name:
            for theirs in (f"{other}@", f"-{other}", f" {other}", f"-{other}@"):
                assert theirs not in text, theirs
    assert "ЗДЕТОВЕЦКИЙ" not in text, "the flat's owner is not the login's"
    assert "203.0.113.77" not in text, "where a stranger acted from is the stranger's"


def test_no_secret_is_there(db, lives):
    text = repr(taken(db, lives.owner))
    for secret in ("$2b$", PASSWORD, lives.owner.cookie, "token-owner", "code-owner", "state-owner", "key-owner"):
        assert secret not in text
    with db.engine.connect() as connection:
        hashes = connection.exec_driver_sql("SELECT token_hash FROM sessions").scalars().all()
    assert hashes
    assert not [one for one in hashes if one in text]


def test_an_account_whose_access_has_ended_is_not_told(db, lives):
    ended = update(AccountLink).where(col(AccountLink.user_id) == lives.relative.actor.user_id).values(ends_at=NOW)
    db.write(lambda w: w.change(ended))
    whole = json.loads(taken(db, lives.relative)[JSON_NAME])
    assert whole["Лицевые счета"] == whole["Корзина"] == []
    assert "КЫШТЫМСКАЯ" not in repr(whole)


def test_each_take_out_is_logged_and_limited(db, lives):
    for _ in range(5):
        take_out(db, lives.owner.actor, vault=VAULT, zone=ZONE, client=HOME, now=NOW)
    assert deeds(db)[-5:] == ["data-taken"] * 5
    with pytest.raises(Refused, match="несколько раз"):
        take_out(db, lives.owner.actor, vault=VAULT, zone=ZONE, client=HOME, now=NOW)
    assert taken(db, lives.relative)
    assert taken(db, lives.owner, now=NOW + timedelta(minutes=10))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_text_never_begins_a_formula(start):
    sheet = Sheet("Имена", ("Имя",), [(f'{start}HYPERLINK("http://x")',)])
    found = files(archive([sheet], now=NOW, zone=ZONE))
    assert table(found["Имена.csv"])[1][0].replace("\r\n", "\n").startswith("'")
    assert json.loads(found[JSON_NAME])["Имена"][0]["Имя"].startswith(start), "programs get what was typed"


def test_numbers_dates_and_moments_stay_what_they_are():
    row = (-5, Decimal("-0.500"), True, False, None, date(2026, 11, 2), NOW, 'а;"б"\nв', "минус -1")
    sheet = Sheet("Всё", tuple("123456789"), [row])
    found = files(archive([sheet], now=NOW, zone=ZONE))
    assert table(found["Всё.csv"])[1] == [
        "-5", "-0,500", "да", "нет", "", "02.11.2026", "20.11.2026 15:00:00", 'а;"б"\nв', "минус -1",
    ]  # fmt: skip
    (kept,) = json.loads(found[JSON_NAME])["Всё"]
    assert list(kept.values()) == [
        -5, "-0.500", True, False, None, "2026-11-02", "2026-11-20T15:00:00+05:00", 'а;"б"\nв', "минус -1",
    ]  # fmt: skip


def test_every_deed_and_letter_of_the_domain_has_russian_words():
    """Found in the source, so that a new one can't be forgotten."""
    source = "".join(file.read_text("utf-8") for file in Path(lk_reflex.domain.__path__[0]).rglob("*.py"))
    told = set(re.findall(r'\bnote\(\s*\w+,\s*"([a-z-]+)"', source))
    kinds = set(re.findall(r'\bkind="([a-z-]+)"', source)) | {topic.key for topic in TOPICS}
    assert {"password-changed", "account-linked"} <= told
    kinds |= {PAID_KIND, REFUND_KIND}
    assert {"activate", "farewell"} <= kinds
    assert told - set(DEEDS) == set()
    assert kinds - set(LETTERS) == set()
