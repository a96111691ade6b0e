"""What to pay and by when: pure rules."""

from datetime import date

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.due import bill_of, due_date
from lk_reflex.domain.billing.summary import KindSummary
from lk_reflex.domain.billing.sums import Sums

OCTOBER = Month(2026, 10)


def newest(kind: str, month: Month, total: int, penalty: int = 0) -> KindSummary:
    return KindSummary(1, kind, month, month.day(30), 0, 0, Sums(total=total), Sums(total=penalty))


@pytest.mark.parametrize(
    ("month", "due_day", "due"),
    [
        (OCTOBER, 15, date(2026, 11, 15)),
        (Month(2026, 12), 15, date(2027, 1, 15)),
        (OCTOBER, 10, date(2026, 11, 10)),
        (Month(2027, 1), 31, date(2027, 2, 28)),
        # The law said the 10th until March 2026.
        (Month(2026, 2), 15, date(2026, 3, 15)),
        (Month(2026, 1), 15, date(2026, 2, 10)),
        (Month(2019, 9), 15, date(2019, 10, 10)),
        (Month(2019, 9), 20, date(2019, 10, 20)),
    ],
)
def test_is_due_in_the_month_after(month, due_day, due):
    assert due_date(month, due_day) == due


def test_without_receipts_there_is_no_bill():
    assert bill_of([], 15) is None


def test_adds_up_the_kinds_with_their_penalties():
    bill = bill_of([newest("Объединённая", OCTOBER, 200_00, 3_00), newest("Капремонт", OCTOBER, 50_00)], 15)
    assert (bill.month, bill.amount, bill.overpaid, bill.due_on) == (OCTOBER, 253_00, 0, date(2026, 11, 15))


def test_an_overpaid_kind_doesnt_pay_another_kinds_debt():
    bill = bill_of([newest("Объединённая", OCTOBER, 200_00), newest("Капремонт", OCTOBER, -50_00)], 15)
    assert (bill.amount, bill.overpaid) == (200_00, 50_00)


def test_nothing_to_pay_and_an_overpayment():
    assert (bill_of([newest("Объединённая", OCTOBER, 0)], 15).amount) == 0
    assert (bill_of([newest("Объединённая", OCTOBER, -120_00)], 15).overpaid) == 120_00


def test_a_kind_billed_a_little_late_counts():
    bill = bill_of([newest("Объединённая", OCTOBER, 200_00), newest("Капремонт", OCTOBER.shift(-2), 50_00)], 15)
    assert (bill.month, bill.amount, bill.stale) == (OCTOBER, 250_00, ())


def test_a_kind_of_years_ago_is_told_apart():
    old, gone = newest("ХВС и ВО", Month(2018, 2), 539_20), newest("Домофон", Month(2017, 1), -1)
    bill = bill_of([newest("Объединённая", OCTOBER, 200_00), old, gone], 15)
    assert (bill.amount, bill.stale, bill.stale_amount) == (200_00, (old,), 539_20)


def test_an_account_whose_every_receipt_is_old_still_has_its_bill():
    bill = bill_of([newest("ХВС и ВО", Month(2018, 2), 539_20)], 15)
    assert (bill.month, bill.amount, bill.stale_amount) == (Month(2018, 2), 539_20, 0)
