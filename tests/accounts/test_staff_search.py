"""Staff look accounts up: by what, whose, and what a search does with signs that mean something to a database."""

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Invalid, NotFound
from lk_reflex.core.text import surname_key
from lk_reflex.domain.accounts.overseen import SEEN, logins_of, note_account_seen, overseen_account
from lk_reflex.domain.accounts.staff_search import BY_NUMBER, BY_SURNAME, MOST, search_accounts
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.tables import AccountLink, StaffDuty
from tests.billing.plans import plan
from tests.cast import NOW, make_account


@pytest.fixture
def town(db, cast):
    """The house is somebody else's; another organization, the outsider's, has an account of a number that begins so."""
    with db.transaction() as writer:
        house = writer.session.get_one(Account, cast.house)
        house.surname, house.surname_key, house.first_name = "О'Нил-Ёлкин", surname_key("О'Нил-Ёлкин"), ""
        other = Organization(inn="7400000001", name="Тепло")
        writer.add(other)
        writer.add(StaffDuty(user_id=cast.outsider.actor.user_id, organization_id=other.id))
        return make_account(writer, int(other.id or 0), "12345678990", flat="1010")


def found(db, person, typed):
    return [one.account_id for one in db.read(search_accounts, person.actor, typed).accounts]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("1234567899", ["flat"]),
        ("123", ["flat"]),
        ("№ 0012 345", ["flat"]),
        ("2000000001", ["house"]),
        ("34567", []),
        ("здет", ["flat"]),
        ("ЗДЕТОВЕЦКИЙ", ["flat"]),
        ("онил", ["house"]),
        ("о`нил елкин", ["house"]),
        ("Кыштымская 10", ["flat"]),
        ("кыштымская, 10 - 1010", ["flat"]),
        ("Кыштымская 10 кв. 1010", ["flat"]),
        ("Кыштымская 10 кв. 9", ["flat"]),  # there is no such flat: the house then
        ("ул. Садовая, 7", ["house"]),
        ("садовая", ["house"]),
    ],
)
def test_by_the_beginning_of_a_number_or_surname_and_by_address(db, cast, town, typed, names):
    assert found(db, cast.operator, typed) == [getattr(cast, name) for name in names]


@pytest.mark.parametrize("typed", ["1234567899", "здет", "Кыштымская 10"])
def test_everybody_finds_their_own_organizations_alone(db, cast, town, typed):
    assert found(db, cast.operator, typed) == [cast.flat]
    assert found(db, cast.outsider, typed) == [town]
    assert sorted(found(db, cast.admin, typed)) == [cast.flat, town]
    assert found(db, cast.owner, typed) == []
    with pytest.raises(NotFound):
        db.read(overseen_account, cast.operator.actor, town)
    with pytest.raises(NotFound):
        db.read(overseen_account, cast.owner.actor, cast.flat)


@pytest.mark.parametrize(
    "typed", ["%%%", "___", "'''", "\\\\\\", "зд%", "12_", "12%", "зд'; --", "12\0", "💧💧", "....."]
)
def test_signs_of_a_database_are_signs(db, cast, town, typed):
    """Scenario 29: a literal match, or a refusal in words."""
    try:
        ids = found(db, cast.operator, typed)
    except Invalid as fault:
        assert list(fault.fields) == ["search"]
    else:
        assert ids == []


@pytest.mark.parametrize("typed", ["", " ", "1", "12", "з", "1" * 101, "ж" * 10_000, "%" * 10_000])
def test_too_little_and_too_much_are_refused(db, cast, town, typed):
    with pytest.raises(Invalid):
        found(db, cast.operator, typed)


def test_no_more_than_a_page_is_read(db, cast):
    with db.transaction() as writer:
        for number in range(MOST + 5):
            make_account(writer, cast.organization, f"77{number:04d}", flat=str(number))
    result = db.read(search_accounts, cast.operator.actor, "77000")
    assert (len(result.accounts), result.more) == (10, False)
    result = db.read(search_accounts, cast.operator.actor, "7700")
    assert (len(result.accounts), result.more) == (MOST, True)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("by", "index"), [(BY_NUMBER, "number_key"), (BY_SURNAME, "surname_key")])
def test_a_search_walks_no_table(db, cast, by, index):
    steps = plan(db, by["sqlite"], begins="1", ends="2", **cast.operator.actor.overseeing)
    assert any(f"ix_accounts_{index}" in step for step in steps), steps
    assert not [step for step in steps if step.startswith("SCAN")], steps
    assert not any("TEMP B-TREE" in step for step in steps), steps


def test_a_look_is_noted_and_shows_masked_logins(db, cast):
    with db.transaction() as writer:
        link = writer.session.exec(select(AccountLink).where(AccountLink.user_id == cast.relative.actor.user_id)).one()
        link.ends_at = NOW
    seen = db.write(note_account_seen, cast.operator.actor, cast.flat, "all", now=NOW)
    assert (seen.number, seen.person) == ("1234567899", "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ")
    assert [one.email for one in db.read(logins_of, seen, now=NOW)] == ["o•••@example.org"]
    with pytest.raises(NotFound):
        db.write(note_account_seen, cast.outsider.actor, cast.flat, "all", now=NOW)
    with db.transaction() as writer:
        entries = [
            (one.actor_id, one.account_id, one.detail)
            for one in writer.session.exec(select(AuditEntry))
            if one.action == SEEN
        ]
    assert entries == [(cast.operator.actor.user_id, cast.flat, {"view": "all"})]
