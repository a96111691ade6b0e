"""Выбор лицевого счета through the real processor."""

from lk_reflex.ui.account import AccountState
from lk_reflex.ui.resident.accounts.state import AccountsState


async def test_the_owner_sees_the_linked_account(tabs, cast):
    tab = tabs(cast.owner.cookie)
    d = await tab.open("/accounts")
    print(d)
    assert [row.number for row in tab.seen(AccountsState)["rows"]] == ["1234567899"]
    assert tab.seen(AccountState)["address"] == "УЛ. КЫШТЫМСКАЯ, 10 - 1010"
