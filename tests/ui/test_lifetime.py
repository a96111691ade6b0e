"""A tab whose states are gone while it is open: its page is read anew, and nobody is left without an answer.

Redis itself, and states that are gone in part: tests/city/test_nothing_is_lost.py.
"""

import asyncio
from contextlib import suppress

import pytest
from redis.exceptions import RedisError

from lk_reflex.core.ending import ending
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.ui import gate
from lk_reflex.ui.gate import ANEW
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.resident.charges.state import ChargesState
from lk_reflex.ui.session import SessionState
from tests.cast import NOW, TODAY


@pytest.fixture
def receipt(db, cast):
    """The owner's, with a service that nobody else shall see."""
    with db.transaction() as writer:
        made = Receipt(account_id=cast.flat, kind="Объединённая", month=Month.of(TODAY), issued_on=TODAY)
        writer.add(made)
        writer.add(
            BalanceLine(receipt_id=made.id or 0, service="Тайная услуга", debt=0, paid=0, charged=100, total=100)
        )
    return made


def lose(tab):
    """As FLUSHALL does."""
    tab.processor._root_context.state_manager.states.clear()


async def test_a_link_followed_after_the_loss_shows_its_page_and_says_nothing(tabs, cast, receipt):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    lose(tab)
    delta, _ = await tab.follow("/charges")
    assert "Тайная услуга" in repr(delta) and tab.seen(SessionState)["email"] == "owner@example.org"
    assert tab.seen(SessionState)["fault"] == ""


async def test_a_press_after_the_loss_is_told_to_be_repeated_and_does_nothing(tabs, cast, receipt):
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    lose(tab)
    delta, _ = await tab.send(AccountsState.choose, key=str(cast.flat))
    assert tab.seen(SessionState)["fault"] == ANEW and "Тайная услуга" in repr(delta[ChargesState.get_full_name()])
    again, events = await tab.send(AccountsState.choose, key=str(cast.flat))
    assert (again, events) != ({}, []) and tab.seen(SessionState)["fault"] == ""


async def test_whose_session_has_ended_meanwhile_is_led_home(tabs, db, cast, receipt):
    from lk_reflex.domain.identity.sessions import end_all_sessions

    tab = tabs(cast.owner.cookie)
    await tab.open("/charges")
    lose(tab)
    db.write(end_all_sessions, cast.owner.actor.user_id, now=NOW)
    delta, events = await tab.send(AccountsState.choose, key=str(cast.flat))
    assert [payload["path"] for name, payload in events if name == "_redirect"] == ["/"]
    assert "Тайная услуга" not in repr(delta)


async def test_a_tab_that_connects_while_the_database_is_away_is_sent_to_come_again(tabs, cast, monkeypatch):
    def away(*_words, **_more):
        raise Unavailable("База данных сейчас не отвечает")

    tab, sent_away = tabs(cast.owner.cookie), asyncio.Event()
    monkeypatch.setattr(gate, "AWAY", 0)
    with ending().socket(sent_away.set, tab.token), monkeypatch.context() as patched:
        patched.setattr(gate, "person_of", away)
        assert await tab.open("/charges") == ({}, [])
        await asyncio.wait_for(sent_away.wait(), 60)
    await tab.open("/charges")
    assert tab.seen(SessionState)["email"] == "owner@example.org"


async def test_a_tab_whose_states_cannot_be_read_for_a_moment_is_sent_to_come_again(tabs, cast, monkeypatch):
    def away(*_words, **_more):
        raise RedisError("gone")

    tab, sent_away = tabs(cast.owner.cookie), asyncio.Event()
    await tab.open("/charges")
    with ending().socket(sent_away.set, tab.token), monkeypatch.context() as patched:
        patched.setattr(tab.processor._root_context.state_manager, "modify_state_with_links", away)
        with suppress(RedisError):
            await tab.follow("/overview")
        await asyncio.wait_for(sent_away.wait(), 60)
