"""Whether each organization that takes payments has a gateway, and whether that answers us."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.integrations.bank.port import Banks, Rejected, Silent
from lk_reflex.settings import Settings
from lk_reflex.wiring import banks, database

#: A number that no order of ours has: ours begin with the day they were made on.
NO_ORDER = "00010100000000"
_TAKING = (
    select(col(Organization.inn), col(Organization.short_name), col(Organization.name))
    .where(col(Organization.takes_payments))
    .order_by(col(Organization.inn))
)


def bank_lines(settings: Settings) -> tuple[list[str], bool]:
    """A line an organization, and whether all is well. Nothing is asked of a demonstration's own bank."""
    if settings.bank_stand_in:
        return ["Банк: свой, деньги ни с кого не списываются"], True
    found = [*_of_organizations(banks()), *_unknown(settings)]
    if not found:
        return ["Банк: оплату картой никто не принимает"], True
    return [f"Банк {line}" for line, _ in found], all(good for _, good in found)


def _of_organizations(gateways: Banks) -> Iterator[tuple[str, bool]]:
    for row in _taking():
        state, good = _asked(gateways, row.inn)
        yield f"{row.inn} ({row.short_name or row.name}): {state}", good


def _unknown(settings: Settings) -> Iterator[tuple[str, bool]]:
    """Gateways of organizations that the database doesn't know as taking payments."""
    known = {row.inn for row in _taking()}
    for inn in settings.gateways():
        if inn not in known:
            yield f"{inn}: в базе нет такой организации, принимающей оплату", False


def _taking() -> list[Any]:
    try:
        return database().read(lambda db: db.rows(_TAKING))
    except Exception:  # noqa: BLE001  the line of the database says what is wrong with it
        return []


def _asked(gateways: Banks, inn: str) -> tuple[str, bool]:
    try:
        gateways.of(inn).state(NO_ORDER)
    except Unavailable:
        return "оплата включена, но в файле LK_BANKS нет её раздела", False
    except Rejected as fault:
        return f"шлюз отвечает отказом ({fault})", False
    except Silent as fault:
        return f"шлюз не отвечает ({fault})", False
    return "шлюз отвечает", True
