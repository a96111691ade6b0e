"""A whole city for tests: PostgreSQL, Redis, two web processes, two workers, mail. One for each module that asks.

    def test_something(city, residents):
        one, other = city.webs                 # one.base, other.base: their own addresses
        resident = residents()                 # a login with an account, meters and a session's cookie
        city.kill("web", 0)                    # kill -9 with its family; "worker", "redis", "postgres" as well
        city.begin("web", 0)                   # and back, at the same port; waits until it is ready
        city.database.read(...)                # a Database of the test's own; city.redis is a client of Redis
        city.command("backup", ...)            # python -m lk_reflex … in that city
        city.mailbox.letters("a@example.org")  # what the workers have sent; the mail server outlives any kill

`RawSocket(city.webs[0], cookie)` of tests.served.conftest speaks to one of the processes.

A module that needs another city (more processes, own settings, another number of web words) makes its own by
`City(folder, web_count=3, web_words=("--workers", "2"), extra={"LK_…": "…"}).start(settle)` and `stop()` in a fixture.
It is a demonstration by its mode (orders need a bank, and production takes none without https), but has none of the
demonstration's people or data: `settle` imports a package of 60 accounts and makes nobody.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.city.people import Residents, settle
from tests.city.town import City


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Running, settled, and gone at the end of the module."""
    folder: Path = tmp_path_factory.mktemp("city")
    running = City(folder).start(settle)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def residents(city: City) -> Residents:
    """`residents(city)` makes another one."""
    return Residents(city)
