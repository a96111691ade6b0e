"""The operators' desk: what it shows, what a decision does and tells, and who comes too late."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.files.keeping import drop
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.mail.tables import MailChoice, OutgoingMail
from lk_reflex.domain.metering.correcting.correction_desk import accept, decline
from lk_reflex.domain.metering.correcting.correction_list import corrections_of
from lk_reflex.domain.metering.correcting.correction_queue import desk_of
from lk_reflex.domain.metering.correcting.corrections import Request, ask_correction, withdraw_correction
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.tables import ReadingCorrection, ReadingPhoto, SentReading
from lk_reflex.domain.notifications.tables import Notification
from tests.cast import NOW
from tests.metering.dials import answer_sent, bill, export_sent, make_meter, monthly, put_sent

WHY = "Перепутала две последние цифры"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def meter(db, cast):
    """Cold water: 6,000 a month, 118,000 on 21.10.2026."""
    made = make_meter(db, cast.flat)
    monthly(db, made, "118", "6")
    return made


@pytest.fixture
def asked(db, cast, meter):
    """142,000 was sent and exported; the owner asks for 124,000."""
    sent = put_sent(db, cast, meter, 142_000)
    return db.write(ask_correction, cast.owner.actor, sent, Request("124", "", WHY), "one-form-key", now=NOW)


def sent_rows(db):
    with db.transaction() as writer:
        rows = writer.session.exec(select(SentReading).order_by(SentReading.id)).all()
        return [(row.value, row.volume, row.replaced_at is None, row.export_id is None) for row in rows]


def told(db) -> list[tuple]:
    with db.transaction() as writer:
        lines = [
            (one.user_id, one.title) for one in writer.session.exec(select(Notification).order_by(Notification.id))
        ]
        letters = [
            (one.recipient, one.subject) for one in writer.session.exec(select(OutgoingMail).order_by(OutgoingMail.id))
        ]
        return sorted(map(str, lines)) + sorted(map(str, letters))


def deeds(db) -> list[tuple]:
    with db.transaction() as writer:
        return [
            (one.action, one.actor_id, one.user_id)
            for one in writer.session.exec(select(AuditEntry).order_by(AuditEntry.id))
        ]


def fate(db, cast):
    (one,) = db.read(corrections_of, cast.owner.actor, cast.flat, now=LATER)
    return one.fate, one.comment


def test_the_desk_shows_all_that_a_decision_needs(db, cast, asked):
    desk = db.read(desk_of, cast.operator.actor, now=LATER)
    (one,) = desk.waiting
    assert (desk.total, desk.decided) == (1, ())
    assert (one.number, one.address, one.asked_by) == (
        "1234567899",
        "УЛ. КЫШТЫМСКАЯ, 10 - 1010",
        "owner@example.org",
    )
    assert (one.old_value, one.value, one.volume, one.explanation) == (142_000, 124_000, -16_000, WHY)
    assert [(row.value, row.source) for row in one.billed] == [
        (118_000, "Абонент"),
        (112_000, "Абонент"),
        (106_000, "Абонент"),
        (100_000, "Абонент"),
    ]


def test_accepted_it_takes_the_place_of_the_wrong_one_and_goes_out_next(db, cast, asked, meter):
    db.write(accept, cast.operator.actor, asked, now=LATER)
    assert sent_rows(db) == [(142_000, 2_000, False, False), (124_000, 6_000, True, True)]
    assert fate(db, cast) == ("corrected", "")
    lines = [(line.value, line.source, line.fate) for line in db.read(history, cast.owner.actor, cast.flat, meter)]
    assert lines[:2] == [
        (124_000, "Исправлено оператором", "Передано"),
        (142_000, "Личный кабинет", "Заменено 20.11.2026"),
    ]
    export_sent(db)
    assert sent_rows(db)[1] == (124_000, 6_000, True, False)


def test_declined_nothing_changes_but_the_answer(db, cast, asked):
    before = sent_rows(db)
    db.write(decline, cast.operator.actor, asked, " На фото 142 ", now=LATER)
    assert sent_rows(db) == before
    assert fate(db, cast) == ("declined", "На фото 142")
    desk = db.read(desk_of, cast.operator.actor, now=LATER)
    assert desk.waiting == ()
    (one,) = desk.decided
    assert (one.fate, one.decided_by, one.comment) == ("declined", "operator@example.org", "На фото 142")


@pytest.mark.parametrize("comment", ["", "  \0 ", "ы" * 501])
def test_a_refusal_needs_its_reason(db, cast, asked, comment):
    with pytest.raises(Invalid) as refused:
        db.write(decline, cast.operator.actor, asked, comment, now=LATER)
    assert set(refused.value.fields) == {"comment"}
    assert fate(db, cast)[0] == "waits"


@pytest.mark.parametrize(
    ("decide", "title", "deed"),
    [
        (lambda db, who, one: db.write(accept, who, one, now=LATER), "Показание исправлено", "correction-accepted"),
        (
            lambda db, who, one: db.write(decline, who, one, "Нет", now=LATER),
            "Просьба исправить показание отклонена",
            "correction-declined",
        ),
    ],
)
class TestTelling:
    def test_who_asked_is_told_in_the_feed_and_by_mail_and_the_deed_is_noted(
        self, db, cast, asked, decide, title, deed
    ):
        decide(db, cast.operator.actor, asked)
        me = cast.owner.actor.user_id
        assert told(db) == [str((me, title)), str(("owner@example.org", title))]
        assert (deed, cast.operator.actor.user_id, me) in deeds(db)

    def test_who_wants_no_letters_has_the_feed(self, db, cast, asked, decide, title, deed):
        me = cast.owner.actor.user_id
        with db.transaction() as writer:
            writer.add(MailChoice(user_id=me, topic="readings", wanted=False, changed_at=NOW))
        decide(db, cast.operator.actor, asked)
        assert told(db) == [str((me, title))]

    def test_who_sees_the_account_no_more_is_told_nothing(self, db, cast, asked, decide, title, deed):
        me, relative = cast.owner.actor.user_id, cast.relative.actor.user_id
        with db.transaction() as writer:
            writer.session.delete(writer.session.exec(select(AccountLink).where(AccountLink.user_id == me)).one())
        decide(db, cast.operator.actor, asked)
        assert told(db) == [str((relative, title)), str(("relative@example.org", title))]


@pytest.mark.parametrize("who", ["owner", "relative", "stranger"])
def test_no_resident_decides_or_sees_the_desk(db, cast, asked, who):
    actor = getattr(cast, who).actor
    for call in (
        lambda: db.read(desk_of, actor, now=NOW),
        lambda: db.write(accept, actor, asked, now=NOW),
        lambda: db.write(decline, actor, asked, "Нет", now=NOW),
    ):
        with pytest.raises(Refused):
            call()
    assert fate(db, cast)[0] == "waits"


def test_an_unknown_request_is_not_found(db, cast):
    with pytest.raises(NotFound):
        db.write(accept, cast.operator.actor, 999_999, now=NOW)


def test_who_comes_second_is_told_what_was_decided(db, cast, asked):
    db.write(decline, cast.operator.actor, asked, "Нет", now=LATER)
    for call in (
        lambda: db.write(accept, cast.operator.actor, asked, now=LATER),
        lambda: db.write(decline, cast.operator.actor, asked, "Ещё раз", now=LATER),
    ):
        with pytest.raises(Conflict, match=r"Уже решено: отклонено 20\.11\.2026 в 15:05"):
            call()
    assert fate(db, cast) == ("declined", "Нет")
    assert sent_rows(db)[0][2]


def test_what_the_resident_took_back_is_decided(db, cast, asked):
    db.write(withdraw_correction, cast.owner.actor, asked, now=NOW)
    with pytest.raises(Conflict, match="отозвано жителем"):
        db.write(accept, cast.operator.actor, asked, now=LATER)
    assert len(sent_rows(db)) == 1


def test_a_newer_reading_of_billing_leaves_only_the_refusal(db, cast, asked, meter):
    bill(db, meter, ("20.11.2026", "130"))
    with pytest.raises(Refused, match="Отклоните её"):
        db.write(accept, cast.operator.actor, asked, now=LATER)
    assert (len(sent_rows(db)), fate(db, cast)[0]) == (1, "waits")
    db.write(decline, cast.operator.actor, asked, "Уже есть контрольное показание", now=LATER)


@pytest.mark.parametrize(
    ("happened", "sentence", "shown"),
    [
        ({"answer": ""}, "уже учёл", True),
        ({"answer": "Меньше контрольного"}, "не принял", False),
        ({"billed": "21.11.2026"}, "уже учёл", True),
    ],
)
def test_what_billing_has_answered_meanwhile_is_shown_and_only_declined(
    db, cast, asked, meter, happened, sentence, shown
):
    """Otherwise what was paid for and what counts would part: billing holds 142, the cabinet would say 124."""
    (sent,) = [one.sent_id for one in db.read(corrections_of, cast.owner.actor, cast.flat, now=LATER)]
    if "billed" in happened:
        bill(db, meter, (happened["billed"], "142"))
    else:
        answer_sent(db, sent, refused=happened["answer"])
    (one,) = db.read(desk_of, cast.operator.actor, now=LATER).waiting
    assert (one.accounted, one.reason) == (shown, happened.get("answer", ""))
    with pytest.raises(Refused, match=f"{sentence}.*Отклоните"):
        db.write(accept, cast.operator.actor, asked, now=LATER)
    assert (len(sent_rows(db)), fate(db, cast)[0]) == (1, "waits")
    db.write(decline, cast.operator.actor, asked, "Уже в расчёте", now=LATER)
    assert fate(db, cast) == ("declined", "Уже в расчёте")


def test_a_newer_reading_of_another_day_stands_upon_it(db, cast, asked, meter):
    bill(db, meter, ("21.11.2026", "150"))
    with pytest.raises(Refused, match="более новое показание"):
        db.write(accept, cast.operator.actor, asked, now=LATER)
    assert fate(db, cast)[0] == "waits"


def test_the_photo_that_went_with_it_is_there_unless_it_was_taken_away(db, cast, asked, meter):
    def shown():
        return [one.photo for one in db.read(desk_of, cast.operator.actor, now=LATER).waiting]

    assert shown() == [""]
    with db.transaction() as writer:
        sent = writer.session.exec(select(SentReading)).one()
        file = StoredFile(
            key="k" * 32, user_id=cast.owner.actor.user_id, account_id=cast.flat, purpose="reading", slot="",
            name="1.jpg", media_type="image/jpeg", size=1, created_at=NOW, attached_at=NOW,
        )  # fmt: skip
        writer.add(file)
        writer.add(ReadingPhoto(submission_id=sent.submission_id, meter_id=meter, file_id=file.id))
    assert shown() == ["k" * 32]
    db.write(drop, "k" * 32)
    assert shown() == [""]


def race(*calls):
    """Run all at once; what each returned or raised."""
    outcomes: list[object] = []
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            call()
            outcomes.append("done")
        except DomainError as refusal:
            outcomes.append(type(refusal).__name__)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(map(str, outcomes))


def test_two_operators_at_once_decide_once(db, cast, asked):
    who = cast.operator.actor
    found = race(
        lambda: db.write(accept, who, asked, now=LATER),
        lambda: db.write(decline, who, asked, "Нет", now=LATER),
        lambda: db.write(accept, who, asked, now=LATER),
    )
    assert found == ["Conflict", "Conflict", "done"]
    assert len(sent_rows(db)) == (2 if fate(db, cast)[0] == "corrected" else 1)
    assert len(told(db)) == 2


def test_taking_back_and_accepting_at_once_leave_one_outcome(db, cast, asked):
    found = race(
        lambda: db.write(accept, cast.operator.actor, asked, now=LATER),
        lambda: db.write(withdraw_correction, cast.owner.actor, asked, now=LATER),
    )
    assert found == ["Conflict", "done"]
    outcome = fate(db, cast)[0]
    assert (outcome, len(sent_rows(db))) in [("corrected", 2), ("withdrawn", 1)]


def test_the_oldest_request_comes_first_and_all_are_counted(db, cast):
    for place in range(3):
        meter = make_meter(db, cast.flat, f"ХВС {place}", serial=str(place))
        sent = put_sent(db, cast, meter, 142_000)
        with db.transaction() as writer:
            writer.add(
                ReadingCorrection(
                    key=f"key-{place}", sent_reading_id=sent, account_id=cast.flat,
                    user_id=cast.owner.actor.user_id, value=124_000, taken_on=NOW.date(), created_at=NOW,
                )
            )  # fmt: skip
    desk = db.read(desk_of, cast.operator.actor, now=NOW)
    assert ([one.name for one in desk.waiting], desk.total) == (["ХВС 0", "ХВС 1", "ХВС 2"], 3)


def test_an_operator_of_another_organization_sees_and_decides_nothing(db, cast, asked):
    outsider = cast.outsider.actor
    desk = db.read(desk_of, outsider, now=NOW)
    assert (desk.waiting, desk.total, desk.decided) == ((), 0, ())
    for decide in (accept, decline):
        with pytest.raises(NotFound):
            db.write(decide, outsider, asked, "Проверено", now=LATER)
    assert db.read(desk_of, cast.colleague.actor, now=NOW).total == 1
    db.write(accept, cast.admin.actor, asked, now=LATER)
    assert db.read(desk_of, outsider, now=LATER).decided == ()
    assert len(db.read(desk_of, cast.operator.actor, now=LATER).decided) == 1
