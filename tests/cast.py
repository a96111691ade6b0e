"""The permanent cast of every test: owner and relative of one flat, a stranger with another, and the staff."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.text import account_key, house_key, surname_key
from lk_reflex.domain.accounts.linked import link_account
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.tables import StaffDuty
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.identity.users import put_user

#: The moment at which the tests' world stands still: 20 November 2026, 15:00 in Yekaterinburg.
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PASSWORD = "demo-cabinet-2026"
#: bcrypt at its lowest cost over the test key would still cost; the cast signs in by sessions made directly.
NO_PASSWORD = "!"


@dataclass(frozen=True)
class Person:
    """Somebody with a session: `actor` for services, `cookie` for browsers and sockets."""

    actor: Actor
    cookie: str


@dataclass(frozen=True)
class Cast:
    """People and what they own. The flat is the owner's and the relative's; the house is the stranger's.

    The operator and the colleague work for the organization; the outsider is an operator of none.
    """

    owner: Person
    relative: Person
    stranger: Person
    operator: Person
    colleague: Person
    outsider: Person
    admin: Person
    organization: int
    flat: int
    house: int


def people(database: Database) -> Cast:
    """Build the cast in an empty database."""
    with database.transaction() as db:
        organization = _organization(db)
        flat = make_account(db, organization, "1234567899", flat="1010")
        house = make_account(db, organization, "2000000001", flat="", street="УЛ. САДОВАЯ", house="7")
        persons = {}
        for name, role, account in (
            ("owner", "resident", flat),
            ("relative", "resident", flat),
            ("stranger", "resident", house),
            ("operator", "operator", None),
            ("colleague", "operator", None),
            ("outsider", "operator", None),
            ("admin", "admin", None),
        ):
            persons[name] = person(db, f"{name}@example.org", role, account)
        for name in ("operator", "colleague"):
            db.add(StaffDuty(user_id=persons[name].actor.user_id, organization_id=organization))
    return Cast(**persons, organization=organization, flat=flat, house=house)


def person(db: Writer, email: str, role: str = "resident", account: int | None = None) -> Person:
    """Somebody with a login, a session and, where given, an account linked by their own proof."""
    user = put_user(db, email, role, NO_PASSWORD, now=NOW)
    if account is not None:
        link_account(db, user, account, now=NOW)
    cookie = open_session(db, user, client=Client("127.0.0.1", "тест"), now=NOW)
    actor = identify(db, token_hash(cookie), now=NOW)
    assert actor is not None
    return Person(actor, cookie)


def _organization(db: Writer) -> int:
    organization = Organization(inn="7421000200", name="МУП «ПОВВ»", short_name="ПОВВ", takes_payments=True)
    db.add(organization)
    assert organization.id
    return organization.id


def make_account(
    db: Writer, organization: int, number: str, *, flat: str, street: str = "УЛ. КЫШТЫМСКАЯ", house: str = "10"
) -> int:
    """An account in a building of its own; returns its id."""
    building = Building(
        code=f"{street} {house} {number}", street=street, house=house, house_key=house_key(house), apartments=bool(flat)
    )
    db.add(building)
    assert building.id
    account = Account(
        organization_id=organization, number=number, number_key=account_key(number), building_id=building.id,
        flat=flat, flat_key=house_key(flat), surname="ЗДЕТОВЕЦКИЙ", surname_key=surname_key("ЗДЕТОВЕЦКИЙ"),
        first_name="СЕРГЕЙ", patronymic="ВЛАДИМИРОВИЧ",
    )  # fmt: skip
    db.add(account)
    assert account.id
    return account.id
