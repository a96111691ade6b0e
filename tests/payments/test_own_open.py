"""A person's own orders whose fate is open, and how the pages name them."""

from datetime import timedelta

import pytest

from lk_reflex.domain.payments.orders.own_open import open_orders
from lk_reflex.ui.open_payments import open_payment
from tests.billing.paper import february_2018
from tests.cast import NOW
from tests.payments.orders import some_order


@pytest.mark.parametrize("status", ["new", "waiting", "checking", "paid", "declined", "expired", "failed", "reversed"])
def test_only_open_ones_of_ones_own(db, cast, status):
    some_order(db, cast, february_2018(db, cast.flat), status=status)
    found = db.read(open_orders, cast.owner.actor)
    assert [one.status for one in found] == ([status] if status in ("new", "waiting", "checking") else [])
    assert db.read(open_orders, cast.relative.actor) == ()


@pytest.mark.parametrize(
    ("status", "later", "said"),
    [
        ("checking", 0, "ПОВВ: платёж 539,20 руб. от 15:00 проверяется."),
        ("waiting", 1, "ПОВВ: платёж 539,20 руб. от 20.11.2026, 15:00 не завершён: банк ждёт оплаты."),
    ],
)
def test_it_is_named_by_its_sum_and_time(db, cast, status, later, said):
    some_order(db, cast, february_2018(db, cast.flat), status=status)
    (order,) = db.read(open_orders, cast.owner.actor)
    shown = open_payment(order, NOW + timedelta(days=later))
    assert (shown.text.replace("\u00a0", " "), shown.address) == (said, f"/cart/result/{order.number}")
