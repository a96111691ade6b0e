"""«Скачать таблицу» on the pages: where the links lead, and that a press of the navigator costs no byte for them."""

import json

import pytest

from lk_reflex.core.months import Month
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.resident.accruals.page import accruals_page
from lk_reflex.ui.resident.charges.page import charges_page
from lk_reflex.ui.resident.documents.page import documents_page
from lk_reflex.ui.resident.meters.page import meters_page
from lk_reflex.ui.resident.overview.page import overview_page
from lk_reflex.ui.resident.payments.page import payments_page
from lk_reflex.ui.resident.readings.page import readings_page
from tests.billing.paper import receipt


@pytest.mark.parametrize(
    ("draw", "tables"),
    [
        (charges_page, ["charges", "why"]), (accruals_page, ["accruals", "why"]), (payments_page, ["payments"]),
        (meters_page, ["meters", "readings", "consumption"]), (readings_page, ["readings"]),
        (documents_page, ["documents"]),
        (overview_page, ["charges-by-month", "consumption"]),
    ],
)  # fmt: skip
def test_each_table_of_a_page_may_be_taken_in_both_formats(draw, tables):
    drawn = str(draw())
    for table in tables:
        for suffix in ("xlsx", "csv"):
            assert f"/api/tables/{table}.{suffix}?" in drawn


async def test_the_links_cost_the_month_switch_nothing(tabs, db, cast):
    for month in (Month(2019, 8), Month(2019, 9)):
        receipt(db, cast.flat, "Объединённая", month, [("ХВС", "0", "0", "1,00", "1,00")])
    tab = tabs(cast.owner.cookie)
    await tab.open("/charges?month=2019-09")
    delta, _ = await tab.follow("/charges?month=2019-08")
    assert AccountState.get_full_name() not in delta
    assert "api" not in json.dumps(delta, default=str)
