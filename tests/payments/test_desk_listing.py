"""The operators' list of orders: what is found by what, in which order, by whom, and without walking the table."""

from datetime import date, timedelta

import pytest

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.desk.listing import PAGE, Wanted, orders_page, parameters, statement
from lk_reflex.domain.payments.desk.search import Sought, sought
from tests.billing.plans import plan
from tests.cast import NOW, make_account
from tests.payments.desk_orders import BANK_ID, order_in, put_order

NUMBER = "26112012345678"


def page(db, cast, who="operator", **wanted):
    return db.read(orders_page, getattr(cast, who).actor, Wanted(**wanted))


def numbers(db, cast, who="operator", **wanted) -> list[str]:
    return [one.number for one in page(db, cast, who, **wanted).orders]


@pytest.fixture
def three(db, cast):
    """A paid one with a flag, one that is being checked, and the stranger's that nobody paid."""
    return (
        put_order(db, cast, NUMBER, bank_id=BANK_ID, flag="late"),
        put_order(db, cast, status="checking", created_at=NOW + timedelta(minutes=1), total=600_00),
        put_order(
            db, cast, status="expired", account=cast.house, user_id=cast.stranger.actor.user_id,
            email="stranger@example.org", created_at=NOW + timedelta(days=1),
        ),
    )  # fmt: skip


def test_the_newest_comes_first_with_all_that_a_line_tells(db, cast, three):
    found = page(db, cast)
    assert [one.number for one in found.orders] == [*reversed(three)]
    assert (found.flagged, found.checking, found.refunding, found.more) == (1, 1, 0, False)
    first = found.orders[-1]
    assert (first.email, first.accounts, first.total) == ("owner@example.org", ("1234567899",), 539_20)
    assert (first.organization, first.status, first.flag) == ("ПОВВ", "paid", "late")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", (2, 1, 0)),
        (NUMBER, (0,)),
        (" 261120 1234\u00a05678 ", (0,)),
        ("№ 261120 1234 5678", (0,)),
        ("Заказ № 261120 1234 5678", (0,)),
        ("платёж 26112012345678", (0,)),
        (BANK_ID, (0,)),
        (BANK_ID.upper(), (0,)),
        ("539,20 руб.", (2, 0)),
        ("539,20\u00a0₽", (2, 0)),
        ("600 руб", (1,)),
        ("1234567899", (1, 0)),
        ("л/с 1234567899", (1, 0)),
        ("2000000001", (2,)),
        ("owner@example.org", (1, 0)),
        (" OWNER@Example.org", (1, 0)),
        ("owner@example", ()),
        ("539,20", (2, 0)),
        ("600", (1,)),
        ("600.00", (1,)),
        ("601", ()),
        ("%", ()),
        ("_", ()),
        ("2611201234567_", ()),
        ("%@%", ()),
        ("' OR 1=1 --", ()),
        ("\x00", (2, 1, 0)),
        ("несуществующее", ()),
    ],
)
def test_what_is_found_by_what(db, cast, three, text, places):
    assert numbers(db, cast, search=text) == [three[place] for place in places]


def test_ten_thousand_characters_are_refused_with_a_sentence(db, cast):
    with pytest.raises(Invalid) as fault:
        page(db, cast, search="9" * 10_000)
    assert "Не больше 100 знаков" in fault.value.fields["search"]


def test_a_payer_by_link_is_found_by_the_address_they_left(db, cast):
    number = put_order(db, cast, user_id=None, email="aunt@example.org")
    assert numbers(db, cast, search="aunt@example.org") == [number]


def test_a_payer_whose_address_has_changed_is_found_by_both(db, cast):
    number = put_order(db, cast, email="former@example.org")
    assert numbers(db, cast, search="former@example.org") == [number]
    assert numbers(db, cast, search="owner@example.org") == [number]


def test_filters_narrow_together(db, cast, three):
    with db.transaction() as writer:
        other = Organization(inn="7400000001", name="Тепло", takes_payments=True)
        writer.add(other)
        account = make_account(writer, other.id, "777", flat="1")
        other_id = other.id
        theirs = order_in(writer, cast, organization_id=other_id, account=account)
    assert numbers(db, cast, organization_id=other_id) == []  # nothing of another organization's
    assert numbers(db, cast, "admin", organization_id=other_id) == [theirs]
    assert numbers(db, cast, flagged=True) == [three[0]]
    assert numbers(db, cast, status="checking") == [three[1]]
    assert numbers(db, cast, flagged=True, status="checking") == []
    assert numbers(db, cast, first=date(2026, 11, 21)) == [three[2]]
    assert numbers(db, cast, first=date(9999, 12, 31), last=date.max) == []
    assert len(numbers(db, cast, first=date.min, last=date.max)) == 3
    assert len(numbers(db, cast, "admin", first=date.min, last=date.max)) == 4
    assert numbers(db, cast, last=date(2026, 11, 20), search="owner@example.org", status="paid",
                   organization_id=cast.organization) == [three[0]]  # fmt: skip
    assert [payee.name for payee in page(db, cast).payees] == ["ПОВВ"]
    assert [payee.name for payee in page(db, cast, "admin").payees] == ["ПОВВ", "Тепло"]


def test_a_day_is_the_organizations_own(db, cast):
    """23:30 UTC on the 19th is half past four on the 20th in Yekaterinburg."""
    number = put_order(db, cast, created_at=NOW - timedelta(hours=10, minutes=30))
    day = {"first": date(2026, 11, 20), "last": date(2026, 11, 20)}
    assert numbers(db, cast, **day, organization_id=cast.organization) == [number]
    assert numbers(db, cast, **day) == [number]


def test_pages_neither_repeat_nor_lose_though_many_come_at_one_moment(db, cast):
    with db.transaction() as writer:
        made = [order_in(writer, cast, posted=False) for _ in range(2 * PAGE + 3)]
    seen, before = [], ""
    while True:
        found = page(db, cast, before=before)
        seen += [one.number for one in found.orders]
        put_order(db, cast, created_at=NOW + timedelta(hours=1))  # what comes meanwhile shifts nothing
        if not found.more:
            break
        before = found.orders[-1].number
    assert seen == [*reversed(made)]


def test_a_page_after_an_order_that_is_none_is_the_first_one(db, cast, three):
    assert numbers(db, cast, before="x' OR 1=1") == [*reversed(three)]


@pytest.mark.parametrize("who", ["owner", "relative", "stranger"])
def test_residents_see_no_list(db, cast, three, who):
    with pytest.raises(Refused):
        db.read(orders_page, getattr(cast, who).actor, Wanted())


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "flags"),
    [
        ("number", {}), ("bank", {}), ("account", {}), ("payer", {}), ("total", {}),
        ("all", {"flagged"}), ("all", {"status"}), ("all", {"organization"}), ("all", {"dated"}),
        ("all", {"organization", "dated"}), ("all", {"organization", "dated", "paid"}),
        ("all", {}), ("all", {"organization", "paged"}), ("all", {"paged"}),
        ("all", {"flagged", "paged"}), ("all", {"status", "organization", "dated", "paged"}),
    ],
)  # fmt: skip
def test_no_search_walks_the_orders(db, cast, kind, flags):
    asked = {name: name in flags for name in ("status", "flagged", "organization", "paged")}
    dated = ("paid" if "paid" in flags else "made") if "dated" in flags else ""
    wanted = Wanted(
        status="paid" if "status" in flags else "",
        organization_id=1 if "organization" in flags else None,
        first=date(2026, 11, 20) if "dated" in flags else None,
        paid="paid" in flags,
    )
    values = {
        "number": NUMBER, "bank_id": BANK_ID, "key": "1234567899", "email_key": "a@b", "email": "a@b", "total": 1,
    }  # fmt: skip

    class Cursor:
        created_at, id = NOW, 1

    given = parameters(Sought(kind, tuple(values.items())), wanted, Cursor if "paged" in flags else None, ())
    steps = plan(db, statement(kind, **asked, dated=dated), **given, **cast.operator.actor.overseeing)
    # In the order of an index a page of the newest is no walk; without one the whole table would be.
    walked = [step for step in steps if step.startswith("SCAN orders") and "USING INDEX" not in step]
    assert not walked, steps
    if kind == "all" and dated != "paid":  # a few days' payments are put in order, found by their day
        assert not any("USE TEMP B-TREE FOR ORDER BY" in step for step in steps), steps


@pytest.mark.parametrize(
    ("text", "kind"),
    [("", "all"), ("a@b", "payer"), ("1,5", "total"), ("-1,5", "nothing"), ("x" * 100, "nothing"), ("0", "nothing")],
)
def test_a_text_is_taken_for(db, cast, text, kind):
    assert db.read(sought, text).kind == kind
