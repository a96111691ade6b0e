"""The facts of a printed receipt: whose they are, and that they are those of the pages."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, update

from lk_reflex.core.errors import NotFound
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.accruals import accruals_of
from lk_reflex.domain.billing.charges import charges_of
from lk_reflex.domain.billing.sums import Sums
from lk_reflex.domain.documents.facts import MeterLine
from lk_reflex.domain.documents.paper import NO_RECEIPT, paper_of, papers_of, papers_to_print
from lk_reflex.domain.identity.tables import AccountLink
from tests.billing import paper as billing
from tests.cast import NOW
from tests.metering.dials import bill, make_meter

SEPTEMBER = billing.SEPTEMBER


@pytest.fixture
def receipt(db, cast) -> int:
    return billing.september_2019(db, cast.flat)


def test_the_owner_gets_the_manuals_receipt(db, cast, receipt):
    paper = db.read(paper_of, cast.owner.actor, receipt)
    assert (paper.title, paper.issued_on, paper.due_on) == (
        "Квитанция Объединённая за СЕНТЯБРЬ 2019", date(2019, 9, 28), date(2019, 10, 10)
    )  # fmt: skip
    assert (paper.dwelling.payer, paper.dwelling.address) == (
        "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ", "УЛ. КЫШТЫМСКАЯ, 10 - 1010"
    )  # fmt: skip
    assert (paper.payee.name, paper.payee.called, paper.payee.inn) == ("МУП «ПОВВ»", "ПОВВ", "7421000200")
    (line,) = paper.services
    assert (line.charged, line.recalculated, line.total) == (23522, 27794, 51316)
    assert (line.tariff, line.unit, line.volume, line.norm) == (13_200_000, "м2", 16_200_000, None)
    (again,) = paper.recalculations
    assert (again.period_from, again.period_to, again.months, again.amount) == (
        Month(2018, 8), Month(2019, 8), 13, 27794
    )  # fmt: skip
    assert paper.main == Sums(277992, 0, 51316, 329308) and paper.amount == 329308 and not paper.has_advance


def test_a_relative_who_sees_the_account_prints_it_and_a_stranger_does_not(db, cast, receipt):
    assert db.read(paper_of, cast.relative.actor, receipt).receipt_id == receipt
    for person in (cast.stranger, cast.operator):
        with pytest.raises(NotFound) as refusal:
            db.read(paper_of, person.actor, receipt)
        assert refusal.value.message == NO_RECEIPT
        assert db.read(papers_of, person.actor, cast.flat, SEPTEMBER, SEPTEMBER) == ()


def test_access_that_has_ended_prints_nothing(db, cast, receipt):
    with db.transaction() as writer:
        ended = update(AccountLink).where(AccountLink.user_id == cast.relative.actor.user_id).values(ends_at=NOW)
        writer.change(ended)
    at = replace(cast.relative.actor, at=NOW + timedelta(seconds=1))
    with pytest.raises(NotFound):
        db.read(paper_of, at, receipt)
    assert db.read(papers_of, at, cast.flat, SEPTEMBER, SEPTEMBER) == ()


@pytest.mark.parametrize("receipt_id", [0, -1, 10**9])
def test_what_does_not_exist_is_not_found(db, cast, receipt_id):
    with pytest.raises(NotFound):
        db.read(paper_of, cast.owner.actor, receipt_id)


def test_every_figure_is_that_of_the_pages(db, cast, receipt):
    water = billing.february_2018(db, cast.flat)
    billing.accrual(db, water, 1, "МУП ПОВВ:ХВС(КОПЕЙСК)", "начисление", "341,30", tariff="34,13", volume="10")
    for month, number in ((SEPTEMBER, receipt), (Month(2018, 2), water)):
        paper = db.read(paper_of, cast.owner.actor, number)
        (charges,) = db.read(charges_of, cast.owner.actor, cast.flat, month)
        (accruals,) = db.read(accruals_of, cast.owner.actor, cast.flat, month)
        assert [(row.service, row.main, row.penalty) for row in paper.balance] == [
            (line.service, line.main, line.penalty) for line in charges.lines
        ]
        assert (paper.main, paper.penalty, paper.title) == (charges.main, charges.penalty, charges.title)
        assert (paper.accrued, paper.title) == (accruals.amount, accruals.title)


def test_a_period_goes_from_the_oldest_by_kind(db, cast, receipt):
    billing.february_2018(db, cast.flat)
    billing.receipt(db, cast.flat, "Вода", SEPTEMBER, [("ХВС", "0", "0", "5", "5")])
    billing.receipt(db, cast.house, "Вода", SEPTEMBER, [("ХВС", "0", "0", "5", "5")])
    papers = db.read(papers_of, cast.owner.actor, cast.flat, Month(2018, 2), SEPTEMBER)
    assert [(paper.month, paper.kind) for paper in papers] == [
        (Month(2018, 2), "ХВС и ВО"), (SEPTEMBER, "Вода"), (SEPTEMBER, "Объединённая")
    ]  # fmt: skip
    assert len(db.read(papers_of, cast.owner.actor, cast.flat, Month(2018, 3), SEPTEMBER)) == 2
    assert db.read(papers_of, cast.owner.actor, cast.flat, SEPTEMBER, Month(2018, 2)) == ()


def test_a_service_with_several_tariffs_keeps_its_lines_and_recalculations_stand_once(db, cast):
    made = billing.receipt(db, cast.flat, "Объединённая", SEPTEMBER)
    for line, (service, operation, amount) in enumerate(
        [
            ("Электроэнергия", "начисление", "100"), ("Вода", "Перерасчёт по акту", "-30"),
            ("Электроэнергия", "начисление ночь", "50"), ("Электроэнергия", "перерасчет", "-10"),
            ("Электроэнергия", "перерасчет", "3"),
        ], 1,
    ):  # fmt: skip
        billing.accrual(db, made, line, service, operation, amount)
    paper = db.read(paper_of, cast.owner.actor, made)
    assert [(line.service, line.charged, line.recalculated) for line in paper.services] == [
        ("Электроэнергия", 10000, -700), ("Электроэнергия", 5000, 0), ("Вода", 0, -3000)
    ]  # fmt: skip
    assert [again.amount for again in paper.recalculations] == [-3000, -1000, 300]
    assert (paper.charged, paper.recalculated, paper.accrued) == (15000, -3700, 11300)


def test_meters_show_what_billing_counted_in_the_month(db, cast, receipt):
    cold = make_meter(db, cast.flat)
    bill(db, cold, ("20.07.2019", "210"), ("17.08.2019", "216"), ("20.09.2019", "222"), ("20.10.2019", "230"))
    power = make_meter(db, cast.flat, "Э/Э", resource="Электроэнергия", scales=2, serial="5")
    bill(db, power, ("01.09.2019", "10"), ("25.09.2019", "12"), scale=1)
    bill(db, power, ("01.08.2019", "7"), scale=2)
    make_meter(db, cast.flat, "Снятый", ended_on=date(2019, 8, 31))
    make_meter(db, cast.flat, "Новый", installed_on=date(2019, 10, 1))
    make_meter(db, cast.house, "Чужой")
    meters = db.read(paper_of, cast.owner.actor, receipt).meters
    day, night = meters[1], meters[2]
    assert meters[0] == MeterLine(
        "26616450", "ХВС С/У", "С/У", "", "м³", date(2028, 7, 1), 216_000, date(2019, 8, 17), 222_000,
        date(2019, 9, 20), 6_000,
    )  # fmt: skip
    # Two readings of the month: the last one counts, and before the month there was none.
    assert (day.scale, day.unit, day.previous, day.current, day.volume) == ("Т1", "кВт·ч", None, 12_000, None)
    assert (night.scale, night.previous, night.current, night.volume) == ("Т2", 7_000, None, None)
    assert len(meters) == 3


def test_a_dial_that_went_past_its_last_digit_has_its_volume(db, cast, receipt):
    cold = make_meter(db, cast.flat)
    bill(db, cold, ("17.08.2019", "99998"), ("20.09.2019", "3,5"))
    assert db.read(paper_of, cast.owner.actor, receipt).meters[0].volume == 5_500


def test_many_receipts_cost_as_many_queries_as_one(db, cast):
    ids = [
        billing.receipt(db, cast.flat, "Объединённая", SEPTEMBER.shift(-step), [("ХВС", "0", "0", "5", "5")])
        for step in range(30)
    ]
    asked = []

    def note(*given):
        asked.append(given[2])

    event.listen(db.engine, "before_cursor_execute", note)
    papers = db.read(papers_to_print, list(reversed(ids)))
    event.remove(db.engine, "before_cursor_execute", note)
    assert [paper.receipt_id for paper in papers] == list(reversed(ids))
    assert len(asked) <= 5


def test_a_file_is_named_after_its_receipt(db, cast, receipt):
    paper = db.read(paper_of, cast.owner.actor, receipt)
    assert paper.file_name == "Квитанция 1234567899 Объединённая 2019-09.pdf"
    odd = replace(paper, kind='ХВС/ВО: "все" \\ <*>\u200b', dwelling=replace(paper.dwelling, number="../12 34"))
    assert odd.file_name == "Квитанция 1234 ХВС ВО все 2019-09.pdf"


@pytest.mark.parametrize(
    ("name", "place", "scale", "called"),
    [
        ("ГВС С/У", "С/У", "", "ГВС С/У"),
        ("ХВС Кухня", "кухня", "Т1", "ХВС Кухня, Т1"),
        ("ГВС", "С/У", "", "ГВС, С/У"),
        ("Электроэнергия", "", "Т2", "Электроэнергия, Т2"),
        ("Кухня", "Кухня", "", "Кухня"),
    ],
)
def test_a_meter_is_called_by_its_place_once(name, place, scale, called):
    line = MeterLine("1", name, place, scale, "м³", None, None, None, None, None, None)
    assert line.called == called
