"""The city's data and people: a package by the real importer, and residents of its own for every test."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from sqlalchemy import text

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database, Writer
from lk_reflex.domain.identity.access import RESIDENT, Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.metering.meters import AccountMeters, meters_of
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.importer import import_package
from tests.cast import NO_PASSWORD
from tests.city.town import City

ACCOUNTS, MONTHS = 60, 3
#: Accounts with one-scale meters in use whose verification holds, each with a receipt that asks for money.
_SPARE = text("""
    SELECT a.id FROM accounts a JOIN meters m ON m.account_id = a.id
    WHERE a.closed_on IS NULL AND NOT EXISTS (SELECT 1 FROM account_links l WHERE l.account_id = a.id)
    GROUP BY a.id
    HAVING count(m.ended_on) = 0 AND max(m.scales) = 1 AND count(*) BETWEEN 1 AND 3
       AND min(coalesce(m.verification_due, date '2000-01-01')) > current_date + 90
    ORDER BY a.id
""")


@dataclass(frozen=True)
class Resident:
    """A login of one account, signed in: `cookie` is the session's."""

    email: str
    cookie: str
    account: int
    actor: Actor

    def meters(self, database: Database) -> AccountMeters:
        """Those of the account, as the domain sees them now."""
        return database.read(meters_of, self.actor, self.account, now=utc_now())


def settle(city: City, accounts: int = ACCOUNTS) -> None:
    """Import a small town, open on every day of the month, so that no test hangs on the calendar."""
    package = city.folder / "package"
    make_demo(package, accounts=accounts, months=MONTHS, today=date.today())  # noqa: DTZ011  any day will do
    assert import_package(city.database, package).imported
    with city.database.transaction() as db:
        db.connection.exec_driver_sql("UPDATE organizations SET window_opens = 1, window_closes = 31")


class Residents:
    """Makes them, each with an account that nobody else has."""

    def __init__(self, city: City) -> None:
        self._database, self._numbers = city.database, count(1)
        with city.database.engine.connect() as connection:
            self._spare: Iterator[int] = iter([row[0] for row in connection.execute(_SPARE)])

    def account(self) -> int:
        """An account that is nobody's."""
        return next(self._spare)

    def __call__(self) -> Resident:
        """A new resident of a new account."""
        email, account = f"zhitel{next(self._numbers)}@example.org", self.account()
        cookie = self._database.write(_settle, email, account)
        actor = self._database.read(identify, token_hash(cookie), now=utc_now())
        assert actor is not None
        return Resident(email, cookie, account, actor)


def _settle(db: Writer, email: str, account: int) -> str:
    now = utc_now()
    user = put_user(db, email, RESIDENT, NO_PASSWORD, now=now)
    db.add(AccountLink(user_id=user, account_id=account, linked_at=now, chosen_at=now))
    return open_session(db, user, client=Client("127.0.0.1", "тест"), now=now)
