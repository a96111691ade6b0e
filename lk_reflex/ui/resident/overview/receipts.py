"""The manual's six rows of a receipt, and which of them carry «Добавить в корзину»."""

from dataclasses import dataclass

from lk_reflex.core.money import format_money
from lk_reflex.domain.billing.summary import KindSummary
from lk_reflex.ui import paths


@dataclass(frozen=True)
class SummaryRow:
    """One row. `offer`: whether it may be put into the cart; `in_cart`: whether it lies there already."""

    label: str
    main: str
    penalty: str
    strong: bool = False
    receipt: str = ""
    advance: bool = False
    offer: bool = False
    in_cart: bool = False


@dataclass(frozen=True)
class SummaryTable:
    """The newest receipt of one kind."""

    title: str
    rows: list[SummaryRow]
    page: str = ""
    pdf: str = ""


def summary_table(summary: KindSummary, variants: dict[int, bool], *, takes_payments: bool) -> SummaryTable:
    """The rows in the manual's words; `variants` are the receipts in the cart and whether with their advance."""
    month, main, penalty = summary.month.upper, summary.main, summary.penalty
    chosen = variants.get(summary.receipt_id)
    receipt = str(summary.receipt_id)

    def row(label: str, of_main: int, of_penalty: int) -> SummaryRow:
        return SummaryRow(label, format_money(of_main), format_money(of_penalty))

    def payable(label: str, of_main: int, of_penalty: int, *, advance: bool) -> SummaryRow:
        offer = takes_payments and of_main + of_penalty > 0
        figures = format_money(of_main), format_money(of_penalty)
        return SummaryRow(label, *figures, True, receipt, advance, offer, offer and chosen is advance)

    rows = [
        row(f"Долг(+)/переплата(-) по квитанции за {month}", main.debt, penalty.debt),
        row(f"Оплата(-), учтенная в квитанции за {month}", main.paid, penalty.paid),
        row(f"Начислено по квитанции за {month}", main.charged, penalty.charged),
        payable(f"Итого к оплате по квитанции за {month}", main.total, penalty.total, advance=False),
        row(f"Предварительно начислено за {summary.month.shift(1).upper}", summary.advance, summary.advance_penalty),
        payable(
            "К оплате с учетом предварительного начисления (авансом)",
            main.total + summary.advance,
            penalty.total + summary.advance_penalty,
            advance=True,
        ),
    ]
    number = summary.receipt_id
    return SummaryTable(summary.title, rows, paths.receipt_page(number), paths.receipt_pdf(number))
