"""Staff look up an account: the search, and its file as the resident sees it, through the real processor."""

import pytest
from sqlmodel import select

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import chosen_account
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.billing.tables import BalanceLine, PostedPayment, Receipt
from lk_reflex.domain.requests.tables import Request
from lk_reflex.ui.staff.account.state import StaffAccountState
from lk_reflex.ui.staff.accounts.state import AccountSearchState
from tests.cast import NOW, TODAY
from tests.metering.dials import make_meter, monthly, put_sent

NUMBER, DRAFT = "261120123456", "261120123457"


def of(row, name):
    return getattr(row, name) if hasattr(row, name) else row[name]


@pytest.fixture
def life(db, cast):
    """Two months of receipts, a payment, a meter, a request and a draft of the owner's flat."""
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    put_sent(db, cast, meter, 124_000)
    with db.transaction() as writer:
        for month, debt in ((Month(2026, 9), 0), (Month(2026, 10), 100_00)):
            receipt = Receipt(account_id=cast.flat, kind="Объединённая", month=month, issued_on=TODAY)
            writer.add(receipt)
            writer.add(
                BalanceLine(receipt_id=receipt.id, service="ХВС", debt=debt, charged=500_00, total=debt + 500_00)
            )
        writer.add(
            PostedPayment(
                organization_id=cast.organization, account_id=cast.flat, code="1", kind="Касса", accepted_on=TODAY,
                processed_on=TODAY, amount=-123_45,
            )
        )  # fmt: skip
        for number, status in ((NUMBER, "sent"), (DRAFT, "draft")):
            writer.add(
                Request(
                    number=number, kind="appeal", status=status, organization_id=cast.organization,
                    account_id=cast.flat, user_id=cast.owner.actor.user_id, created_at=NOW, updated_at=NOW,
                )
            )  # fmt: skip


async def test_the_area_reads_as_in_the_residents_document(tabs, db, cast):
    with db.transaction() as writer:
        writer.session.get_one(Account, cast.flat).area = 16_200
    tab = tabs(cast.operator.cookie)
    await tab.open(f"/staff/accounts/{cast.flat}")
    assert "16,2\u00a0м²" in [of(one, "value") for one in tab.seen(StaffAccountState)["facts"]]


async def test_the_file_is_what_the_resident_sees(tabs, db, cast, life):
    tab = tabs(cast.operator.cookie)
    await tab.open(f"/staff/accounts/{cast.flat}")
    seen = tab.seen(StaffAccountState)
    assert seen["heading"] == "Лицевой счет 1234567899"
    assert [of(one, "value") for one in seen["facts"]][:2] == [
        "УЛ. КЫШТЫМСКАЯ, 10 - 1010", "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ",
    ]  # fmt: skip
    assert [of(one, "total") for one in seen["receipts"]] == ["600,00"]
    assert (seen["month"], seen["earlier"], seen["later"]) == ("Октябрь 2026", "Сентябрь 2026", "")
    assert [of(one, "amount") for one in seen["payments"]] == ["-123,45"]
    (meter,) = seen["meters"]
    assert [of(row, "value") for row in of(meter, "rows")][:2] == ["124,000", "118,000"]
    assert [of(one, "number") for one in seen["requests"]] == ["261120-123-456"]  # the draft is its person's alone
    assert sorted(of(one, "email") for one in seen["logins"]) == ["o•••@example.org", "r•••@example.org"]
    await tab.send(StaffAccountState.go_earlier)
    assert tab.seen(StaffAccountState)["month"] == "Сентябрь 2026"
    assert [of(one, "total") for one in tab.seen(StaffAccountState)["charges"]] == ["500,00"]
    await tab.send(StaffAccountState.go_earlier)
    assert tab.seen(StaffAccountState)["month"] == "Сентябрь 2026"
    with db.transaction() as writer:
        views = [
            one.detail["view"]
            for one in writer.session.exec(select(AuditEntry).order_by(AuditEntry.id))
            if one.action == "account-seen"
        ]
    assert views == ["all", "2026-09"]
    assert db.read(chosen_account, cast.operator.actor) is None


@pytest.mark.parametrize("who", ["outsider", "owner", "stranger"])
async def test_nobody_else_opens_it(tabs, db, cast, life, who):
    tab = tabs(getattr(cast, who).cookie)
    await tab.open(f"/staff/accounts/{cast.flat}")
    for handler in (StaffAccountState.load, StaffAccountState.go_earlier, StaffAccountState.go_later):
        await tab.send(handler)
    assert not tab.seen(StaffAccountState).get("facts")
    assert not tab.seen(StaffAccountState).get("receipts")
    with db.transaction() as writer:
        assert not [one for one in writer.session.exec(select(AuditEntry)) if one.action == "account-seen"]


@pytest.mark.parametrize("token", ["0", "999", "x", "1%27", "9" * 40])
async def test_an_address_of_nothing_says_so(tabs, cast, token):
    tab = tabs(cast.operator.cookie)
    await tab.open(f"/staff/accounts/{token}")
    assert tab.seen(StaffAccountState)["missing"].startswith("Такого лицевого счета нет")


async def test_the_search_finds_and_keeps_what_was_typed(tabs, cast, life):
    tab = tabs(cast.operator.cookie)
    await tab.open("/staff/accounts")
    assert tab.seen(AccountSearchState)["rows"] == []
    await tab.send(AccountSearchState.look_for, form={"search": "1"})
    assert tab.seen(AccountSearchState)["error"]
    assert tab.seen(AccountSearchState)["search"] == "1"
    await tab.send(AccountSearchState.look_for, form={"search": "12345"})
    (row,) = tab.seen(AccountSearchState)["rows"]
    assert of(row, "href") == f"/staff/accounts/{cast.flat}"
    await tab.follow(f"/staff/accounts/{cast.flat}")
    await tab.follow("/staff/accounts")
    assert len(tab.seen(AccountSearchState)["rows"]) == 1
    await tab.follow("/staff/payments")
    await tab.follow("/staff/accounts")
    assert tab.seen(AccountSearchState)["rows"] == []


@pytest.mark.parametrize("form", [None, 1, [], {"search": 5}, {"search": "\0" * 99}, {"search": "я" * 50_000}])
async def test_a_form_of_anything_is_answered(tabs, cast, form):
    tab = tabs(cast.operator.cookie)
    await tab.open("/staff/accounts")
    await tab.send(AccountSearchState.look_for, form=form)
    assert tab.seen(AccountSearchState)["rows"] == []
