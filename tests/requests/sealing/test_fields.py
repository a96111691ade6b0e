"""Each field of the application, however people type it."""

from datetime import date

import pytest

from lk_reflex.domain.metering.typed import Unreadable
from lk_reflex.domain.requests.calendar import Calendar
from lk_reflex.domain.requests.sealing import fields

TODAY = date(2026, 11, 20)  # a Friday
ONLY_LETTERS = "В фамилии, имени и отчестве могут быть только буквы, дефис и пробел"
ONLY_SERIAL = "В заводском номере могут быть цифры, буквы, дефис, точка и дробь"


def fault(judge, *given) -> str:
    with pytest.raises(Unreadable) as refusal:
        judge(*given)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ", "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ"),
        ("  Римский–Корсаков \n Николай ", "Римский-Корсаков Николай"),
        ("О'Нил Шон", "О'Нил Шон"),
        ("Мамедов Али Гасан оглы", "Мамедов Али Гасан оглы"),
        ("Кузнецов (Иванов) И. И.", "Кузнецов (Иванов) И. И."),
        ("Алёхина А\u0301нна", "Алёхина Анна"),
    ],
)
def test_a_name_is_taken_as_people_have_it(typed, meant):
    assert fields.owner(typed) == meant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Введите фамилию, имя и отчество собственника"),
        (" \u200b ", "Введите фамилию, имя и отчество собственника"),
        ("Здетовецкий", "Введите фамилию, имя и отчество полностью, как в паспорте"),
        ("Иванов Иван 2", f"{ONLY_LETTERS}. Уберите лишнее: «2»"),
        ("<b>Иван Иванов", f"{ONLY_LETTERS}. Уберите лишнее: «<», «>»"),
        ("Ива " * 60, "Не больше 200 знаков. Введите только фамилию, имя и отчество"),
    ],
)  # fmt: skip
def test_what_is_no_name_is_told_so(typed, sentence):
    assert fault(fields.owner, typed) == sentence


@pytest.mark.parametrize(
    ("judge", "typed", "meant"),
    [
        (fields.document, " Паспорт ", "Паспорт"),
        (fields.series, "7501", "7501"),
        (fields.series, "75 01", "7501"),
        (fields.series, " 75-01", "7501"),
        (fields.number, "123456", "123456"),
        (fields.number, "№ 123 456", "123456"),
        (fields.number, "000001", "000001"),
        (fields.code, "740054", "740-054"),
        (fields.code, "740–054", "740-054"),
        (fields.code, "740 054", "740-054"),
        (fields.issued_by, " Отделом  УФМС ", "Отделом УФМС"),
        (fields.phone, "8 912 345-67-89", "+79123456789"),
        (fields.phone, "89123456789", "+79123456789"),
        (fields.serial, " 58416745412 ", "58416745412"),
        (fields.serial, "АБ-12/3.4", "АБ-12/3.4"),
        (fields.installer, "  сам\nпоставил ", "сам\nпоставил"),
    ],
)
def test_a_field_is_taken_however_it_is_divided(judge, typed, meant):
    assert judge(typed) == meant


@pytest.mark.parametrize(
    ("judge", "typed", "sentence"),
    [
        (fields.document, "", "Выберите документ, удостоверяющий личность"),
        (fields.document, "Водительское удостоверение", "Выберите документ, удостоверяющий личность"),
        (fields.series, "", "Введите серию паспорта"),
        (fields.series, "750", "Серия паспорта состоит из 4 цифр, например 75 01"),
        (fields.series, "75011", "Серия паспорта состоит из 4 цифр, например 75 01"),
        (fields.series, "IV-АБ", "Серия паспорта состоит из 4 цифр, например 75 01"),
        (fields.series, "٧٥٠١", "Серия паспорта состоит из 4 цифр, например 75 01"),
        (fields.number, " ", "Введите номер паспорта"),
        (fields.number, "12345", "Номер паспорта состоит из 6 цифр, например 123456"),
        (fields.number, "12345О", "Номер паспорта состоит из 6 цифр, например 123456"),
        (fields.code, "", "Введите код подразделения"),
        (fields.code, "74-054", "Код подразделения состоит из 6 цифр, например 740-054"),
        (fields.issued_by, "", "Напишите, кем выдан паспорт, как в нём указано"),
        (fields.issued_by, "12", "Напишите название органа, который выдал паспорт, например: Отделом УФМС России"),
        (fields.issued_by, "о" * 301, "Не больше 300 знаков, сейчас 301. Сократите название"),
        (fields.phone, "", "Введите номер сотового телефона"),
        (fields.phone, "2140014", "Введите номер сотового телефона целиком, например +7 912 345-67-89"),
        (fields.serial, "", "Введите заводской номер счётчика: он указан на корпусе и в паспорте прибора"),
        (fields.serial, "без номера", "В заводском номере должны быть цифры. Проверьте его по паспорту прибора"),
        (fields.serial, "1" * 31, "Не больше 30 знаков, сейчас 31. Введите только номер"),
        (fields.serial, "=1+2", f"{ONLY_SERIAL}. Уберите лишнее: «=», «+»"),
        (fields.installer, " ", "Напишите, какая организация установила счётчик"),
        (fields.installer, "о" * 1001, "Не больше 1000 знаков, сейчас 1001. Сократите текст"),
    ],
)  # fmt: skip
def test_each_fault_of_a_field_has_its_own_sentence(judge, typed, sentence):
    assert fault(judge, typed) == sentence


@pytest.mark.parametrize(
    "typed",
    ["12.05.2014", "12.5.2014", "12/05/2014", "12-05-2014", "12 05 2014", "12052014", "2014-05-12", "12.05.2014 г.",
     "12,05,2014", "12 . 05 . 2014", "12.05.2014."],
)  # fmt: skip
def test_a_day_is_taken_however_it_is_written(typed):
    assert fields.issued_on(typed, TODAY) == date(2014, 5, 12)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Введите дату выдачи паспорта, например 12.05.2014"),
        ("12.05.14", "Введите год четырьмя цифрами, например 12.05.2014"),
        ("31.02.2014", "Такой даты нет. Введите её так: ДД.ММ.ГГГГ, например 12.05.2014"),
        ("00.01.2014", "Такой даты нет. Введите её так: ДД.ММ.ГГГГ, например 12.05.2014"),
        ("12.2014", "Такой даты нет. Введите её так: ДД.ММ.ГГГГ, например 12.05.2014"),
        ("12 мая 2014", "Введите дату так: ДД.ММ.ГГГГ, например 12.05.2014"),
        ("1" * 40, "Введите дату так: ДД.ММ.ГГГГ, например 12.05.2014"),
        ("21.11.2026", "Дата выдачи паспорта не может быть в будущем. Проверьте её по паспорту"),
        ("30.09.1997", "Паспорта этого образца выдают с октября 1997 года. Проверьте дату по паспорту"),
    ],
)
def test_what_is_no_day_of_a_passport_is_told_so(typed, sentence):
    assert fault(fields.issued_on, typed, TODAY) == sentence


@pytest.mark.parametrize("typed", ["20.11.2026", "01.10.1997"])
def test_a_passport_may_be_of_today_and_of_the_first_day(typed):
    assert fields.format_date(fields.issued_on(typed, TODAY)) == typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        ("15 рабочих дней с момента рассмотрения заявки", "15 рабочих дней с момента рассмотрения заявки"),
        ("после 18 декабря", "после 18 декабря"),
        ("23.11.2026", "23.11.2026"),
        ("7-12-2026", "07.12.2026"),
    ],
)
def test_a_wished_day_may_be_a_day_words_or_nothing(typed, meant):
    assert fields.wished(typed, TODAY, Calendar().is_working) == meant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("20.11.2026", "Этот день уже наступил или прошёл. Укажите день не раньше завтрашнего"),
        ("01.01.2020", "Этот день уже наступил или прошёл. Укажите день не раньше завтрашнего"),
        ("21.11.2026", "21.11.2026 — выходной день. Укажите рабочий"),
        ("01.01.2027", "01.01.2027 — выходной день. Укажите рабочий"),
        ("22.11.2027", "Укажите день не позже чем через год"),
        ("31.02.2027", "Такой даты нет. Введите её так: ДД.ММ.ГГГГ, например 12.05.2014"),
        ("о" * 201, "Не больше 200 знаков, сейчас 201. Сократите"),
    ],
)
def test_a_wished_day_that_cannot_be_is_told_so(typed, sentence):
    assert fault(fields.wished, typed, TODAY, Calendar().is_working) == sentence


@pytest.mark.parametrize(
    ("typed", "meant"), [("0", 0), ("86,21", 86_210), ("86.210", 86_210), (" 00086 ", 86_000), ("1 234,5", 1_234_500)]
)
def test_a_reading_is_taken_with_comma_and_point(typed, meant):
    assert fields.reading(typed) == meant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Введите показание счётчика, например 0 или 86,21"),
        ("-1", "Введите число без минуса: показание и объём отрицательными не бывают"),
        ("86,2101", "Не больше трёх знаков после запятой"),
        ("сто", "Введите число, например 86,210"),
        ("1e5", "Введите число, например 86,210"),
        ("999999999", "У счётчика 8 цифр до запятой. Проверьте, на месте ли запятая"),
    ],
)
def test_what_is_no_reading_is_told_so(typed, sentence):
    assert fault(fields.reading, typed) == sentence


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Введите дату следующей поверки, например 20.11.2030: она есть в паспорте прибора или в акте"),
        ("20.11.2026", "Срок поверки уже вышел. Введите дату следующей поверки или сначала поверьте счётчик"),
        ("20.12.2046", "До следующей поверки не бывает больше 20 лет. Проверьте год"),
    ],
)
def test_a_verification_lies_ahead_and_not_too_far(typed, sentence):
    assert fault(fields.verification_due, typed, TODAY) == sentence
    assert fields.verification_due("21.11.2026", TODAY) == date(2026, 11, 21)


def test_a_dropdown_takes_what_it_offers():
    assert fields.choice(" СВК ", ["СВК", "Бетар"], "Выберите марку") == "СВК"
    assert fault(fields.choice, "", ["СВК"], "Выберите марку") == "Выберите марку"
    assert fault(fields.choice, "Старая", ["СВК"], "Выберите марку") == (
        "Значения «Старая» в списке больше нет. Выберите другое"
    )


@pytest.mark.parametrize("typed", ["584-16", "58416", " 58 416", "0058416"])
def test_one_meter_is_known_however_its_number_is_written(typed):
    assert fields.serial_key(typed) == "58416"
