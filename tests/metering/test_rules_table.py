"""Every rule of a form of readings as one table, through the whole judgement: account, window, day, meters, scales."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from lk_reflex.core.clock import parse_date
from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.metering.average import Known
from lk_reflex.domain.metering.ledger import MeterRecord, ScaleHistory, Sent, Terms
from lk_reflex.domain.metering.sending import submit
from lk_reflex.domain.metering.sending.entries import Entry, NeedsConfirmation
from tests.metering.dials import thousandths

#: 20 November 2026, 15:00 in Yekaterinburg.
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
CONTACT = "ПОВВ, телефон 112"
TERMS = Terms(1, None, "ПОВВ", CONTACT, "Asia/Yekaterinburg", 15, 25, False, False, 100_000)


def regular(last: str = "118", monthly: str = "6", *, months: int = 7, until: date = date(2026, 10, 21)) -> list[Known]:
    """Readings on the same day of each month, the newest worth `last`."""
    end = Month.of(until)
    return [
        Known(end.shift(-step).day(until.day), thousandths(last) - thousandths(monthly) * step)
        for step in reversed(range(months))
    ]


def known(*readings: tuple[str, str]) -> list[Known]:
    return [Known(parse_date(day), thousandths(value)) for day, value in readings]


def sent(value: str, *, period: Month = NOVEMBER, on: str = "16.11.2026", **more: Any) -> Sent:
    return Sent(1, 1, period, more.pop("exported", False), Known(parse_date(on), thousandths(value)), **more)


def meter(
    number: int = 1, *, digits: int = 5, decimals: int = 3, resource: str = "ХВС", history: Any = None, **facts: Any
) -> MeterRecord:
    """A verified meter of 2016; `history` is a list for its one scale, or one a scale; `sent_before` alike."""
    histories = history if history and isinstance(history[0], list) else [regular() if history is None else history]
    before = facts.pop("sent_before", [[]] * len(histories))
    own = SimpleNamespace(
        id=number, name=f"Прибор {number}", serial=str(number), resource=resource, digits=digits, decimals=decimals,
        scales=len(histories), installed_on=facts.pop("installed_on", date(2016, 8, 19)),
        verification_due=facts.pop("verification_due", date(2028, 7, 1)), ended_on=facts.pop("ended_on", None),
    )  # fmt: skip
    assert not facts
    scales = {place: ScaleHistory(list(billed), list(before[place - 1])) for place, billed in enumerate(histories, 1)}
    return MeterRecord(own, scales)


@dataclass(frozen=True)
class Case:
    """`typed` by row; `taken` are the values and volumes expected, else parts of the sentences by row."""

    typed: Mapping[str, str | Entry]
    taken: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    asks: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    foreign: bool = False
    meters: tuple[MeterRecord, ...] = (meter(),)
    on: str = ""
    now: datetime = NOW
    ahead: bool = False
    period: Month | None = None
    replaces: bool = False
    terms: Mapping[str, Any] = field(default_factory=dict)


M1, M2, T1, T2, T3 = "m1-1", "m2-1", "m1-1", "m1-2", "m1-3"
POWER2 = meter(resource="кВт·ч", digits=6, decimals=2, history=[regular("1500", "120"), regular("700", "60")])
POWER3 = meter(
    resource="кВт·ч", digits=6, decimals=1, history=[regular("1500", "120"), regular("700", "60"), regular("90", "9")]
)
TWO = (meter(1), meter(2, history=regular("84,12", "2"), resource="ГВС"))
NEW = meter(history=known(("19.08.2016", "0")))
NOTHING = meter(history=[[]])
LOWER, NOT_LOWER = "Меньше последнего показания 118,000", {M1: ("118,001", "0,001")}
CLOSED_ON = date(2026, 11, 19)
AT_THE_END = regular("99998", "2")


def late(day: int, hour: int = 10, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


CASES = {
    # plain readings
    "a usual month": Case({M1: "124"}, {M1: ("124", "6")}),
    "with a comma": Case({M1: "124,5"}, {M1: ("124,5", "6,5")}),
    "with a point": Case({M1: "124.5"}, {M1: ("124,5", "6,5")}),
    "with spaces and noughts": Case({M1: " 00124,500 "}, {M1: ("124,5", "6,5")}),
    "exactly three times the average": Case({M1: "136"}, {M1: ("136", "18")}),
    "two meters at once": Case({M1: "124", M2: "86,21"}, {M1: ("124", "6"), M2: ("86,21", "2,09")}, meters=TWO),
    "one of two meters": Case({M1: "", M2: "86"}, {M2: ("86", "1,88")}, meters=TWO),
    "the very first reading": Case({M1: "12,5"}, {M1: ("12,5", "12,5")}, meters=(NOTHING,)),
    "nought as the very first": Case({M1: "0"}, {M1: ("0", "0")}, meters=(NOTHING,)),
    # lower and equal
    "lower": Case({M1: "18,4"}, faults={M1: LOWER}),
    "a thousandth lower": Case({M1: "117,999"}, faults={M1: LOWER}),
    "a thousandth higher": Case({M1: "118,001"}, NOT_LOWER),
    "lower leads to the organization": Case({M1: "1"}, faults={M1: CONTACT}),
    "equal": Case({M1: "118"}, asks={M1: "такое же, как последнее: расход 0,000 м³"}),
    "equal by volume": Case({M1: Entry("", "0")}, asks={M1: "расход 0,000 м³"}),
    "lower on one meter stops both": Case({M1: "1", M2: "86"}, faults={M1: LOWER}, meters=TWO),
    "each meter's own fault": Case({M1: "1", M2: "1"}, faults={M1: LOWER, M2: "84,120"}, meters=TWO),
    # past the last digit
    "a dial of 5 digits rolls over": Case({M1: "3"}, asks={M1: "полный круг, расход 5,000 м³"},
                                          meters=(meter(history=AT_THE_END),)),
    "of 4 digits": Case({M1: "1"}, asks={M1: "расход 2,000"}, meters=(meter(digits=4, history=regular("9999")),)),
    "of 6 digits": Case({M1: "1"}, asks={M1: "расход 2,000"}, meters=(meter(digits=6, history=regular("999999")),)),
    "of 3 digits": Case({M1: "1"}, asks={M1: "расход 2,000"}, meters=(meter(digits=3, history=regular("999")),)),
    "of 7 digits": Case({M1: "0"}, asks={M1: "расход 1,000"}, meters=(meter(digits=7, history=regular("9999999")),)),
    "of 8 digits": Case({M1: "0"}, asks={M1: "расход 1,000"}, meters=(meter(digits=8, history=regular("99999999")),)),
    "a third of the dial is no rollover": Case({M1: "0"}, faults={M1: "Меньше последнего показания 66 666,000"},
                                               meters=(meter(history=regular("66666")),)),
    "just under a third": Case({M1: "0"}, asks={M1: "полный круг"}, meters=(meter(history=regular("66667")),)),
    "a volume past the last digit": Case({M1: Entry("", "5")}, asks={M1: "полный круг, расход 5,000"},
                                         meters=(meter(history=AT_THE_END),)),
    # too much
    "over three times the average": Case({M1: "136,001"}, asks={M1: "Расход 18,001 м³, обычно около 6,000 м³"}),
    "ten times by a slip": Case({M1: "1240"}, asks={M1: "Расход 1 122,000 м³"}),
    "a forgotten comma": Case({M1: "12450"}, asks={M1: "обычно около 6,000 м³"}),
    "under the ceiling without a history": Case({M1: "100"}, {M1: ("100", "100")}, meters=(NEW,)),
    "over the ceiling without a history": Case({M1: "100,001"}, asks={M1: "больше 100,000 м³"}, meters=(NEW,)),
    "an idle meter has the ceiling": Case({M1: "151"}, asks={M1: "больше 100,000 м³"},
                                          meters=(meter(history=regular("50", "0")),)),
    "the organization's own ceiling": Case({M1: "31"}, asks={M1: "больше 30,000 м³"}, meters=(NEW,),
                                           terms={"volume_ceiling": 30_000}),
    "several months' gap": Case({M1: "150"}, asks={M1: "за 5 месяцев, обычно около 6,000 м³ в месяц"},
                                meters=(meter(history=regular(until=date(2026, 6, 21))),)),
    "several months' usual volume is asked about, not refused": Case(
        {M1: "142"}, asks={M1: "Расход 24,000 м³ за 4 месяца"},
        meters=(meter(history=regular(until=date(2026, 7, 21))),),
    ),
    "rolled over and too much": Case({M1: "100"}, asks={M1: "полный круг"}, meters=(meter(history=AT_THE_END),)),
    "a question on one meter stops both": Case({M1: "118", M2: "86"}, asks={M1: "такое же"}, meters=TWO),
    "two questions at once": Case({M1: "118", M2: "84,12"}, asks={M1: "такое же", M2: "такое же"}, meters=TWO),
    "a fault is told before a question": Case({M1: "118", M2: "1"}, faults={M2: "Меньше"}, meters=TWO),
    # figures
    "three decimals": Case({M1: "118,123"}, {M1: ("118,123", "0,123")}),
    "four decimals": Case({M1: "118,1234"}, faults={M1: "Не больше трёх знаков после запятой"}),
    "four decimals, the last a nought": Case({M1: "118,1230"}, {M1: ("118,123", "0,123")}),
    "a dial without decimals": Case({M1: "124"}, {M1: ("124", "6")}, meters=(meter(decimals=0),)),
    "a decimal too many for none": Case({M1: "124,5"}, faults={M1: "целое число"}, meters=(meter(decimals=0),)),
    "one decimal": Case({M1: "124,5"}, {M1: ("124,5", "6,5")}, meters=(meter(decimals=1),)),
    "a decimal too many for one": Case({M1: "124,55"}, faults={M1: "Не больше одного"}, meters=(meter(decimals=1),)),
    "two decimals": Case({M1: "124,55"}, {M1: ("124,55", "6,55")}, meters=(meter(decimals=2),)),
    "a decimal too many for two": Case({M1: "124,555"}, faults={M1: "Не больше двух"}, meters=(meter(decimals=2),)),
    "the largest the dial can show": Case({M1: "99999,999"}, asks={M1: "Расход"}),
    "more than the dial can show": Case({M1: "100000"}, faults={M1: "5 цифр до запятой"}),
    "more than a short dial can show": Case({M1: "1000"}, faults={M1: "3 цифры до запятой"}, meters=(meter(digits=3),)),
    "below nought": Case({M1: "-124"}, faults={M1: "без минуса"}),
    "no number": Case({M1: "сто"}, faults={M1: "Введите число"}),
    "letters for noughts": Case({M1: "12О"}, faults={M1: "Введите число"}),
    "two commas": Case({M1: "1,2,4"}, faults={M1: "Введите число"}),
    "a number in words of a calculator": Case({M1: "1e3"}, faults={M1: "Введите число"}),
    "an endless number": Case({M1: "1" * 90}, faults={M1: "Введите число"}),
    # reading and volume
    "a volume alone": Case({M1: Entry("", "6,5")}, {M1: ("124,5", "6,5")}),
    "both, and they agree": Case({M1: Entry("124,5", "6,5")}, {M1: ("124,5", "6,5")}),
    "both, and they don't": Case({M1: Entry("124,5", "7")}, faults={M1: "не сходятся: последнее показание 118,000"}),
    "a volume below nought": Case({M1: Entry("", "-1")}, faults={M1: "без минуса"}),
    "a volume that is no number": Case({M1: Entry("124", "много")}, faults={M1: "Введите число"}),
    # the day
    "yesterday": Case({M1: "124"}, {M1: ("124", "6")}, on="19.11.2026"),
    "tomorrow": Case({M1: "124"}, faults={"taken_on": "ещё не наступила"}, on="21.11.2026"),
    "the last reading's own day": Case({M1: "124"}, {M1: ("124", "6")}, on="21.10.2026"),
    "before the last reading": Case({M1: "124"}, faults={"taken_on": "оно снято 21.10.2026"}, on="20.10.2026"),
    "before the installation": Case({M1: "12"}, faults={"taken_on": "установлен 19.08.2016"}, on="18.08.2016",
                                    meters=(NOTHING,)),
    "on the day of the installation": Case({M1: "12"}, {M1: ("12", "12")}, on="19.08.2016", meters=(NOTHING,)),
    "29 February of a leap year": Case({M1: "12"}, {M1: ("12", "12")}, on="29.02.2024", meters=(NOTHING,)),
    "29 February of another year": Case({M1: "124"}, faults={"taken_on": "Введите дату"}, on="29.02.2025"),
    "31 November": Case({M1: "12"}, faults={"taken_on": "Введите дату", M1: "Меньше"}, on="31.11.2026"),
    "the month's last day": Case({M1: "124"}, {M1: ("124", "6")}, on="31.10.2026"),
    "in the order of ISO": Case({M1: "124"}, {M1: ("124", "6")}, on="2026-11-19"),
    "two figures for the year": Case({M1: "124"}, {M1: ("124", "6")}, on="19.11.26"),
    "digits alone": Case({M1: "124"}, {M1: ("124", "6")}, on="19112026"),
    "no date at all": Case({M1: "124"}, faults={"taken_on": "Введите дату"}, on="вчера"),
    "a minute to midnight is still today": Case(
        {M1: "124"}, {M1: ("124", "6")}, on="20.11.2026", now=datetime(2026, 11, 20, 18, 59, tzinfo=UTC)
    ),
    "a minute to midnight is not yet tomorrow": Case(
        {M1: "124"}, faults={"taken_on": "ещё не наступила"}, on="21.11.2026",
        now=datetime(2026, 11, 20, 18, 59, tzinfo=UTC),
    ),
    "midnight in Yekaterinburg is tomorrow": Case(
        {M1: "124"}, {M1: ("124", "6")}, on="21.11.2026", now=datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    ),
    "a minute to midnight in Kamchatka": Case(
        {M1: "124"}, {M1: ("124", "6")}, on="20.11.2026", now=datetime(2026, 11, 20, 11, 59, tzinfo=UTC),
        terms={"time_zone": "Asia/Kamchatka"},
    ),
    # tariff zones
    "two zones together": Case({T1: "1620", T2: "760"}, {T1: ("1620", "120"), T2: ("760", "60")}, meters=(POWER2,)),
    "one of two zones": Case({T1: "1620", T2: ""}, faults={T2: "Введите показание Т2: зоны этого счётчика"},
                             meters=(POWER2,)),
    "three zones together": Case(
        {T1: "1620", T2: "760", T3: "99"}, {T1: ("1620", "120"), T2: ("760", "60"), T3: ("99", "9")}, meters=(POWER3,)
    ),
    "two of three zones": Case({T1: "1620", T3: "99"}, faults={T2: "Т1, Т2, Т3"}, meters=(POWER3,)),
    "a fault in one zone": Case({T1: "1620", T2: "1"}, faults={T2: "Меньше последнего показания 700,00"},
                                meters=(POWER2,)),
    "a question in one zone": Case({T1: "1620", T2: "700"}, asks={T2: "расход 0,00 кВт·ч"}, meters=(POWER2,)),
    # terms of the meter and of the account
    "verification over, taken all the same": Case({M1: "124"}, {M1: ("124", "6")},
                                                  meters=(meter(verification_due=CLOSED_ON),)),
    "verification over, refused": Case({M1: "124"}, faults={M1: "Срок поверки истёк 19.11.2026"},
                                       meters=(meter(verification_due=CLOSED_ON),), terms={"refuses_unverified": True}),
    "verification's last day": Case({M1: "124"}, {M1: ("124", "6")},
                                    meters=(meter(verification_due=date(2026, 11, 20)),),
                                    terms={"refuses_unverified": True}),
    "a closed meter": Case({M1: "124"}, faults={M1: "Расчёт по этому прибору окончен 19.11.2026"},
                           meters=(meter(ended_on=CLOSED_ON),)),
    "a closed meter left empty": Case({M2: "86"}, {M2: ("86", "1,88")}, meters=(meter(ended_on=CLOSED_ON), TWO[1])),
    "a closed account": Case({M1: "124"}, refused="Лицевой счет закрыт 19.11.2026", terms={"closed_on": CLOSED_ON}),
    "an account that closes later": Case({M1: "124"}, {M1: ("124", "6")}, terms={"closed_on": date(2026, 11, 21)}),
    "whoever only sees": Case({M1: "124"}, refused="только смотрите", terms={"may_send": False}),
    "another's meter": Case({"m99-1": "124"}, foreign=True),
    "a zone that the meter hasn't": Case({"m1-2": "124"}, foreign=True),
    "no row at all": Case({}, refused="хотя бы одного прибора"),
    "spaces alone": Case({M1: "  "}, refused="хотя бы одного прибора"),
    # the window
    "its first day": Case({M1: "124"}, {M1: ("124", "6")}, now=late(15), period=NOVEMBER),
    "its last day": Case({M1: "124"}, {M1: ("124", "6")}, now=late(25), period=NOVEMBER),
    "its last minute": Case({M1: "124"}, {M1: ("124", "6")}, now=datetime(2026, 11, 25, 18, 59, tzinfo=UTC)),
    "the minute after": Case({M1: "124"}, refused="Приём откроется 15 декабря", now=late(25, 19)),
    "the day before it": Case({M1: "124"}, refused="Приём откроется 15 ноября", now=late(14)),
    "early, where that is allowed": Case({M1: "124"}, {M1: ("124", "6")}, now=late(26), period=DECEMBER,
                                         terms={"takes_early": True}),
    "early, to wait for it": Case({M1: "124"}, {M1: ("124", "6")}, now=late(26), period=DECEMBER, ahead=True),
    "early, and lower": Case({M1: "1"}, faults={M1: LOWER}, now=late(26), ahead=True),
    "early for a closed account": Case({M1: "124"}, refused="закрыт", ahead=True, terms={"closed_on": CLOSED_ON}),
    "over the month's end, before it": Case({M1: "124"}, {M1: ("124", "6")}, now=late(29), period=NOVEMBER,
                                            terms={"window_opens": 28, "window_closes": 3}),
    "over the month's end, after it": Case({M1: "124"}, {M1: ("124", "6")}, now=late(2, month=12), period=NOVEMBER,
                                           terms={"window_opens": 28, "window_closes": 3}),
    "never closed": Case({M1: "124"}, {M1: ("124", "6")}, now=late(1), period=NOVEMBER,
                         terms={"window_opens": 1, "window_closes": 31}),
    # what has been sent already
    "a second one replaces the first": Case({M1: "125"}, {M1: ("125", "7")}, replaces=True,
                                            meters=(meter(sent_before=[[sent("124")]]),)),
    "and may be lower than it": Case({M1: "120"}, {M1: ("120", "2")}, replaces=True,
                                     meters=(meter(sent_before=[[sent("124")]]),)),
    "one that billing has": Case({M1: "125"}, faults={M1: "уже передано на расчёт"},
                                 meters=(meter(sent_before=[[sent("124", exported=True)]]),)),
    "one that billing has refused": Case(
        {M1: "125"}, {M1: ("125", "7")}, replaces=True,
        meters=(meter(sent_before=[[sent("124", exported=True, accounted=False, reason="Ошибка")]]),),
    ),
    "one sent for the month before": Case(
        {M1: "130"}, {M1: ("130", "6")},
        meters=(meter(sent_before=[[sent("124", period=Month(2026, 10), on="25.10.2026")]]),),
    ),
    # a guest is told no figure
    "a guest, lower": Case({M1: "1"}, faults={M1: "Меньше последнего показания. Проверьте"}, terms={"discreet": True}),
    "a guest, too much": Case({M1: "900"}, asks={M1: "необычно большой"}, terms={"discreet": True}),
    "a guest, the same": Case({M1: "118"}, asks={M1: "такое же, как последнее."}, terms={"discreet": True}),
    "a guest, before the last day": Case({M1: "124"}, faults={"taken_on": "Дата раньше последнего показания"},
                                         on="01.10.2026", terms={"discreet": True}),
    "a guest over a resident's word": Case({M1: "125"}, faults={M1: "из личного кабинета"}, terms={"discreet": True},
                                           meters=(meter(sent_before=[[sent("124")]]),)),
    "a guest over a guest's word": Case({M1: "125"}, {M1: ("125", "7")}, terms={"discreet": True}, replaces=True,
                                        meters=(meter(sent_before=[[sent("124", by_guest=True)]]),)),
}  # fmt: skip


@pytest.fixture
def judged(monkeypatch):
    """The judgement of a case, with these confirmations."""

    def judge(case: Case, yes: frozenset[str] = frozenset()):
        monkeypatch.setattr(submit, "meter_records", lambda _db, _account: list(case.meters))
        typed = {row: entry if isinstance(entry, Entry) else Entry(entry) for row, entry in case.typed.items()}
        filled = submit.Filled(typed, case.on, "key-of-one-form", yes)
        terms = Terms(**{**{name: getattr(TERMS, name) for name in TERMS.__slots__}, **case.terms})
        return submit.judge(None, terms, filled, case.now, ahead=case.ahead)  # pyright: ignore[reportArgumentType]

    return judge


def _said(found: Mapping[str, str], expected: Mapping[str, str], case: Case) -> None:
    assert found.keys() == expected.keys()
    for row, part in expected.items():
        plain = found[row].replace("\u00a0", " ")
        assert part in plain
        if case.terms.get("discreet"):
            assert not {"118,000", "6,000", "21.10.2026"} & set(plain.replace(":", " ").split())


def test_the_table_is_as_long_as_it_was_promised_to_be():
    assert len(CASES) >= 80


@pytest.mark.parametrize("name", CASES)
def test_rule(name, judged):
    case = CASES[name]
    if case.refused or case.foreign:
        with pytest.raises(NotFound if case.foreign else Refused) as refused:
            judged(case)
        assert case.refused in refused.value.message
        return
    if case.faults:
        with pytest.raises(Invalid) as wrong:
            judged(case)
        _said(wrong.value.fields, case.faults, case)
        return
    yes: frozenset[str] = frozenset()
    if case.asks:
        with pytest.raises(NeedsConfirmation) as doubt:
            judged(case)
        _said({one.row: one.text for one in doubt.value.questions}, case.asks, case)
        yes = frozenset(one.token for one in doubt.value.questions)
    sheet = judged(case, yes)
    taken = {f"m{one.record.meter.id}-{one.scale}": (one.value, one.volume) for one in sheet.accepted}
    filled = {row for row, entry in case.typed.items() if (entry if isinstance(entry, Entry) else Entry(entry)).filled}
    assert taken.keys() == filled
    for row, (value, volume) in case.taken.items():
        assert taken[row] == (thousandths(value), thousandths(volume))
    assert case.period in (None, sheet.window.period)
    assert any(one.replaces for one in sheet.accepted) == case.replaces


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.asks])
def test_a_yes_is_for_its_own_figure_alone(name, judged):
    """What was confirmed of one reading confirms no other one."""
    case = CASES[name]
    with pytest.raises(NeedsConfirmation) as doubt:
        judged(case)
    other = frozenset(f"{one.token}1" for one in doubt.value.questions)
    with pytest.raises(NeedsConfirmation):
        judged(case, other)
