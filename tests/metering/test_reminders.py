"""Who is reminded of readings and verifications, when, of what, and once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import select as of

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.access_tables import ReadingLink
from lk_reflex.domain.accounts.linked import link_account
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.mail.topics import REMINDER, VERIFICATION, choose
from lk_reflex.domain.metering.reminders import places, readings, verification
from lk_reflex.domain.metering.tables import ReadingAnswer, SentReading, Submission, WaitingForm
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.jobs import reminders
from lk_reflex.jobs.reminders import Reminders
from tests.billing.plans import scans
from tests.cast import NO_PASSWORD, NOW, make_account
from tests.mail.conftest import Clock, outbox
from tests.metering.dials import bill, make_meter, set_organization

OWNER, RELATIVE, STRANGER = (f"{name}@example.org" for name in ("owner", "relative", "stranger"))
SITE = "https://lk.example.org"
NOVEMBER = Month(2026, 11)


def at(day: int, month: int = 11, hour: int = 10, minute: int = 0) -> datetime:
    """A wall clock's moment in Yekaterinburg, five hours before UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=5)


def remind(db, now=NOW, **options) -> None:
    """Until nobody is left to remind at that moment."""
    walk = Reminders(db, site=SITE, clock=lambda: now, **options)
    while walk.step():
        pass


def lines(db, kind: str | None = None) -> list[Notification]:
    with db.engine.connect() as connection:
        found = connection.execute(select(Notification.__table__).order_by(Notification.__table__.c.id)).all()
    return [line for line in found if kind in (None, line.kind)]


def titles(db, user: int) -> list[str]:
    return [line.title for line in lines(db) if line.user_id == user]


def change(db, table, condition, **facts):
    with db.transaction() as writer:
        for found in writer.session.exec(of(table).where(condition)):
            for name, value in facts.items():
                setattr(found, name, value)


def sent(db, cast, meter, *, period=NOVEMBER, refused=False, replaced=False):
    with db.transaction() as writer:
        submission = Submission(key=f"form-{meter}", account_id=cast.flat, source="Личный кабинет", created_at=NOW)
        writer.add(submission)
        reading = SentReading(
            submission_id=submission.id, meter_id=meter, period=period, taken_on=date(2026, 11, 16), value=1,
            volume=1, replaced_at=NOW if replaced else None,
        )  # fmt: skip
        writer.add(reading)
        if refused:
            writer.add(ReadingAnswer(sent_reading_id=reading.id, accounted=False, reason="нет", answered_at=NOW))


@pytest.fixture
def owner(cast) -> int:
    return cast.owner.actor.user_id


@pytest.fixture
def meter(db, cast) -> int:
    return make_meter(db, cast.flat)


OPENED, MISSING = "Открыт приём показаний за ", "Показания за "
#: Window, the day, and the beginning of what the owner is told on it.
DAYS = {
    "the day before": (15, 25, at(14), ""),
    "the first day": (15, 25, at(15), OPENED + "ноябрь"),
    "a worker that was down on the first days": (15, 25, at(18), OPENED + "ноябрь"),
    "four days left": (15, 25, at(21), OPENED + "ноябрь"),
    "three days left": (15, 25, at(22), MISSING + "ноябрь ещё не переданы: осталось 3 дня"),
    "caught up with two": (15, 25, at(23), MISSING + "ноябрь ещё не переданы: осталось 2 дня"),
    "one day left": (15, 25, at(24), MISSING + "ноябрь ещё не переданы: остался 1 день"),
    "the last day": (15, 25, at(25), MISSING + "ноябрь ещё не переданы: сегодня последний день"),
    "closed": (15, 25, at(26), ""),
    "over the month's end, opening": (28, 3, at(28), OPENED + "ноябрь"),
    "over the month's end, last days": (28, 3, at(1, 12), MISSING + "ноябрь ещё не переданы: осталось 2 дня"),
    "over the month's end, closed": (28, 3, at(4, 12), ""),
    "always open, in the middle": (1, 31, at(15), ""),
    "always open, at the month's end": (1, 31, at(27), MISSING + "ноябрь ещё не переданы: осталось 3 дня"),
    "until the 31st of a shorter month": (20, 31, at(30), MISSING + "ноябрь ещё не переданы: сегодня последний день"),
    "shorter than three days": (24, 25, at(24), MISSING + "ноябрь ещё не переданы: остался 1 день"),
}


@pytest.mark.parametrize("name", DAYS)
def test_what_is_told_on_which_day(db, cast, owner, meter, name):
    opens, closes, now, expected = DAYS[name]
    set_organization(db, cast.organization, window_opens=opens, window_closes=closes)
    remind(db, now)
    told = titles(db, owner)
    assert len(told) == bool(expected)
    assert all(title.startswith(expected) for title in told)
    assert (OWNER in outbox(db)) is bool(expected)


HOURS = [
    (at(15, hour=8, minute=59), 0), (at(15, hour=9), 1), (at(15, hour=20, minute=59), 1), (at(15, hour=21), 0),
    (at(15, hour=0), 0),
]  # fmt: skip


@pytest.mark.parametrize(("now", "told"), HOURS)
def test_nobody_is_told_at_night(db, owner, meter, now, told):
    remind(db, now)
    assert len(titles(db, owner)) == told


def test_the_day_and_the_hour_are_the_organizations_own(db, cast, owner, meter):
    set_organization(db, cast.organization, time_zone="Asia/Kamchatka")
    remind(db, datetime(2026, 11, 14, 20, 59, tzinfo=UTC))  # 08:59 on the 15th there
    assert titles(db, owner) == []
    remind(db, datetime(2026, 11, 14, 21, 0, tzinfo=UTC))
    assert titles(db, owner) == [OPENED + "ноябрь"]


class TestWhoIsNotReminded:
    """The same day on which the owner of a live meter is told that three are left."""

    DAY = at(22)

    @pytest.mark.parametrize(
        ("facts", "told"),
        [
            ({}, True),
            ({"ended_on": date(2026, 11, 21)}, False),
            ({"ended_on": date(2026, 11, 22)}, True),  # the last day of calculation still counts
            ({"verification_due": date(2020, 1, 1)}, True),
        ],
    )
    def test_by_the_meter(self, db, cast, owner, facts, told):
        make_meter(db, cast.flat, **facts)
        remind(db, self.DAY)
        assert any(title.startswith(MISSING) for title in titles(db, owner)) is told

    def test_an_organization_that_refuses_unverified_meters_asks_for_no_readings_of_them(self, db, cast, owner):
        set_organization(db, cast.organization, refuses_unverified=True)
        make_meter(db, cast.flat, verification_due=date(2026, 11, 21))
        remind(db, self.DAY)
        assert [line.kind for line in lines(db) if line.user_id == owner] == ["verification"]

    @pytest.mark.parametrize(("closed", "told"), [(date(2026, 11, 22), 0), (date(2026, 11, 23), 1)])
    def test_of_a_closed_account(self, db, cast, owner, meter, closed, told):
        change(db, Account, Account.id == cast.flat, closed_on=closed)
        remind(db, self.DAY)
        assert len(titles(db, owner)) == told

    @pytest.mark.parametrize(
        ("given", "told"),
        [({}, 0), ({"refused": True}, 1), ({"replaced": True}, 1), ({"period": Month(2026, 10)}, 1)],
    )
    def test_whose_reading_is_there_already(self, db, cast, owner, meter, given, told):
        sent(db, cast, meter, **given)
        remind(db, self.DAY)
        assert len(titles(db, owner)) == told

    @pytest.mark.parametrize(("day", "told"), [("15.11.2026", 0), ("14.11.2026", 1)])
    def test_whose_reading_came_to_billing_another_way(self, db, owner, meter, day, told):
        bill(db, meter, (day, "5,000"))
        remind(db, self.DAY)
        assert len(titles(db, owner)) == told

    def test_one_meter_without_a_reading_is_enough(self, db, cast, owner, meter):
        make_meter(db, cast.flat, "ГВС С/У", resource="ГВС")
        sent(db, cast, meter)
        remind(db, self.DAY)
        assert len(titles(db, owner)) == 1

    def test_nobody_without_meters(self, db, cast):
        remind(db, self.DAY)
        assert lines(db) == []

    @pytest.mark.parametrize(
        "facts", [{"may_send": False}, {"ends_at": at(22)}, {"ends_at": at(1)}], ids=["no right", "ends", "ended"]
    )
    def test_a_relative_without_the_right_or_whose_access_is_over(self, db, cast, owner, meter, facts):
        relative = cast.relative.actor.user_id
        change(db, AccountLink, AccountLink.user_id == relative, **facts)
        remind(db, self.DAY)
        assert (len(titles(db, owner)), titles(db, relative)) == (1, [])
        assert set(outbox(db)) == {OWNER}

    @pytest.mark.parametrize("facts", [{"blocked_at": NOW}, {"deleted_at": NOW}, {"activated_at": None}])
    def test_who_is_blocked_gone_or_unconfirmed(self, db, cast, owner, meter, facts):
        change(db, User, User.id == owner, **facts)
        remind(db, self.DAY)
        assert titles(db, owner) == []
        assert set(outbox(db)) == {RELATIVE}

    def test_by_mail_who_has_switched_the_letters_off(self, db, cast, owner, meter):
        db.write(choose, owner, REMINDER, False, now=NOW)
        remind(db, self.DAY)
        assert len(titles(db, owner)) == 1
        assert set(outbox(db)) == {RELATIVE}


def test_a_form_that_waits_for_the_window_is_sent_and_not_asked_for(db, cast, owner, meter):
    with db.transaction() as writer:
        writer.add(
            WaitingForm(
                key="waits-for-it", account_id=cast.flat, user_id=owner, taken_on=date(2026, 11, 10), period=NOVEMBER,
                opens_on=date(2026, 11, 15), created_at=NOW,
            )
        )  # fmt: skip
    remind(db, at(15))
    assert lines(db) == []
    remind(db, at(22))  # it hasn't gone by now: whoever relies on it has to know
    assert len(titles(db, owner)) == 1


def test_the_letter_says_until_when_for_which_account_and_nothing_else(db, cast, owner, meter):
    remind(db, at(15))
    letter = outbox(db)[OWNER]
    assert letter.subject == "Пора передать показания: приём до 25 ноября"
    assert letter.kind == REMINDER
    assert "Лицевой счет 1234567899, УЛ. КЫШТЫМСКАЯ, 10 - 1010" in letter.plain
    assert "Передайте показания до: 25.11.2026" in letter.plain
    for untold in ("ЗДЕТОВЕЦКИЙ", "СЕРГЕЙ", "руб", "26616450"):
        assert untold not in letter.plain
        assert untold not in letter.html


def test_each_letter_has_links_of_its_own_and_only_their_hashes_are_kept(db, cast, meter):
    remind(db, at(15))
    addresses = [line for row in outbox(db).values() for line in row.plain.splitlines() if "/remind/" in line]
    assert len(set(addresses)) == 2
    with db.engine.connect() as connection:
        kept = connection.execute(select(ReadingLink.__table__)).all()
    assert {(link.user_id, link.account_id) for link in kept} == {
        (cast.owner.actor.user_id, cast.flat), (cast.relative.actor.user_id, cast.flat),
    }  # fmt: skip
    assert not any(link.token_hash in address for link in kept for address in addresses)
    assert {link.expires_at.replace(tzinfo=UTC) for link in kept} == {at(26, hour=0)}


def test_no_link_works_longer_than_two_weeks(db, cast, meter):
    set_organization(db, cast.organization, window_opens=1, window_closes=28)
    remind(db, at(2))
    with db.engine.connect() as connection:
        ends = set(connection.execute(select(ReadingLink.__table__.c.expires_at)).scalars())
    assert {end.replace(tzinfo=UTC) for end in ends} == {at(2) + timedelta(days=14)}


def test_several_accounts_are_a_line_each_and_one_letter(db, cast, owner, meter):
    db.write(link_account, owner, cast.house, now=NOW)
    make_meter(db, cast.house)
    remind(db, at(22))
    mine = [line for line in lines(db) if line.user_id == owner]
    assert {line.account_id for line in mine} == {cast.flat, cast.house}
    assert {line.link for line in mine} == {"/readings"}
    with db.engine.connect() as connection:
        letters = connection.execute(
            select(OutgoingMail.__table__).where(OutgoingMail.recipient == OWNER).order_by(OutgoingMail.id)
        ).all()
    (letter,) = letters
    assert letter.plain.count("/remind/") == 2
    assert letter.html.count(">Открыть форму показаний</a>") == 2


def test_each_is_told_once_and_of_the_last_days_once_more(db, owner, meter):
    for day in range(10, 30):
        remind(db, at(day))
        remind(db, at(day, hour=15))
    assert [title.partition(":")[0] for title in titles(db, owner)] == [
        OPENED + "ноябрь", MISSING + "ноябрь ещё не переданы",
    ]  # fmt: skip
    with db.engine.connect() as connection:
        assert len(connection.execute(select(OutgoingMail.id).where(OutgoingMail.recipient == OWNER)).all()) == 2


VERIFIED_UNTIL = date(2027, 1, 15)


def test_each_organization_has_its_own_window_and_period(db, cast, owner, meter):
    """The other one's readings of another month say nothing of this one's."""
    with db.transaction() as writer:
        writer.add(Organization(inn="7421000300", name="АО «Тепло»", window_opens=28, window_closes=3))
        other = writer.session.exec(of(Organization).where(Organization.inn == "7421000300")).one().id
        heat = make_account(writer, other, "3000000001", flat="5")
        link_account(writer, owner, heat, now=NOW)
    theirs = make_meter(db, heat)
    set_organization(db, cast.organization, window_opens=1, window_closes=3)
    sent(db, cast, meter, period=NOVEMBER)  # of November, while December's is awaited
    sent(db, cast, theirs, period=NOVEMBER)
    remind(db, at(2, 12))
    mine = [(line.account_id, line.title) for line in lines(db) if line.user_id == owner]
    assert mine == [(cast.flat, MISSING + "декабрь ещё не переданы: остался 1 день")]


class TestVerification:
    @pytest.mark.parametrize(
        ("left", "told"),
        [(61, None), (60, "истекает"), (31, "истекает"), (30, "истекает"), (0, "истекает"), (-1, "истёк")],
    )
    def test_by_the_days_that_are_left(self, db, cast, owner, left, told):
        due = date(2026, 11, 10) + timedelta(days=left)
        make_meter(db, cast.flat, verification_due=due)
        remind(db, at(10))
        said = titles(db, owner)
        assert said == ([] if told is None else [f"Срок поверки {told} {due:%d.%m.%Y}"])

    def test_at_60_and_30_days_and_when_it_is_over(self, db, cast, owner):
        make_meter(db, cast.flat, verification_due=VERIFIED_UNTIL)
        days = []
        for step in range(100):
            now = at(1) + timedelta(days=step)
            known = len(lines(db, "verification"))
            remind(db, now)
            if len(lines(db, "verification")) > known:
                days.append((VERIFIED_UNTIL - (now + timedelta(hours=5)).date()).days)
        assert days == [60, 30, -1]

    def test_a_new_verification_is_another_one(self, db, cast, owner):
        meter = make_meter(db, cast.flat, verification_due=date(2026, 11, 1))
        remind(db, at(10))
        change(db, verification.Meter, verification.Meter.id == meter, verification_due=date(2026, 12, 1))
        remind(db, at(10))
        assert len(titles(db, owner)) == 2

    def test_meters_of_one_day_are_one_line_and_all_of_a_person_one_letter(self, db, cast, owner):
        db.write(link_account, owner, cast.house, now=NOW)
        make_meter(db, cast.flat, "ХВС", verification_due=VERIFIED_UNTIL)
        make_meter(db, cast.flat, "ГВС", verification_due=VERIFIED_UNTIL)
        make_meter(db, cast.house, "ХВС", verification_due=date(2026, 11, 1))
        make_meter(db, cast.house, "ГВС", verification_due=date(2030, 1, 1))
        remind(db, at(5, 12))
        mine = [line for line in lines(db, "verification") if line.user_id == owner]
        assert sorted(line.title for line in mine) == [
            "Срок поверки истекает 15.01.2027", "Срок поверки истёк 01.11.2026",
        ]  # fmt: skip
        assert {line.link for line in mine} == {"/meters"}
        letter = outbox(db)[OWNER]
        assert letter.kind == VERIFICATION
        plain = letter.plain.replace("\u00a0", " ")
        assert "ХВС, № 26616450: до 15.01.2027" in plain
        assert "ХВС, № 26616450: закончилась 01.11.2026" in plain
        assert "2030" not in plain
        assert f"{SITE}/meters" in plain

    def test_an_account_stands_once_in_a_letter_however_many_days_its_meters_have(self, db, cast, owner):
        make_meter(db, cast.flat, "ХВС", verification_due=date(2026, 11, 1))
        make_meter(db, cast.flat, "ГВС", verification_due=date(2026, 11, 2))
        remind(db, at(10))
        letter = outbox(db)[OWNER]
        assert letter.subject == "Закончился срок поверки приборов учета"
        assert letter.plain.count("Лицевой счет 1234567899") == 1

    def test_a_meter_out_of_calculation_needs_none(self, db, cast):
        make_meter(db, cast.flat, verification_due=date(2020, 1, 1), ended_on=date(2021, 1, 1))
        remind(db, at(10))
        assert lines(db) == []

    def test_the_letters_have_a_switch_of_their_own(self, db, cast, owner):
        make_meter(db, cast.flat, verification_due=date(2026, 11, 1))
        db.write(choose, owner, VERIFICATION, False, now=NOW)
        remind(db, at(10))
        assert len(titles(db, owner)) == 1
        assert set(outbox(db)) == {RELATIVE}


class TestTheWalk:
    @pytest.fixture
    def crowd(self, db, cast, meter, monkeypatch) -> list[int]:
        """Seven persons with the flat, one in a portion."""
        monkeypatch.setattr(reminders, "PORTION", 1)
        with db.transaction() as writer:
            for number in range(5):
                user = put_user(writer, f"n{number}@example.org", "resident", NO_PASSWORD, now=NOW)
                link_account(writer, user, cast.flat, now=NOW)
        return []

    @pytest.mark.parametrize("steps", [0, 1, 3, 7, 9])
    def test_a_worker_that_died_in_the_middle_is_carried_on_by_another(self, db, crowd, steps):
        dying = Reminders(db, site=SITE, clock=Clock(at(15)))
        for _ in range(steps):
            dying.step()
        remind(db, at(15))
        assert len(lines(db)) == len(outbox(db)) == 7

    def test_two_at_once_tell_nobody_twice(self, db, crowd):
        one, other = (Reminders(db, site=SITE, clock=Clock(at(15))) for _ in range(2))
        while [one.step(), other.step()] != [False, False]:
            pass
        with db.engine.connect() as connection:
            letters = connection.execute(select(OutgoingMail.recipient).order_by(OutgoingMail.id)).scalars().all()
        assert len(lines(db)) == len(letters) == len(set(letters)) == 7

    def test_a_crowd_of_letters_waits_outside_so_that_others_need_not(self, db, crowd, monkeypatch):
        monkeypatch.setattr(reminders, "CROWD", 2)
        remind(db, at(15))
        assert len(outbox(db)) == 2
        monkeypatch.setattr(reminders, "CROWD", 100)
        remind(db, at(15))
        assert len(outbox(db)) == 7

    def test_a_day_that_has_been_walked_costs_nothing_more(self, db, crowd, monkeypatch):
        walk = Reminders(db, site=SITE, clock=Clock(at(15)))
        while walk.step():
            pass
        monkeypatch.setattr(reminders, "portion_end", None)
        assert not walk.step()

    def test_who_was_missed_in_the_evening_is_told_in_the_morning(self, db, crowd):
        clock = Clock(at(15, hour=20, minute=59))
        walk = Reminders(db, site=SITE, clock=clock)
        walk.step()
        clock.now = at(15, hour=21)
        assert not walk.step()
        assert len(lines(db)) == 1
        clock.now = at(16, hour=9)
        while walk.step():
            pass
        assert len(lines(db)) == 7


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("subject", [readings, verification])
def test_a_citys_accounts_are_found_by_indexes(db, cast, subject):
    here = db.read(places.places, now=at(22))
    query = subject.errand(here).query

    def explain(reader):
        asked = query.params(after=0, last=9, now=at(22))
        made = asked.compile(reader.connection).construct_expanded_state(escape_names=False)
        values = [str(made.parameters[name]) for name in made.positiontup]
        cursor = reader.connection.connection.cursor()
        return [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {made.statement}", values).fetchall()]

    steps = db.read(explain)
    assert scans(steps) == []
    # From a portion's persons to their accounts, and not from an organization's accounts to all users.
    assert "(user_id>? AND user_id<?)" in steps[0]
