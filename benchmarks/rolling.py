"""`python -m benchmarks.rolling --tabs 200`: a deploy under connected tabs, in figures. No part of `make bench`.

Two web processes over PostgreSQL and Redis, restarted one after the other into another build, while every tab types in
a draft of its own and visitors open pages.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.city.people import Residents, settle
from tests.city.rolling import Crowd, Figures, rolled
from tests.city.town import City
from tests.renewed import NEXT, make_next_build


async def _deploy(city: City, tabs: int) -> tuple[Figures, float]:
    make = Residents(city)
    make_next_build(city.builds, without="_charges_._index-")
    async with Crowd(city, [make() for _ in range(-(-tabs // 10))], tabs) as crowd:
        await crowd.settled()
        seconds = await rolled(city, "tests.renewed")
        await crowd.settled(NEXT)
        return crowd.figures(), seconds


def main() -> None:
    """Print what became of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tabs", type=int, default=200)
    tabs = asked.parse_args().tabs
    with tempfile.TemporaryDirectory() as folder:
        city = City(Path(folder))
        try:
            figures, seconds = asyncio.run(_deploy(city.start(settle), tabs))
        finally:
            city.stop()
    print(f"{tabs} tabs, two processes restarted in {seconds:.0f} s")
    print(f"tabs connected afterwards: {figures.connected}; reconnections: {figures.reconnections}")
    print(f"longest time without a connection: {figures.longest:.1f} s")
    print(f"requests: {figures.requests}, taken by the other process: {figures.retried}, failed: {len(figures.failed)}")
    print(f"words typed and said to be kept: {figures.typed}; drafts that lack one: {figures.lost}")


if __name__ == "__main__":
    main()
