"""Receipts to print in tests, without a database; and readers of what was printed that know nothing of our code."""

import io
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import pypdfium2
import zxingcpp
from pypdf import PdfReader

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.sums import Sums, add_up
from lk_reflex.domain.documents.facts import (
    BalanceRow,
    Dwelling,
    MeterLine,
    Paper,
    Payee,
    Recalculation,
    ServiceLine,
)

SITE = "https://lk.example.org"
SEPTEMBER = Month(2019, 9)
PAYEE = Payee(
    "Муниципальное унитарное предприятие «Производственное объединение водоснабжения и водоотведения»", "МУП «ПОВВ»",
    "7421001010", "742101001", "40702810900000000008", "ПАО «ЧЕЛЯБИНВЕСТБАНК»", "047501779", "30101810400000000779",
    "г. Челябинск, ул. Варненская, д. 13", "+7 (351) 214-00-14",
)  # fmt: skip
FLAT = Dwelling(
    7, "1234567899", "74АБ567899", "74АБ567899-01", "ЗДЕТОВЕЦКИЙ", "СЕРГЕЙ", "ВЛАДИМИРОВИЧ", "Челябинск",
    "УЛ. КЫШТЫМСКАЯ", "10", "1010", 16_200, 1,
)  # fmt: skip
RENT = "Коммерческий найм жилья"
#: The manual's receipt for September 2019.
MANUAL = Paper(
    receipt_id=1,
    kind="Объединённая",
    month=SEPTEMBER,
    document_number="1234567899-0919",
    issued_on=date(2019, 9, 28),
    due_on=date(2019, 10, 10),
    payee=PAYEE,
    dwelling=FLAT,
    services=(
        ServiceLine(RENT, "начисление", "м2", 13_200_000, None, 16_200_000, SEPTEMBER, None, 23522, 27794),
    ),
    recalculations=(Recalculation(RENT, "перерасчет", Month(2018, 8), Month(2019, 8), 13, 27794),),
    balance=(BalanceRow(RENT, Sums(277992, 0, 51316, 329308), Sums()),),
    meters=(
        MeterLine(
            "26616450", "ХВС С/У", "С/У", "", "м³", date(2022, 7, 1), 216_000, date(2019, 8, 17), 222_000,
            date(2019, 9, 20), 6_000,
        ),
    ),
    charged=23522,
    recalculated=27794,
    main=Sums(277992, 0, 51316, 329308),
    penalty=Sums(),
    advance=0,
    advance_penalty=0,
)  # fmt: skip


def with_balance(*rows: BalanceRow, **changes) -> Paper:
    """The manual's receipt with other lines of balance, their ИТОГО with them."""
    return replace(
        MANUAL, balance=rows, main=add_up([row.main for row in rows]), penalty=add_up([row.penalty for row in rows]),
        **changes,
    )  # fmt: skip


def with_services(count: int) -> Paper:
    """A receipt of so many services, each charged."""
    names = [f"Услуга № {number} управляющей организации в многоквартирном доме" for number in range(1, count + 1)]
    lines = tuple(
        ServiceLine(name, "начисление", "м3", 1_000_000, None, 2_500_000, SEPTEMBER, None, 1000 + place, 0)
        for place, name in enumerate(names)
    )
    rows = [BalanceRow(line.service, Sums(7, -3, line.charged, line.charged + 7), Sums()) for line in lines]
    charged = sum(line.charged for line in lines)
    return with_balance(*rows, services=lines, recalculations=(), charged=charged, recalculated=0)


@dataclass(frozen=True)
class Printed:
    """A PDF as its readers see it. Texts have plain spaces, since where a line is broken is nobody's business."""

    data: bytes

    @property
    def pages(self) -> list[str]:
        return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(self.data), strict=True).pages]

    @property
    def text(self) -> str:
        return " ".join(self.pages)

    def codes(self, page: int = 0) -> list[bytes]:
        """What a camera reads off the page at 150 dpi, from above."""
        return list(_codes(self.data, page))


@lru_cache(maxsize=64)
def _codes(data: bytes, page: int) -> tuple[bytes, ...]:
    document = pypdfium2.PdfDocument(data)
    picture = document[page].render(scale=150 / 72).to_pil()
    document.close()
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return tuple(code.bytes for code in sorted(found, key=lambda code: code.position.top_left.y))
