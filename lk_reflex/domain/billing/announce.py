"""«Новая квитанция»: who gets a letter about what an import brought, and what it says."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, cast, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.clock import format_date
from lk_reflex.core.db import Reader
from lk_reflex.core.money import NBSP, format_roubles
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.billing.due import MONTHS_ALIVE, due_date
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import lasting
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.mail.letter import Facts, Letter, Link
from lk_reflex.domain.mail.tables import MailChoice, OutgoingMail
from lk_reflex.domain.mail.topics import RECEIPTS

KIND = "receipts"
NOTHING_DUE, OVERPAID = "платить ничего не нужно", "переплата"
LEAVE = "Не хотите получать такие письма — выключите «Новая квитанция» в разделе «Настройки» личного кабинета."

_Newer = aliased(Receipt, name="newer")
_ordinal, _newer_ordinal = cast(col(Receipt.month), Integer), cast(col(_Newer.month), Integer)
#: Brought by the import, not refreshed by it; and what it brought of years long past is no news.
_NEW = and_(
    col(Receipt.import_id) == bindparam("import_id"),
    col(Receipt.id) > bindparam("receipts_before"),
    ~select(col(_Newer.id))
    .where(
        col(_Newer.account_id) == col(Receipt.account_id),
        or_(
            and_(col(_Newer.kind) == col(Receipt.kind), _newer_ordinal > _ordinal),
            _newer_ordinal >= _ordinal + MONTHS_ALIVE,
        ),
    )
    .exists(),
)


def _once_key(import_id: Any, user_id: Any) -> Any:
    return literal(f"{KIND}:") + cast(import_id, String) + literal(":") + cast(user_id, String)


_PERSONS = (
    select(col(User.id), col(User.email))
    .outerjoin(MailChoice, and_(col(MailChoice.user_id) == col(User.id), col(MailChoice.topic) == RECEIPTS))
    .where(
        col(User.id) > bindparam("after"),
        col(User.activated_at).is_not(None),
        col(User.blocked_at).is_(None),
        col(User.deleted_at).is_(None),
        col(MailChoice.wanted).is_not(False),  # the topic's default is yes
        select(col(AccountLink.id))
        .join(Receipt, col(Receipt.account_id) == col(AccountLink.account_id))
        .where(col(AccountLink.user_id) == col(User.id), lasting("now"), _NEW)
        .exists(),
        ~select(col(OutgoingMail.id))
        .where(col(OutgoingMail.once_key) == _once_key(bindparam("import_id", type_=Integer), col(User.id)))
        .exists(),
    )
    .order_by(col(User.id))
    .limit(bindparam("count"))
    .subquery("persons")
)
_NEWS = (
    select(
        _PERSONS.c.id.label("user_id"), _PERSONS.c.email, col(Account.id).label("account_id"), col(Account.number),
        col(Building.street), col(Building.house), col(Account.flat), col(Organization.due_day),
        col(Receipt.kind), col(Receipt.month),
        func.coalesce(func.sum(col(BalanceLine.total) + col(BalanceLine.penalty_total)), 0).label("due"),
    )
    .select_from(_PERSONS)
    .join(AccountLink, and_(col(AccountLink.user_id) == _PERSONS.c.id, lasting("now")))
    .join(Account, col(Account.id) == col(AccountLink.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .join(Receipt, and_(col(Receipt.account_id) == col(Account.id), _NEW))
    .outerjoin(BalanceLine, col(BalanceLine.receipt_id) == col(Receipt.id))
    .group_by(
        _PERSONS.c.id, _PERSONS.c.email, col(Account.id), col(Building.id), col(Organization.id), col(Receipt.id)
    )
    .order_by(_PERSONS.c.id, col(Account.number), col(Account.id), col(Receipt.kind))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """One receipt; `due` in kopecks, negative for an overpayment."""

    kind: str
    month: Month
    due: int
    due_on: date


@dataclass(frozen=True, slots=True)
class AccountNews:
    """The new receipts of one account."""

    number: str
    address: str
    receipts: tuple[NewReceipt, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What one person is to be told, once for an import."""

    user_id: int
    email: str
    accounts: tuple[AccountNews, ...]
    once_key: str


def news_of(
    db: Reader, import_id: int, receipts_before: int, *, after: int, count: int, now: datetime
) -> tuple[News, ...]:
    """The next so many persons, by number after `after`, who want letters and haven't been told of this import.

    `receipts_before` is the import's own mark: receipts above it are new.
    """
    rows = db.rows(
        _NEWS, import_id=import_id, receipts_before=receipts_before, after=after, count=count, now=now
    )  # fmt: skip
    persons = groupby(rows, key=lambda row: (row.user_id, row.email))
    return tuple(News(user, email, _accounts(own), f"{KIND}:{import_id}:{user}") for (user, email), own in persons)


def _accounts(rows: Any) -> tuple[AccountNews, ...]:
    return tuple(
        AccountNews(number, address_line(street, house, flat), tuple(map(_receipt, own)))
        for (_id, number, street, house, flat), own in groupby(rows, key=lambda row: row[2:7])
    )


def _receipt(row: Any) -> NewReceipt:
    return NewReceipt(row.kind, row.month, int(row.due), due_date(row.month, row.due_day))


def letter_of(news: News, site: str) -> Letter:
    """The letter. No sums in its subject: that shows on locked screens."""
    many = sum(len(account.receipts) for account in news.accounts) > 1
    return Letter(
        "Новые квитанции" if many else "Новая квитанция",
        ("В личном кабинете появились новые квитанции." if many else "В личном кабинете появилась новая квитанция.",),
        Link("Посмотреть в кабинете", f"{site}/overview"),
        (LEAVE,),
        tuple(
            Facts(
                f"Лицевой счет {account.number}, {account.address}",
                tuple((receipt_title(receipt.kind, receipt.month), _sum(receipt)) for receipt in account.receipts),
            )
            for account in news.accounts
        ),
    )


def _sum(receipt: NewReceipt) -> str:
    if receipt.due > 0:
        return f"{format_roubles(receipt.due)} до{NBSP}{format_date(receipt.due_on)}"
    return f"{OVERPAID} {format_roubles(-receipt.due)}" if receipt.due else NOTHING_DUE
