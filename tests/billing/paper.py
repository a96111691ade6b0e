"""Billing's papers for tests: receipts, accruals, payments; figures in roubles, as the manual has them."""

from collections.abc import Sequence
from datetime import date

from lk_reflex.core.db import Database
from lk_reflex.core.exact import parse_scaled
from lk_reflex.core.money import parse_money
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.tables import PLACES, Accrual, BalanceLine, PostedPayment, Receipt

SEPTEMBER = Month(2019, 9)
Line = tuple[str, ...]


def receipt(
    database: Database, account: int, kind: str, month: Month, lines: Sequence[Line] = (), *,
    advance: str = "0", advance_penalty: str = "0", issued_on: date | None = None,
) -> int:  # fmt: skip
    """Lines: service, debt, paid, charged, total, and perhaps the four penalties. Returns the receipt's id."""
    with database.transaction() as db:
        made = Receipt(
            account_id=account, kind=kind, month=month, issued_on=issued_on or month.day(28),
            advance=parse_money(advance), advance_penalty=parse_money(advance_penalty),
        )  # fmt: skip
        db.add(made)
        assert made.id
        for service, *figures in lines:
            sums = [parse_money(figure) for figure in figures] + [0] * (8 - len(figures))
            names = ("debt", "paid", "charged", "total")
            named = dict(zip([*names, *(f"penalty_{name}" for name in names)], sums, strict=True))
            db.add(BalanceLine(receipt_id=made.id, service=service, **named))
        return made.id


def accrual(
    database: Database, receipt_id: int, line: int, service: str, operation: str, amount: str, *,
    tariff: str = "", unit: str = "", norm: str = "", volume: str = "",
    period: tuple[Month | None, Month | None, int | None] = (SEPTEMBER, None, None),
) -> None:  # fmt: skip
    def exact(text: str) -> int | None:
        return parse_scaled(text, PLACES) if text else None

    with database.transaction() as db:
        db.add(
            Accrual(
                receipt_id=receipt_id, line=line, service=service, operation=operation, amount=parse_money(amount),
                tariff=exact(tariff), unit=unit, norm=exact(norm), volume=exact(volume),
                period_from=period[0], period_to=period[1], months=period[2],
            )
        )  # fmt: skip


def payment(database: Database, organization: int, account: int, accepted: date, amount: str, **more) -> None:
    with database.transaction() as db:
        db.add(
            PostedPayment(
                organization_id=organization, account_id=account, code=f"{account}/{accepted}/{amount}",
                **{"kind": 'оплата "Город"', "accepted_on": accepted, "amount": parse_money(amount), **more},
            )
        )  # fmt: skip


def september_2019(database: Database, account: int) -> int:
    """The manual's receipt: «Квитанция Объединённая за СЕНТЯБРЬ 2019»."""
    rent = "Коммерческий найм жилья"
    made = receipt(database, account, "Объединённая", SEPTEMBER, [(rent, "2779,92", "0", "513,16", "3293,08")])
    accrual(database, made, 1, rent, "начисление", "235,22", tariff="13,20", unit="м2", volume="16,2")
    accrual(
        database, made, 2, rent, "перерасчет", "277,94", tariff="13,20", unit="м2",
        period=(Month(2018, 8), Month(2019, 8), 13),
    )  # fmt: skip
    return made


def february_2018(database: Database, account: int) -> int:
    """The manual's receipt of another kind on the same account: «Квитанция ХВС и ВО за ФЕВРАЛЬ 2018»."""
    lines = [
        ("МУП ПОВВ:ХВС(КОПЕЙСК)", "0", "-307,17", "341,30", "341,30"),
        ("МУП ПОВВ:ВО(КОПЕЙСК)", "0", "-178,11", "197,90", "197,90"),
    ]
    return receipt(database, account, "ХВС и ВО", Month(2018, 2), lines)
