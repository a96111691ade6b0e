"""«Почему изменилась сумма?» of a whole made-up town, through the real importer: does every explanation add up?

`python -m benchmarks.explain_town [--accounts 1000] [--months 24] [--print 20]`
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from sqlmodel import select

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.migrations import migrate
from lk_reflex.domain.accounts.linked import link_account
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.billing.charges import charges_of
from lk_reflex.domain.billing.explaining.explain import Explanation, by_kind
from lk_reflex.domain.billing.explaining.explained import Explained, TwoYears, explained, explained_year
from lk_reflex.domain.billing.months import months_of
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.users import put_user
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.importer import import_package
from lk_reflex.ui.why.rows import Why, why_of

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@dataclass
class Outcome:
    """How many explanations were made, the faults, what reasons there were, and all that have something to say."""

    explained: int = 0
    years: int = 0
    faults: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    told: list[tuple[str, Why]] = field(default_factory=list)


def settle(folder: Path, *, accounts: int, months: int) -> tuple[Database, Actor, list[int]]:
    """A database with such a town in it, and somebody to whom every account is linked."""
    database = Database(f"sqlite:///{folder / 'town.db'}")
    migrate(database.engine)
    make_demo(folder / "package", accounts=accounts, months=months, today=TODAY)
    report = import_package(database, folder / "package")
    assert report.imported
    actor, ids = database.write(_owner)
    return database, actor, ids


def _owner(db: Writer) -> tuple[Actor, list[int]]:
    user = put_user(db, "town@example.org", "resident", "!", now=NOW)
    ids = [found for found in db.session.exec(select(Account.id)).all() if found is not None]
    for account in ids:
        link_account(db, user, account, now=NOW)
    return Actor(user, "resident", "town@example.org", 0, NOW, None, NOW), ids


def walk(database: Database, actor: Actor, accounts: list[int]) -> Outcome:
    """Every month of every account against the one before, and against a year ago."""
    outcome = Outcome()
    for account in accounts:
        for month in database.read(months_of, actor, account):
            charged = sum(one.main.charged for one in database.read(charges_of, actor, account, month))
            for service in (explained, explained_year):
                found = database.read(service, actor, account, month)
                _check(outcome, f"{account}, {month.key}, {service.__name__}", found, charged)
    return outcome


def _check(outcome: Outcome, where: str, found: Explained | None, charged: int) -> None:
    outcome.faults += [f"{where}: {fault}" for fault in _faults(found, charged)]
    if found is None or found.why is None:
        return
    outcome.explained += 1
    outcome.kinds.update(kind.value for kind in by_kind([found.why]))
    outcome.years += getattr(found, "years", None) is not None
    if found.why.changed:
        outcome.told.append((where, why_of(found)))


def _faults(found: Explained | None, charged: int) -> Iterator[str]:
    if found is None:
        yield "nothing found"
    elif found.why is not None:
        yield from _of_two(found.why, charged)
        years = getattr(found, "years", None)
        if isinstance(years, TwoYears) and sum(years.kinds.values()) != years.now - years.was:
            yield "two years don't add up"


def _of_two(why: Explanation, charged: int) -> Iterator[str]:
    if why.now != charged:
        yield f"explains {why.now}, but {charged} was charged"
    if sum(part.amount for one in why.services for part in one.parts) != why.now - why.was:
        yield "the parts don't make the difference"
    yield from (
        f"the parts of {one.service} don't make its change"
        for one in why.services
        if sum(part.amount for part in one.parts) != one.now - one.was
    )


def main() -> None:
    """Walk a town and say what came of it."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.explain_town")
    options.add_argument("--accounts", type=int, default=1000)
    options.add_argument("--months", type=int, default=24)
    options.add_argument("--print", type=int, default=0, dest="printed", help="so many explanations, drawn by lot")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database, actor, accounts = settle(Path(folder), accounts=given.accounts, months=given.months)
        began = time.perf_counter()
        outcome = walk(database, actor, accounts)
        spent = time.perf_counter() - began
        database.close()
    print(f"{len(accounts)} accounts × {given.months} months: {outcome.explained} explanations in {spent:.0f} s")
    print(f"two whole years: {outcome.years}; reasons: {dict(outcome.kinds)}")
    print(f"faults: {len(outcome.faults)}", *outcome.faults[:10], sep="\n  ")
    for where, why in Random(1).sample(outcome.told, min(given.printed, len(outcome.told))):
        _print(where, why)
    raise SystemExit(bool(outcome.faults))


def _print(where: str, why: Why) -> None:
    print(f"\n— {where}\n{why.headline}")
    print(*(f"  {cause.amount} {cause.text}" for cause in why.causes), sep="\n")
    for row in why.rows:
        print(f"{row.service}: {row.was} → {row.now}, {row.change}", *row.reasons, sep="\n    ")
    print(*filter(None, (*why.notes, why.years)), sep="\n")


if __name__ == "__main__":
    main()
