"""Who is told of what: feed, mail and phone, once an event, with nobody's data where strangers see it."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.crypt import Vault, new_key
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.mail.topics import REQUESTS, choose
from lk_reflex.domain.notifications.lines import feed
from lk_reflex.domain.personal_data.words import LETTERS
from lk_reflex.domain.push.devices import bind
from lk_reflex.domain.push.tables import PushMessage
from lk_reflex.domain.push.topics import choose as choose_push
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.telling import MESSAGE, MOVED, SENT, tell_of_message, tell_of_move
from lk_reflex.domain.requests.thread import answer, say
from tests.cast import NOW
from tests.requests.lives import SITE, lead, make_request, step

NUMBER, SHOWN = "261120000001", "261120-000-001"
VAULT = Vault([new_key()])
_LETTERS = select(
    col(OutgoingMail.kind), col(OutgoingMail.recipient), col(OutgoingMail.subject), col(OutgoingMail.plain),
    col(OutgoingMail.html),
).order_by(col(OutgoingMail.id))  # fmt: skip
_PUSHES = select(col(PushMessage.payload)).order_by(col(PushMessage.id))


def letters(db):
    return db.read(lambda r: r.rows(_LETTERS))


def pushes(db):
    return [row.payload for row in db.read(lambda r: r.rows(_PUSHES))]


def lines(db, person):
    return db.read(feed, person.actor).lines


@pytest.fixture
def phone(db, cast):
    def give(person, token="phone-of-the-owner-1"):
        return db.write(bind, person.actor.user_id, token, "android", "", vault=VAULT, now=NOW)[0]

    return give


@pytest.fixture
def sent(db, cast):
    """A sealing application of the owner's that has been sent; nothing of the sending is left to be read."""
    request_id = make_request(db, cast.organization, cast.owner.actor.user_id, kind=Kind.SEALING)
    step(db, request_id, Status.SENT, due_on=date(2026, 12, 11))
    return request_id


def test_ones_own_sending_is_confirmed_with_the_number_what_comes_next_and_until_when(db, cast, sent):
    (letter,) = letters(db)
    assert (letter.kind, letter.recipient) == (SENT, "owner@example.org")
    assert letter.subject == f"Заявка на опломбировку {SHOWN}: Отправлено"
    for words in (f"Номер заявки: {SHOWN}", "ПОВВ посмотрит заявку и ответит", "до 11.12.2026 (15 рабочих дней)",
                  f"{SITE}/services/requests/{NUMBER}"):  # fmt: skip
        assert words in letter.plain and words in letter.html
    (line,) = lines(db, cast.owner)
    assert (line.title, line.link) == (letter.subject, f"/services/requests/{NUMBER}")
    assert line.body == "Срок ответа: до 11.12.2026"


def test_a_sending_after_corrections_is_confirmed_in_its_own_words(db, cast, sent):
    for becomes in (Status.ACCEPTED, Status.CORRECTING, Status.SENT):
        step(db, sent, becomes)
    assert "Исправления отправлены" in letters(db)[-1].plain and "Вы отправили" not in letters(db)[-1].plain


@pytest.mark.parametrize(
    ("kind", "way", "words"),
    [
        (Kind.SEALING, Status.ACCEPTED, "Заявка принята"),
        (Kind.SEALING, Status.WORKING, "По заявке начали работу"),
        (Kind.SEALING, Status.CORRECTING, "Чтобы заявку приняли, исправьте отмеченное"),
        (Kind.EMERGENCY, Status.REFUSED, "По заявке отказано"),
        (Kind.EMERGENCY, Status.DONE, "Заявка выполнена. Оцените работу на странице заявки"),
        (Kind.APPEAL, Status.ACCEPTED, "Обращение принято"),
        (Kind.APPEAL, Status.REFUSED, "По обращению отказано"),
        (Kind.APPEAL, Status.DONE, "Обращение выполнено. Оцените работу на странице обращения"),
    ],
)
def test_every_new_status_is_told_once_by_feed_mail_and_phone(db, cast, phone, kind, way, words):
    phone(cast.owner)
    request_id = make_request(db, cast.organization, cast.owner.actor.user_id, kind=kind)
    lead(db, request_id, way)
    assert letters(db)[-1].kind == MOVED and words in letters(db)[-1].plain
    count = len(letters(db))
    assert count == len(lines(db, cast.owner)) == len(pushes(db))
    assert {"kind": "request", "number": NUMBER}.items() <= pushes(db)[-1].items()


def test_corrections_name_the_fields_as_people_call_them_and_the_operators_words(db, cast, sent):
    step(db, sent, Status.ACCEPTED)
    step(db, sent, Status.CORRECTING, comment="Номер не читается.\r\nСнимите ближе", fields=("phone", "m1:passport"))
    letter = letters(db)[-1]
    assert "Комментарий: Номер не читается." in letter.plain and "Снимите ближе" in letter.plain
    assert "Исправьте: Контактный телефон; " in letter.plain and "паспорт на ПУ" in letter.plain


def test_nobody_is_told_twice_whatever_is_repeated(db, cast, phone, sent):
    phone(cast.owner)
    event = step(db, sent, Status.ACCEPTED)
    said = db.write(answer, cast.operator.actor, NUMBER, "Приедем завтра", now=NOW, site=SITE)
    before = len(letters(db)), len(lines(db, cast.owner)), len(pushes(db))
    for _ in range(3):
        db.write(tell_of_move, sent, event, site=SITE, now=NOW)
        db.write(tell_of_message, sent, said.event_id, site=SITE, now=NOW)
    assert (len(letters(db)), len(lines(db, cast.owner)), len(pushes(db))) == before


def test_the_organizations_message_is_told_and_the_persons_own_isnt(db, cast, phone, sent):
    phone(cast.owner)
    db.write(say, cast.owner.actor, NUMBER, "Когда придёт мастер?", now=NOW, site=SITE)
    assert len(letters(db)) == 1 and pushes(db) == []
    db.write(answer, cast.operator.actor, NUMBER, "Завтра с 9 до 12", now=NOW, site=SITE)
    letter = letters(db)[-1]
    assert letter.kind == MESSAGE and "Завтра с 9 до 12" in letter.plain
    assert lines(db, cast.owner)[0].body == "Завтра с 9 до 12"
    assert pushes(db)[-1]["title"] == "Заявка на опломбировку: новое сообщение"
    assert lines(db, cast.relative) == () and lines(db, cast.operator) == ()


def test_whoever_wants_no_letters_or_no_pushes_still_has_the_feed(db, cast, phone, sent):
    phone(cast.owner)
    before = len(letters(db))
    db.write(choose, cast.owner.actor.user_id, REQUESTS, False, now=NOW)
    db.write(choose_push, cast.owner.actor.user_id, "request", False, now=NOW)
    step(db, sent, Status.ACCEPTED)
    assert len(letters(db)) == before and pushes(db) == []
    assert len(lines(db, cast.owner)) == 2


def test_nobody_is_told_where_the_login_is_gone(db, cast):
    request_id = make_request(db, cast.organization, None)
    lead(db, request_id, Status.DONE)
    assert letters(db) == [] and pushes(db) == []


NASTY = "<script>alert(1)</script>\r\nBcc: evil@example.org\r\n\r\n<img src=x onerror=alert(2)> \"'&"


def test_foreign_text_is_text_everywhere_and_in_no_header(db, cast, phone, sent):
    phone(cast.owner)
    step(db, sent, Status.ACCEPTED)
    step(db, sent, Status.CORRECTING, comment=NASTY, fields=("phone",))
    db.write(answer, cast.operator.actor, NUMBER, NASTY, now=NOW, site=SITE)
    for letter in letters(db)[-2:]:
        assert "\r" not in letter.subject and "\n" not in letter.subject and "Bcc" not in letter.subject
        assert "<script>" in letter.plain
        assert "<script" not in letter.html and "<img" not in letter.html and "&lt;script&gt;" in letter.html
    for said in pushes(db):
        assert "script" not in str(said) and "Bcc" not in str(said)


def test_subjects_and_phones_show_nothing_of_the_person(db, cast, phone):
    phone(cast.owner)
    form = {"owner": "Здетовецкий Сергей Владимирович", "phone": "+79123456789", "meters": []}
    request_id = make_request(
        db, cast.organization, cast.owner.actor.user_id, kind=Kind.SEALING, form=form, sent_form=form,
        passport="gAAAAtoken", contact="ЗДЕТОВЕЦКИЙ", phone="+79123456789", address="УЛ. КЫШТЫМСКАЯ, 10 - 1010",
    )  # fmt: skip
    lead(db, request_id, Status.REFUSED)
    db.write(answer, cast.operator.actor, NUMBER, "Здетовецкий, перезвоните 9123456789", now=NOW, site=SITE)
    shown = [letter.subject for letter in letters(db)] + [str(said) for said in pushes(db)]
    for secret in ("Здетовецкий", "ЗДЕТОВЕЦКИЙ", "912", "КЫШТЫМСКАЯ", "1010", "gAAAA", "owner@"):
        assert not [one for one in shown if secret in one], secret


def test_a_very_long_message_is_short_in_the_feed_and_whole_in_the_letter(db, cast, sent):
    text = "слово " * 600 + "конец"
    db.write(answer, cast.operator.actor, NUMBER, text, now=NOW, site=SITE)
    assert len(lines(db, cast.owner)[0].body) <= 301 and lines(db, cast.owner)[0].body.endswith("…")
    assert "конец" in letters(db)[-1].plain


@pytest.mark.parametrize("kind", [SENT, MOVED, MESSAGE])
def test_every_letter_has_russian_words_in_the_take_out(kind):
    assert kind in LETTERS
