"""Информация об ИПУ through the real processor."""

from datetime import date

import pytest

from lk_reflex.ui.resident.meters import page
from lk_reflex.ui.resident.meters.state import MetersState
from tests.metering.dials import make_meter, monthly


@pytest.fixture
def hot(db, cast):
    meter = make_meter(
        db, cast.flat, "ГВС С/У", serial="34230774", resource="ГВС", verification_due=date(2024, 2, 13),
        installed_on=date(2018, 4, 9), started_on=date(2018, 4, 9),
    )  # fmt: skip
    monthly(db, meter, "84,12", "2")
    return meter


async def test_the_manuals_row(tabs, cast, hot):
    tab = tabs(cast.owner.cookie)
    await tab.open("/meters")
    (row,) = tab.seen(MetersState)["rows"]
    assert (row.number, row.name, row.place, row.installed, row.verification, row.started) == (
        "34230774", "ГВС С/У", "С/У", "09.04.2018", "13.02.2024", "09.04.2018",
    )  # fmt: skip
    assert (row.ended, row.end_reason, row.average.replace("\u00a0", " ")) == ("", "", "2,000 м³")
    assert row.verification_tag == "истекла"
    (notice,) = tab.seen(MetersState)["notices"]
    assert notice.title == "Срок поверки истёк: ГВС С/У №\u00a034230774."


async def test_an_unknown_average_is_said_and_empty_facts_leave_the_card(tabs, db, cast):
    make_meter(db, cast.flat)
    tab = tabs(cast.owner.cookie)
    await tab.open("/meters")
    (row,) = tab.seen(MetersState)["rows"]
    assert (row.ended, row.end_reason, row.average) == ("", "", "нет данных")
    assert [column.header for column in page.COLUMNS if column.hide_empty] == [
        "Дата окончания расчета", "Причина снятия с расчета",
    ]  # fmt: skip


async def test_readings_open_and_close(tabs, cast, hot):
    tab = tabs(cast.owner.cookie)
    await tab.open("/meters")
    await tab.send(MetersState.toggle, meter=str(hot))
    (row,) = tab.seen(MetersState)["rows"]
    assert row.opened
    assert row.past.rows[0].value == "84,120"
    await tab.send(MetersState.toggle, meter=str(hot))
    (row,) = tab.seen(MetersState)["rows"]
    assert (row.opened, row.past.rows) == (False, [])


async def test_many_years_of_readings_stay_folded(tabs, db, cast):
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "500", "6", months=40)
    tab = tabs(cast.owner.cookie)
    await tab.open("/meters")
    await tab.send(MetersState.toggle, meter=str(meter))
    (row,) = tab.seen(MetersState)["rows"]
    assert (len(row.past.rows), len(row.past.earlier)) == (13, 27)
    assert row.past.earlier_title == "Более ранние показания: 27"


async def test_a_meter_out_of_use_no_longer_warns(tabs, db, cast):
    make_meter(db, cast.flat, verification_due=date(2020, 1, 1), ended_on=date(2020, 2, 1), end_reason="Замена")
    tab = tabs(cast.owner.cookie)
    await tab.open("/meters")
    (row,) = tab.seen(MetersState)["rows"]
    assert (row.verification_tag, row.ended, row.end_reason) == ("", "01.02.2020", "Замена")
    assert tab.seen(MetersState)["notices"] == []


async def test_others_see_nothing(tabs, cast, hot):
    for tab in (tabs(cast.stranger.cookie), tabs()):
        await tab.open("/meters")
        for odd in (str(hot), None, 5, [], {}):
            await tab.send(MetersState.toggle, meter=odd)
        assert tab.seen(MetersState).get("rows", []) == []
