"""Meters and readings for tests; values as people read them, dates as they write them."""

from datetime import date

from lk_reflex.core.clock import parse_date
from lk_reflex.core.db import Database
from lk_reflex.core.exact import parse_scaled
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.metering.entries import Entry
from lk_reflex.domain.metering.tables import Meter, Reading

KEY = "key-of-one-form"
OCTOBER = Month(2026, 10)


def thousandths(text: str) -> int:
    return parse_scaled(text, 3)


def make_meter(database: Database, account: int, name: str = "ХВС С/У", **facts) -> int:
    """A cold-water meter installed in 2016, verified until 2028, unless told otherwise; returns its id."""
    defaults = {
        "serial": "26616450", "resource": "ХВС", "place": "С/У", "installed_on": date(2016, 8, 19),
        "started_on": date(2016, 8, 19), "verification_due": date(2028, 7, 1),
    }  # fmt: skip
    with database.transaction() as db:
        organization = db.session.get_one(Account, account).organization_id
        meter = Meter(
            organization_id=organization,
            account_id=account,
            code=f"{name} {account}",
            name=name,
            **{**defaults, **facts},
        )
        db.add(meter)
        assert meter.id
        return meter.id


def bill(database: Database, meter: int, *readings: tuple[str, str], scale: int = 1, source: str = "Абонент") -> None:
    """Billing's readings: («21.10.2026», «84,120»)."""
    with database.transaction() as db:
        for day, value in readings:
            taken = parse_date(day)
            db.add(
                Reading(
                    meter_id=meter, scale=scale, taken_on=taken, accounted_on=taken, source=source,
                    value=thousandths(value),
                )
            )  # fmt: skip


def monthly(
    database: Database, meter: int, last: str, volume: str, *,
    months: int = 7, until: Month = OCTOBER, scale: int = 1,
) -> None:  # fmt: skip
    """Regular readings on the 21st, the newest worth `last`, each `volume` apart."""
    values = [thousandths(last) - thousandths(volume) * step for step in range(months)]
    with database.transaction() as db:
        for step, value in enumerate(values):
            day = until.shift(-step).day(21)
            db.add(Reading(meter_id=meter, scale=scale, taken_on=day, accounted_on=day, source="Абонент", value=value))


def set_organization(database: Database, organization: int, **facts) -> None:
    with database.transaction() as db:
        found = db.session.get_one(Organization, organization)
        for name, value in facts.items():
            setattr(found, name, value)


def form(**rows: str) -> dict[str, Entry]:
    """`form(m1_1="86,21")` as the rows of a form: «m1-1»."""
    return {row.replace("_", "-"): Entry(reading=text) for row, text in rows.items()}
