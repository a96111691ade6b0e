"""Квитанция as a page: the facts of the paper in accessible tables, its codes as pictures with their words beside."""

from dataclasses import dataclass
from datetime import date

import reflex as rx

from lk_reflex.core.clock import format_date, local_date
from lk_reflex.core.errors import NotFound
from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.documents.facts import Paper
from lk_reflex.domain.documents.paper import paper_of
from lk_reflex.domain.documents.qr.codes import linking_address, payment_code
from lk_reflex.domain.documents.qr.qr_symbol import picture, symbol
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.document.rows import (
    Fact,
    MeterRow,
    MoneyRow,
    RecalculationRow,
    ServiceRow,
    about,
    balance_rows,
    meter_rows,
    money_row,
    penalty_rows,
    recalculation_rows,
    requisites,
    service_rows,
)
from lk_reflex.ui.visit import Visit


@dataclass(frozen=True)
class Receipt:
    """What stands above and below the tables. `due` is the heading of the sum, `notes` the sentences under it.

    `code` and `way` are pictures (`linking` is what `way` holds, within the site); without a `code` the sentence
    `no_code` says why there is none.
    """

    title: str = ""
    pdf: str = ""
    due: str = ""
    amount: str = ""
    notes: tuple[str, ...] = ()
    charged: str = ""
    recalculated: str = ""
    accrued: str = ""
    code: str = ""
    no_code: str = ""
    way: str = ""
    linking: str = ""


NOTHING = Receipt()
UNKNOWN = paths.TITLES[paths.DOCUMENT]


class DocumentState(rx.State):
    """One receipt. It may belong to any of the person's accounts, not to the chosen one alone."""

    loaded: bool = False
    heading: str = UNKNOWN
    receipt: Receipt = NOTHING
    about: list[Fact] = []
    services: list[ServiceRow] = []
    recalculations: list[RecalculationRow] = []
    balance: list[MoneyRow] = []
    balance_total: MoneyRow = MoneyRow(0, "", "", "", "", "")
    penalty: list[MoneyRow] = []
    penalty_total: MoneyRow = MoneyRow(0, "", "", "", "", "")
    meters: list[MeterRow] = []
    requisites: list[Fact] = []
    #: The account's number, where it isn't the chosen one.
    other_account: str = ""

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the receipt in the address; one that isn't the person's is not found."""
        account = visit.chosen()
        try:
            paper = visit.read(paper_of, row_id(visit.token))
        except NotFound:
            publish(self, loaded=True, heading=UNKNOWN, receipt=NOTHING)
            return
        today = local_date(visit.now, account.time_zone) if account else visit.now.date()
        own = account is not None and account.account_id == paper.dwelling.account_id
        publish(
            self,
            loaded=True,
            heading=paper.title,
            receipt=_receipt(paper, get_settings().site, today),
            about=about(paper),
            services=service_rows(paper),
            recalculations=recalculation_rows(paper),
            balance=balance_rows(paper),
            balance_total=money_row(0, "", paper.main),
            penalty=penalty_rows(paper),
            penalty_total=money_row(0, "", paper.penalty),
            meters=meter_rows(paper),
            requisites=requisites(paper),
            other_account="" if own else paper.dwelling.number,
        )


def _receipt(paper: Paper, site: str, today: date) -> Receipt:
    code = payment_code(paper)
    return Receipt(
        paper.title,
        paths.receipt_pdf(paper.receipt_id),
        _due(paper, today),
        format_money(paper.amount),
        _notes(paper),
        format_money(paper.charged),
        format_money(paper.recalculated),
        format_money(paper.accrued),
        picture(symbol(code.text.encode())) if code.text else "",
        code.reason,
        picture(symbol(linking_address(paper, site).encode())),
        linking_address(paper, ""),
    )


def _due(paper: Paper, today: date) -> str:
    if not paper.amount:
        return "Платить не нужно"
    return f"К оплате до {format_date(paper.due_on)}" + (", срок прошёл" if paper.due_on < today else "")


def _notes(paper: Paper) -> tuple[str, ...]:
    """What the sum is made of, where it is more than the month's charge."""
    found = []
    if paper.total < 0:
        found.append(f"Переплата: {format_roubles(-paper.total)} Она уйдёт в следующие квитанции.")
    if paper.amount and paper.main.debt > 0:
        found.append(f"В том числе долг за прошлые месяцы: {format_roubles(paper.main.debt)}")
    if paper.amount and paper.main.debt < 0:
        found.append(f"Переплата за прошлые месяцы уже вычтена: {format_roubles(-paper.main.debt)}")
    if paper.penalty.total and paper.amount:
        found.append(f"В том числе пени: {format_roubles(paper.penalty.total)}")
    if paper.has_advance:
        found.append(
            "К оплате с учетом предварительного начисления (авансом): "
            f"{format_roubles(max(paper.total_with_advance, 0))}"
        )
    return tuple(found)
