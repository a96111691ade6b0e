"""Every handler of every state is called without a session, as a stranger, and with arguments of wrong types."""

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.guest import end_visit, open_visit
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.metering.tables import Meter
from lk_reflex.ui.guard import level_of
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.resident.charges.state import ChargesState
from tests.attack import fingerprint, handlers, ours, payloads
from tests.cast import NOW, TODAY

SECRETS = ("1234567899", "КЫШТЫМСКАЯ", "ЗДЕТОВЕЦКИЙ", "757260", "Тайная услуга", "owner@example.org")


@pytest.fixture
def riches(db, cast):
    """The owner has a receipt and a meter worth stealing."""
    with db.transaction() as writer:
        receipt = Receipt(account_id=cast.flat, kind="Объединённая", month=Month.of(TODAY), issued_on=TODAY)
        writer.add(receipt)
        writer.add(BalanceLine(receipt_id=receipt.id, service="Тайная услуга", debt=0, paid=0, charged=100, total=100))
        writer.add(
            Meter(
                organization_id=cast.organization,
                account_id=cast.flat,
                code="1",
                serial="757260",
                name="ГВС",
                resource="ГВС",
            )
        )
    return cast


def test_the_walk_finds_the_handlers_by_itself(app):
    found = ours(handlers())
    states = {entry.states[0].__name__ for entry in found.values()}
    assert {"HomeState", "GuestState", "AccountsState", "ChargesState", "OverviewState"} <= states
    assert len(found) >= 10


def test_every_handler_wears_a_guard(app):
    assert [name for name, entry in ours(handlers()).items() if level_of(entry.handler.fn) is None] == []


@pytest.fixture
def guests(db, riches):
    """Whoever has a visit to another account, and whose visit to this very one is over."""
    here = Client("203.0.113.5")
    over = db.write(open_visit, riches.flat, client=here, now=NOW)
    db.write(end_visit, token_hash(over), now=NOW)
    return {"guest": db.write(open_visit, riches.house, client=here, now=NOW), "former guest": over}


# Operators see what belongs to their organizations; the outsider is one of none.
@pytest.mark.parametrize("who", ["nobody", "guest", "former guest", "stranger", "outsider"])
async def test_nothing_is_given_away_and_nothing_changes(tabs, db, riches, guests, who):
    person = getattr(riches, who, None)
    own = person.actor.user_id if person else 0
    tab = tabs(person.cookie if person else "", guest=guests.get(who, ""))
    await tab.open("/guest" if "guest" in who else "/")
    before = fingerprint(db.engine, but_of=own)
    for name, entry in handlers().items():
        for payload in payloads(entry.handler):
            delta, events = await _tried(tab, name, payload)
            told = repr((delta, events))
            assert not [secret for secret in SECRETS if secret in told], (name, payload)
    assert fingerprint(db.engine, but_of=own) == before


async def test_a_stolen_token_gives_nothing(tabs, riches):
    owner = tabs(riches.owner.cookie)
    await owner.open("/charges")
    assert owner.seen(ChargesState)["receipts"]
    thief = tabs(riches.stranger.cookie, token=owner.token)
    told = repr(await thief.send(AccountsState.load)) + repr(await thief.open("/charges"))
    assert not [secret for secret in SECRETS if secret in told]


async def test_signing_out_elsewhere_closes_the_open_tab(tabs, db, riches):
    from lk_reflex.domain.identity.sessions import end_all_sessions

    tab = tabs(riches.owner.cookie)
    await tab.open("/charges")
    db.write(end_all_sessions, riches.owner.actor.user_id, now=NOW)
    delta, events = await tab.follow("/charges")
    assert [payload["path"] for name, payload in events if name == "_redirect"] == ["/"]
    assert "Тайная услуга" not in repr(delta)


async def test_the_owner_would_have_seen_and_changed_it_all(tabs, db, riches):
    """The walk's own control: the same calls, by whom they are for, do tell and do change."""
    tab = tabs(riches.owner.cookie)
    await tab.open("/charges")
    assert "Тайная услуга" in repr(tab.vars)
    before = fingerprint(db.engine)
    await tab.send(AccountsState.choose, key=str(riches.flat))
    assert fingerprint(db.engine) != before


async def _tried(tab, name, payload):
    try:
        return await tab.send(name, **payload)
    except Exception:  # noqa: BLE001  a refusal by exception is a refusal
        return {}, []
