"""Документы: the receipts of the chosen account by year, and the months that a period may run over."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import reflex as rx

from lk_reflex.core.clock import format_date, local_date
from lk_reflex.domain.documents.listing import Document, documents_of
from lk_reflex.domain.documents.period import MOST
from lk_reflex.domain.metering.units import plural
from lk_reflex.ui import paths
from lk_reflex.ui.fresh import show_fresh
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit

#: How many receipts a period begins with: as many months as the overview shows.
USUAL_MONTHS = 12


@dataclass(frozen=True)
class DocumentRow:
    """One receipt: `page` shows it, `pdf` opens it for printing."""

    key: str
    title: str
    issued: str
    is_new: bool
    page: str
    pdf: str


@dataclass(frozen=True)
class DocumentYear:
    """The receipts of one year, newest first."""

    title: str
    rows: list[DocumentRow]


@dataclass(frozen=True)
class MonthChoice:
    """A month to choose: «2026-10», «Октябрь 2026»."""

    key: str
    title: str


class DocumentsState(rx.State):
    """The list of the chosen account: the newest year, the earlier ones, the choice of months."""

    loaded: bool = False
    newest: list[DocumentYear] = []
    earlier: list[DocumentYear] = []
    months: list[MonthChoice] = []
    first: str = ""
    last: str = ""
    #: What may be put into one file, said before it is asked for.
    fits: str = ""

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show all receipts, newest first."""
        account = visit.chosen()
        show_fresh(visit, account)
        today = local_date(visit.now, account.time_zone) if account else None
        found = visit.read(documents_of, account.account_id, today=today) if account and today else ()
        years = _years(found)
        months = list(dict.fromkeys(document.month for document in found))
        publish(
            self,
            loaded=True,
            newest=years[:1],
            earlier=years[1:],
            months=[MonthChoice(month.key, month.title) for month in months],
            first=months[: min(USUAL_MONTHS, _months_that_fit(found))][-1].key if months else "",
            last=months[0].key if months else "",
            fits=_fits(found),
        )


def _fits(documents: Sequence[Document]) -> str:
    """«… выбирайте не больше 12 месяцев подряд.»: the rule in the months that people choose by."""
    if len(documents) <= MOST:
        return f"Поместятся все ваши квитанции: их {len(documents)}." if documents else ""
    months = plural(_months_that_fit(documents), "месяца", "месяцев", "месяцев")
    return (
        f"В один файл помещается {MOST} квитанций. За месяц у вас бывает до {_in_a_month(documents)}, "
        f"поэтому выбирайте не больше {months} подряд."
    )


def _months_that_fit(documents: Sequence[Document]) -> int:
    return max(MOST // _in_a_month(documents), 1)


def _in_a_month(documents: Sequence[Document]) -> int:
    return max(Counter(document.month for document in documents).values(), default=1)


def _years(documents: Iterable[Document]) -> list[DocumentYear]:
    by_year = groupby(documents, lambda document: document.month.year)
    return [DocumentYear(f"{year} год", [_row(document) for document in group]) for year, group in by_year]


def _row(document: Document) -> DocumentRow:
    number = document.receipt_id
    return DocumentRow(
        str(number),
        document.title,
        format_date(document.issued_on),
        document.is_new,
        paths.receipt_page(number),
        paths.receipt_pdf(number),
    )
