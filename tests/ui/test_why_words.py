"""«Почему изменилась сумма?» in words that a pensioner reads: each cause, the headline, the notes."""

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.explaining.explain import ReceiptFigures, explain
from lk_reflex.domain.billing.explaining.explain_parts import Kind
from lk_reflex.domain.billing.explaining.explained import Explained, ExplainedYear, TwoYears
from lk_reflex.ui.why import words
from lk_reflex.ui.why.figures import money, per, signed, volume
from lk_reflex.ui.why.rows import why_of
from lk_reflex.ui.why.sentences import sentences
from tests.billing.months import AUGUST, SEPTEMBER, WATER, compared, line, month, receipt
from tests.ui.plain import plain

COLD, HEAT, POWER, RENT = "ХВС", "Отопление", "Электроэнергия", "Коммерческий найм жилья"


def said(before, after, *, of=(AUGUST, SEPTEMBER)) -> list[str]:
    """The sentences about the only service that changed."""
    explanation = explain(month(before, of=of[0]), month(after, of=of[1]))
    (service,) = explanation.changed
    return plain(sentences(service, explanation.before, explanation.after))


def one(service, amount, tariff="", unit="", volume="", norm="", **more):
    return receipt(line(service, amount, tariff, unit, volume, norm, **more))


def with_more(operation, amount, **more):
    """The rent of every month with another operation beside it."""
    return receipt(line(RENT, "213,84", "13,20", "м2", "16,2"), line(RENT, amount, operation=operation, **more))


SAME = one(RENT, "213,84", "13,20", "м2", "16,2")
NOTHING = receipt(charged={})
CASES = [
    (one(COLD, "105,30", "35,10", "м3", "3"), one(COLD, "170,55", "37,90", "м3", "4,5"), [
        "Вы израсходовали больше: 4,5 м³ вместо 3 м³, это +56,85 ₽.",
        "Тариф вырос с 35,10 до 37,90 ₽ за м³, это +8,40 ₽.",
    ]),
    (one(COLD, "113,70", "37,90", "м3", "3"), one(COLD, "105,30", "35,10", "м3", "3"), [
        "Тариф снизился с 37,90 до 35,10 ₽ за м³.",
    ]),
    (one("Водоотведение", "30", "10", "м3", "3"), one("Водоотведение", "20", "10", "м3", "2"), [
        "Объём меньше: 2 м³ вместо 3 м³.",
    ]),
    (one("Холодное водоснабжение", "30", "10", "м3", "3"), one("Холодное водоснабжение", "20", "10", "м3", "2"), [
        "Вы израсходовали меньше: 2 м³ вместо 3 м³.",
    ]),
    (one(COLD, "30", "10", "м3", "3"), one(COLD, "0", "10", "м3", "0"), ["Расхода не было: 0 м³ вместо 3 м³."]),
    (one("Электроэнергия на СОИ", "30", "10", "кВт*ч", "3"), one("Электроэнергия на СОИ", "40", "10", "кВт*ч", "4"), [
        "Объём больше: 4 кВт·ч вместо 3 кВт·ч.",
    ]),
    (one(HEAT, "200", "2000", "Гкал", "0,1"), one(HEAT, "300", "2000", "Гкал", "0,15"), [
        "Тепла подано больше: 0,15 Гкал вместо 0,1 Гкал.",
    ]),
    (one("Обращение с ТКО", "100", "100", "чел", "1"), one("Обращение с ТКО", "200", "100", "чел", "2"), [
        "В расчёте больше: 2 чел. вместо 1 чел.",
    ]),
    (one("Обращение с ТКО", "100", "100", "чел", "1"), one("Обращение с ТКО", "110", "110", "чел", "1"), [
        "Тариф вырос с 100,00 до 110,00 ₽ за человека.",
    ]),
    (one(COLD, "48,50", "10", "м3", "4,85", "4,85"), one(COLD, "97", "10", "м3", "9,7", "4,85"), [
        "По нормативу начислено больше: 9,7 м³ вместо 4,85 м³.",
    ]),
    (one(COLD, "48,50", "10", "м3", "4,85", "4,85"), one(COLD, "50", "10", "м3", "5", "5"), [
        "Норматив вырос с 4,85 до 5 м³.",
    ]),
    (one(COLD, "30", "10", "м3", "3"), one(COLD, "48,50", "10", "м3", "4,85", "4,85"), [
        "Начислено по нормативу, а не по счётчику: 4,85 м³ вместо 3 м³.",
    ]),
    (one(COLD, "48,50", "10", "м3", "4,85", "4,85"), one(COLD, "30", "10", "м3", "3"), [
        "Начислено по счётчику, а не по нормативу: 3 м³ вместо 4,85 м³.",
    ]),
    (SAME, with_more("перерасчет", "277,94", period=(Month(2018, 8), Month(2019, 8), 13)), [
        "Перерасчёт за август 2018 — август 2019 (13 месяцев).",
    ]),
    (SAME, with_more("перерасчет", "-10", period=(Month(2019, 8), None, None)), ["Перерасчёт за август 2019."]),
    (SAME, with_more("перерасчет", "-10"), ["Перерасчёт."]),
    (with_more("перерасчет", "-10"), SAME, ["За август был перерасчёт −10,00 ₽, теперь его нет."]),
    (with_more("перерасчет", "-10"), with_more("перерасчет", "15"), [
        "Перерасчёт: +15,00 ₽, а за август был −10,00 ₽.",
    ]),
    (SAME, with_more("льгота", "-10"), ["Добавилась строка «льгота»."]),
    (with_more("льгота", "-10"), SAME, ["За август была строка «льгота», −10,00 ₽, теперь её нет."]),
    (with_more("льгота", "-10"), with_more("льгота", "-15"), ["Строка «льгота»: −15,00 ₽ вместо −10,00 ₽."]),
    (NOTHING, SAME, ["За август эту услугу не начисляли."]),
    (SAME, NOTHING, ["За сентябрь эту услугу не начислили."]),
    (SAME, one(RENT, "235,22", "13,20", "м2", "16,2"), [
        "Прочее, +21,38 ₽: за сентябрь 13,20 ₽ × 16,2 м² = 213,84 ₽, а начислено 235,22 ₽, причину знает организация.",
    ]),
    (one(RENT, "100", "10", "м2", "10"), one(RENT, "90", "30", "чел", "3"), [
        "Прочее, −10,00 ₽: услугу теперь считают в других единицах (чел. вместо м²).",
    ]),
    (receipt(charged={RENT: "100"}), receipt(charged={RENT: "90"}), [
        "Прочее, −10,00 ₽: организация не передала, из чего сложилась сумма.",
    ]),
    (one(RENT, "100"), one(RENT, "90"), ["Прочее, −10,00 ₽: организация не передала тариф или объём."]),
    (SAME, one(RENT, "213,85", "13,20", "м2", "16,2"), ["Округление: +0,01 ₽."]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), CASES, ids=[case[2][0][:40] for case in CASES])
def test_each_cause_has_its_sentence(before, after, expected):
    assert said(before, after) == expected


def test_heating_begins_and_ends():
    heat = one(HEAT, "200", "2000", "Гкал", "0,1")
    begun = said(NOTHING, heat, of=(SEPTEMBER, Month(2019, 10)))
    assert begun == ["Начался отопительный сезон: за сентябрь отопление не начисляли."]
    assert said(heat, NOTHING, of=(Month(2020, 4), Month(2020, 5))) == ["Отопительный сезон закончился."]
    # A year ago, or in the middle of winter, it is a service like any other.
    assert said(NOTHING, heat, of=(Month(2019, 12), Month(2020, 1))) == ["За декабрь 2019 эту услугу не начисляли."]
    assert said(NOTHING, heat, of=(Month(2018, 10), Month(2019, 10))) == ["За октябрь 2018 эту услугу не начисляли."]


def test_zones_of_a_tariff():
    def day_and_night(*volumes):
        tariffs = ("5", "3")
        amounts = [str(int(tariff) * int(used)) for tariff, used in zip(tariffs, volumes, strict=True)]
        given = zip(amounts, tariffs, volumes, strict=True)
        return receipt(*(line(POWER, amount, tariff, "кВт·ч", used) for amount, tariff, used in given))

    assert said(day_and_night("100", "50"), day_and_night("80", "70")) == ["Расход по тарифным зонам разделился иначе."]
    assert said(day_and_night("100", "50"), day_and_night("100", "70")) == [
        "Вы израсходовали больше: 170 кВт·ч вместо 150 кВт·ч."
    ]
    single = one(POWER, "720", "4,8", "кВт·ч", "150")
    assert said(single, day_and_night("100", "50")) == ["Средний тариф снизился с 4,80 до 4,33 ₽ за кВт·ч."]


def test_a_moved_service_says_where_it_stands_now():
    before = receipt(line(COLD, "30", "10", "м3", "3"), kind=WATER)
    after = one(COLD, "33", "11", "м3", "3")
    explanation = explain(month(before, of=AUGUST), month(after))
    told = why_of(Explained(SEPTEMBER, AUGUST, explanation))
    assert plain(told.rows[0].reasons) == [
        "Тариф вырос с 10,00 до 11,00 ₽ за м³.", "Теперь услуга стоит в квитанции «Объединённая».",
    ]  # fmt: skip
    assert told.notes == []


def test_headlines():
    def headline(was, now, of=(AUGUST, SEPTEMBER)):
        return plain(words.difference(*of, was, now))

    assert headline(3208_88, 3293_08) == (
        "За сентябрь начислено на 84,20 ₽ больше, чем за август: 3 293,08 ₽ вместо 3 208,88 ₽."
    )
    assert headline(3293_08, 3208_88) == (
        "За сентябрь начислено на 84,20 ₽ меньше, чем за август: 3 208,88 ₽ вместо 3 293,08 ₽."
    )
    assert headline(5_00, 5_00) == "Сумма не изменилась: за сентябрь начислено столько же, сколько за август, 5,00 ₽."
    assert headline(-1_00, 2_00, (Month(2026, 12), Month(2027, 1))) == (
        "За январь 2027 начислено на 3,00 ₽ больше, чем за декабрь 2026: 2,00 ₽ вместо −1,00 ₽."
    )


def test_nothing_to_compare_with():
    assert words.headline(Explained(SEPTEMBER, AUGUST, None)) == ("Сравнить не с чем: за прошлые месяцы квитанций нет.")
    assert words.headline(ExplainedYear(SEPTEMBER, Month(2018, 9), None)) == (
        "Сравнить не с чем: за сентябрь 2018 квитанций нет."
    )
    assert why_of(None).headline == "Квитанций пока нет, сравнить нечего."


def test_notes_of_the_comparison():
    before = month(receipt(line(COLD, "30", "10", "м3", "3"), kind=WATER, penalty="18,31"), of=Month(2019, 7))
    after = month(one(RENT, "213,84", "13,20", "м2", "16,2"))
    assert plain(words.notes(Explained(SEPTEMBER, AUGUST, explain(before, after)))) == [
        "За август 2019 квитанций нет, поэтому сравниваем с предыдущими: за июль 2019.",
        "За сентябрь нет квитанции «ХВС и ВО»: услуги из неё считаются неначисленными.",
        "Пени сюда не входят: за сентябрь не начисляли, за июль — 18,31 ₽.",
    ]


def test_kinds_of_reasons_over_all_services():
    kinds = {Kind.REST: 2, Kind.TARIFF: 31_10, Kind.NEW: -5_00}
    assert plain(words.reasons(kinds, ("август", "сентябрь"))) == [
        ("+31,10 ₽", "Тарифы"), ("−5,00 ₽", "Услуги, которых за август не было"), ("+0,02 ₽", "Округление"),
    ]  # fmt: skip
    assert [text for _, text in words.reasons({Kind.TARIFF: 1, Kind.NORM: -3, Kind.NEW: 2}, ("а", "б"))] == [
        "Нормативы", "Услуги, которых за а не было", "Тарифы",
    ]  # fmt: skip
    assert words.reasons({Kind.REST: 20_00, Kind.VOLUME: 1})[0][1] == "Прочее: тарифами и объёмом не объяснить"
    assert words.reasons({Kind.TARIFF: 31_10}) == []


def test_a_reason_of_one_service_names_it():
    heat = line(HEAT, "300", "2000", "Гкал", "0,15")
    water, less = line(COLD, "30", "10", "м3", "3"), line(COLD, "20", "10", "м3", "2")
    causes = why_of(Explained(SEPTEMBER, AUGUST, compared(receipt(water), receipt(less, heat)))).causes
    assert [(plain(cause.amount), cause.text) for cause in causes] == [
        ("+300,00 ₽", "Услуга «Отопление», которой за август не было"), ("−10,00 ₽", "Расход и объём: ХВС"),
    ]  # fmt: skip
    causes = why_of(Explained(SEPTEMBER, AUGUST, compared(receipt(water, heat), receipt(less)))).causes
    assert causes[0].text == "Услуга «Отопление», которой за сентябрь нет"
    two = receipt(less, heat, line(POWER, "5", "5", "кВт*ч", "1"))
    assert why_of(Explained(SEPTEMBER, AUGUST, compared(receipt(water), two))).causes[0].text == (
        "Услуги, которых за август не было"
    )


def test_the_sum_to_pay_is_reconciled_with_the_charge():
    def paper(total, penalty=0, kind=WATER):
        return ReceiptFigures(kind, ((COLD, 100_00),), total=total, penalty_total=penalty)

    def told(*papers):
        before = month(*(paper(100_00, kind=one.kind) for one in papers), of=AUGUST)
        return plain(words.notes(Explained(SEPTEMBER, AUGUST, explain(before, month(*papers)))))

    assert told(paper(100_00)) == told(ReceiptFigures(WATER, ((COLD, 100_00),))) == []
    assert told(paper(512_47, 22_04)) == [
        "В сумме к оплате, кроме начисленного за сентябрь, долг за прошлые месяцы 412,47 ₽ и пени 22,04 ₽.",
    ]  # fmt: skip
    assert told(paper(60_00, 1_50), paper(101_00, kind="Газ")) == [
        "В сумме к оплате, кроме начисленного за сентябрь, долг за прошлые месяцы 1,00 ₽ и пени 1,50 ₽.",
        "Из суммы к оплате вычтена переплата за прошлые месяцы, 40,00 ₽.",
    ]
    assert told(paper(-5_00)) == told(paper(0)) == [
        "Платить не нужно: начисленное за сентябрь покрыла переплата за прошлые месяцы.",
    ]  # fmt: skip
    assert told(paper(-5_00), paper(150_00, kind="Газ")) == [
        "В сумме к оплате, кроме начисленного за сентябрь, долг за прошлые месяцы 50,00 ₽.",
        "Квитанцию «ХВС и ВО» покрыла переплата: начисленные по ней 100,00 ₽ в сумму к оплате не входят.",
    ]


def test_what_did_not_change():
    def of(*names):
        return receipt(*(line(name, "10", "10", "м3", "1") for name in names))

    def last_row(before, after):
        rows = why_of(Explained(SEPTEMBER, AUGUST, compared(before, after))).rows
        return (rows[-1].service, rows[-1].was, rows[-1].change, rows[-1].reasons) if rows else None

    assert last_row(of("А", "Б"), of("А", "Б", "В")) == (
        "Остальные услуги", "20,00", "0,00", ["Не изменились: А, Б."],
    )  # fmt: skip
    assert last_row(of("А"), of("А", "Б")) == ("А", "10,00", "0,00", ["Не изменилась."])
    assert last_row(of("А", "Б"), of("А", "Б")) is None


def test_two_years():
    years = TwoYears(Month(2025, 11), Month(2026, 10), 36_110_00, 38_210_00, {})
    assert plain(words.two_years(years)) == (
        "За 12 месяцев, с ноября 2025 по октябрь 2026, начислено 38 210,00 ₽. "
        "Это на 2 100,00 ₽ больше, чем за 12 месяцев до этого (36 110,00 ₽)."
    )
    same = TwoYears(Month(2025, 11), Month(2026, 10), 1_00, 1_00, {})
    assert words.two_years(same).endswith("Столько же, сколько за 12 месяцев до этого.")


def test_sums_and_units_as_the_house_writes_them():
    assert [money(-1234_56), signed(84_20), signed(-84_20), signed(0)] == [
        "−1\u00a0234,56\u00a0₽", "+84,20\u00a0₽", "−84,20\u00a0₽", "0,00\u00a0₽",
    ]  # fmt: skip
    assert [volume(4_500_000, "м3"), volume(1, ""), per("чел"), per(""), per("шт")] == [
        "4,5\u00a0м³", "0,000001", " за\u00a0человека", "", " за\u00a0шт",
    ]  # fmt: skip
