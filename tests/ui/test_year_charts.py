"""The charts that come after a page's first paint, through the real processor."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import NOT_LINKED, choose_account, link_account
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.resident.meters.state import MetersState
from lk_reflex.ui.resident.meters.use_state import MetersUse
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.resident.overview.year_state import YearState
from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.session import SessionState
from tests.billing.paper import receipt
from tests.cast import NOW
from tests.metering.dials import bill, make_meter, monthly
from tests.ui.plain import plain

OCTOBER = Month(2026, 10)


@pytest.fixture
def year(db, cast) -> None:
    """A year of two services and of cold water that stands still beside the hot one."""
    for back in range(13):
        lines = [("Отопление", "0", "0", "500", "500"), ("ХВС", "0", "0", str(100 + back), "0")]
        receipt(db, cast.flat, "Объединённая", OCTOBER.shift(-back), lines)
    cold, hot = make_meter(db, cast.flat), make_meter(db, cast.flat, "ГВС", serial="77", resource="ГВС")
    monthly(db, hot, "500", "3", months=20)
    monthly(db, cold, "400", "0", months=4)


def states_by_answer(tab) -> list[set[str]]:
    """The states that each answer of the server to this tab has changed, in the order of sending."""
    return [set(update.delta or {}) for update in tab.wire.sent.get(tab.token, [])]


@pytest.mark.parametrize(
    ("path", "first", "second"), [("/overview", OverviewState, YearState), ("/meters", MetersState, MetersUse)]
)
@pytest.mark.usefixtures("year")
async def test_the_page_is_answered_before_its_charts(tabs, cast, path, first, second):
    tab = tabs(cast.owner.cookie)
    await tab.open("/payments")
    before = len(states_by_answer(tab))
    await tab.follow(path)
    answers = states_by_answer(tab)[before:]
    places = [next(place for place, states in enumerate(answers) if one.get_full_name() in states)
              for one in (first, second)]  # fmt: skip
    assert places == sorted(set(places))
    assert tab.seen(second)["of"] == tab.seen(AccountState)["key"] == str(cast.flat)


async def test_other_pages_ask_for_nothing(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    for page in ("/charges", "/charges?month=2026-09", "/readings", "/payments"):
        delta, _ = await tab.follow(page)
        assert not delta.keys() & {YearState.get_full_name(), MetersUse.get_full_name()}


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("who", ["owner", "relative"])
async def test_the_years_charts_on_the_overview(tabs, cast, who):
    tab = tabs(getattr(cast, who).cookie)
    await tab.open("/overview")
    seen = tab.seen(YearState)
    card = plain(seen["year"])
    assert card.sentence == "В октябре начислено 600,00 ₽, на 12,00 ₽ меньше, чем год назад."
    assert (card.drawn, card.names) == (True, ["Отопление", "ХВС", "", "", "", "", ""])
    assert card.rows[0] == ("Октябрь 2026", "600,00", "500,00", "100,00", "", "", "", "", "")
    assert len(card.rows) == 13
    assert card.chart.slots[-1].title == "Октябрь 2026: 600,00 руб."
    assert [(one.title, one.sentence) for one in plain(seen["uses"])] == [
        ("Холодная вода", "В октябре расхода не было."),
        ("Горячая вода", "В октябре 3 м³, столько же, сколько год назад."),
    ]
    assert tab.seen(OverviewState)["resources"] == len(seen["uses"])


@pytest.mark.usefixtures("year")
async def test_a_standing_meter_is_said_on_the_overview_and_at_the_meters(tabs, cast):
    tab = tabs(cast.owner.cookie)
    for path, state in (("/overview", OverviewState), ("/meters", MetersState)):
        await tab.open(path)
        (hint,) = plain(tab.seen(state)["hints"])
        assert hint.title == "Счётчик стоит: ХВС С/У № 26616450"
        assert hint.text.startswith("Показание не меняется 3 месяца подряд, хотя расходуется горячая вода.")


@pytest.mark.usefixtures("year")
async def test_a_chart_for_each_meter(tabs, db, cast):
    bill(db, make_meter(db, cast.flat, "Я новый", serial="1"), ("01.11.2026", "0"))
    tab = tabs(cast.owner.cookie)
    await tab.open("/meters")
    found = plain(tab.seen(MetersUse)["uses"])
    assert [(one.title, one.drawn) for one in found] == [
        ("ГВС № 77", True), ("ХВС С/У № 26616450", True), ("Я новый № 1", False),
    ]  # fmt: skip
    assert tab.seen(MetersState)["charts"] == 2


@pytest.mark.usefixtures("year")
async def test_nobody_else_gets_any(tabs, cast):
    for tab in (tabs(cast.stranger.cookie), tabs(cast.operator.cookie), tabs()):
        await tab.open("/overview")
        await tab.open("/meters")
        await tab.send(YearState.load)
        await tab.send(MetersUse.load)
        assert tab.seen(YearState).get("uses", []) == []
        assert not tab.seen(YearState).get("year") or tab.seen(YearState)["year"].rows == []
        assert tab.seen(MetersUse).get("uses", []) == []


@pytest.mark.usefixtures("year")
async def test_a_choice_in_another_tab_does_not_change_whose_charts_come(tabs, db, cast):
    db.write(link_account, cast.owner.actor.user_id, cast.house, now=NOW)
    db.write(choose_account, cast.owner.actor, cast.flat, now=NOW)
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    db.write(choose_account, cast.owner.actor, cast.house, now=NOW + timedelta(seconds=1))
    await tab.send(YearState.load)  # the page still shows the flat
    assert tab.seen(YearState)["of"] == tab.seen(AccountState)["key"] == str(cast.flat)
    assert len(tab.seen(YearState)["year"].rows) == 13
    await tab.follow("/overview")
    assert tab.seen(YearState)["of"] == tab.seen(AccountState)["key"] == str(cast.house)
    assert tab.seen(YearState)["year"].rows == tab.seen(YearState)["uses"] == []


@pytest.mark.usefixtures("year")
async def test_what_was_unlinked_between_the_two_answers_does_not_come(tabs, db, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    db.write(lambda w: w.change(delete(AccountLink).where(AccountLink.user_id == cast.owner.actor.user_id)))
    await tab.send(YearState.load)
    assert tab.seen(SessionState)["fault"] == NOT_LINKED
    await tab.follow("/overview")
    seen = tab.seen(YearState)
    assert (seen["of"], seen["uses"], seen["year"].rows, tab.seen(OverviewState)["resources"]) == ("", [], [], 0)


async def test_an_account_without_anything_has_no_charts(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    assert (tab.seen(YearState)["of"], tab.seen(YearState)["uses"]) == (str(cast.flat), [])
    assert (tab.seen(OverviewState)["resources"], tab.seen(OverviewState)["hints"]) == (0, [])


@pytest.mark.usefixtures("year")
async def test_the_answer_is_small(tabs, cast):
    """Paths, not rectangles: a year of two services and two waters under ten thousand letters."""
    tab = tabs(cast.owner.cookie)
    delta, _ = await tab.open("/overview")
    assert len(str(delta[YearState.get_full_name()])) < 16_000


@pytest.mark.usefixtures("year")
async def test_the_form_of_readings_says_it_at_the_meter(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/readings")
    (key, hint), *more = tab.seen(ReadingsState)["hints"].items()
    assert (hint.title.startswith("Счётчик стоит: ХВС С/У"), more) == (True, [])
    assert key in {card.key for card in tab.seen(ReadingsState)["meters"]}


@pytest.mark.usefixtures("year")
async def test_a_link_from_the_charges_leads_to_the_chart_once(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    _, events = await tab.follow("/overview?show=year")
    assert [payload["ref"] for name, payload in events if name == "_set_focus"] == ["ref_year"]
    _, events = await tab.open("/overview?show=year")  # the connection was lost for a moment
    assert events == []
