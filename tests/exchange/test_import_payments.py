"""Payments made here come back from billing: its record closes our line, and one that isn't as ours is told."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from lk_reflex.core.months import Month
from lk_reflex.domain.payments.history import paid_years
from lk_reflex.domain.payments.orders.billed import _DIFFERING, _FLAGGED
from lk_reflex.domain.payments.orders.unknown import _UNKNOWN
from lk_reflex.domain.payments.tables import OrderEvent
from lk_reflex.exchange.exporter import export
from lk_reflex.exchange.importer import import_package
from tests.billing.paper import receipt
from tests.billing.plans import plan, scans
from tests.exchange import packages
from tests.payments.books import Line, paid, refunded

INN, FLAT, HOUSE = "7421000200", "1234567899", "2000000001"
NUMBER = "26112012345678"


@pytest.fixture
def order(db, cast):
    """500 of the flat and 200 of the house."""
    bill = receipt(db, cast.flat, "Объединённая", Month(2026, 10))
    theirs = receipt(db, cast.house, "Объединённая", Month(2026, 10))
    lines = [Line(cast.flat, bill, 400_00), Line(cast.flat, bill, 100_00, "ВО"), Line(cast.house, theirs, 200_00)]
    return paid(db, cast.organization, lines, number=NUMBER, user=cast.owner.actor.user_id, commission=7_00)


@pytest.fixture
def bring(db, tmp_path):
    """Import payments, each as (account, sum) or with a number of an order of its own; returns the warnings."""

    def bring(*rows, name="package", number=NUMBER, **options):
        lines = [
            packages.row("payments", {"ИНН": INN, "Лицевой счет": account, "Код платежа": f"{name}-{place}",
                                      "Вид оплаты": "банк", "Дата приема": "21.11.2026", "Дата обработки": "23.11.2026",
                                      "Сумма": amount, "Номер заказа": number})
            for place, (account, amount) in enumerate(rows)
        ]  # fmt: skip
        packages.write(tmp_path / name, "payments", lines)
        report = import_package(db, tmp_path / name, **options)
        assert not report.faults.count, report.text()
        return [remark.text().replace("\u00a0", " ") for remark in report.warnings.listed]

    return bring


def seen(db, person, account):
    return [(one.amount, one.pending) for year in db.read(paid_years, person.actor, account) for one in year.payments]


def flag(db):
    with db.engine.connect() as connection:
        return connection.scalar(text("SELECT flag FROM orders"))


def events(db):
    with db.engine.connect() as connection:
        return connection.scalars(text("SELECT cause FROM order_events ORDER BY id")).all()


@pytest.mark.usefixtures("order")
def test_billings_record_closes_our_line_and_again_changes_nothing(db, cast, bring):
    assert seen(db, cast.owner, cast.flat) == [(-500_00, True)]
    for _ in range(2):
        assert bring((FLAT, "-500,00"), (HOUSE, "-200,00")) == []
        assert seen(db, cast.owner, cast.flat) == [(-500_00, False)]
        assert seen(db, cast.stranger, cast.house) == [(-200_00, False)]
    assert flag(db) == ""


@pytest.mark.usefixtures("order")
def test_only_looking_closes_nothing(db, cast, bring):
    assert len(bring((FLAT, "-1,00"), dry_run=True)) == 1
    assert seen(db, cast.owner, cast.flat) == [(-500_00, True)]
    assert (flag(db), events(db)) == ("", [])


@pytest.mark.usefixtures("order")
def test_without_our_number_it_is_another_payment(db, cast, bring):
    assert bring((FLAT, "-500,00"), number="") == []
    (told,) = bring((FLAT, "-500,00"), number="99999999999999", name="another")
    assert told.startswith("payments.csv, «Номер заказа»: 99999999999999: у этой организации такого заказа нет")
    assert [pending for _, pending in seen(db, cast.owner, cast.flat)] == [False, False, True]


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize("number", ["ПП-261120 1234 5678", "2611201234567", "26112012345678-1"])
def test_another_systems_number_is_kept_as_it_is_and_not_told(db, bring, number):
    assert bring((FLAT, "-500,00"), number=number) == []
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT order_number FROM posted_payments")) == number


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize(
    "number", ["261120 1234 5678", "261120\u00a01234\u00a05678", "№ 261120 1234 5678", "Заказ №261120\u202f1234 5678"]
)
def test_our_number_is_known_as_our_letters_and_screens_spell_it(db, cast, bring, number):
    assert bring((FLAT, "-500,00"), (HOUSE, "-200,00"), number=number) == []
    assert seen(db, cast.owner, cast.flat) == [(-500_00, False)]


@pytest.mark.usefixtures("order")
def test_a_row_for_each_service_is_the_same_sum(db, cast, bring):
    assert bring((FLAT, "-400,00"), (FLAT, "-100,00"), (HOUSE, "-200,00")) == []
    assert [pending for _, pending in seen(db, cast.owner, cast.flat)] == [False, False]


@pytest.mark.usefixtures("order")
def test_another_sum_is_taken_told_and_flagged_once(db, cast, bring):
    said = "payments.csv, «Номер заказа»: по заказу № 261120 1234 5678, лицевой счет 1234567899: принято у нас 500,00, "
    for _ in range(2):
        assert bring((FLAT, "-450,00"), (HOUSE, "-200,00")) == [f"{said}у биллинга 450,00"]
        assert flag(db) == "billing-differs"
        assert events(db) == ["billing"]
    assert seen(db, cast.owner, cast.flat) == [(-450_00, False)]
    assert seen(db, cast.stranger, cast.house) == [(-200_00, False)]


@pytest.mark.usefixtures("order")
def test_what_staff_have_looked_at_is_flagged_again_only_when_it_changes(db, bring):
    bring((FLAT, "-450,00"))
    with db.transaction() as writer:
        writer.change(text("UPDATE orders SET flag = ''"))
    bring((FLAT, "-450,00"))
    assert flag(db) == ""
    bring((FLAT, "-460,00"))
    assert flag(db) == "billing-differs"


@pytest.mark.usefixtures("order")
def test_an_order_that_agrees_in_the_end_is_freed(db, bring):
    bring((FLAT, "-450,00"), (HOUSE, "-200,00"))
    assert bring((FLAT, "-500,00"), (HOUSE, "-200,00")) == []
    assert flag(db) == ""


@pytest.mark.usefixtures("order")
def test_an_import_of_another_account_frees_no_order_that_still_differs(db, bring):
    (told,) = bring((FLAT, "-450,00"))
    assert bring((HOUSE, "-200,00"), name="theirs") == [told]
    assert (flag(db), events(db)) == ("billing-differs", ["billing"])
    assert bring((FLAT, "-500,00")) == []
    assert flag(db) == ""


@pytest.mark.usefixtures("order")
def test_each_account_that_differs_has_its_line_in_the_journal(db, bring):
    for _ in range(2):
        assert len(bring((FLAT, "-450,00"), (HOUSE, "-190,00"))) == 2
        assert events(db) == ["billing", "billing"]
    with db.engine.connect() as connection:
        kept = connection.execute(select(col(OrderEvent.detail)).order_by(col(OrderEvent.id))).scalars().all()
    assert [(one["account"], one["paid"], one["billed"]) for one in kept] == [
        (FLAT, 500_00, 450_00), (HOUSE, 200_00, 190_00),
    ]  # fmt: skip
    bring((FLAT, "-450,00"), (HOUSE, "-180,00"))
    assert len(events(db)) == 3, "only what is new"


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize(("flat", "house"), [("-440,00", "-190,00"), ("-450,00", "-180,00")])
def test_what_staff_have_looked_at_is_flagged_again_when_one_of_two_accounts_changes(db, bring, flat, house):
    bring((FLAT, "-450,00"), (HOUSE, "-190,00"))
    with db.transaction() as writer:
        writer.change(text("UPDATE orders SET flag = ''"))
    bring((FLAT, "-450,00"), (HOUSE, "-190,00"))
    assert flag(db) == ""
    bring((FLAT, flat), (HOUSE, house))
    assert flag(db) == "billing-differs"


def test_payment_and_refund_netted_are_the_same_money(db, cast, bring, order):
    refunded(db, order, 707_00)
    assert bring((FLAT, "0,00"), (HOUSE, "0,00")) == []
    assert seen(db, cast.owner, cast.flat) == [(0, False)]
    assert flag(db) == ""


@pytest.mark.usefixtures("order")
def test_a_weightier_flag_stays(db, bring):
    with db.transaction() as writer:
        writer.change(text("UPDATE orders SET flag = 'second-payment'"))
    bring((FLAT, "-450,00"))
    assert flag(db) == "second-payment"
    bring((FLAT, "-500,00"))
    assert flag(db) == "second-payment"


@pytest.mark.usefixtures("order")
def test_an_account_that_the_order_does_not_pay_for(db, cast, bring):
    with db.transaction() as writer:
        writer.change(text("DELETE FROM posting_lines WHERE amount = 20000"))
    (told,) = bring((HOUSE, "-200,00"))
    assert told.endswith("лицевой счет 2000000001: принято у нас 0,00, у биллинга 200,00")


def test_refunds_come_back_as_positive_rows(db, cast, bring, order):
    refunded(db, order, 70_70)
    bring((FLAT, "-500,00"), (HOUSE, "-200,00"))
    before = seen(db, cast.owner, cast.flat)
    assert sorted(before) == [(-500_00, False), (50_00, True)]
    assert bring((FLAT, "50,00"), (HOUSE, "20,00"), name="refunds") == []
    assert sorted(seen(db, cast.owner, cast.flat)) == [(-500_00, False), (50_00, False)]
    assert seen(db, cast.stranger, cast.house)[-1] == (-200_00, False)
    (told,) = bring((FLAT, "1,00"), name="more")
    assert told.endswith("возвращено у нас 50,00, у биллинга 51,00")


@pytest.mark.usefixtures("order")
def test_what_is_exported_comes_back_as_it_went(db, cast, bring, tmp_path):
    """Billing that books each row of our register closes everything, commission left aside."""
    export(db, "payments", tmp_path / "out.csv")
    rows = packages.read(tmp_path / "out.csv")[1:]
    assert bring(*((row[1], f"-{row[5]}") for row in rows)) == []
    assert not any(pending for _, pending in seen(db, cast.owner, cast.flat))
    trace = db.read(paid_years, cast.owner.actor, cast.flat)[0].payments[0].trace
    assert trace.handed_on is not None
    assert trace.accounted_on == date(2026, 11, 23)


def test_an_import_without_our_orders_reads_no_growing_table(db):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    found = scans(plan(db, _DIFFERING, import_id=1) + plan(db, _FLAGGED, import_id=1) + plan(db, _UNKNOWN, import_id=1))
    ours = "SCAN brought USING INDEX ix_posted_payments_order_number"
    assert set(found) == {ours, "SCAN touched"}, "only those that name an order"
