"""Передать показания through the real processor: typing, faults, questions, sending, strangers, odd arguments."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import reflex as rx
from sqlmodel import select

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.giving import Wish, give_access
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.domain.identity.sessions import open_session
from lk_reflex.domain.metering.sending.submit import NOTHING_FILLED
from lk_reflex.domain.metering.sending.waiting_send import send_waiting
from lk_reflex.domain.metering.tables import Meter, SentReading, WaitingForm
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.session import SessionState
from tests.accounts.link_steps import HOME, SITE, newcomer
from tests.billing.paper import accrual, receipt
from tests.cast import NOW
from tests.files.photos import photo
from tests.metering.dials import answer_sent, bill, make_meter, monthly, put_sent, set_organization

SUBMIT, TYPE_READING, TYPE_VOLUME, TOGGLE = (
    ReadingsState.submit, ReadingsState.type_reading, ReadingsState.type_volume, ReadingsState.toggle,
)  # fmt: skip


@pytest.fixture
def cold(db, cast):
    """6,000 m³ a month, 118,000 on 21.10.2026; readings are taken on any day."""
    set_organization(db, cast.organization, window_opens=1, window_closes=31, phone="8 351 112")
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return meter


@pytest.fixture
def store(tmp_path, monkeypatch):
    kept = FolderStore(tmp_path / "files")
    monkeypatch.setattr("lk_reflex.ui.resident.readings.state.file_store", lambda: kept)
    return kept


@pytest.fixture
async def tab(tabs, cast, cold):
    opened = tabs(cast.owner.cookie)
    await opened.open("/readings")
    return opened


def sent(db) -> list[tuple[int, int]]:
    with db.transaction() as writer:
        return [
            (row.value, row.volume) for row in writer.session.exec(select(SentReading).order_by(SentReading.id)).all()
        ]


def form(tab, **fields) -> dict:
    return {"form_key": tab.seen(ReadingsState)["form_key"], "taken_on": "", **fields}


async def type_(tab, handler, *, row, text, form_id=None):
    return await tab.send(handler, row=row, text=text, form_id=form_id or tab.seen(ReadingsState).get("form_id", ""))


async def press(tab, **fields):
    return await tab.send(SUBMIT, form=form(tab, **{name.replace("__", "-"): text for name, text in fields.items()}))


async def test_the_owner_sees_the_meters_and_the_window(tab, cold):
    seen = tab.seen(ReadingsState)
    assert seen["window"] == "Показания принимаем в любой день месяца"
    (meter,) = seen["meters"]
    (scale,) = meter.scales
    assert (meter.name, meter.number, scale.last) == ("ХВС С/У", "26616450", "118,000")
    assert scale.average.replace("\u00a0", " ") == "6,000 м³"
    assert (scale.reading_label, scale.volume_label) == ("Новое показание", "Объем изменения")


async def test_each_field_fills_the_other_and_never_itself(tab, cold):
    row = f"m{cold}-1"
    delta, _ = await type_(tab, TYPE_READING, row=row, text="124,5")
    assert list(delta[ReadingsState.get_full_name()]) == ["volumes"]
    assert tab.seen(ReadingsState)["volumes"] == {row: "6,500"}
    delta, _ = await type_(tab, TYPE_VOLUME, row=row, text="7")
    assert list(delta[ReadingsState.get_full_name()]) == ["readings"]
    assert tab.seen(ReadingsState)["readings"] == {row: "125,000"}
    await type_(tab, TYPE_READING, row=row, text="124,5")  # the same volume again must still reach the field
    assert tab.seen(ReadingsState)["volumes"] == {row: "6,500 "}


async def test_a_reading_is_taken_and_the_form_becomes_another(tab, db, cold):
    before, form_before = tab.seen(ReadingsState)["form_key"], tab.seen(ReadingsState)["form_id"]
    _, events = await press(tab, **{f"reading-m{cold}-1": "124,5"})
    seen = tab.seen(ReadingsState)
    assert sent(db) == [(124_500, 6_500)]
    assert seen["taken_title"].startswith("Показания переданы ")
    assert [row.text.replace("\u00a0", " ") for row in seen["taken"]] == [
        "ХВС С/У № 26616450: показание 124,500, расход 6,500 м³"
    ]
    assert seen["form_key"] != before
    assert seen["form_id"] != form_before
    assert "заменит его, объём считаем от 118,000" in seen["meters"][0].scales[0].sent
    assert "taken" in str(events)


async def test_a_volume_says_from_which_reading_it_counts(tab, db, cold):
    scale = tab.seen(ReadingsState)["meters"][0].scales[0]
    assert (scale.held, scale.volume_hint) == (False, "м³ от 118,000")
    await press(tab, **{f"reading-m{cold}-1": "124,5"})
    scale = tab.seen(ReadingsState)["meters"][0].scales[0]
    assert (scale.held, scale.given, scale.last, scale.last_on) == (True, "124,500", "118,000", "21.10.2026")
    assert scale.volume_hint == "м³ от 118,000"
    await type_(tab, TYPE_VOLUME, row=f"m{cold}-1", text="7")
    assert tab.seen(ReadingsState)["readings"] == {f"m{cold}-1": "125,000"}


async def test_every_answer_to_a_press_tells_the_button_that_it_came(tab, cold):
    before = tab.seen(ReadingsState).get("answers", 0)
    await press(tab, **{f"reading-m{cold}-1": "1"})
    await press(tab, **{f"reading-m{cold}-1": "124"})
    assert tab.seen(ReadingsState)["answers"] == before + 2


async def test_no_line_of_the_summary_stands_twice(tabs, db, cast, cold):
    light = make_meter(db, cast.flat, "Свет", resource="кВт·ч", scales=3, digits=6, decimals=2)
    twin = make_meter(db, cast.flat, "ХВС", serial="2")
    with db.transaction() as writer:
        writer.session.get_one(Meter, twin).name = "ХВС С/У"
    for zone in (1, 2, 3):
        monthly(db, light, "700", "60", scale=zone)
    tab = tabs(cast.owner.cookie)
    await tab.open("/readings")
    odd = {f"reading-m{meter}-1": "x" for meter in (cold, twin)}
    await press(tab, **odd, **{f"reading-m{light}-1": "760"})
    said = [fault.message.replace("\u00a0", " ") for fault in tab.seen(ReadingsState)["faults"]]
    assert len(said) == len(set(said)) == 4
    assert any(line.startswith("Свет, Т2: Введите показание Т2") for line in said)
    assert any(line.startswith("ХВС С/У № 2: Введите число, например 86,210") for line in said)


async def test_figures_have_the_dials_own_decimals_in_the_forms_order(tabs, db, cast, cold):
    light = make_meter(db, cast.flat, "А свет", resource="кВт·ч", serial="5", digits=6, decimals=2)
    monthly(db, light, "2478,26", "60,5")
    tab = tabs(cast.owner.cookie)
    await tab.open("/readings")
    scale = tab.seen(ReadingsState)["meters"][1].scales[0]
    assert (scale.last.replace("\u00a0", " "), scale.average.replace("\u00a0", " ")) == ("2 478,26", "60,50 кВт·ч")
    await type_(tab, TYPE_VOLUME, row=f"m{light}-1", text="60,5")
    assert tab.seen(ReadingsState)["readings"] == {f"m{light}-1": "2538,76"}
    await press(tab, **{f"reading-m{light}-1": "2538,76", f"reading-m{cold}-1": "124"})
    said = [row.text.replace("\u00a0", " ") for row in tab.seen(ReadingsState)["taken"]]
    assert said == [
        "ХВС С/У № 26616450: показание 124,000, расход 6,000 м³",
        "А свет № 5: показание 2 538,76, расход 60,50 кВт·ч",
    ]
    await tab.send(TOGGLE, meter=str(light))
    assert tab.seen(ReadingsState)["past"][str(light)].rows[1].value.replace("\u00a0", " ") == "2 478,26"


async def test_what_is_accounted_is_not_called_unaccounted(tab, db, cast, cold):
    answer_sent(db, put_sent(db, cast, cold, 124_000))
    await tab.send(TOGGLE, meter=str(cold))
    row = tab.seen(ReadingsState)["past"][str(cold)].rows[0]
    assert (row.fate, row.accounted) == ("Учтено", "Дата ещё не пришла")


async def test_zones_of_one_meter_add_up(tabs, db, cast, cold):
    light = make_meter(db, cast.flat, "Свет", resource="кВт·ч", scales=2, digits=6, decimals=2)
    monthly(db, light, "1500", "120", scale=1)
    monthly(db, light, "700", "60", scale=2)
    tab = tabs(cast.owner.cookie)
    await tab.open("/readings")
    await press(tab, **{f"reading-m{light}-1": "1620", f"reading-m{light}-2": "760", f"reading-m{cold}-1": "124"})
    assert tab.seen(ReadingsState)["taken"][-1].text.replace("\u00a0", " ") == "Всего: 180,00 кВт·ч"
    assert len(tab.seen(ReadingsState)["taken"]) == 4


async def test_a_new_connection_is_the_same_form(tabs, cast, tab, cold):
    """The fields keep what was typed: the form keeps its name, and nothing is put into them."""
    await type_(tab, TYPE_READING, row=f"m{cold}-1", text="124,5")
    for again in (tab, tabs(cast.owner.cookie)):  # the same server's state, and a server that knows nothing
        await again.open("/readings")
        seen = again.seen(ReadingsState)
        assert seen["form_id"] == tab.seen(ReadingsState)["form_id"]
        assert (seen.get("readings", {}), seen.get("volumes", {})) == ({}, {})


async def test_the_same_press_five_times_stores_one_reading(tab, db, cold):
    fields = form(tab, **{f"reading-m{cold}-1": "124,5"})
    for _ in range(5):
        await tab.send(SUBMIT, form=fields)
    assert sent(db) == [(124_500, 6_500)]


async def test_a_late_word_of_a_sent_form_fills_nothing(tab, cold):
    sent_form, row = tab.seen(ReadingsState)["form_id"], f"m{cold}-1"
    await press(tab, **{f"reading-{row}": "124,5"})
    await type_(tab, TYPE_READING, row=row, text="124,5", form_id=sent_form)
    assert tab.seen(ReadingsState)["volumes"] == {}
    await type_(tab, TYPE_READING, row=row, text="124,5")
    assert tab.seen(ReadingsState)["volumes"] == {row: "6,500"}


async def test_a_second_press_on_the_emptied_form_is_quiet(tab, db, cold):
    await press(tab, **{f"reading-m{cold}-1": "124,5"})
    _, events = await press(tab, **{f"reading-m{cold}-1": ""})
    seen = tab.seen(ReadingsState)
    assert (seen["faults"], seen["taken_title"][:9], sent(db)) == ([], "Показания", [(124_500, 6_500)])
    assert "taken" in str(events)


async def test_faults_stand_at_their_fields_and_in_the_summary(tab, db, cold):
    _, events = await press(tab, **{f"reading-m{cold}-1": "18,4", "taken_on": "31.11.2026"})
    seen = tab.seen(ReadingsState)
    assert "Меньше последнего показания 118,000" in seen["errors"][f"m{cold}-1"]
    assert "ПОВВ, телефон 8 351 112" in seen["errors"][f"m{cold}-1"]
    assert seen["date_error"] == "Введите дату, например 20.11.2026"
    assert {fault.field_id for fault in seen["faults"]} == {f"reading-m{cold}-1", "taken_on"}
    assert "ref_error_summary" in str(events)
    assert sent(db) == []


async def test_nothing_filled_leads_to_the_first_field_and_blames_no_meter(tab, cold):
    await press(tab)
    said = [(fault.field_id, fault.message) for fault in tab.seen(ReadingsState)["faults"]]
    assert said == [(f"reading-m{cold}-1", NOTHING_FILLED)]


async def test_an_unusual_volume_is_asked_about_and_taken_after_yes(tab, db, cold):
    row = f"m{cold}-1"
    await press(tab, **{f"reading-{row}": "238"})
    seen = tab.seen(ReadingsState)
    assert "обычно около 6,000" in seen["questions"][row].replace("\u00a0", " ")
    assert seen["faults"][0].field_id == f"yes-{row}"
    assert sent(db) == []
    await press(tab, **{f"reading-{row}": "2380", f"yes-{row}": "yes"})  # the yes was for another number
    assert sent(db) == []
    await press(tab, **{f"reading-{row}": "2380", f"yes-{row}": "yes"})
    assert sent(db) == [(2_380_000, 2_262_000)]


async def test_a_yes_is_remembered_while_another_row_is_put_right(tab, db, cast, cold):
    hot = make_meter(db, cast.flat, "ГВС С/У", resource="ГВС")
    monthly(db, hot, "84", "2")
    await tab.follow("/readings")
    rows = {f"reading-m{cold}-1": "238", f"reading-m{hot}-1": "84"}
    await press(tab, **rows)
    await press(tab, **rows, **{f"yes-m{cold}-1": "yes"})
    assert tab.seen(ReadingsState)["questions"][f"m{cold}-1"] == ""
    await press(tab, **rows, **{f"yes-m{hot}-1": "yes"})
    assert sorted(sent(db)) == [(84_000, 0), (238_000, 120_000)]


@pytest.mark.parametrize(
    ("reading", "volume", "stored"),
    [
        ("130", "6,500", (130_000, 12_000)),  # the reading was typed over and sent before the volume followed
        ("124,5", "7", (125_000, 7_000)),
        ("124,5", "6,500", (124_500, 6_500)),
        ("", "6,500", (124_500, 6_500)),
        ("124,5", "", (124_500, 6_500)),
    ],
)
async def test_the_field_changed_last_is_the_one_that_speaks(tab, db, cold, reading, volume, stored):
    await type_(tab, TYPE_READING, row=f"m{cold}-1", text="124,5")
    await press(tab, **{f"reading-m{cold}-1": reading, f"volume-m{cold}-1": volume})
    assert sent(db) == [stored]


async def test_earlier_readings_open_and_close(tab, cold):
    await tab.send(TOGGLE, meter=str(cold))
    seen = tab.seen(ReadingsState)
    assert seen["opened"] == {str(cold): True}
    assert [row.value for row in seen["past"][str(cold)].rows][:2] == ["118,000", "112,000"]
    await tab.send(TOGGLE, meter=str(cold))
    assert tab.seen(ReadingsState)["opened"] == {str(cold): False}


async def test_a_stranger_finds_no_meters_and_can_send_nothing(tabs, db, cast, cold):
    tab = tabs(cast.stranger.cookie)
    await tab.open("/readings")
    assert tab.seen(ReadingsState)["meters"] == []
    await tab.send(TOGGLE, meter=str(cold))
    assert tab.seen(ReadingsState)["past"].get(str(cold)) is None
    await type_(tab, TYPE_READING, row=f"m{cold}-1", text="124")
    await press(tab, **{f"reading-m{cold}-1": "124"})
    assert sent(db) == []


async def test_nobody_gets_nothing(tabs, db, cold):
    tab = tabs()
    await tab.send(SUBMIT, form={f"reading-m{cold}-1": "124", "form_key": "0123456789"})
    await tab.send(TOGGLE, meter=str(cold))
    assert tab.seen(ReadingsState).get("meters", []) == []
    assert sent(db) == []


@pytest.mark.parametrize("odd", [None, 5, 1.5, True, [], ["a"], {}, {"a": {}}, "x" * 10_000, "\x00", "m0-0"])
async def test_arguments_of_any_type_do_no_harm(tab, db, cold, odd):
    row = f"m{cold}-1"
    await type_(tab, TYPE_READING, row=odd, text="1")
    await type_(tab, TYPE_READING, row=row, text=odd)
    await type_(tab, TYPE_VOLUME, row=odd, text=odd)
    await tab.send(TOGGLE, meter=odd)
    await tab.send(SUBMIT, form=odd)
    await tab.send(SUBMIT, form=form(tab, **{f"reading-{row}": odd, f"volume-{row}": odd, "taken_on": odd}))
    await tab.send(SUBMIT, form={f"reading-{row}": "124", "form_key": odd})
    assert "Что-то пошло не так" not in tab.seen(SessionState).get("fault", "")
    assert len(sent(db)) <= 1


@pytest.mark.parametrize("may_send", [True, False])
async def test_only_who_may_send_is_promised_that_an_unverified_meter_is_read(tabs, db, cast, cold, may_send):
    make_meter(db, cast.flat, "ГВС С/У", serial="34230774", verification_due=date(2024, 2, 13))
    vera = newcomer(db)
    wish = Wish("vera@example.org", may_send=may_send, may_pay=True)
    db.write(give_access, cast.owner.actor, cast.flat, wish, client=HOME, site=SITE, now=NOW)
    tab = tabs(db.write(open_session, vera.user_id, client=HOME, now=NOW))
    await tab.open("/readings")
    (notice,) = tab.seen(ReadingsState)["notices"]
    assert (tab.seen(ReadingsState)["refusal"] == "") == may_send
    assert ("Показания по ним примем" in notice.text) == may_send
    assert "начислят по среднему или по нормативу" in notice.text


EARLY = {"window_opens": 5, "window_closes": 15, "takes_early": False}


async def early(tabs, db, cast, meter, *, text="124,5"):
    """A tab whose form has been left to wait for 5 December."""
    set_organization(db, cast.organization, **EARLY)
    tab = tabs(cast.owner.cookie)
    await tab.open("/readings")
    _, events = await press(tab, **{"waits": tab.seen(ReadingsState)["opening"], f"reading-m{meter}-1": text})
    return tab, events


async def test_a_form_filled_early_waits_for_its_window(tabs, db, cast, cold):
    set_organization(db, cast.organization, **EARLY)
    tab = tabs(cast.owner.cookie)
    await tab.open("/readings")
    seen = tab.seen(ReadingsState)
    assert (seen["accepts"], seen["refusal"], seen["opening"]) == (True, "", "5 декабря")
    before = seen["form_id"]
    tab, events = await early(tabs, db, cast, cold)
    seen = tab.seen(ReadingsState)
    assert "waiting" in str(events)
    assert seen["waiting"].title == "Показания за декабрь ждут открытия приёма."
    assert [line.text.replace("\u00a0", " ") for line in seen["waiting"].lines] == [
        "ХВС С/У № 26616450: показание 124,5"
    ]
    assert seen["form_id"] != before  # the fields are empty again
    assert sent(db) == []


async def test_an_early_form_can_be_cancelled_and_what_is_typed_stays(tabs, db, cast, cold):
    tab, _ = await early(tabs, db, cast, cold)
    form_id = tab.seen(ReadingsState)["form_id"]
    await tab.send(ReadingsState.cancel_waiting)
    assert tab.seen(ReadingsState)["waiting"].title == ""
    await tab.open("/readings")
    assert (tab.seen(ReadingsState)["waiting"].title, tab.seen(ReadingsState)["form_id"]) == ("", form_id)


async def test_whoever_pressed_to_send_is_not_left_waiting(tabs, db, cast, cold):
    """The page was opened while the window was, and the button said «Передать показания»."""
    tab = tabs(cast.owner.cookie)
    await tab.open("/readings")
    set_organization(db, cast.organization, **EARLY)
    await press(tab, **{f"reading-m{cold}-1": "124,5"})
    seen = tab.seen(ReadingsState)
    assert "Приём откроется 5 декабря" in seen["faults"][0].message
    assert seen["waiting"].title == ""


async def test_a_form_that_could_not_be_sent_gives_its_readings_back(tabs, db, cast, cold):
    tab, _ = await early(tabs, db, cast, cold)
    bill(db, cold, ("20.11.2026", "130"), source="Контролёр")
    set_organization(db, cast.organization, window_opens=1, window_closes=31)
    with db.transaction() as writer:
        form = writer.session.exec(select(WaitingForm)).one()
        form.period = Month(2026, 11)
        number = form.id
    send_waiting(db, number, site="https://lk.example.org", now=NOW)
    await tab.open("/readings")
    card = tab.seen(ReadingsState)["waiting"]
    assert card.title == "Отложенные показания не переданы 5 декабря."
    assert "Меньше последнего показания 130,000" in card.reasons[0]
    await tab.send(ReadingsState.restore)
    assert tab.seen(ReadingsState)["readings"] == {f"m{cold}-1": "124,5"}


async def test_what_is_typed_is_priced_in_the_same_event(tabs, db, cast, cold):
    paper = receipt(db, cast.flat, "ХВС и ВО", Month(2026, 10))
    accrual(db, paper, 1, "МУП ПОВВ:ХВС(КОПЕЙСК)", "начисление", "204,78", tariff="34,13", unit="м3", volume="6")
    accrual(db, paper, 2, "МУП ПОВВ:ВО(КОПЕЙСК)", "начисление", "118,74", tariff="19,79", unit="м3", volume="6")
    accrual(db, paper, 3, "Горячее водоснабжение", "начисление", "219,28", tariff="109,64", unit="м3", volume="2")
    hot, gas = (make_meter(db, cast.flat, name, resource=name, serial=name) for name in ("ГВС", "Газ"))
    tab = tabs(cast.owner.cookie)
    await tab.open("/readings")
    delta, _ = await type_(tab, TYPE_READING, row=f"m{cold}-1", text="124")
    assert set(delta[ReadingsState.get_full_name()]) == {"volumes", "costs"}
    assert costs(tab) == {f"m{cold}-1": "≈ 324 ₽ с водоотведением"}
    await type_(tab, TYPE_VOLUME, row=f"m{hot}-1", text="2")
    assert costs(tab)[f"m{hot}-1"].startswith("≈ 259 ₽")
    assert total(tab) == "Всего ≈ 582 ₽ по действующим тарифам"
    await type_(tab, TYPE_READING, row=f"m{gas}-1", text="2")
    assert f"m{gas}-1" not in costs(tab)
    assert total(tab) == "Всего ≈ 582 ₽ по действующим тарифам, без учёта «Газ»: тариф неизвестен"
    await type_(tab, TYPE_READING, row=f"m{cold}-1", text="12?")
    assert costs(tab)[f"m{cold}-1"] == ""
    await press(tab, **{f"reading-m{hot}-1": "2"})
    assert (costs(tab), total(tab)) == ({}, "")


def costs(tab) -> dict[str, str]:
    return {row: text.replace("\u00a0", " ") for row, text in tab.seen(ReadingsState)["costs"].items()}


def total(tab) -> str:
    return tab.seen(ReadingsState)["total"].replace("\u00a0", " ")


def file_of(data: bytes, name: str = "IMG_1.jpg"):
    return rx.UploadFile(file=BytesIO(data), path=Path(name), size=len(data))


async def test_a_photo_is_added_shown_replaced_and_removed(tab, cold, store):
    meter = str(cold)
    await tab.send(ReadingsState.photo_starts, meter=meter)
    await tab.send(ReadingsState.photo_progress, progress={"progress": 0.4, "loaded": 4, "total": 10})
    assert tab.seen(ReadingsState)["photo_told"].startswith("Загружаем фото… 40")
    await tab.send(ReadingsState.take_photo, files=[file_of(photo())], meter=meter)
    seen = tab.seen(ReadingsState)
    first = seen["photos"][meter]
    assert first.startswith("/api/files/")
    assert (seen["photo_busy"], seen["photo_errors"][meter]) == ("", "")
    await tab.send(ReadingsState.take_photo, files=[file_of(photo("PNG"))], meter=meter)
    assert tab.seen(ReadingsState)["photos"][meter] != first
    await press(tab, **{f"reading-m{cold}-1": "18"})  # refused: the photo stays, as what is typed does
    await tab.open("/readings")
    assert list(tab.seen(ReadingsState)["photos"]) == [meter]
    await tab.send(ReadingsState.remove_photo, meter=meter)
    assert tab.seen(ReadingsState)["photos"] == {}


@pytest.mark.parametrize("thief", ["stranger", "nobody"])
async def test_files_brought_with_another_cookie_are_never_taken_for_the_tabs_person(tab, db, cast, cold, store, thief):
    cookie = cast.stranger.cookie if thief == "stranger" else "x"
    tab.sends_files_as = f"{SESSION_COOKIE}={cookie}"
    await tab.send(ReadingsState.take_photo, files=[file_of(photo())], meter=str(cold))
    assert tab.seen(ReadingsState)["photos"] == {}
    with db.transaction() as writer:
        assert writer.session.exec(select(StoredFile)).all() == []
    tab.sends_files_as = ""
    await tab.send(ReadingsState.take_photo, files=[file_of(photo())], meter=str(cold))
    assert list(tab.seen(ReadingsState)["photos"]) == [str(cold)]


async def test_a_meter_that_is_not_on_the_page_leaves_nothing_in_the_tab(tab, db, cast, cold, store):
    garden = make_meter(db, cast.house, "Сад")
    before = dict(tab.seen(ReadingsState))
    for meter in ("7" * 90, str(garden), "", "0", f" {cold}"):
        await tab.send(ReadingsState.photo_starts, meter=meter)
        await tab.send(ReadingsState.take_photo, files=[file_of(photo())], meter=meter)
        await tab.send(ReadingsState.take_photo, files=[], meter=meter)
        await tab.send(ReadingsState.photo_rejected, code="file-too-large", meter=meter)
        await tab.send(ReadingsState.remove_photo, meter=meter)
        await tab.send(ReadingsState.toggle, meter=meter)
    assert tab.seen(ReadingsState) == before


@pytest.mark.parametrize(
    ("files", "said"),
    [([b""], "Файл пустой"), ([b"%PDF-1.7"], "Это не фотография"), ([b"x" * 10**7 * 2], "10 МБ")],
)
async def test_a_file_that_is_no_photo_is_refused_at_its_place(tab, cold, store, files, said):
    await tab.send(ReadingsState.take_photo, files=[file_of(data) for data in files], meter=str(cold))
    assert said in tab.seen(ReadingsState)["photo_errors"][str(cold)]
    assert tab.seen(ReadingsState)["photos"] == {}


@pytest.mark.parametrize(
    ("code", "said"),
    [("file-too-large", "больше 10 МБ"), ("file-invalid-type", "не фотография"), ("too-many-files", "одну фотографию"),
     ("?", "Выберите фотографию")],
)  # fmt: skip
async def test_what_the_browser_itself_refuses_is_said_in_russian(tab, cold, code, said):
    await tab.send(ReadingsState.photo_starts, meter=str(cold))
    await tab.send(ReadingsState.take_photo, files=[], meter=str(cold))  # so comes what the browser has refused
    await tab.send(ReadingsState.photo_rejected, code=code, meter=str(cold))
    assert tab.seen(ReadingsState)["photo_busy"] == ""
    assert said in tab.seen(ReadingsState)["photo_errors"][str(cold)]


async def test_a_stranger_adds_no_photo(tabs, db, cast, cold, store):
    tab = tabs(cast.stranger.cookie)
    await tab.open("/readings")
    await tab.send(ReadingsState.take_photo, files=[file_of(photo())], meter=str(cold))
    assert tab.seen(ReadingsState).get("photos", {}) == {}
    with db.transaction() as writer:
        assert writer.session.exec(select(StoredFile)).all() == []


async def test_a_correction_pressed_at_once_is_what_is_sent(tab, db, cold):
    """The browser still shows the volume of the first figure: its answer is on the way when the button is pressed."""
    row = f"m{cold}-1"
    await type_(tab, TYPE_READING, row=row, text="124")
    await type_(tab, TYPE_READING, row=row, text="125")
    for _ in range(2):
        await press(tab, **{f"reading-{row}": "125", f"volume-{row}": "6,000"})
    assert sent(db) == [(125_000, 7_000)]


async def test_a_volume_typed_last_is_what_is_sent(tab, db, cold):
    row = f"m{cold}-1"
    await type_(tab, TYPE_READING, row=row, text="124")
    await type_(tab, TYPE_VOLUME, row=row, text="7")
    await press(tab, **{f"reading-{row}": "124", f"volume-{row}": "7"})
    assert sent(db) == [(125_000, 7_000)]


async def test_two_tabs_of_one_session_send_one_form_each_and_the_later_counts(tabs, db, cast, cold):
    first, second = tabs(cast.owner.cookie), tabs(cast.owner.cookie)
    for one in (first, second):
        await one.open("/readings")
    assert first.seen(ReadingsState)["form_key"] != second.seen(ReadingsState)["form_key"]
    await press(first, **{f"reading-m{cold}-1": "124"})
    await press(second, **{f"reading-m{cold}-1": "125"})
    assert sent(db) == [(124_000, 6_000), (125_000, 7_000)]
    with db.transaction() as writer:
        rows = writer.session.exec(select(SentReading).order_by(SentReading.id)).all()
        assert [row.replaced_at is None for row in rows] == [False, True]
    await first.open("/readings")
    assert "передано 125,000" in first.seen(ReadingsState)["meters"][0].scales[0].sent


async def test_the_other_tab_is_asked_about_the_same_figure_again_and_stores_nothing_by_itself(tabs, db, cast, cold):
    first, second = tabs(cast.owner.cookie), tabs(cast.owner.cookie)
    for one in (first, second):
        await one.open("/readings")
        await type_(one, TYPE_READING, row=f"m{cold}-1", text="124")
    await press(first, **{f"reading-m{cold}-1": "124"})
    await press(second, **{f"reading-m{cold}-1": "1"})
    assert "Меньше последнего показания 118,000" in second.seen(ReadingsState)["errors"][f"m{cold}-1"]
    assert len(sent(db)) == 1


async def test_an_early_form_pressed_twice_and_in_two_tabs_is_one(tabs, db, cast, cold):
    set_organization(db, cast.organization, **EARLY)
    first, second = tabs(cast.owner.cookie), tabs(cast.owner.cookie)
    for one in (first, second):
        await one.open("/readings")
    keep = form(first, waits="5 декабря", **{f"reading-m{cold}-1": "124"})
    for _ in range(2):
        await first.send(SUBMIT, form=keep)
    await press(second, waits="5 декабря", **{f"reading-m{cold}-1": "125"})
    with db.transaction() as writer:
        found = writer.session.exec(select(WaitingForm).order_by(WaitingForm.id)).all()
        assert [(one.outcome, one.entries) for one in found] == [
            ("replaced", {f"m{cold}-1": "124"}), ("", {f"m{cold}-1": "125"}),
        ]  # fmt: skip
