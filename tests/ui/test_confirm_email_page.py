"""Scenario 17 for the e-mail: opening the link changes nothing, one press does, once."""

from datetime import timedelta

import pytest

from lk_reflex.domain.accounts.access_tables import AccountGrant
from lk_reflex.domain.accounts.linked import linked_accounts
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.change_email import _ask
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.ui.public.confirm_email.state import ConfirmEmailState
from tests.cast import NOW
from tests.identity.people import letters, token_in, user

NEW = "new@example.org"


def asked(db, person, now=NOW):
    db.write(_ask, person.actor, NEW, site="https://lk.example", client=Client("10.0.0.1"), now=now)
    return token_in(letters(db, NEW)[-1])


def seen(tab):
    return tab.seen(ConfirmEmailState)


@pytest.mark.parametrize("signed_in", [True, False])
async def test_one_press_makes_it_the_login(db, tabs, cast, signed_in):
    token = asked(db, cast.owner)
    tab = tabs(cast.owner.cookie if signed_in else "")
    await tab.open(f"/confirm-email/{token}")
    assert (seen(tab)["stage"], seen(tab)["email"], seen(tab)["signed_in"]) == ("asks", NEW, signed_in)
    assert user(db, cast.owner).email == "owner@example.org", "a mail scanner opens links, too"
    await tab.send(ConfirmEmailState.confirm)
    assert (seen(tab)["stage"], user(db, cast.owner).email) == ("done", NEW)
    assert token not in repr(seen(tab))


async def test_a_second_press_and_a_second_visit(db, tabs, cast):
    token = asked(db, cast.owner)
    tab = tabs()
    await tab.open(f"/confirm-email/{token}")
    for _ in range(2):
        await tab.send(ConfirmEmailState.confirm)
        assert seen(tab)["stage"] == "done"
    await tab.open(f"/confirm-email/{token}")
    assert seen(tab)["stage"] == "stale"


@pytest.mark.parametrize("link", ["nonsense", "", "x" * 5000])
async def test_a_link_that_is_worth_nothing_leads_to_a_new_one(db, tabs, cast, link):
    tab = tabs()
    await tab.open(f"/confirm-email/{link}")
    assert seen(tab).get("stage", "stale") in ("", "stale")
    await tab.send(ConfirmEmailState.confirm)
    assert seen(tab)["stage"] == "stale"
    assert user(db, cast.owner).email == "owner@example.org"


async def test_an_old_link(db, tabs, cast):
    token = asked(db, cast.owner, now=NOW - timedelta(hours=72))
    tab = tabs(cast.owner.cookie)
    await tab.open(f"/confirm-email/{token}")
    assert seen(tab)["stage"] == "stale"


async def test_what_others_granted_to_the_new_address_is_taken_up(db, tabs, cast):
    db.write(lambda w: w.add(AccountGrant(
        account_id=cast.house, granted_by=cast.stranger.actor.user_id, email=NEW, email_key=NEW, created_at=NOW
    )))  # fmt: skip
    tab = tabs()
    await tab.open(f"/confirm-email/{asked(db, cast.owner)}")
    await tab.send(ConfirmEmailState.confirm)
    actor = db.read(identify, token_hash(cast.owner.cookie), now=NOW)
    assert cast.house in [account.account_id for account in db.read(linked_accounts, actor)]
