"""People of one's own: every journey gets a login, the accounts it needs and a session, straight in the database."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.identity.access import RESIDENT, Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.identity.users import put_user, user_id_of
from lk_reflex.domain.metering.meters import AccountMeters, meters_of
from tests.site import Site

PASSWORD = "длинный пароль жильца"
_ACCOUNT = (
    select(col(Account.id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(Organization.inn) == bindparam("inn"), col(Account.number) == bindparam("number"))
)
#: Accounts of the demonstration's town with meters in use whose verification holds, none of them of the cast.
_SPARE = """
    SELECT a.id FROM accounts a JOIN meters m ON m.account_id = a.id
    WHERE a.closed_on IS NULL AND a.id NOT IN (SELECT account_id FROM account_links)
    GROUP BY a.id
    HAVING sum(m.ended_on IS NOT NULL) = 0 AND max(m.scales) = 1 AND count(*) BETWEEN 2 AND 3
       AND min(coalesce(m.verification_due, '2000-01-01')) > date('now', '+90 days')
    ORDER BY a.id
"""


@dataclass
class Person:
    """A login with its session's cookie; `accounts` are in the order given, the first one chosen."""

    email: str
    cookie: str
    accounts: Sequence[int]
    actor: Actor
    town: "Town"

    def meters(self) -> AccountMeters:
        """The meters of the first account, as the domain sees them now."""
        return self.town.database.read(meters_of, self.actor, self.accounts[0], now=utc_now())


@dataclass
class Town:
    """The database under the running cabinet."""

    site: Site
    database: Database
    _count: int = 0
    _hash: str = ""
    _spare: list[int] = field(default_factory=list)

    def person(self, *accounts: tuple[str, str] | int) -> Person:
        """A new login that sees these accounts."""
        self._count += 1
        email = f"zhilec{self._count}@example.org"
        self._hash = self._hash or hash_password(PASSWORD, (self.site.data / "secret.key").read_bytes(), cost=4)
        ids = [one if isinstance(one, int) else self.database.read(_account_id, one) for one in accounts]
        self.database.write(_settle, email, self._hash, ids)
        return self.session_of(email, ids)

    def session_of(self, email: str, accounts: Sequence[int] = ()) -> Person:
        """A session of a login that exists."""
        cookie = self.database.write(_session, email)
        actor = self.database.read(identify, token_hash(cookie), now=utc_now())
        assert actor is not None
        return Person(email, cookie, accounts, actor, self)

    def spare_account(self) -> int:
        """An account with two or three meters in use that nobody else is given."""
        if not self._spare:
            self._spare = [row[0] for row in self.ask(_SPARE)]
        return self._spare.pop(0)

    def ask(self, question: str, *params: Any) -> list[Any]:
        """Look into the database without touching it."""
        connection = sqlite3.connect(f"file:{self.site.data / 'lk.db'}?mode=ro", uri=True)
        try:
            return connection.execute(question, params).fetchall()
        finally:
            connection.close()

    def sent(self, account: int) -> list[tuple[int, int]]:
        """The readings that count for an account: (meter, value in thousandths)."""
        return self.ask(
            "SELECT s.meter_id, s.value FROM sent_readings s JOIN meters m ON m.id = s.meter_id"
            " WHERE m.account_id = ? ORDER BY s.id",
            account,
        )


def _account_id(db: Reader, account: tuple[str, str]) -> int:
    inn, number = account
    return int(db.rows(_ACCOUNT, inn=inn, number=number)[0].id)


def _settle(db: Writer, email: str, password_hash: str, accounts: Sequence[int]) -> None:
    now = utc_now()
    user = put_user(db, email, RESIDENT, password_hash, now=now)
    for place, account in enumerate(accounts):
        db.add(AccountLink(user_id=user, account_id=account, linked_at=now, chosen_at=None if place else now))


def _session(db: Writer, email: str) -> str:
    user = user_id_of(db, email)
    assert user is not None
    return open_session(db, user, client=Client("127.0.0.1", "test"), now=utc_now())
