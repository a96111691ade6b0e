"""A rolling restart and a new build under connected tabs: no failed request, every tab comes back, nothing is lost.

Thirty tabs here; `python -m benchmarks.rolling` does it with 200.
"""

import re
import shutil

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.domain.accounts.tables import Account
from tests.city.people import Resident
from tests.city.rolling import Crowd, rolled
from tests.city.town import City
from tests.renewed import NEXT, make_next_build

TABS = 30


@pytest.fixture
def gone(city):
    """The name of a file that the next build has not any longer."""
    _, name = make_next_build(city.builds, without="_charges_._index-")
    yield name
    shutil.rmtree(city.builds / NEXT)


async def test_tabs_and_requests_outlive_a_deploy(city, residents, gone):
    people = [residents() for _ in range(3)]
    async with Crowd(city, people, TABS) as crowd:
        await crowd.settled()
        before = {tab.build for tab in crowd.tabs}
        await rolled(city, "tests.renewed")
        await crowd.settled(NEXT)
        figures = crowd.figures()
        # The file of the version before is there for who asks for it now, at whichever process.
        answers = [await crowd.get(f"/assets/{gone}", base) for base in city.bases]
        told = [await crowd.get("/api/metrics", base) for base in city.bases]
    assert figures.failed == [] and figures.requests > 0
    assert figures.connected == TABS and figures.reconnections >= TABS
    assert figures.lost == 0, "what a tab was told is kept isn't there"
    assert len(before) == 1 and NEXT not in before
    assert [answer.status_code for answer in answers] == [200, 200]
    # Each of the processes tells what it counts, and nothing of whom.
    personal = {*(one.email for one in people), *(one.cookie for one in people), *_named(city, people)}
    for answer in told:
        assert answer.status_code == 200
        assert re.search(r'^lk_put_off_total\{[^}]*rank="forms"[^}]*\} ', answer.text, re.MULTILINE)
        assert [word for word in personal if word in answer.text] == []
    # All tabs may be at the one that was renewed first.
    assert any(re.search(r"^lk_events_total\{.*\} [1-9]", answer.text, re.MULTILINE) for answer in told)


def _named(city: City, people: list[Resident]) -> set[str]:
    """Surnames of their accounts, and numbers as a label would have them."""
    mine = col(Account.id).in_([one.account for one in people])
    with city.database.engine.connect() as connection:
        rows = connection.execute(select(col(Account.number), col(Account.surname)).where(mine)).all()
    return {word for number, surname in rows for word in (f'"{number}"', surname)}
