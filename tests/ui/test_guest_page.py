"""Readings without registration through the real processor: what a guest sees, sends, and never gets to know."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.guest import end_visit, open_visit
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.metering.tables import SentReading, Submission
from lk_reflex.ui.public.guest.state import GuestState
from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.session import SessionState
from tests.cast import NOW, TODAY, make_account
from tests.metering.dials import make_meter, monthly, set_organization

HOME = [("_redirect", "/?guest=over")]
KEPT = ("_redirect", "/?guest=kept")
HERE = Client("203.0.113.5")


@pytest.fixture
def cold(db, cast):
    """6,000 m³ a month, 118,000 on 21.10.2026; and a debt that concerns no guest."""
    set_organization(db, cast.organization, window_opens=1, window_closes=31, phone="8 351 112")
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    with db.transaction() as writer:
        receipt = Receipt(account_id=cast.flat, kind="Объединённая", month=Month.of(TODAY), issued_on=TODAY)
        writer.add(receipt)
        writer.add(BalanceLine(receipt_id=receipt.id, service="Услуга", debt=0, paid=0, charged=77713, total=77713))
    return meter


@pytest.fixture
def cookie(db, cast):
    return db.write(open_visit, cast.flat, client=HERE, now=NOW)


@pytest.fixture
async def tab(tabs, cookie, cold):
    opened = tabs(guest=cookie)
    await opened.open("/guest")
    return opened


def sent(db) -> list[tuple[int, int]]:
    with db.transaction() as writer:
        return [
            (row.value, row.volume) for row in writer.session.exec(select(SentReading).order_by(SentReading.id)).all()
        ]


async def press(tab, **fields):
    form = {"form_key": tab.seen(GuestState)["form_key"], "taken_on": "", **fields}
    return await tab.send(GuestState.submit, form=form)


def gone(events) -> list[tuple[str, str]]:
    return [(name, payload["path"]) for name, payload in events if name == "_redirect"]


async def test_a_guest_sees_whose_form_it_is_and_the_meters(tab, cold):
    seen = tab.seen(GuestState)
    assert (seen["number"], seen["address"]) == ("1234567899", "УЛ. КЫШТЫМСКАЯ, 10 - 1010")
    assert (seen["organization"], seen["phone"], seen["open_until"]) == ("ПОВВ", "8 351 112", "15:30")
    (meter,) = seen["meters"]
    (scale,) = meter.scales
    assert (meter.name, meter.number, scale.reading_label) == ("ХВС С/У", "26616450", "Новое показание")
    assert seen.get("choices", []) == []


async def test_no_name_sum_or_figure_of_the_meters_goes_to_a_guest(tab, cold):
    row = f"reading-m{cold}-1"
    for fields in ({row: "1"}, {row: "900"}, {row: "118"}, {row: "124", "taken_on": "01.01.2026"}, {row: "124"}):
        await press(tab, **fields)
    await tab.open("/guest")
    told = repr(tab.wire.sent).replace("\u00a0", " ")
    for secret in ("ЗДЕТОВЕЦКИЙ", "СЕРГЕЙ", "777,13", "118,000", "112,000", "6,000", "21.10.2026", "example.org"):
        assert secret not in told, secret


async def test_a_reading_is_taken_and_thanked_for(tab, db, cold):
    before = tab.seen(GuestState)["form_key"]
    _, events = await press(tab, **{f"reading-m{cold}-1": "124,5"})
    seen = tab.seen(GuestState)
    assert sent(db) == [(124_500, 6_500)]
    assert seen["taken_title"].startswith("Показания переданы ")
    assert [row.text for row in seen["taken"]] == ["ХВС С/У № 26616450: показание 124,500"]
    assert seen["meters"][0].scales[0].sent == "За ноябрь показание уже передано. Новое показание заменит его."
    assert seen["form_key"] != before
    assert "taken" in str(events)
    with db.transaction() as writer:
        assert writer.session.exec(select(Submission)).one().source == "Без регистрации"


async def test_the_same_press_five_times_stores_one_reading(tab, db, cold):
    fields = {f"reading-m{cold}-1": "124,5", "form_key": tab.seen(GuestState)["form_key"]}
    for _ in range(5):
        await press(tab, **fields)
    assert sent(db) == [(124_500, 6_500)]


async def test_faults_stand_at_their_fields(tab, db, cold):
    _, events = await press(tab, **{f"reading-m{cold}-1": "18,4", "taken_on": "31.11.2026"})
    seen = tab.seen(GuestState)
    assert seen["errors"][f"m{cold}-1"].startswith("Меньше последнего показания. Проверьте число.")
    assert {fault.field_id for fault in seen["faults"]} == {f"reading-m{cold}-1", "taken_on"}
    assert "ref_error_summary" in str(events)
    assert sent(db) == []


async def test_a_doubt_is_asked_about_and_taken_after_yes(tab, db, cold):
    row = f"m{cold}-1"
    await press(tab, **{f"reading-{row}": "238"})
    assert tab.seen(GuestState)["questions"][row].startswith("Расход по этому показанию необычно большой.")
    assert sent(db) == []
    await press(tab, **{f"reading-{row}": "238", f"yes-{row}": "yes"})
    assert sent(db) == [(238_000, 120_000)]


async def test_what_a_resident_has_sent_is_said_and_stays(tabs, tab, db, cast, cold):
    owner = tabs(cast.owner.cookie)
    await owner.open("/readings")
    form = {"form_key": owner.seen(ReadingsState)["form_key"], f"reading-m{cold}-1": "125"}
    await owner.send(ReadingsState.submit, form=form)
    await tab.open("/guest")
    said = tab.seen(GuestState)["meters"][0].scales[0].sent
    assert said == "За ноябрь показание уже передано из личного кабинета. Исправить его можно там."
    await press(tab, **{f"reading-m{cold}-1": "126"})
    assert sent(db) == [(125_000, 7_000)]


class TestNobodyElse:
    async def calls(self, tab, cold, key="1"):
        found = []
        for handler, payload in (
            (GuestState.load, {}),
            (GuestState.choose, {"key": key}),
            (GuestState.submit, {"form": {f"reading-m{cold}-1": "124", "form_key": "0123456789"}}),
        ):
            _, events = await tab.send(handler, **payload)
            found += gone(events)
        return found

    @pytest.mark.parametrize("guest", ["", "guessed", "x" * 43, "%", "\x00"])
    async def test_without_a_visit_every_handler_leads_home(self, tabs, db, cold, guest):
        tab = tabs(guest=guest)
        await tab.open("/guest")
        assert await self.calls(tab, cold) == HOME * 3
        assert tab.seen(GuestState).get("meters", []) == []
        assert sent(db) == []

    @pytest.mark.parametrize("who", ["owner", "stranger", "operator"])
    async def test_a_session_is_no_visit(self, tabs, db, cast, cold, who):
        tab = tabs(getattr(cast, who).cookie)
        await tab.open("/guest")
        assert await self.calls(tab, cold) == HOME * 3
        assert sent(db) == []

    async def test_a_visit_is_no_session(self, tabs, tab, cold):
        for page in ("/readings", "/overview", "/meters", "/accounts"):
            _, events = await tab.follow(page)
            assert gone(events) == [("_redirect", "/")]
        await tab.send(ReadingsState.submit, form={f"reading-m{cold}-1": "124", "form_key": "0123456789"})
        assert tab.seen(ReadingsState).get("meters", []) == []

    async def test_a_visit_that_ended_leads_home_with_every_press(self, tab, db, cookie, cold):
        db.write(end_visit, token_hash(cookie), now=NOW)
        assert await self.calls(tab, cold) == [*HOME * 2, KEPT]
        assert sent(db) == []

    async def test_what_was_typed_waits_in_the_tab_for_the_same_account(self, tabs, tab, db, cast, cookie, cold):
        db.write(end_visit, token_hash(cookie), now=NOW)
        _, events = await press(tab, **{f"reading-m{cold}-1": "124,5"})
        assert gone(events) == [KEPT]
        home = tabs(token=tab.token)
        await home.open("/")
        assert "124,5" not in repr(home.vars)
        for account, kept in ((cast.house, {}), (cast.flat, {f"m{cold}-1": "124,5"})):
            again = tabs(guest=db.write(open_visit, account, client=HERE, now=NOW), token=tab.token)
            await again.open("/guest")
            assert again.seen(GuestState).get("kept", {}) == kept
        await press(again, **{f"reading-m{cold}-1": "124,5"})
        assert again.seen(GuestState)["kept"] == {}
        assert sent(db) == [(124_500, 6_500)]

    async def test_and_in_no_other_tab(self, tabs, tab, db, cast, cookie, cold):
        db.write(end_visit, token_hash(cookie), now=NOW)
        await press(tab, **{f"reading-m{cold}-1": "124,5"})
        other = tabs(guest=db.write(open_visit, cast.flat, client=HERE, now=NOW))
        await other.open("/guest")
        assert other.seen(GuestState).get("kept", {}) == {}

    async def test_so_does_one_that_ran_out(self, tab, db, cold, monkeypatch):
        monkeypatch.setattr("lk_reflex.ui.guard.utc_now", lambda: NOW + timedelta(minutes=30))
        assert await self.calls(tab, cold) == [*HOME * 2, KEPT]
        assert sent(db) == []

    async def test_another_accounts_meter_is_not_found(self, tab, db, cast, cold):
        theirs = make_meter(db, cast.house, "Чужой")
        await press(tab, **{f"reading-m{theirs}-1": "1"})
        await tab.send(GuestState.choose, key=str(cast.house))
        assert sent(db) == []
        assert "Чужой" not in repr(tab.wire.sent)
        assert tab.seen(SessionState)["fault"] == "Этот лицевой счет не привязан к вашему личному кабинету"


class TestOneTabAfterAnother:
    async def test_the_next_guest_at_the_same_screen_sees_nothing_of_the_last(self, tabs, tab, db, cast, cold):
        await press(tab, **{f"reading-m{cold}-1": "124,5"})
        other = tabs(guest=db.write(open_visit, cast.house, client=HERE, now=NOW), token=tab.token)
        await other.open("/guest")
        seen = other.seen(GuestState)
        assert (seen["number"], seen["meters"], seen["taken_title"]) == ("2000000001", [], "")
        assert "124,500" not in repr(other.vars)

    async def test_nor_does_whoever_comes_home_after_it(self, tabs, tab, cold):
        nobody = tabs(token=tab.token)
        await nobody.open("/")
        assert nobody.seen(GuestState).get("number", "") == ""
        assert "1234567899" not in repr(nobody.vars)

    async def test_another_cookie_without_a_new_connection_is_refused(self, tabs, tab, db, cast, cold):
        thief = tabs(guest=db.write(open_visit, cast.house, client=HERE, now=NOW), token=tab.token)
        assert await thief.send(GuestState.load) == ({}, [])

    async def test_a_lost_connection_keeps_the_form(self, tab, cold):
        before = tab.seen(GuestState)["form_id"]
        await tab.open("/guest")
        assert tab.seen(GuestState)["form_id"] == before


class TestOrganizationsThatNumberAlike:
    @pytest.fixture
    def heat(self, db, cast, cold):
        with db.transaction() as writer:
            organization = Organization(inn="7421000300", name="АО «Тепло»", phone="8 351 200")
            writer.add(organization)
            account = make_account(writer, organization.id or 0, "1234567899", flat="1010", house="д. 10")
        make_meter(db, account, "Отопление", serial="900")
        return account

    async def test_a_guest_chooses_between_them(self, tabs, db, cookie, heat):
        tab = tabs(guest=cookie)
        await tab.open("/guest")
        choices = tab.seen(GuestState)["choices"]
        assert [(one.organization, one.chosen) for one in choices] == [("ПОВВ", True), ("АО «Тепло»", False)]
        await tab.send(GuestState.choose, key=str(heat))
        seen = tab.seen(GuestState)
        assert ([meter.name for meter in seen["meters"]], seen["phone"]) == (["Отопление"], "8 351 200")
        assert [one.chosen for one in seen["choices"]] == [False, True]
        (meter,) = seen["meters"]
        await press(tab, **{meter.scales[0].reading_id: "3"})
        assert sent(db) == [(3_000, 3_000)]


@pytest.mark.parametrize("odd", [None, 5, 1.5, True, [], ["a"], {}, {"a": {}}, "x" * 10_000, "\x00", "m0-0"])
async def test_arguments_of_any_type_do_no_harm(tab, db, cold, odd):
    row = f"m{cold}-1"
    await tab.send(GuestState.choose, key=odd)
    await tab.send(GuestState.submit, form=odd)
    await press(tab, **{f"reading-{row}": odd, "taken_on": odd})
    await tab.send(GuestState.submit, form={f"reading-{row}": "124", "form_key": odd})
    assert "Что-то пошло не так" not in tab.seen(SessionState).get("fault", "")
    assert len(sent(db)) <= 1


async def test_a_closed_account_and_one_without_meters_say_so(tabs, db, cast):
    tab = tabs(guest=db.write(open_visit, cast.house, client=HERE, now=NOW))
    await tab.open("/guest")
    seen = tab.seen(GuestState)
    assert (seen["meters"], seen["loaded"], seen["accepts"]) == ([], True, False)
