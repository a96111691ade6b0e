"""What a handler works with during one call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Refused
from lk_reflex.domain.accounts.guest import VISIT_OVER, Guest
from lk_reflex.domain.accounts.linked import LinkedAccount, chosen_account
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.payments.counters import counters
from lk_reflex.ui.account import AccountState, show_account
from lk_reflex.ui.address import last_part, parameter, path_of
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.feed import FeedState
from lk_reflex.ui.month import MonthState
from lk_reflex.ui.publish import publish
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.who import client_at, cookies, site_at

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Visit:
    """What a handler works with during one call: the person, the database, the moment, the shared states."""

    person: Actor | None
    database: Database
    now: datetime
    session: SessionState
    account: AccountState
    month: MonthState
    cart: CartState
    feed: FeedState
    writes: bool
    #: Whose visit without registration it is; read only where the guard asks for one.
    guested: Guest | None = None

    @property
    def guest(self) -> Guest:
        """The visit without registration; only where the guard let nobody else in."""
        if self.guested is None:
            raise Refused(VISIT_OVER)
        return self.guested

    @property
    def actor(self) -> Actor:
        """The signed-in person; only where the guard let nobody else in."""
        if self.person is None:
            raise Refused("Войдите в личный кабинет")
        return self.person

    def read(self, service: Callable[Concatenate[Reader, Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a reading service as this person."""
        return self.database.read(service, self.actor, *args, **kwargs)

    def write(self, service: Callable[Concatenate[Writer, Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a service in one transaction as this person; committed when this returns."""
        if not self.writes:
            raise TypeError("declare the handler with writes=True: it would block a reader's thread")
        return self.database.write(service, self.actor, *args, **kwargs)

    def chosen(self) -> LinkedAccount | None:
        """The account that all sections show; it and the counters of cart and feed are published to the frame."""
        account = self.read(chosen_account)
        show_account(self.account, account)
        self.count()
        return account

    def count(self) -> None:
        """Publish the counters of «Корзина N» and «Уведомления N» anew."""
        counted = self.read(counters)
        publish(self.cart, count=counted.cart)
        publish(self.feed, unread=counted.unread)

    @property
    def client(self) -> Client:
        """Where the call comes from: for limits and for the audit log."""
        return client_at(self.session)

    @property
    def site(self) -> str:
        """The cabinet's address as this person reaches it."""
        return site_at(self.session)

    @property
    def cookies(self) -> str:
        """The Cookie header with which the socket was opened."""
        return cookies(self.session)

    @property
    def opening(self) -> bool:
        """Whether the page is being opened, and not merely turned to another month or row of itself."""
        return self.session._page != path_of(self.session._get_root_state())

    @property
    def by_link(self) -> bool:
        """Whether the page is being opened from another page here, and not anew or after a lost connection."""
        return self.opening and self.session._page != ""

    def query(self, name: str) -> str:
        """A parameter of the page's address; whatever the browser claims, so check it."""
        return parameter(self.session._get_root_state(), name)

    @property
    def token(self) -> str:
        """What stands in the place of «[token]» in the page's address; whatever the browser claims."""
        return last_part(self.session._get_root_state())

    @property
    def path(self) -> str:
        """The path of the page that is open; whatever the browser claims."""
        return path_of(self.session._get_root_state())

    @property
    def came_from(self) -> str:
        """The path of the page that was left by a link; empty after a reload or a lost connection."""
        return self.session._page if self.opening else ""
