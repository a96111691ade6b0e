"""Whatever billing sends, the parts make the difference to the kopeck."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.accruals import AccrualLine
from lk_reflex.domain.billing.explaining.explain import MonthFigures, ReceiptFigures, by_kind, explain
from lk_reflex.domain.billing.explaining.explain_parts import Kind
from lk_reflex.domain.billing.explaining.explained import Explained
from lk_reflex.ui.why.rows import why_of
from tests.billing.months import AUGUST, SEPTEMBER, adds_up

SERVICES = ("ХВС", "Отопление", "Электроэнергия", "хвс")
MONTHS = st.one_of(st.none(), st.integers(24_000, 24_300).map(Month.from_ordinal))
MONEY = st.one_of(st.integers(-3, 3), st.integers(-(10**7), 10**7))
#: Millionths: whole and broken numbers, zero, nothing, now and then a minus.
FIGURE = st.one_of(
    st.none(), st.sampled_from([0, 1, 1_000_000, 35_100_000]), st.integers(-(10**8), 10**10), st.integers(1, 10**6)
)


@st.composite
def lines(draw) -> AccrualLine:
    tariff, volume = draw(FIGURE), draw(FIGURE)
    amount = draw(MONEY)
    if tariff is not None and volume is not None and draw(st.booleans()):
        amount = tariff * volume // 10**10 + draw(st.integers(-1, 1))
    return AccrualLine(
        draw(st.sampled_from(SERVICES)),
        draw(st.sampled_from(["начисление", "начисление", "перерасчет", "льгота", ""])),
        tariff,
        draw(st.sampled_from(["м3", "м3", "чел", ""])),
        draw(FIGURE),
        volume,
        draw(MONTHS),
        draw(MONTHS),
        draw(st.one_of(st.none(), st.integers(1, 13))),
        amount,
    )


@st.composite
def receipts(draw) -> ReceiptFigures:
    accruals = tuple(draw(st.lists(lines(), max_size=5)))
    sums: dict[str, int] = {}
    for line in accruals:
        sums[line.service] = sums.get(line.service, 0) + line.amount
    charged = draw(st.one_of(st.just(sums), st.dictionaries(st.sampled_from(SERVICES), MONEY)))
    kind = draw(st.sampled_from(["Объединённая", "ХВС и ВО"]))
    return ReceiptFigures(kind, tuple(charged.items()), accruals, draw(MONEY))


PAPERS = st.lists(receipts(), max_size=3).map(tuple)


def shown(papers) -> int:
    """«Начислено» of a month as the accounts have it; a receipt without balance lines is what its accruals make."""
    return sum(
        sum(amount for _, amount in one.charged) if one.charged else sum(line.amount for line in one.accruals)
        for one in papers
    )


@settings(deadline=None)  # The machine may be busy.
@given(PAPERS, PAPERS)
def test_parts_make_the_difference_and_sentences_are_found_for_all(before, after):
    explanation = explain(MonthFigures(AUGUST, before), MonthFigures(SEPTEMBER, after))
    assert adds_up(explanation)
    assert (explanation.was, explanation.now) == (shown(before), shown(after))
    assert sum(by_kind([explanation]).values()) == explanation.change
    assert all(part.amount for service in explanation.services for part in service.parts)
    told = why_of(Explained(SEPTEMBER, AUGUST, explanation))
    assert len(told.rows) - len(explanation.changed) == bool(explanation.changed and explanation.unchanged)
    assert all(reason for row in told.rows for reason in row.reasons)


def used(tariff: int, volume: int) -> ReceiptFigures:
    """Water by a meter; millionths."""
    amount = round(tariff * volume / 10**10)
    line = AccrualLine("ХВС", "начисление", tariff, "м3", None, volume, None, None, None, amount)
    return ReceiptFigures("ХВС и ВО", (("ХВС", amount),), (line,))


@settings(deadline=None)  # The machine may be busy.
@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 10**8), st.booleans())
def test_where_nothing_was_used_no_tariff_is_blamed(tariff, other, volume, back):
    papers = [(used(tariff, volume),), (used(other, 0),)]
    before, after = reversed(papers) if back else papers
    explanation = explain(MonthFigures(AUGUST, before), MonthFigures(SEPTEMBER, after))
    assert by_kind([explanation]).keys() <= {Kind.VOLUME, Kind.REST} and adds_up(explanation)


@settings(deadline=None)  # The machine may be busy.
@given(PAPERS)
def test_a_month_against_itself_has_no_reasons(papers):
    explanation = explain(MonthFigures(AUGUST, papers), MonthFigures(SEPTEMBER, papers))
    assert explanation.changed == () and explanation.change == 0


@settings(deadline=None)  # The machine may be busy.
@given(PAPERS, PAPERS)
def test_the_way_back_is_the_same_sum(before, after):
    there = explain(MonthFigures(AUGUST, before), MonthFigures(SEPTEMBER, after))
    back = explain(MonthFigures(AUGUST, after), MonthFigures(SEPTEMBER, before))
    assert there.change == -back.change
    assert by_kind([there]).get(Kind.NEW, 0) == -by_kind([back]).get(Kind.GONE, 0)
