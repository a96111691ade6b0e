"""The home page through the real processor: the demonstration's logins for nobody in particular."""

import pytest

from lk_reflex.domain.identity.demo import DEMO_PEOPLE
from lk_reflex.ui.public.home.state import DONE, RESULT_SAID, HomeState


async def test_a_demonstration_offers_its_logins(tabs):
    tab = tabs()
    await tab.open("/")
    assert [login.email for login in tab.seen(HomeState)["demo_logins"]] == [person.email for person in DEMO_PEOPLE]


@pytest.mark.parametrize(("address", "said"), [("/?done=activated", DONE["activated"]), ("/?done=x", ""), ("/", "")])
async def test_what_was_done_elsewhere_is_said(tabs, address, said):
    tab = tabs()
    await tab.open(address)
    assert tab.seen(HomeState).get("done", "") == said


@pytest.mark.parametrize(
    ("address", "said"),
    [("/?next=/cart/result/26112012345678", RESULT_SAID), ("/?next=/cart", ""), ("/?next=/payments", "")],
)
async def test_who_was_signed_out_at_the_bank_is_told_of_the_payment(tabs, address, said):
    tab = tabs()
    await tab.open(address)
    assert tab.seen(HomeState).get("done", "") == said
