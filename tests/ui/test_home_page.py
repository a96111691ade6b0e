"""The home page through the real processor: the demonstration's logins for nobody in particular."""

from lk_reflex.domain.identity.demo import DEMO_PEOPLE
from lk_reflex.ui.public.home.state import HomeState


async def test_a_demonstration_offers_its_logins(tabs):
    tab = tabs()
    await tab.open("/")
    assert [login.email for login in tab.seen(HomeState)["demo_logins"]] == [person.email for person in DEMO_PEOPLE]
