"""Объявления и отключения through the real processor: written, checked, published once, shown and told as text."""

import pytest
from sqlmodel import select

from lk_reflex.domain.accounts.guest import open_visit
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.announcements.tables import Announcement
from lk_reflex.domain.identity.client import Client
from lk_reflex.ui.public.guest.state import GuestState
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.staff.announcements.state import AnnouncementsState
from tests.cast import NOW

XSS = "<img src=x onerror=alert(1)>"


def of(row, name):
    return getattr(row, name) if hasattr(row, name) else row[name]


def outage(**more):
    return {
        "kind": "outage", "title": f"Отключение воды {XSS}", "body": XSS, "where": "all", "from_day": "20.11.2026",
        "from_time": "15:30", "to_day": "20.11.2026", "to_time": "18:00", **more,
    }  # fmt: skip


def wrong(tab):
    """The fields with a fault; all others have an empty one, which a browser needs to draw them as sound."""
    errors = tab.seen(AnnouncementsState)["errors"]
    assert {"title", "body", "places", "from_day", "from_time", "to_day", "to_time"} == set(errors)
    return sorted(name for name, text in errors.items() if text)


def stored(db):
    with db.transaction() as writer:
        return [
            (one.title, one.hidden_at is None)
            for one in writer.session.exec(select(Announcement).order_by(Announcement.id))
        ]


async def test_it_is_checked_published_once_and_shown(tabs, db, cast):
    desk = tabs(cast.operator.cookie)
    await desk.open("/staff/announcements")
    seen = desk.seen(AnnouncementsState)
    assert [of(one, "title") for one in seen["organizations"]] == ["ПОВВ"]
    await desk.send(AnnouncementsState.check, form=outage(title="", to_time="15:00"))
    assert wrong(desk) == ["title", "to_day"]
    assert of(desk.seen(AnnouncementsState)["fields"], "body") == XSS
    await desk.send(AnnouncementsState.send)  # nothing was checked
    assert stored(db) == []
    await desk.send(AnnouncementsState.check, form=outage())
    seen = desk.seen(AnnouncementsState)
    assert seen["check_when"] == "с 20.11.2026 15:30 до 20.11.2026 18:00"
    assert seen["check_count"] == "Увидят жители 2 лицевых счетов"
    for _press in range(3):
        await desk.send(AnnouncementsState.send)
    assert stored(db) == [(f"Отключение воды {XSS}", True)]
    assert desk.seen(AnnouncementsState)["outcome_kind"] == "good"
    for person in (cast.owner, cast.stranger):
        tab = tabs(person.cookie)
        await tab.open("/overview")
        (row,) = tab.seen(OverviewState)["announcements"]
        assert (of(row, "title"), of(row, "body")) == (f"Отключение воды {XSS}", XSS)
        assert of(row, "when").startswith("Отключение: с 20.11.2026 15:30")
    (listed,) = desk.seen(AnnouncementsState)["rows"]
    await desk.send(AnnouncementsState.end, announcement=of(listed, "key"))
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    assert not tab.seen(OverviewState).get("announcements")


async def test_houses_are_chosen_by_street(tabs, db, cast):
    desk = tabs(cast.operator.cookie)
    await desk.open("/staff/announcements")
    await desk.send(AnnouncementsState.check, form=outage(where="houses"))
    assert wrong(desk) == ["places"]
    await desk.send(AnnouncementsState.find_streets, form={"street": "садов"})
    (street,) = desk.seen(AnnouncementsState)["streets"]
    await desk.send(AnnouncementsState.open_street, street=of(street, "key"))
    (house,) = desk.seen(AnnouncementsState)["houses"]
    await desk.send(AnnouncementsState.toggle_house, house=of(house, "key"))
    assert len(desk.seen(AnnouncementsState)["chosen"]) == 1
    await desk.send(AnnouncementsState.toggle_house, house=of(house, "key"))
    assert desk.seen(AnnouncementsState)["chosen"] == []
    await desk.send(AnnouncementsState.add_street, street=of(street, "key"))
    await desk.send(AnnouncementsState.toggle_house, house="999")
    assert len(desk.seen(AnnouncementsState)["chosen"]) == 1
    await desk.send(AnnouncementsState.check, form=outage(where="houses"))
    assert desk.seen(AnnouncementsState)["check_places"] == "УЛ. САДОВАЯ: 1 дом"
    await desk.send(AnnouncementsState.send)
    for account, number in ((cast.house, 1), (cast.flat, 0)):
        cookie = db.write(open_visit, account, client=Client("10.0.0.1", "тест"), now=NOW)
        guest = tabs(guest=cookie)
        await guest.open("/guest")
        assert len(guest.seen(GuestState).get("outages") or []) == number


async def test_one_is_changed_and_hidden(tabs, db, cast):
    desk = tabs(cast.operator.cookie)
    await desk.open("/staff/announcements")
    await desk.send(AnnouncementsState.check, form=outage())
    await desk.send(AnnouncementsState.go_back)
    assert (desk.seen(AnnouncementsState)["check_title"], stored(db)) == ("", [])
    await desk.send(AnnouncementsState.check, form=outage())
    await desk.send(AnnouncementsState.send)
    key = of(desk.seen(AnnouncementsState)["rows"][0], "key")
    await desk.send(AnnouncementsState.edit, announcement=key)
    fields = desk.seen(AnnouncementsState)["fields"]
    assert (of(fields, "from_time"), of(fields, "to_day"), of(fields, "where")) == ("15:30", "20.11.2026", "all")
    await desk.send(AnnouncementsState.check, form=outage(title="Отключение тепла"))
    await desk.send(AnnouncementsState.send)
    assert stored(db) == [("Отключение тепла", True)]
    await desk.send(AnnouncementsState.hide, announcement=key)
    assert stored(db) == [("Отключение тепла", False)]
    await desk.send(AnnouncementsState.hide, announcement=key)
    assert desk.seen(AnnouncementsState)["outcome_kind"] == "bad"


@pytest.mark.parametrize("who", ["outsider", "owner"])
async def test_nobody_else_writes_any(tabs, db, cast, who):
    desk = tabs(cast.operator.cookie)
    await desk.open("/staff/announcements")
    await desk.send(AnnouncementsState.check, form=outage())
    await desk.send(AnnouncementsState.send)
    with db.transaction() as writer:
        (kept,) = writer.session.exec(select(Announcement)).all()
        key = str(kept.id)
        assert writer.session.get_one(Account, cast.flat).organization_id == kept.organization_id
    tab = tabs(getattr(cast, who).cookie)
    await tab.open("/staff/announcements")
    for handler, given in (
        (AnnouncementsState.choose_organization, {"organization": str(cast.organization)}),
        (AnnouncementsState.find_streets, {"form": {"street": "садовая"}}),
        (AnnouncementsState.edit, {"announcement": key}),
        (AnnouncementsState.check, {"form": outage(title="Чужое")}),
        (AnnouncementsState.send, {}),
        (AnnouncementsState.end, {"announcement": key}),
        (AnnouncementsState.hide, {"announcement": key}),
    ):
        await tab.send(handler, **given)
    assert not tab.seen(AnnouncementsState).get("rows")
    assert not tab.seen(AnnouncementsState).get("streets")
    assert stored(db) == [(f"Отключение воды {XSS}", True)]
