"""What a pay link is worth, by table: money first, then what forbids paying, then the tries."""

from datetime import timedelta
from itertools import product

import pytest

from lk_reflex.domain.payments.links.state import OPEN_TO_PAY, LinkState, Standing, state_of
from lk_reflex.domain.payments.orders.machine import Status
from tests.cast import NOW

FINE = {"expires_at": NOW + timedelta(days=1), "revoked": False, "allowed": True, "changed": False, "covered": False}


@pytest.mark.parametrize(
    ("facts", "statuses", "state"),
    [
        ({}, [], LinkState.PAYABLE),
        ({}, ["waiting"], LinkState.WAITING),
        ({}, ["new"], LinkState.WAITING),
        ({}, ["checking"], LinkState.CHECKING),
        ({}, ["paid"], LinkState.PAID),
        ({}, ["refunded"], LinkState.REFUNDED),
        ({}, ["declined"], LinkState.FAILED),
        ({}, ["expired"], LinkState.FAILED),
        ({}, ["failed"], LinkState.FAILED),
        ({}, ["reversed"], LinkState.FAILED),
        ({}, ["declined", "waiting"], LinkState.WAITING),
        ({}, ["declined", "paid"], LinkState.PAID),
        # The first try was taken late, after a second one had begun.
        ({}, ["paid", "waiting"], LinkState.PAID),
        ({}, ["refunded", "paid"], LinkState.PAID),
        ({"revoked": True}, [], LinkState.REVOKED),
        ({"revoked": True}, ["waiting"], LinkState.REVOKED),
        ({"expires_at": NOW}, [], LinkState.EXPIRED),
        ({"expires_at": NOW}, ["declined"], LinkState.EXPIRED),
        ({"allowed": False}, [], LinkState.CLOSED),
        ({"changed": True}, [], LinkState.CHANGED),
        ({"covered": True}, [], LinkState.COVERED),
        ({"covered": True, "changed": True}, [], LinkState.COVERED),
    ],
)
def test_the_table(facts, statuses, state):
    assert state_of(Standing(**{**FINE, **facts}, statuses=statuses), now=NOW) is state


def test_nothing_that_forbids_paying_hides_money_and_nothing_leads_to_a_second_payment():
    for revoked, allowed, changed, covered, expired in product((False, True), repeat=5):
        link = Standing(
            NOW if expired else NOW + timedelta(days=1), revoked, allowed, changed, covered, [Status.PAID.value]
        )
        assert state_of(link, now=NOW) is LinkState.PAID
    assert not OPEN_TO_PAY & {LinkState.PAID, LinkState.CHECKING, LinkState.REFUNDED, LinkState.COVERED}
