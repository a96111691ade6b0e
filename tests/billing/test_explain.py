"""Why a sum changed: each cause alone and together, what billing leaves unsaid, and that it always adds up."""

import pytest

from lk_reflex.core.money import format_money
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.explaining.explain import by_kind, explain
from lk_reflex.domain.billing.explaining.explain_parts import Kind, Reason
from tests.billing.months import AUGUST, UNITED, WATER, adds_up, compared, line, month, receipt

COLD, RENT, HEAT = "ХВС", "Коммерческий найм жилья", "Отопление"


def parts(before, after) -> dict[str, str]:
    """Kind → roubles of the only service."""
    explanation = compared(before, after)
    assert adds_up(explanation)
    (service,) = explanation.services
    return {part.kind.value: format_money(part.amount).replace("\u00a0", " ") for part in service.parts}


def water(amount: str, tariff: str, volume: str, norm: str = "", unit: str = "м3", **more):
    return receipt(line(COLD, amount, tariff, unit, volume, norm), **more)


CAUSES = [
    ("nothing", water("105,30", "35,10", "3"), water("105,30", "35,10", "3"), {}),
    ("tariff up", water("105,30", "35,10", "3"), water("113,70", "37,90", "3"), {"tariff": "8,40"}),
    ("tariff down", water("113,70", "37,90", "3"), water("105,30", "35,10", "3"), {"tariff": "-8,40"}),
    ("volume up", water("105,30", "35,10", "3"), water("157,95", "35,10", "4,5"), {"volume": "52,65"}),
    ("volume down to nothing", water("105,30", "35,10", "3"), water("0", "35,10", "0"), {"volume": "-105,30"}),
    ("from no volume", water("0", "35,10", "0"), water("113,70", "37,90", "3"), {"volume": "113,70"}),
    ("to nothing while the tariff grew", water("449,70", "149,90", "3"), water("0", "157,69", "0"),
     {"volume": "-449,70"}),
    ("from nothing while the tariff grew", water("0", "149,90", "0"), water("473,07", "157,69", "3"),
     {"volume": "473,07"}),
    ("to nothing, and no tariff is told for it", water("105,30", "35,10", "3"), water("0", "", "0"),
     {"volume": "-105,30"}),
    ("from nothing, and no tariffs are told", water("0", "", "0"), water("105,30", "", "3"), {"volume": "105,30"}),
    ("to nothing by another norm", water("48,50", "10", "4,85", "4,85"), water("0", "11", "0", "5"),
     {"volume": "-48,50"}),
    ("both", water("105,30", "35,10", "3"), water("170,55", "37,90", "4,5"), {"tariff": "8,40", "volume": "56,85"}),
    ("both against each other", water("100,00", "50", "2"), water("100,00", "100", "1"),
     {"tariff": "100,00", "volume": "-100,00"}),
    ("norm", water("48,50", "10", "4,85", "4,85"), water("50,00", "10", "5", "5"), {"norm": "1,50"}),
    ("norm and people", water("48,50", "10", "4,85", "4,85"), water("100,00", "10", "10", "5"),
     {"norm": "1,50", "volume": "50,00"}),
    ("norm, tariff and people", water("48,50", "10", "4,85", "4,85"), water("110,00", "11", "10", "5"),
     {"tariff": "4,85", "norm": "1,65", "volume": "55,00"}),
    ("people by the same norm", water("48,50", "10", "4,85", "4,85"), water("97,00", "10", "9,7", "4,85"),
     {"volume": "48,50"}),
    ("norm instead of a meter", water("30,00", "10", "3"), water("48,50", "10", "4,85", "4,85"), {"norm": "18,50"}),
    ("meter instead of a norm", water("48,50", "10", "4,85", "4,85"), water("30,00", "10", "3"), {"norm": "-18,50"}),
    ("no volumes, a tariff", water("100,00", "10", ""), water("110,00", "11", ""), {"tariff": "10,00"}),
    ("no volumes, a tariff and a norm", water("100,00", "10", "", "4"), water("165,00", "11", "", "6"),
     {"tariff": "10,00", "norm": "55,00"}),
    ("no tariffs, a volume", water("100,00", "", "2"), water("150,00", "", "3"), {"volume": "50,00"}),
    ("a tariff that only one month has", water("100,00", "", "2"), water("150,00", "50", "3"), {"rest": "50,00"}),
    ("another unit", water("105,30", "35,10", "3"), water("200,00", "100", "2", unit="чел"), {"rest": "94,70"}),
    ("the same unit in other letters", water("105,30", "35,10", "3", unit="м³"), water("113,70", "37,90", "3"),
     {"tariff": "8,40"}),
    ("a charge that isn't the product", water("213,84", "13,20", "16,2"), water("235,22", "13,20", "16,2"),
     {"rest": "21,38"}),
    ("it never was the product, and the tariff grew", water("110,00", "10", "10"), water("121,00", "11", "10"),
     {"tariff": "10,00", "rest": "1,00"}),
    ("a minus", water("-105,30", "35,10", "-3"), water("35,10", "35,10", "1"), {"volume": "140,40"}),
    ("a kopeck of rounding goes to the cause", water("33,33", "11,11", "3"), water("36,68", "12,22", "3"),
     {"tariff": "3,35"}),
    ("a kopeck without a cause", water("33,33", "11,11", "3"), water("33,34", "11,11", "3"), {"rest": "0,01"}),
    ("a kopeck that would turn the sign", water("33,33", "11,11", "3"), water("33,32", "11,114", "3"),
     {"tariff": "0,01", "rest": "-0,02"}),
    ("three kopecks are no rounding", water("33,33", "11,11", "3"), water("36,69", "12,22", "3"),
     {"tariff": "3,33", "rest": "0,03"}),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), [row[1:] for row in CAUSES], ids=[row[0] for row in CAUSES])
def test_each_cause(before, after, expected):
    assert parts(before, after) == expected


def rent(amount: str, *more):
    return receipt(line(RENT, amount, "13,20", "м2", "16,2"), *more)


THE_MANUALS = line(
    RENT, "277,94", "13,20", "м2", operation="перерасчет", period=(Month(2018, 8), Month(2019, 8), 13)
)  # fmt: skip


def test_the_manuals_september_against_its_august():
    explanation = compared(rent("213,84"), rent("235,22", THE_MANUALS))
    (service,) = explanation.services
    recalculation, rest = service.parts
    assert (explanation.was, explanation.now, explanation.change) == (213_84, 513_16, 299_32)
    assert (recalculation.kind, recalculation.amount, recalculation.line) == (
        Kind.RECALCULATION, 277_94, THE_MANUALS,
    )  # fmt: skip
    assert (rest.kind, rest.amount, rest.reason) == (Kind.REST, 21_38, Reason.NOT_A_PRODUCT)
    assert rest.line and rest.line.amount == 235_22 and not rest.earlier


def test_a_recalculation_that_is_over_gives_its_sum_back():
    back = line(RENT, "-50,00", operation="Перерасчёт")
    assert parts(rent("213,84", back), rent("213,84")) == {"recalculation": "50,00"}
    assert parts(rent("213,84", back), rent("213,84", back)) == {}


@pytest.mark.parametrize("name", ["льгота", "Субсидия", "пени", "скидка за оплату вперед"])
def test_other_operations_come_under_their_own_names(name):
    benefit = line(RENT, "-20,00", "13,20", "м2", "16,2", operation=name)
    (service,) = compared(rent("213,84"), rent("213,84", benefit)).services
    (part,) = service.parts
    assert (part.kind, part.word, part.was, part.now) == (Kind.OPERATION, name, 0, -20_00)


def test_a_charge_is_known_by_its_tariff_and_volume_whatever_billing_calls_it():
    before = receipt(line(COLD, "105,30", "35,10", "м3", "3", operation="по счетчику"))
    after = receipt(line(COLD, "113,70", "37,90", "м3", "3", operation="ИПУ"))
    assert parts(before, after) == {"tariff": "8,40"}


def test_new_and_gone_services_are_whole():
    explanation = compared(
        receipt(line(COLD, "105,30", "35,10", "м3", "3")), receipt(line(HEAT, "680,69", "2299,64", "Гкал", "0,296"))
    )
    assert {one.service: one.parts[0].kind for one in explanation.services} == {HEAT: Kind.NEW, COLD: Kind.GONE}
    assert explanation.change == 680_69 - 105_30 and adds_up(explanation)
    assert by_kind([explanation]) == {Kind.NEW: 680_69, Kind.GONE: -105_30}


def test_a_line_left_over_from_a_debt_is_no_service_of_that_month():
    before = receipt(line(COLD, "1,00", "1", "м3", "1"), charged={COLD: "1,00", HEAT: "0,00"})
    after = receipt(line(COLD, "1,00", "1", "м3", "1"), line(HEAT, "500,00", "1000", "Гкал", "0,5"))
    (heat, cold) = compared(before, after).services
    assert [part.kind for part in heat.parts] == [Kind.NEW] and cold.parts == ()


def test_a_new_service_with_a_recalculation_tells_both():
    after = receipt(line(HEAT, "500,00", "1000", "Гкал", "0,5"), line(HEAT, "-70,00", operation="перерасчет"))
    assert parts(receipt(charged={}), after) == {"new": "500,00", "recalculation": "-70,00"}


def test_a_lone_recalculation_makes_no_service():
    alone = receipt(line(HEAT, "-70,00", operation="перерасчет"))
    assert parts(receipt(charged={}), alone) == {"recalculation": "-70,00"}
    assert parts(alone, receipt(charged={})) == {"recalculation": "70,00"}


def test_without_accruals_the_difference_is_the_rest():
    explanation = compared(receipt(charged={COLD: "100,00"}), receipt(charged={COLD: "120,00"}))
    (part,) = explanation.services[0].parts
    assert (part.kind, part.amount, part.reason) == (Kind.REST, 20_00, Reason.NO_DETAILS)


def test_accruals_that_dont_make_the_charge_leave_a_rest():
    same = line(COLD, "105,30", "35,10", "м3", "3")
    explanation = compared(receipt(same), receipt(same, charged={COLD: "205,30"}))
    (part,) = explanation.services[0].parts
    assert (part.amount, part.reason) == (100_00, Reason.SUMS_DIFFER) and adds_up(explanation)


def test_balance_lines_of_other_names_give_way_to_accruals_of_the_same_sum():
    before = receipt(line(COLD, "105,30", "35,10", "м3", "3"), charged={"Вода": "105,30"})
    after = receipt(line(COLD, "113,70", "37,90", "м3", "3"), charged={"Вода": "113,70"})
    assert parts(before, after) == {"tariff": "8,40"}


def test_accruals_that_belong_to_no_balance_line_count_for_nothing():
    before = receipt(line(COLD, "105,30", "35,10", "м3", "3"), charged={"Вода": "100,00"})
    after = receipt(line(COLD, "113,70", "37,90", "м3", "3"), charged={"Вода": "130,00"})
    explanation = compared(before, after)
    assert [one.service for one in explanation.services] == ["Вода"]
    assert (explanation.change, adds_up(explanation)) == (30_00, True)


def zones(day: tuple[str, str, str], night: tuple[str, str, str]):
    return receipt(
        *(line("Электроэнергия", amount, tariff, "кВт·ч", volume) for amount, tariff, volume in (day, night))
    )


def test_tariff_zones_are_compared_one_by_one():
    before = zones(("500,00", "5", "100"), ("150,00", "3", "50"))
    assert parts(before, zones(("550,00", "5,5", "100"), ("160,00", "3,2", "50"))) == {"tariff": "60,00"}
    # From day to night: the same energy, for less.
    shifted = zones(("400,00", "5", "80"), ("210,00", "3", "70"))
    (part,) = compared(before, shifted).services[0].parts
    assert (part.kind, part.amount, part.was, part.now) == (Kind.VOLUME, -40_00, 150_000_000, 150_000_000)


def test_zones_of_no_consumption_have_no_tariff_to_blame():
    used, none = zones(("500,00", "5", "100"), ("150,00", "3", "50")), zones(("0", "5,5", "0"), ("0", "3,2", "0"))
    assert parts(used, none) == {"volume": "-650,00"}
    assert parts(none, used) == {"volume": "650,00"}
    # Only the night stood still: the day's tariff did what it did.
    assert parts(used, zones(("550,00", "5,5", "100"), ("0", "3,2", "0"))) == {"tariff": "50,00", "volume": "-150,00"}
    # Lines that can't be paired.
    three = receipt(*(line("Электроэнергия", "0", tariff, "кВт·ч", "0") for tariff in ("6", "7", "8")))
    assert parts(used, three) == {"volume": "-650,00"}


def test_a_step_over_the_social_norm_is_volume():
    one = receipt(line("Электроэнергия", "500,00", "5", "кВт·ч", "100"))
    assert parts(one, zones(("500,00", "5", "100"), ("160,00", "8", "20"))) == {"volume": "160,00"}
    assert parts(zones(("500,00", "5", "100"), ("160,00", "8", "20")), one) == {"volume": "-160,00"}


def test_lines_that_cant_be_paired_go_by_the_average_tariff():
    one = receipt(line("Электроэнергия", "480,00", "4,8", "кВт·ч", "100"))
    two = zones(("300,00", "5", "60"), ("120,00", "3", "40"))
    assert parts(one, two) == {"tariff": "-60,00"}
    (part,) = compared(one, two).services[0].parts
    assert (part.was, part.now, part.reason) == (4_800_000, 4_200_000, Reason.AVERAGE)


def test_a_service_that_moved_to_another_receipt_is_the_same_service():
    before = month(receipt(line(COLD, "105,30", "35,10", "м3", "3"), kind=WATER), of=AUGUST)
    after = month(receipt(line("ХВС ", "113,70", "37,90", "м3", "3"), kind=UNITED))
    explanation = explain(before, after)
    (service,) = explanation.services
    assert (service.moved_to, [part.kind for part in service.parts]) == (UNITED, [Kind.TARIFF])
    assert explanation.absent == ()


def test_a_receipt_that_is_missing_with_its_services_is_named():
    before = month(receipt(line(COLD, "105,30", "35,10", "м3", "3"), kind=WATER), of=AUGUST)
    assert explain(before, month(rent("213,84"))).absent == (WATER,)


def test_a_service_of_two_receipts_is_one():
    def both(amount, tariff):
        return [receipt(line(COLD, amount, tariff, "м3", "1"), kind=kind) for kind in (UNITED, WATER)]

    explanation = explain(month(*both("10,00", "10"), of=AUGUST), month(*both("11,00", "11")))
    (service,) = explanation.services
    assert (service.was, service.now, [part.amount for part in service.parts]) == (20_00, 22_00, [2_00])


def test_penalties_stand_apart():
    same = line(COLD, "105,30", "35,10", "м3", "3")
    explanation = compared(receipt(same, penalty="1,50"), receipt(same, penalty="2,50"))
    assert (explanation.change, explanation.penalty_was, explanation.penalty_now) == (0, 1_50, 2_50)


def test_the_weightiest_change_comes_first_and_what_didnt_change_is_named():
    def of(*amounts):
        return receipt(*(line(name, amount, "1", "м3", amount) for name, amount in amounts))

    explanation = compared(of(("А", "10"), ("Б", "10"), ("В", "7")), of(("А", "11"), ("Б", "2"), ("В", "7")))
    assert [one.service for one in explanation.changed] == ["Б", "А"]
    assert [one.service for one in explanation.unchanged] == ["В"]
