"""Announcements and outages: who may publish what for whom, who sees it until when, and who is told, once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Conflict, Invalid, NotFound
from lk_reflex.domain.accounts.guest import guest_of, open_visit
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.announcements.houses import houses_of_street, how_many, streets_like
from lk_reflex.domain.announcements.rules import Typed, meant_by
from lk_reflex.domain.announcements.showing import NEWS_LAST, announcements_for, outages_for_guest
from lk_reflex.domain.announcements.tables import Announcement
from lk_reflex.domain.announcements.telling import tell_announcements
from lk_reflex.domain.announcements.writing import (
    Outrun,
    announced,
    change_announcement,
    end_outage,
    hide_announcement,
    may_announce,
    one_announced,
    publish_announcement,
)
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.mail.topics import ANNOUNCEMENTS, choose
from lk_reflex.domain.notifications.tables import Notification
from tests.cast import NOW, make_account

ZONE = "Asia/Yekaterinburg"
SITE = "https://lk.example"
LATER = NOW + timedelta(hours=1)


def outage(*houses: int, **more) -> Typed:
    """From 15:30 to 18:00 of today, local time: half an hour from now."""
    given = {
        "kind": "outage", "title": "Отключение холодной воды", "body": "Ремонт на сетях",
        "where": "houses" if houses else "all", "houses": frozenset(houses), "from_day": "20.11.2026",
        "from_time": "15:30", "to_day": "20.11.2026", "to_time": "18:00",
    }  # fmt: skip
    return Typed(**{**given, **more})


def news(**more) -> Typed:
    return Typed(**{"kind": "news", "title": "Новый график работы", "body": "", "where": "all", **more})


def house_of(db, account):
    with db.transaction() as writer:
        return writer.session.get_one(Account, account).building_id


def publish(db, cast, typed, who="operator", now=NOW):
    return db.write(publish_announcement, getattr(cast, who).actor, cast.organization, typed, now=now)


def seen(db, person, account, now=NOW):
    return [one.title for one in db.read(announcements_for, person.actor, account, now=now)]


def test_a_form_means_moments_by_the_organizations_clock():
    meant = meant_by(outage(), time_zone=ZONE, now=NOW)
    assert meant.starts_at == datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
    assert meant.ends_at == datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    assert meant_by(outage(to_day="", to_time=""), time_zone=ZONE, now=NOW).ends_at is None
    assert meant_by(news(from_day="вздор"), time_zone=ZONE, now=NOW).starts_at is None  # news have no term
    assert meant_by(outage(from_time="9"), time_zone=ZONE, now=NOW).starts_at == datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"title": " \0 "}, ["title"]),
        ({"title": "x" * 121}, ["title"]),
        ({"body": "x" * 2001}, ["body"]),
        ({"from_day": "", "from_time": ""}, ["from_day"]),
        ({"from_day": "31.02.2026"}, ["from_day"]),
        ({"from_time": ""}, ["from_time"]),
        ({"from_time": "25:00"}, ["from_time"]),
        ({"to_time": "18:60"}, ["to_time"]),
        ({"to_day": "19.11.2026"}, ["to_day"]),
        ({"to_time": "15:30"}, ["to_day"]),
        ({"from_time": "10:00", "to_time": "14:59"}, ["to_day"]),
        ({"to_day": "20.11.2028"}, ["to_day"]),
        ({"from_day": "20.12.2027", "to_day": "", "to_time": ""}, ["from_day"]),
        ({"from_day": "01.01.0001"}, ["from_day"]),
        ({"where": "houses"}, ["places"]),
        ({"where": "all", "houses": frozenset({1})}, ["places"]),  # nobody means both
        ({"where": "", "title": ""}, ["title", "places"]),
        ({"where": "houses", "houses": frozenset(range(2001))}, ["places"]),
    ],
)
def test_faults_are_named_by_field(more, fields):
    with pytest.raises(Invalid) as fault:
        meant_by(outage(**more), time_zone=ZONE, now=NOW)
    assert list(fault.value.fields) == fields


def test_it_is_shown_to_those_it_concerns_until_it_is_over(db, cast):
    publish(db, cast, outage(house_of(db, cast.flat)))
    publish(db, cast, news())
    assert seen(db, cast.owner, cast.flat) == ["Отключение холодной воды", "Новый график работы"]
    assert seen(db, cast.relative, cast.flat) == ["Отключение холодной воды", "Новый график работы"]
    assert seen(db, cast.stranger, cast.house) == ["Новый график работы"]
    assert seen(db, cast.stranger, cast.flat) == []  # not theirs
    over = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    assert len(seen(db, cast.owner, cast.flat, over - timedelta(seconds=1))) == 2
    assert seen(db, cast.owner, cast.flat, over) == ["Новый график работы"]
    assert seen(db, cast.owner, cast.flat, NOW + NEWS_LAST) == []
    one = db.read(announcements_for, cast.owner.actor, cast.flat, now=LATER)[0]
    assert (one.under_way, one.organization) == (True, "ПОВВ")


def test_a_guest_sees_the_outages_of_the_visited_account_alone(db, cast):
    publish(db, cast, outage(house_of(db, cast.flat)))
    publish(db, cast, news())
    titles = []
    for account in (cast.flat, cast.house):
        cookie = db.write(open_visit, account, client=Client("10.0.0.1", "тест"), now=NOW)
        guest = db.read(guest_of, token_hash(cookie), now=NOW)
        titles.append([one.title for one in db.read(outages_for_guest, guest, now=NOW)])
    assert titles == [["Отключение холодной воды"], []]


def test_another_organization_is_another_affair(db, cast):
    made = publish(db, cast, outage())
    with db.transaction() as writer:
        other = Organization(inn="7400000001", name="Тепло")
        writer.add(other)
        other_id = int(other.id or 0)
        foreign = make_account(writer, other_id, "777", flat="1")
    theirs = house_of(db, foreign)
    for person in (cast.outsider, cast.owner):
        actor = person.actor
        assert db.read(may_announce, actor) == ()
        assert db.read(announced, actor, now=NOW) == ()
        assert db.read(streets_like, actor, cast.organization, "кыштымская") == ()
        assert db.read(how_many, actor, cast.organization, ()) == 0
        with pytest.raises(NotFound):
            db.write(publish_announcement, actor, cast.organization, news(), now=NOW)
        for deed in (end_outage, hide_announcement):
            with pytest.raises(NotFound):
                db.write(deed, actor, made, now=NOW)
        known = db.read(one_announced, cast.admin.actor, made, now=NOW)
        with pytest.raises(NotFound):
            db.write(change_announcement, actor, made, news(), seen=known, now=NOW)
    with pytest.raises(NotFound):
        db.write(publish_announcement, cast.operator.actor, other_id, news(), now=NOW)
    with pytest.raises(Invalid) as fault:  # a house where only another organization has accounts
        publish(db, cast, outage(theirs))
    assert list(fault.value.fields) == ["places"]
    assert db.write(publish_announcement, cast.admin.actor, other_id, outage(theirs), now=NOW)
    assert len(db.read(announced, cast.operator.actor, now=NOW)) == 1
    assert len(db.read(announced, cast.admin.actor, now=NOW)) == 2


def change(db, person, made, given, *, seen=None, now=NOW):
    known = seen or db.read(one_announced, person.actor, made, now=now)
    db.write(change_announcement, person.actor, made, given, seen=known, now=now)


def test_a_colleagues_change_is_not_put_back(db, cast):
    made = publish(db, cast, outage())
    begun = db.read(one_announced, cast.operator.actor, made, now=NOW)
    change(db, cast.colleague, made, outage(title="Отключение отопления"))
    with pytest.raises(Outrun):
        change(db, cast.operator, made, outage(title="Отключение воды"), seen=begun)
    assert seen(db, cast.owner, cast.flat) == ["Отключение отопления"]
    change(db, cast.operator, made, outage(title="Отключение воды"))
    assert seen(db, cast.owner, cast.flat) == ["Отключение воды"]


def test_it_is_changed_ended_and_hidden_while_it_lasts(db, cast):
    made = publish(db, cast, outage(house_of(db, cast.flat)))
    change(db, cast.colleague, made, outage(title="Отключение отопления"))
    assert seen(db, cast.stranger, cast.house) == ["Отключение отопления"]
    db.write(end_outage, cast.operator.actor, made, now=LATER)
    assert seen(db, cast.owner, cast.flat, LATER) == []
    with pytest.raises(Conflict):
        db.write(end_outage, cast.operator.actor, made, now=LATER)
    with pytest.raises(Conflict):
        change(db, cast.operator, made, outage(to_day="", to_time=""), now=LATER)
    said = publish(db, cast, news())
    with pytest.raises(Conflict):  # news have no end
        db.write(end_outage, cast.operator.actor, said, now=NOW)
    db.write(hide_announcement, cast.operator.actor, said, now=NOW)
    with pytest.raises(Conflict):
        db.write(hide_announcement, cast.operator.actor, said, now=NOW)
    assert seen(db, cast.owner, cast.flat) == ["Отключение отопления"]  # as it was before it was ended
    assert [one.over for one in db.read(announced, cast.operator.actor, now=LATER)] == [True, True]
    with db.transaction() as writer:
        deeds = [one.action for one in writer.session.exec(select(AuditEntry).order_by(AuditEntry.id))]
    assert [one for one in deeds if one.startswith("announcement")] == [
        "announcement-published", "announcement-changed", "announcement-ended", "announcement-published",
        "announcement-hidden",
    ]  # fmt: skip


def test_houses_are_found_by_street_and_counted(db, cast):
    with db.transaction() as writer:
        for number, house in (("301", "2"), ("302", "10"), ("303", "2А")):
            make_account(writer, cast.organization, number, flat="1", street="ул. Ёлочная", house=house)
    actor = cast.operator.actor
    (street,) = db.read(streets_like, actor, cast.organization, "елочн")
    assert (street.name, street.houses) == ("ул. Ёлочная", 3)
    houses = db.read(houses_of_street, actor, cast.organization, street)
    assert [one.address.rpartition(" ")[2] for one in houses] == ["2", "2А", "10"]
    assert db.read(how_many, actor, cast.organization, [one.building_id for one in houses[:2]]) == 2
    assert db.read(how_many, actor, cast.organization, ()) == 5
    for typed in ("", "%", "_", "'", "\\", "\0", "ж" * 10_000):
        assert db.read(streets_like, actor, cast.organization, typed) == ()


def told(db):
    with db.transaction() as writer:
        lines = [
            (one.user_id, one.title, one.link)
            for one in writer.session.exec(select(Notification).order_by(Notification.id))
        ]
        letters = [
            (one.recipient, one.subject) for one in writer.session.exec(select(OutgoingMail).order_by(OutgoingMail.id))
        ]
        return sorted(lines), sorted(letters)


def run(db, *, count=100, now=NOW, most=20):
    steps = 0
    while db.write(tell_announcements, SITE, count=count, now=now):
        steps += 1
        assert steps < most
    return steps


def test_each_person_is_told_once_by_feed_and_mail(db, cast):
    publish(db, cast, outage())
    db.write(choose, cast.relative.actor.user_id, ANNOUNCEMENTS, False, now=NOW)
    assert run(db, count=1) == 3  # an account a step, and one more that finds nobody
    lines, letters = told(db)
    everybody = (cast.owner, cast.relative, cast.stranger)
    assert lines == sorted((one.actor.user_id, "Отключение холодной воды", "/overview") for one in everybody)
    assert letters == [(f"{name}@example.org", "Отключение по вашему адресу") for name in ("owner", "stranger")]
    assert run(db) == 0
    assert told(db) == (lines, letters)


def test_it_goes_on_where_it_was_and_stops_where_it_is_over(db, cast):
    made = publish(db, cast, outage())
    assert db.write(tell_announcements, SITE, count=1, now=NOW)
    assert len(told(db)[0]) == 2  # the flat's two
    db.write(hide_announcement, cast.operator.actor, made, now=NOW)
    run(db, count=1)
    assert len(told(db)[0]) == 2
    with db.transaction() as writer:
        assert writer.session.get_one(Announcement, made).told_up_to is None


def test_a_house_that_comes_later_is_told_and_nobody_twice(db, cast):
    made = publish(db, cast, outage(house_of(db, cast.flat)))
    run(db)
    assert len(told(db)[0]) == 2
    both = outage(house_of(db, cast.flat), house_of(db, cast.house))
    change(db, cast.operator, made, both)
    assert db.read(one_announced, cast.operator.actor, made, now=NOW).houses == both.houses
    run(db)
    assert len(told(db)[0]) == 3
    assert len(told(db)[1]) == 3


def test_whose_access_has_ended_isnt_told(db, cast):
    from lk_reflex.domain.identity.tables import AccountLink

    with db.transaction() as writer:
        links = writer.session.exec(
            select(AccountLink).where(AccountLink.user_id == cast.relative.actor.user_id).order_by(AccountLink.id)
        )
        links.one().ends_at = NOW
    publish(db, cast, outage(house_of(db, cast.flat)))
    run(db)
    assert [line[0] for line in told(db)[0]] == [cast.owner.actor.user_id]
