"""«Исправить» from the resident's card over the operator's desk and back, through the real processor."""

import pytest
from sqlmodel import select

from lk_reflex.domain.metering.correcting.correction_desk import decline
from lk_reflex.domain.metering.tables import ReadingCorrection, SentReading
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.ui.resident.readings.correction import CorrectionState
from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.staff.readings.state import DeskState
from tests.cast import NOW
from tests.metering.dials import answer_sent, make_meter, monthly, put_sent

WHY = "Перепутала две последние цифры"


@pytest.fixture
def sent(db, cast):
    """Cold water: 6,000 a month, 118,000 on 21.10.2026; 142,000 sent for November and exported."""
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return put_sent(db, cast, meter, 142_000)


@pytest.fixture
async def tab(tabs, cast, sent):
    opened = tabs(cast.owner.cookie)
    await opened.open("/readings")
    await opened.send(CorrectionState.load)
    return opened


@pytest.fixture
async def desk(tabs, cast, sent):
    opened = tabs(cast.operator.cookie)
    await opened.open("/staff/readings")
    return opened


def typed(reading="124", day="20.11.2026", why=WHY, **more):
    form = {"correction-reading": reading, "correction-taken_on": day, "correction-explanation": why, **more}
    return {"form": form}


async def ask(tab, sent, **more):
    await tab.send(CorrectionState.start, sent=str(sent))
    return await tab.send(CorrectionState.send, **typed(**more))


def count(db, table) -> int:
    with db.transaction() as writer:
        return len(writer.session.exec(select(table)).all())


def scale(tab) -> dict:
    card = tab.seen(ReadingsState)["meters"][0]
    return card.scales[0] if hasattr(card, "scales") else card["scales"][0]


def of(row, name):
    return getattr(row, name) if hasattr(row, name) else row[name]


async def test_the_card_offers_to_correct_what_is_exported(tab, sent):
    assert of(scale(tab), "correct") == str(sent)
    assert "Оно уже ушло на расчёт" in of(scale(tab), "sent")


async def test_the_card_says_why_a_reading_was_refused_and_offers_nothing_else(tabs, db, cast, sent):
    answer_sent(db, sent, refused="Меньше контрольного.")
    opened = tabs(cast.owner.cookie)
    await opened.open("/readings")
    row = scale(opened)
    assert of(row, "refused") == (
        "Показание за ноябрь, 142,000. Не принято: Меньше контрольного."
        " Проверьте показание и передайте новое: непринятое показание в расчёт не войдёт."
    )
    assert (of(row, "sent"), of(row, "correct")) == ("", "")


async def test_from_the_card_to_the_desk_and_back(tab, desk, db, cast, sent):
    await tab.send(CorrectionState.start, sent=str(sent))
    form = tab.seen(CorrectionState)["form"]
    assert of(form, "title") == "Исправить показание: ХВС С/У № 26616450"
    await tab.send(CorrectionState.send, **typed())
    seen = tab.seen(CorrectionState)
    assert (seen["done"], seen["waiting"]) == ("Просьба отправлена оператору", [str(sent)])
    assert [of(row, "fate") for row in seen["rows"]] == ["ждёт оператора"]

    await desk.send(DeskState.refresh)
    (row,) = desk.seen(DeskState)["waiting"]
    assert (of(row, "was"), of(row, "asked"), of(row, "why")) == ("142,000\u00a0м³", "124,000\u00a0м³", WHY)
    await desk.send(DeskState.accept, correction=of(row, "key"))
    assert desk.seen(DeskState)["outcome"].startswith("Исправлено")
    assert desk.seen(DeskState)["waiting"] == []
    assert [of(one, "fate") for one in desk.seen(DeskState)["decided"]] == ["Исправлено"]

    await tab.open("/readings")
    await tab.send(CorrectionState.load)
    assert [of(one, "fate") for one in tab.seen(CorrectionState)["rows"]] == ["исправлено"]
    assert "передано 124,000" in of(scale(tab), "sent")
    assert count(db, Notification) == 1


async def test_what_is_settled_has_no_fields_and_says_when_the_next_is_taken(tabs, db, cast, tab, sent):
    card = tab.seen(ReadingsState)["meters"][0]
    assert (of(card, "accepts"), of(scale(tab), "open")) == (False, False)
    assert "Новое можно передать с " in of(scale(tab), "sent")
    assert "обратитесь" not in of(scale(tab), "sent")  # «Исправить» is there
    answer_sent(db, sent)
    await tab.open("/readings")
    assert (of(scale(tab), "correct"), of(scale(tab), "open")) == ("", False)
    assert "Учтено. Новое можно передать с " in of(scale(tab), "sent")
    assert "если переданное неверно, обратитесь в организацию" in of(scale(tab), "sent")


async def test_a_second_press_is_the_first_ones_answer(tab, db, sent):
    await ask(tab, sent)
    _, events = await tab.send(CorrectionState.send, **typed())
    assert tab.seen(CorrectionState)["done"] == "Просьба отправлена оператору"
    assert not tab.seen(SessionState).get("fault")
    assert "correction_done" in str(events)
    assert count(db, ReadingCorrection) == 1


async def test_the_outcome_of_a_request_takes_the_place_of_the_sending_before(tabs, db, cast, tab, sent):
    hot = make_meter(db, cast.flat, "ГВС С/У", resource="ГВС", serial="7")
    monthly(db, hot, "84", "2")
    await tab.open("/readings")
    form = {"form_key": tab.seen(ReadingsState)["form_key"], "taken_on": "", f"reading-m{hot}-1": "86"}
    await tab.send(ReadingsState.submit, form=form)
    assert tab.seen(ReadingsState)["taken_title"] != ""
    await ask(tab, sent)
    assert (tab.seen(ReadingsState)["taken_title"], tab.seen(ReadingsState)["taken"]) == ("", [])


async def test_faults_come_to_their_fields_and_a_doubt_is_asked(tab, db, sent):
    await ask(tab, sent, reading="117", why="")
    seen = tab.seen(CorrectionState)
    assert [of(fault, "field_id") for fault in seen["faults"]] == ["correction-reading", "correction-explanation"]
    await tab.send(CorrectionState.send, **typed("140"))
    assert "Показание верное?" in tab.seen(CorrectionState)["question"]
    assert count(db, ReadingCorrection) == 0
    await tab.send(CorrectionState.send, **typed("140", **{"correction-yes": "yes"}))
    assert count(db, ReadingCorrection) == 1


async def test_a_double_press_asks_once(tab, db, sent):
    await ask(tab, sent)
    await tab.send(CorrectionState.send, **typed())
    assert count(db, ReadingCorrection) == 1


async def test_it_can_be_taken_back_while_it_waits(tab, db, sent):
    await ask(tab, sent)
    (row,) = tab.seen(CorrectionState)["rows"]
    await tab.send(CorrectionState.withdraw, correction=of(row, "key"))
    assert (tab.seen(CorrectionState)["rows"], tab.seen(CorrectionState)["waiting"]) == ([], [])


async def test_whoever_is_late_to_take_it_back_is_told(tab, db, cast, sent):
    await ask(tab, sent)
    (row,) = tab.seen(CorrectionState)["rows"]
    db.write(decline, cast.operator.actor, int(of(row, "key")), "Нет", now=NOW)
    await tab.send(CorrectionState.withdraw, correction=of(row, "key"))
    assert "уже разобрали" in tab.seen(SessionState)["fault"]


async def test_a_refusal_wants_a_reason_and_the_resident_reads_it(tab, desk, sent):
    await ask(tab, sent)
    await desk.send(DeskState.refresh)
    key = of(desk.seen(DeskState)["waiting"][0], "key")
    await desk.send(DeskState.open_decline, correction=key)
    assert of(desk.seen(DeskState)["waiting"][0], "opened")
    await desk.send(DeskState.decline, form={"comment": " "})
    assert "почему отклонено" in desk.seen(DeskState)["error"]
    await desk.send(DeskState.decline, form={"comment": "На фото 142"})
    assert desk.seen(DeskState)["waiting"] == []
    await tab.send(CorrectionState.load)
    (row,) = tab.seen(CorrectionState)["rows"]
    assert (of(row, "fate"), of(row, "comment")) == ("отклонено", "На фото 142")


async def test_the_desk_asks_once_more_with_both_values_and_can_be_left(tab, desk, db, sent):
    await ask(tab, sent)
    await desk.send(DeskState.refresh)
    key = of(desk.seen(DeskState)["waiting"][0], "key")
    await desk.send(DeskState.open_accept, correction=key)
    row = desk.seen(DeskState)["waiting"][0]
    assert (of(row, "question"), of(row, "opened")) == ("Заменить 142,000 на 124,000\u00a0м³?", True)
    await desk.send(DeskState.open_decline, correction=key)
    row = desk.seen(DeskState)["waiting"][0]
    assert (of(row, "question"), of(row, "declining")) == ("", True)
    await desk.send(DeskState.open_accept, correction=key)
    await desk.send(DeskState.cancel, correction=key)
    row = desk.seen(DeskState)["waiting"][0]
    assert (of(row, "question"), of(row, "declining"), of(row, "opened")) == ("", False, False)
    assert count(db, SentReading) == 1


async def test_the_missing_reason_is_missed_no_more_once_it_is_typed(tab, desk, sent):
    await ask(tab, sent)
    await desk.send(DeskState.refresh)
    await desk.send(DeskState.open_decline, correction=of(desk.seen(DeskState)["waiting"][0], "key"))
    await desk.send(DeskState.decline, form={"comment": " "})
    assert desk.seen(DeskState)["error"]
    await desk.send(DeskState.typing, text="Н")
    assert desk.seen(DeskState)["error"] == ""


async def test_the_desk_says_what_billing_has_answered(tab, desk, db, sent):
    await ask(tab, sent)
    answer_sent(db, sent)
    await desk.send(DeskState.refresh)
    row = desk.seen(DeskState)["waiting"][0]
    assert of(row, "answer") == "Биллинг уже учёл это показание"
    await desk.send(DeskState.accept, correction=of(row, "key"))
    seen = desk.seen(DeskState)
    assert seen["outcome"].startswith("Биллинг уже учёл это показание") and len(seen["waiting"]) == 1
    assert count(db, SentReading) == 1


async def test_a_colleague_who_was_slower_is_told_and_sees_the_queue_as_it_is(tab, desk, tabs, cast, sent):
    await ask(tab, sent)
    other = tabs(cast.operator.cookie)
    await other.open("/staff/readings")
    key = of(other.seen(DeskState)["waiting"][0], "key")
    await desk.send(DeskState.accept, correction=key)
    await other.send(DeskState.accept, correction=key)
    seen = other.seen(DeskState)
    assert seen["outcome"].startswith("Уже решено: исправлено 20.11.2026")
    assert (seen["outcome_kind"], seen["waiting"]) == ("bad", [])


@pytest.mark.parametrize("who", ["owner", "relative", "stranger"])
async def test_a_resident_neither_sees_nor_presses_anything_of_the_desk(tab, tabs, db, cast, sent, who):
    await ask(tab, sent)
    (row,) = tab.seen(CorrectionState)["rows"]
    stray = tabs(getattr(cast, who).cookie)
    _delta, events = await stray.open("/staff/readings")
    assert not stray.seen(DeskState).get("waiting")
    for handler, payload in (
        (DeskState.load, {}),
        (DeskState.refresh, {}),
        (DeskState.open_accept, {"correction": of(row, "key")}),
        (DeskState.cancel, {"correction": of(row, "key")}),
        (DeskState.typing, {"text": "Нет"}),
        (DeskState.accept, {"correction": of(row, "key")}),
        (DeskState.open_decline, {"correction": of(row, "key")}),
        (DeskState.decline, {"form": {"comment": "Нет"}}),
    ):
        _delta, events = await stray.send(handler, **payload)
        assert [payload["path"] for name, payload in events if name == "_redirect"] == ["/"]
    assert not stray.seen(DeskState).get("waiting")
    with db.transaction() as writer:
        assert [
            one.decided_at for one in writer.session.exec(select(ReadingCorrection).order_by(ReadingCorrection.id))
        ] == [None]
    assert count(db, SentReading) == 1


async def test_a_stranger_opens_no_form_about_anothers_reading(tabs, cast, sent):
    stranger = tabs(cast.stranger.cookie)
    await stranger.open("/readings")
    await stranger.send(CorrectionState.start, sent=str(sent))
    assert of(stranger.seen(CorrectionState).get("form"), "sent") == ""


async def test_a_form_opened_before_the_list_has_come_stays_open(tabs, cast, sent):
    tab = tabs(cast.owner.cookie)
    await tab.open("/readings")
    await tab.send(CorrectionState.start, sent=str(sent))
    await tab.send(CorrectionState.load)
    assert of(tab.seen(CorrectionState)["form"], "sent") == str(sent)


async def test_another_account_closes_the_form(tab, db, cast, sent):
    from lk_reflex.domain.accounts.linked import link_account

    await tab.send(CorrectionState.start, sent=str(sent))
    db.write(link_account, cast.owner.actor.user_id, cast.house, now=NOW)
    from lk_reflex.ui.resident.accounts.state import AccountsState

    await tab.send(AccountsState.choose, key=str(cast.house))
    await tab.send(CorrectionState.load)
    assert of(tab.seen(CorrectionState)["form"], "sent") == ""
