"""A rolling restart and a new build under connected tabs: no failed request, every tab comes back, nothing is lost.

Thirty tabs here; `python -m benchmarks.rolling` does it with 200.
"""

import shutil

import pytest

from tests.city.rolling import Crowd, rolled
from tests.renewed import NEXT, make_next_build
from tests.site import KEPT

TABS = 30


@pytest.fixture
def gone(city):
    """The name of a file that the next build has not any longer."""
    _, name = make_next_build(KEPT / "builds", without="_charges_._index-")
    yield name
    shutil.rmtree(KEPT / "builds" / NEXT, ignore_errors=True)


async def test_tabs_and_requests_outlive_a_deploy(city, residents, gone):
    async with Crowd(city, [residents() for _ in range(3)], TABS) as crowd:
        await crowd.settled()
        before = {tab.build for tab in crowd.tabs}
        await rolled(city, "tests.renewed")
        await crowd.settled(NEXT)
        figures = crowd.figures()
        # The file of the version before is there for who asks for it now, at whichever process.
        answers = [await crowd.get(f"/assets/{gone}", base) for base in city.bases]
    assert figures.failed == [] and figures.requests > 0
    assert figures.connected == TABS and figures.reconnections >= TABS
    assert figures.lost == 0, "what a tab was told is kept isn't there"
    assert len(before) == 1 and NEXT not in before
    assert [answer.status_code for answer in answers] == [200, 200]
