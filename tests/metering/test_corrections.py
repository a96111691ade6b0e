"""«Исправить» after the export: who may ask, what holds, one request a reading, and taking it back."""

import threading

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from lk_reflex.domain.accounts.tables import OrganizationSwitch
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.metering.correcting import corrections
from lk_reflex.domain.metering.correcting.correction_list import corrections_of
from lk_reflex.domain.metering.correcting.corrections import (
    Request,
    ask_correction,
    correctable,
    withdraw_correction,
)
from lk_reflex.domain.metering.sending.entries import Entry, NeedsConfirmation
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.tables import ReadingCorrection
from tests.cast import NOW
from tests.metering.dials import KEY, answer_sent, make_meter, monthly, put_sent

WHY = "Перепутала две последние цифры"


@pytest.fixture
def sent(db, cast):
    """Cold water: 6,000 a month, 118,000 on 21.10.2026; 142,000 sent for November and exported."""
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return put_sent(db, cast, meter, 142_000)


def ask(db, cast, sent, reading="124", *, day="", why=WHY, key=KEY, yes=(), who="owner"):
    actor = getattr(cast, who).actor
    return db.write(ask_correction, actor, sent, Request(reading, day, why), key, yes, now=NOW)


def listed(db, cast, who="owner", account=None):
    return db.read(corrections_of, getattr(cast, who).actor, account or cast.flat, now=NOW)


def count(db) -> int:
    with db.transaction() as writer:
        return len(writer.session.exec(select(ReadingCorrection)).all())


def test_the_form_begins_with_what_was_sent(db, cast, sent):
    found = db.read(correctable, cast.owner.actor, sent)
    assert (found.name, found.value, found.last, found.decimals) == ("ХВС С/У", 142_000, 118_000, 3)


def test_a_request_waits_and_is_listed_with_both_values(db, cast, sent):
    made = ask(db, cast, sent, day="19.11.2026")
    (one,) = listed(db, cast)
    assert (one.correction_id, one.sent_id, one.fate, one.mine) == (made, sent, "waits", True)
    assert (one.old_value, one.value, f"{one.taken_on:%d.%m.%Y}", one.explanation) == (
        142_000,
        124_000,
        "19.11.2026",
        WHY,
    )


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"reading": "117,9"}, {"reading": "Меньше последнего показания 118,000"}),
        ({"reading": ""}, {"reading": "Введите число"}),
        ({"reading": "сто"}, {"reading": "Введите число"}),
        ({"reading": "124,0001"}, {"reading": "Не больше трёх знаков"}),
        ({"reading": "124000"}, {"reading": "5 цифр до запятой"}),
        ({"reading": "-1"}, {"reading": "без минуса"}),
        ({"reading": "142"}, {"reading": "то же показание"}),
        ({"day": "21.11.2026"}, {"taken_on": "ещё не наступила"}),
        ({"day": "20.10.2026"}, {"taken_on": "Дата раньше последнего показания"}),
        ({"day": "32.01.2026"}, {"taken_on": "Введите дату"}),
        ({"why": " \0 "}, {"explanation": "Напишите, что было не так"}),
        ({"why": "ы" * 501}, {"explanation": "Не больше 500 знаков, сейчас 501"}),
        (
            {"reading": "1", "day": "21.11.2026", "why": ""},
            {"reading": "Меньше", "taken_on": "наступила", "explanation": "Напишите"},
        ),
    ],
)
def test_the_rules_of_any_new_reading_hold_and_all_faults_are_told(db, cast, sent, typed, fields):
    with pytest.raises(Invalid) as refused:
        ask(db, cast, sent, **typed)
    assert set(refused.value.fields) == set(fields)
    assert not [name for name, words in fields.items() if words not in refused.value.fields[name]]
    assert count(db) == 0


@pytest.mark.parametrize(("reading", "kind"), [("118", "zero"), ("140", "unusual")])
def test_what_is_doubtful_is_asked_once_and_its_answer_holds_for_this_value(db, cast, sent, reading, kind):
    with pytest.raises(NeedsConfirmation) as asked:
        ask(db, cast, sent, reading)
    (question,) = asked.value.questions
    assert kind in question.token
    with pytest.raises(NeedsConfirmation):
        ask(db, cast, sent, "139", yes=[question.token])
    assert ask(db, cast, sent, reading, yes=[question.token])


def test_a_dial_that_rolled_over_is_asked(db, cast):
    meter = make_meter(db, cast.flat, digits=3)
    monthly(db, meter, "997", "6")
    put = put_sent(db, cast, meter, 999_000)
    with pytest.raises(NeedsConfirmation) as asked:
        ask(db, cast, put, "2")
    assert "rollover" in asked.value.questions[0].token


def test_the_same_press_twice_is_one_request(db, cast, sent):
    assert ask(db, cast, sent) == ask(db, cast, sent)
    assert count(db) == 1


def test_one_reading_has_one_open_request_whoever_asks(db, cast, sent):
    ask(db, cast, sent)
    for who in ("owner", "relative"):
        with pytest.raises(Refused, match="дождитесь ответа"):
            ask(db, cast, sent, "125", key=f"another-{who}", who=who)


def test_nobody_is_asked_where_readings_are_not_taken_here(db, cast, sent):
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=cast.organization, name="readings", is_on=False))
    with pytest.raises(Refused, match="Через личный кабинет показания здесь не принимаются"):
        ask(db, cast, sent)


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "nul-in-\0-the-key"])
def test_a_form_without_a_key_of_ours_is_nobodys(db, cast, sent, key):
    with pytest.raises(NotFound):
        ask(db, cast, sent, key=key)


def test_anothers_key_and_anothers_reading_are_not_found(db, cast, sent):
    ask(db, cast, sent)
    for call in (
        lambda: ask(db, cast, sent, who="relative"),
        lambda: ask(db, cast, sent, who="stranger", key="another-key"),
        lambda: ask(db, cast, sent, who="operator", key="another-key"),
        lambda: ask(db, cast, 999_999, key="another-key"),
        lambda: db.read(correctable, cast.stranger.actor, sent),
    ):
        with pytest.raises(NotFound):
            call()
    assert listed(db, cast, "stranger") == ()
    assert [one.mine for one in listed(db, cast, "relative")] == [False]


def test_who_only_sees_the_account_asks_for_nothing(db, cast, sent):
    with db.transaction() as writer:
        for link in writer.session.exec(select(AccountLink)):
            if link.user_id == cast.relative.actor.user_id:
                link.may_send = False
    with pytest.raises(Refused, match="только смотрите"):
        ask(db, cast, sent, who="relative")


@pytest.mark.parametrize(("exported", "answer"), [(False, None), (True, "Ошибка"), (True, "")])
def test_what_another_way_is_open_for_is_refused_with_it(db, cast, exported, answer):
    meter = make_meter(db, cast.flat)
    put = put_sent(db, cast, meter, 142_000, exported=exported)
    if answer is not None:
        answer_sent(db, put, refused=answer)
    with pytest.raises(Refused, match=r"передайте новое|обратитесь в организацию"):
        ask(db, cast, put)


class TestTakingBack:
    def test_its_sender_may_while_it_waits_and_may_ask_anew(self, db, cast, sent):
        made = ask(db, cast, sent)
        for _press in range(2):
            db.write(withdraw_correction, cast.owner.actor, made, now=NOW)
        assert [one.fate for one in listed(db, cast)] == ["withdrawn"]
        assert ask(db, cast, sent, key="another-key") != made

    @pytest.mark.parametrize("who", ["relative", "stranger", "operator"])
    def test_nobody_else_may(self, db, cast, sent, who):
        made = ask(db, cast, sent)
        with pytest.raises(NotFound):
            db.write(withdraw_correction, getattr(cast, who).actor, made, now=NOW)
        assert [one.fate for one in listed(db, cast)] == ["waits"]


def test_a_new_reading_in_its_place_ends_the_request(db, cast, sent):
    ask(db, cast, sent)
    answer_sent(db, sent, refused="Показание больше контрольного")
    meter = db.read(correctable_meter, sent)
    db.write(submit, cast.owner.actor, cast.flat, {f"m{meter}-1": Entry("124")}, "", KEY, now=NOW)
    assert [one.fate for one in listed(db, cast)] == ["withdrawn"]


def correctable_meter(db, sent):
    from lk_reflex.domain.metering.tables import SentReading

    return db.connection.execute(select(SentReading.meter_id).where(SentReading.id == sent)).scalar_one()


def test_two_tabs_at_once_make_one_request(db, cast, sent):
    outcomes: list[object] = []
    start = threading.Barrier(4)

    def press(key):
        start.wait()
        try:
            outcomes.append(ask(db, cast, sent, key=key))
        except DomainError as refusal:
            outcomes.append(type(refusal))

    threads = [threading.Thread(target=press, args=(key,)) for key in (KEY, KEY, "another-key", "third-one-key")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert len(set(made)) == 1 and count(db) == 1
    assert {outcome for outcome in outcomes if not isinstance(outcome, int)} <= {Refused, Conflict}


def test_asking_and_withdrawing_in_turn_comes_to_an_end(db, cast, sent, monkeypatch):
    monkeypatch.setattr(corrections, "REQUESTS", Limit("correction", 3))
    for turn in range(3):
        made = ask(db, cast, sent, key=f"key-of-request-{turn}")
        db.write(withdraw_correction, cast.owner.actor, made, now=NOW)
    assert ask(db, cast, sent, key="key-of-request-2") == made  # a repeat isn't counted
    with pytest.raises(Refused) as often:
        ask(db, cast, sent, key="key-of-request-3")
    assert often.value.message.startswith(corrections.TOO_OFTEN)
    assert ask(db, cast, sent, key="key-of-a-relative", who="relative")
