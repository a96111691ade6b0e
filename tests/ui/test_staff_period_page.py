"""Показания за период through the real processor: the list, a check, and the form for whoever calls."""

import pytest
from sqlmodel import select

from lk_reflex.domain.metering.tables import SentReading, Submission
from lk_reflex.ui.staff.period.caller import CallerState
from lk_reflex.ui.staff.period.state import PeriodState
from tests.metering.dials import make_meter, monthly, put_sent

WHO = "Анна Петровна, собственник"


def of(row, name):
    return getattr(row, name) if hasattr(row, name) else row[name]


@pytest.fixture
def meter(db, cast):
    made = make_meter(db, cast.flat)
    monthly(db, made, "118", "6")
    return made


@pytest.fixture
def doubtful(db, cast, meter):
    sent = put_sent(db, cast, meter, 174_000, exported=False)
    with db.transaction() as writer:
        writer.session.get_one(SentReading, sent).confirmed = "unusual"
    return sent


def stored(db):
    with db.transaction() as writer:
        return [(one.source, one.caller) for one in writer.session.exec(select(Submission).order_by(Submission.id))]


async def test_a_doubtful_reading_is_shown_and_checked(tabs, db, cast, doubtful):
    tab = tabs(cast.operator.cookie)
    await tab.open("/staff/period")
    seen = tab.seen(PeriodState)
    assert seen["sent"] == "Передали показания: 1 из 1 лицевых счетов с приборами учета"
    (row,) = seen["rows"]
    assert of(row, "doubts")[0].startswith("Большой расход")
    await tab.send(PeriodState.open_check, reading=str(doubtful))
    assert of(tab.seen(PeriodState)["rows"][0], "opened")
    await tab.send(PeriodState.check, form={"note": ""})
    assert tab.seen(PeriodState)["error"].startswith("Напишите, что выяснили")
    await tab.send(PeriodState.check, form={"note": "Позвонили <b>"})
    assert (tab.seen(PeriodState)["rows"], tab.seen(PeriodState)["outcome_kind"]) == ([], "good")
    await tab.send(PeriodState.choose, form={"show": "checked", "month": "1999-01", "place": "777"})
    assert [of(row, "checked") for row in tab.seen(PeriodState)["rows"]] == ["Позвонили <b>"]
    await tab.send(PeriodState.choose, form={"show": "all", "month": "2026-10"})
    assert tab.seen(PeriodState)["rows"] == []


@pytest.mark.parametrize("who", ["outsider", "owner"])
async def test_nobody_else_sees_or_checks(tabs, db, cast, doubtful, who):
    tab = tabs(getattr(cast, who).cookie)
    await tab.open("/staff/period")
    await tab.send(PeriodState.choose, form={"show": "all", "place": str(cast.organization)})
    await tab.send(PeriodState.open_check, reading=str(doubtful))
    await tab.send(PeriodState.check, form={"note": "Моё"})
    assert not tab.seen(PeriodState).get("rows")
    with db.transaction() as writer:
        assert writer.session.get_one(SentReading, doubtful).checked_at is None


async def test_a_callers_reading_is_entered_once(tabs, db, cast, meter):
    tab = tabs(cast.operator.cookie)
    await tab.open(f"/staff/period?account={cast.flat}")
    await tab.send(CallerState.load)
    seen = tab.seen(CallerState)
    assert (tab.seen(PeriodState)["calling"], seen["whose"]) == (True, "Лицевой счет 1234567899")
    assert of(of(seen["meters"][0], "scales")[0], "last") == "118,000"
    row, key = f"m{meter}-1", seen["form_key"]
    await tab.send(CallerState.submit, form={f"reading-{row}": "124", "form_key": key})
    assert tab.seen(CallerState)["caller_error"].startswith("Напишите, кто звонил")
    assert tab.seen(CallerState)["faults_title"].startswith("Исправьте ошибки")
    assert stored(db) == []
    for _press in range(2):
        await tab.send(CallerState.submit, form={f"reading-{row}": "124", "form_key": key, "caller": WHO})
    assert stored(db) == [("Оператор", WHO)]
    seen = tab.seen(CallerState)
    assert seen["taken_title"].startswith("Показания переданы 20.11.2026")
    assert "расход 6,000" in of(seen["taken"][0], "text")
    assert seen["form_key"] != key


@pytest.mark.parametrize("who", ["outsider", "owner"])
async def test_nobody_else_enters_readings(tabs, db, cast, meter, who):
    tab = tabs(getattr(cast, who).cookie)
    await tab.open(f"/staff/period?account={cast.flat}")
    await tab.send(CallerState.load)
    await tab.send(CallerState.submit, form={f"reading-m{meter}-1": "124", "form_key": "k" * 20, "caller": WHO})
    assert not tab.seen(CallerState).get("meters")
    assert not tab.seen(CallerState).get("whose")
    assert stored(db) == []


@pytest.mark.parametrize("account", ["0", "x", "999", "%00"])
async def test_an_account_of_nobodys_says_so(tabs, cast, meter, account):
    tab = tabs(cast.operator.cookie)
    await tab.open(f"/staff/period?account={account}")
    await tab.send(CallerState.load)
    assert tab.seen(CallerState)["missing"].startswith("Такого лицевого счета нет")
