"""What «Выбор лицевого счета» shows, as ready strings. No Reflex here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lk_reflex.core.clock import format_date, local_date
from lk_reflex.core.money import format_roubles
from lk_reflex.domain.accounts.granted import Granted
from lk_reflex.domain.accounts.grants import Grant
from lk_reflex.domain.accounts.link_letters import Rights
from lk_reflex.domain.accounts.linked import LinkedAccount
from lk_reflex.domain.accounts.look_up import Candidate
from lk_reflex.domain.billing.due import Bill


@dataclass(frozen=True)
class GrantRow:
    """An access that the person gave; it looks the same whether or not the relative has a login."""

    key: str
    who: str
    rights: str
    until: str


@dataclass(frozen=True)
class AccountRow:
    """One linked account. `granted` tells by whose leave it is seen; empty where it is the person's own."""

    key: str
    number: str
    address: str
    organization: str
    closed: str
    due: str
    chosen: bool
    granted: str = ""
    grants: list[GrantRow] = field(default_factory=list)


@dataclass(frozen=True)
class FoundRow:
    """An account that was found: where it is and whose, never the owner's name."""

    key: str
    number: str
    address: str
    organization: str
    closed: str


def due_words(bill: Bill | None, left: int) -> str:
    """How the account stands, in a word and a sum; an overpayment never as a minus.

    `left`: what of the bill isn't paid here yet, kopecks.
    """
    if bill is None:
        return "Начислений нет"
    if left < bill.amount:
        return f"Осталось оплатить {format_roubles(left)}" if left else "Оплачено, платить не нужно"
    if bill.amount > 0:
        return f"К оплате {format_roubles(bill.amount)}"
    return f"Переплата {format_roubles(bill.overpaid)}" if bill.overpaid else "Платить не нужно"


def account_row(
    account: LinkedAccount, bill: Bill | None, granted: Granted | None, grants: Sequence[Grant], *, left: int,
    chosen: bool,
) -> AccountRow:  # fmt: skip
    """One card."""
    return AccountRow(
        str(account.account_id),
        account.number,
        account.address,
        account.organization,
        f"Закрыт {format_date(account.closed_on)}" if account.closed_on else "",
        due_words(bill, left),
        chosen,
        _granted(granted, account.time_zone) if granted else "",
        [_grant(grant, account.time_zone) for grant in grants if grant.account_id == account.account_id],
    )


def found_row(found: Candidate) -> FoundRow:
    """One account to be linked."""
    closed = closed_words(found.closed_on)
    return FoundRow(str(found.account_id), found.number, found.address, found.organization, closed)


def closed_words(closed_on: date | None) -> str:
    """What a closed account is still good for."""
    return f"Лицевой счет закрыт {format_date(closed_on)}: доступна только его история." if closed_on else ""


def _granted(granted: Granted, zone: str) -> str:
    rights = _rights(granted.may_send, granted.may_pay, granted.ends_at, zone)
    return f"Доступ открыл {granted.giver}: {rights.words}; {rights.lasting}."


def _grant(grant: Grant, zone: str) -> GrantRow:
    rights = _rights(grant.may_send, grant.may_pay, grant.ends_at, zone)
    who = f"{grant.name}, {grant.email}" if grant.name else grant.email
    return GrantRow(str(grant.grant_id), who, f"Может {rights.words}", f"Действует {rights.lasting}")


def _rights(may_send: bool, may_pay: bool, ends_at: datetime | None, zone: str) -> Rights:
    # The end is the midnight after the last day.
    until = local_date(ends_at - timedelta(seconds=1), zone) if ends_at else None
    return Rights(may_send, may_pay, until)
