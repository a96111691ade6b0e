"""The rules for one reading as tables: lower, rolled over, unusual, zero, dates, terms of the meter."""

from datetime import date

import pytest

from lk_reflex.core.exact import parse_scaled
from lk_reflex.domain.metering import rules
from lk_reflex.domain.metering.rules import ROLLOVER, UNUSUAL, ZERO, Scale, judge_reading, value_after

TODAY = date(2026, 11, 20)
MONTH_AGO = date(2026, 10, 21)


def n(text: str | None) -> int | None:
    return None if text is None else parse_scaled(text, 3)


def scale(last: str | None, average: str | None = None, *, digits: int = 5, last_on: date | None = MONTH_AGO) -> Scale:
    return Scale(digits, "м³", n(last), last_on, n(average), n("100"), "ПОВВ, телефон 112")


@pytest.mark.parametrize(
    ("last", "average", "value", "volume", "asks"),
    [
        # plain
        ("84,12", "2", "86,21", "2,09", ()),
        ("84,12", "2", "90,12", "6", ()),  # exactly three times
        ("84,12", "2", "90,121", "6,001", (UNUSUAL,)),
        ("118", "6", "136", "18", ()),
        ("118", "6", "136,001", "18,001", (UNUSUAL,)),
        ("118", "6", "238", "120", (UNUSUAL,)),  # a ten times typo
        ("118", "6", "1240", "1122", (UNUSUAL,)),
        ("118", "0,001", "118,003", "0,003", ()),
        # no history, or nothing ever spent: the organization's ceiling
        ("0", None, "100", "100", ()),
        ("0", None, "100,001", "100,001", (UNUSUAL,)),
        ("50", "0", "150", "100", ()),
        ("50", "0", "151", "101", (UNUSUAL,)),
        (None, None, "12,5", "12,5", ()),
        (None, None, "532", "532", (UNUSUAL,)),
        (None, None, "0", "0", ()),
        # zero consumption
        ("84,12", "2", "84,12", "0", (ZERO,)),
        ("84,12", None, "84,12", "0", (ZERO,)),
        ("0", None, "0", "0", (ZERO,)),
        # past the last digit
        ("99999", "2", "3", "4", (ROLLOVER,)),
        ("99999,999", "2", "0", "0,001", (ROLLOVER,)),
        ("99998", "2", "3", "5", (ROLLOVER,)),
        ("99998", "1", "3", "5", (ROLLOVER, UNUSUAL)),
        ("99990", "2", "9998", "10008", (ROLLOVER, UNUSUAL)),
        ("66667", None, "0", "33333", (ROLLOVER, UNUSUAL)),  # just under a third
    ],
)
def test_what_is_taken_and_what_is_asked(last, average, value, volume, asks):
    verdict = judge_reading(n(value), TODAY, scale(last, average))
    assert (verdict.fault, verdict.volume, verdict.asks) == ("", n(volume), asks)
    assert verdict.question.endswith("Показание верное?") == bool(asks)


@pytest.mark.parametrize(
    ("last", "value", "digits"),
    [
        ("118", "18,4", 5),
        ("118", "117,999", 5),
        ("118", "0", 5),
        ("66666", "0", 5),  # a third and more is no rollover
        ("50000", "10000", 5),
        ("99", "0", 5),
        ("666", "0", 3),
        ("9999", "9998", 4),
    ],
)
def test_lower_than_the_last_is_refused_with_a_way_out(last, value, digits):
    verdict = judge_reading(n(value), TODAY, scale(last, "6", digits=digits))
    assert verdict.fault.startswith("Меньше последнего показания ")
    assert "обратитесь в организацию: ПОВВ, телефон 112" in verdict.fault
    assert verdict.asks == ()


@pytest.mark.parametrize(
    ("last", "value", "digits", "volume"),
    [("999", "1", 3, "2"), ("9999,5", "0,5", 4, "1"), ("999999", "0", 6, "1"), ("9", "0", 1, "1")],
)
def test_the_dial_rolls_over_at_its_own_capacity(last, value, digits, volume):
    verdict = judge_reading(n(value), TODAY, scale(last, digits=digits))
    assert (verdict.volume, verdict.asks) == (n(volume), (ROLLOVER,))


@pytest.mark.parametrize(
    ("last", "average", "value", "last_on", "question"),
    [
        ("118", "6", "238", MONTH_AGO, "Расход 120,000 м³, обычно около 6,000 м³. Показание верное?"),
        (
            "118", "2", "130", date(2026, 8, 21),
            "Расход 12,000 м³ за 3 месяца, обычно около 2,000 м³ в месяц. Показание верное?",
        ),
        ("0", None, "120", MONTH_AGO, "Расход 120,000 м³, это больше 100,000 м³. Показание верное?"),
        ("5", "1", "5", MONTH_AGO, "Показание такое же, как последнее: расход 0,000 м³. Показание верное?"),
        (
            "99998", "2", "3", MONTH_AGO,
            "Показание меньше последнего (99 998,000). Если счётчик прошёл полный круг, расход 5,000 м³."
            " Показание верное?",
        ),
        ("118", "6", "238", None, "Расход 120,000 м³, обычно около 6,000 м³. Показание верное?"),
    ],
)  # fmt: skip
def test_questions_carry_the_numbers(last, average, value, last_on, question):
    found = judge_reading(n(value), TODAY, scale(last, average, last_on=last_on)).question
    assert found.replace("\u00a0", " ") == question


@pytest.mark.parametrize(
    ("last", "volume", "value"),
    [("84,12", "2,09", "86,21"), ("99998", "5", "3"), (None, "5", "5"), ("99999,999", "0,001", "0"), ("1", "0", "1")],
)
def test_a_volume_leads_to_the_value(last, volume, value):
    assert value_after(n(volume), scale(last)) == n(value)


@pytest.mark.parametrize(
    ("taken_on", "last_on", "installed_on", "fault"),
    [
        (TODAY, None, None, ""),
        (TODAY, TODAY, TODAY, ""),
        (MONTH_AGO, MONTH_AGO, None, ""),
        (date(2026, 11, 21), None, None, "ещё не наступила"),
        (date(2027, 1, 1), date(2027, 5, 1), None, "ещё не наступила"),
        (date(2026, 10, 20), MONTH_AGO, None, "раньше последнего показания: оно снято 21.10.2026"),
        (date(2016, 8, 18), None, date(2016, 8, 19), "раньше установки счётчика: он установлен 19.08.2016"),
        (date(2016, 8, 19), None, date(2016, 8, 19), ""),
        (date(2024, 2, 29), date(2024, 2, 29), None, ""),
        (date(2024, 2, 28), date(2024, 2, 29), None, "раньше последнего показания: оно снято 29.02.2024"),
    ],
)
def test_dates(taken_on, last_on, installed_on, fault):
    found = rules.date_fault(taken_on, today=TODAY, last_on=last_on, installed_on=installed_on)
    assert fault in found
    assert bool(found) == bool(fault)


@pytest.mark.parametrize(
    ("ended_on", "due", "refuses", "refusal", "warning"),
    [
        (None, None, True, "", ""),
        (None, TODAY, True, "", ""),  # the last day of a verification still counts
        (None, date(2026, 11, 19), False, "", "Срок поверки истёк 19.11.2026"),
        (None, date(2026, 11, 19), True, "не принимаются до поверки", "Срок поверки истёк 19.11.2026"),
        (TODAY, None, False, "", ""),
        (date(2026, 11, 19), None, False, "Расчёт по этому прибору окончен 19.11.2026", ""),
        (date(2026, 12, 31), None, False, "", ""),
        (date(2026, 1, 1), date(2026, 1, 1), True, "Расчёт по этому прибору окончен", "по среднему или по нормативу"),
    ],
)
def test_terms_of_the_meter(ended_on, due, refuses, refusal, warning):
    found = rules.meter_refusal(today=TODAY, ended_on=ended_on, verification_due=due, refuses_unverified=refuses)
    assert refusal in found
    assert bool(found) == bool(refusal)
    said = rules.verification_warning(today=TODAY, verification_due=due)
    assert warning in said
    assert bool(said) == bool(warning)
