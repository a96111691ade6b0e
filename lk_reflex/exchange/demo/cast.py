"""The permanent cast of every demo package: three organizations and the dwellings that pages are shown with."""

from dataclasses import replace
from datetime import date

from lk_reflex.core.months import Month
from lk_reflex.exchange.demo.people import Person
from lk_reflex.exchange.demo.places import House
from lk_reflex.exchange.demo.plan import AHEAD, DEBTOR, PROMPT, Dwelling, MeterPlan, Span
from lk_reflex.exchange.demo.tariffs import ALL, COLD, HOT, OF_WATER, POWER, PRIVATE, RENT, UNITED, WATER, WITHOUT_WATER

UTILITY, MANAGER, OTHER = "7421001010", "7430002027", "7447003036"
#: The manual's own account.
MANUAL = (UTILITY, "1234567899")
PRIVATE_HOUSE = (OTHER, "3000000024")
OVERPAID = (MANAGER, "2000000017")
WITHOUT_METERS = (UTILITY, "1000000035")
CLOSED = (MANAGER, "2000000048")
THREE_TARIFFS = (UTILITY, "1000000052")

#: Demo login → the accounts (ИНН, number) that it sees.
DEMO_ACCOUNTS: dict[str, tuple[tuple[str, str], ...]] = {
    "anna": (MANUAL, PRIVATE_HOUSE, OVERPAID),
    "boris": (MANUAL,),
}

_BANK = ("ПАО «ЧЕЛЯБИНВЕСТБАНК»", "047501779", "30101810400000000779")
#: In the order of the columns of organizations.csv.
ORGANIZATIONS = (
    (UTILITY, "742101001", "Муниципальное унитарное предприятие «Производственное объединение водоснабжения и "
     "водоотведения»", "МУП «ПОВВ»", "40702810900000000008", *_BANK, "г. Челябинск, ул. Варненская, д. 13",
     "+7 (351) 214-00-14", "1", "0,70", "0,00", "плательщик", "100000,00", "перевод", "15", "25", "15"),
    (MANAGER, "743001001", "Общество с ограниченной ответственностью «Управляющая компания «Южный дом»",
     "ООО УК «Южный дом»", "40702810400000120006", *_BANK, "г. Челябинск, ул. Чичерина, д. 28", "+7 (351) 200-17-40",
     "1", "1,00", "20,00", "организация", "50000,00", "касса", "18", "25", "15"),
    (OTHER, "744701001", "Товарищество собственников недвижимости «Уральский двор»", "ТСН «Уральский двор»",
     "40703810100000450004", *_BANK, "г. Копейск, пр. Победы, д. 7", "+7 (351) 393-41-05", "0", "0,00", "0,00",
     "плательщик", "100000,00", "перевод", "1", "31", "15"),
)  # fmt: skip

MANUAL_HOUSE = House("K000010", "Челябинск", "УЛ. КЫШТЫМСКАЯ", "10", True, "55,190412", "61,347205")
_TOWER = House("K000112", "Челябинск", "УЛ. АКАДЕМИКА КОРОЛЁВА", "112А", True, "55,170918", "61,288340")
_COTTAGE = House("K000024", "Копейск", "УЛ. ЛИНЕЙНАЯ", "24", False, "55,104377", "61,618812")
HOUSES = (MANUAL_HOUSE, _TOWER, _COTTAGE)


def cast(span: Span) -> list[Dwelling]:
    """All of the cast, the manual's account first."""
    return [_manual(), _private_house(span), _overpaid(span), _without_meters(), _closed(span), _three_tariffs(span)]


def _manual() -> Dwelling:
    return Dwelling(
        *MANUAL, MANUAL_HOUSE, "1010", Person("ЗДЕТОВЕЦКИЙ", "СЕРГЕЙ", "ВЛАДИМИРОВИЧ"), 16_200, 1,
        ((UNITED, (RENT, *WITHOUT_WATER[1:3], *WITHOUT_WATER[4:])), (WATER, OF_WATER)),
        (
            _forgotten("757260", "ГВС", HOT, date(2016, 2, 2)),
            _forgotten("757243", "ХВС", COLD, date(2018, 2, 2)),
            _in_use("34230774", "ГВС С/У", HOT, date(2018, 4, 9), date(2024, 2, 13), 2000),
            _in_use("26616450", "ХВС С/У", COLD, date(2016, 8, 19), date(2022, 7, 1), 6000),
        ),
        PROMPT, advance=True, not_before=Month(2019, 10),
    )  # fmt: skip


def _forgotten(code: str, name: str, resource: str, verification: date) -> MeterPlan:
    """Has nothing but its initial reading."""
    began = date(2012, 3, 1)
    return MeterPlan(code, code, name, resource, "Н/У", began, verification, (0,), idle=True, installed_known=False)


def _in_use(code: str, name: str, resource: str, installed: date, verification: date, usage: int) -> MeterPlan:
    """Goes on by the same volume every month, so that its six months' average is exactly that."""
    return MeterPlan(
        code, code, name, resource, "С/У", installed, verification, (usage,), steady=True, whole_history=True
    )


def _water(span: Span, code: str, cold: int, hot: int) -> tuple[MeterPlan, ...]:
    installed, due = span.start.shift(-7).day(14), span.until.shift(40).day(14)
    found = [MeterPlan(f"{code}1", f"{code}77", "ХВС", COLD, "Ванная", installed, due, (cold,))]
    if hot:
        found.append(MeterPlan(f"{code}2", f"{code}78", "ГВС", HOT, "Ванная", installed, due, (hot,)))
    return tuple(found)


def _power(span: Span, code: str, *usage: int) -> MeterPlan:
    installed, due = span.start.shift(-11).day(3), span.until.shift(90).day(3)
    name = "Электроэнергия" if len(usage) == 1 else f"Электроэнергия, {len(usage)} тарифа"
    return MeterPlan(f"{code}5", f"{code}0917", name, POWER, "Щит", installed, due, usage, digits=6, decimals=2)


def _private_house(span: Span) -> Dwelling:
    meters = (*_water(span, "30024", 9_400, 0), _power(span, "30024", 186_000, 92_000))
    owner = Person("КОВАЛЁВА", "АННА", "ПЕТРОВНА")
    return Dwelling(*PRIVATE_HOUSE, _COTTAGE, "", owner, 98_600, 3, ((UNITED, PRIVATE),), meters)


def _overpaid(span: Span) -> Dwelling:
    cold, hot = _water(span, "20017", 4_100, 2_700)
    # A cistern that runs, and a dial that has stuck: what the cabinet points out.
    meters = (replace(cold, last=(200, 330)), replace(hot, last=(0, 0, 0, 0)), _power(span, "20017", 148_000))
    owner = Person("КОВАЛЁВ", "ПЁТР", "ИВАНОВИЧ")
    return Dwelling(*OVERPAID, _TOWER, "17", owner, 54_300, 2, ((UNITED, ALL),), meters, AHEAD, advance=True)


def _without_meters() -> Dwelling:
    owner = Person("ЗАРЕЦКАЯ", "ОЛЬГА", "РИНАТОВНА")
    receipts = ((UNITED, WITHOUT_WATER), (WATER, OF_WATER))
    return Dwelling(*WITHOUT_METERS, MANUAL_HOUSE, "35", owner, 42_100, 2, receipts, (), DEBTOR, advance=True)


def _closed(span: Span) -> Dwelling:
    owner = Person("ЩЕРБАКОВ", "НИКОЛАЙ", "СЕРГЕЕВИЧ")
    return Dwelling(
        *CLOSED, _TOWER, "48", owner, 61_800, 0, ((UNITED, ALL),), _water(span, "20048", 3_000, 2_000),
        closed=max(span.start, span.until.shift(-3)),
    )  # fmt: skip


def _three_tariffs(span: Span) -> Dwelling:
    meters = (*_water(span, "10052", 5_200, 3_600), _power(span, "10052", 74_000, 96_000, 61_000))
    owner = Person("МЕДВЕДЕВ", "РУСЛАН", "ЕВГЕНЬЕВИЧ")
    return Dwelling(*THREE_TARIFFS, MANUAL_HOUSE, "52", owner, 58_400, 3, ((UNITED, ALL),), meters, advance=True)
