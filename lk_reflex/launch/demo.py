"""Fills a demonstration once: the package through the real importer, then the people who sign in to it."""

import shutil
from collections.abc import Callable, Iterable

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import local_date, utc_now
from lk_reflex.core.db import Database, Reader
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.identity.demo import DEMO_PASSWORD, anybody_exists, demo_people_exist, make_demo_people
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.metering.reminders.places import ANY_HOUR
from lk_reflex.exchange.demo.cast import DEMO_ACCOUNTS
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.importer import import_package
from lk_reflex.jobs.reminders import Reminders
from lk_reflex.launch.demo_payments import make_demo_payments
from lk_reflex.launch.demo_requests import make_demo_requests
from lk_reflex.settings import Settings
from lk_reflex.wiring import database, file_store, vault

IN_USE = "В базе уже есть чужие логины: демонстрационные данные не загружены. Проверьте LK_MODE."
ACCOUNTS, MONTHS = 200, 24
_ACCOUNT = (
    select(col(Account.id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(Organization.inn) == bindparam("inn"), col(Account.number) == bindparam("number"))
)


def fill_demo(settings: Settings, *, say: Callable[[str], None], accounts: int = ACCOUNTS) -> None:
    """Import the demonstration and make its logins; quiet where that has been done."""
    base = database()
    if base.read(demo_people_exist):
        return
    if base.read(anybody_exists):
        # A lost LK_MODE must not put the demonstration's logins beside real people.
        say(IN_USE)
        return
    say("Загружаем демонстрационные данные…")
    _import_town(base, settings, accounts)
    linked = {f"{login}@example.org": base.read(_account_ids, cast) for login, cast in DEMO_ACCOUNTS.items()}
    hashed = hash_password(DEMO_PASSWORD, settings.key())
    base.write(make_demo_people, linked, base.read(_organization_ids), hashed, now=utc_now())
    today = local_date(utc_now(), settings.time_zone)
    make_demo_payments(base, settings.data_dir / "demo", site=settings.site, email="anna@example.org", today=today)
    make_demo_requests(base, file_store(), vault(), site=settings.site, today=today, now=utc_now())
    _remind(base, settings)


def _import_town(base: Database, settings: Settings, accounts: int) -> None:
    package = settings.data_dir / "demo"
    shutil.rmtree(package, ignore_errors=True)
    make_demo(package, accounts=accounts, months=MONTHS, today=local_date(utc_now(), settings.time_zone))
    report = import_package(base, package)
    if not report.imported:
        raise RuntimeError("the demonstration package was refused")


def _remind(base: Database, settings: Settings) -> None:
    """What the worker would tell them today, told at once: a demonstration may be looked at by night."""
    reminders = Reminders(base, site=settings.site, clock=utc_now, hours=ANY_HOUR)
    while reminders.step():
        pass


def _account_ids(db: Reader, cast: Iterable[tuple[str, str]]) -> list[int]:
    return [db.rows(_ACCOUNT, inn=inn, number=number)[0].id for inn, number in cast]


def _organization_ids(db: Reader) -> list[int]:
    return [row.id for row in db.rows(select(col(Organization.id)))]
