"""The bank's register, in and out: readings collected from residents, judged as their own, and billing's own ones."""

from datetime import date

import pytest
from sqlalchemy import select

from lk_reflex.core.errors import Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.ledger import meter_records
from lk_reflex.exchange.exporter import export
from lk_reflex.tables import METADATA
from tests.exchange import packages, registers
from tests.exchange.registers import faults, lines, take
from tests.exchange.sendings import add_meter, send_reading

TABLES = METADATA.tables
FLAT, HOUSE = "1234567899", "2000000001"
OCTOBER = date(2026, 10, 20)
HEAD = "ЗДЕТОВЕЦКИЙ С. В.;74АБ1;;УЛ. КЫШТЫМСКАЯ, 10 - 1010"


def block(code, value, day="19.11.2026", *, serial="М-1-с", extra="", due="", name="ХВС"):
    return f"{code};{serial};{name};{due};{value};{day};{extra}"


def line(*blocks, account=FLAT, head=HEAD):
    return ";".join([account, head, *blocks])


def register(tmp_path, *rows, encoding="cp1251", end="\r\n", name="банк.csv"):
    path = tmp_path / name
    path.write_bytes((end.join(rows) + end).encode(encoding))
    return path


def sent(db):
    """All that was ever sent: scale, day, value, volume, period, source, replaced."""
    one, submission = TABLES["sent_readings"], TABLES["submissions"]
    query = select(
        one.c.scale, one.c.taken_on, one.c.value, one.c.volume, one.c.period, submission.c.source,
        one.c.replaced_at.is_not(None),
    ).join(submission, submission.c.id == one.c.submission_id).order_by(one.c.id)  # fmt: skip
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


@pytest.fixture
def meter(db, cast):
    """A cold-water meter of the flat that billing read in October at 10,000."""
    registers.bank(db)
    return add_meter(db, cast, known=[(1, OCTOBER, 10_000)])


def test_a_collected_reading_is_sent_and_goes_to_billing(db, cast, meter, tmp_path):
    report = take(db, register(tmp_path, line(block(9, "12,5"))))
    assert report.imported and not report.warnings.count, report.text()
    assert sent(db) == [(1, date(2026, 11, 19), 12_500, 2_500, Month(2026, 11), "Банк «Урал»", False)]
    assert report.text().splitlines()[-1] == "  банк.csv: строк 1, принято 1"
    export(db, "readings", tmp_path / "1.csv")
    assert packages.read(tmp_path / "1.csv")[1][2:8] == ["М-1", "1", "19.11.2026", "12,500", "2,500", "Банк «Урал»"]
    newest = db.read(history, cast.owner.actor, cast.flat, meter)[0]
    assert (newest.source, newest.value) == ("Банк «Урал»", 12_500)


def test_those_who_see_the_account_are_told_once(db, cast, meter, tmp_path):
    path = register(tmp_path, line(block(9, "12,5")))
    take(db, path)
    take(db, path)
    mail = TABLES["outgoing_mail"]
    with db.engine.connect() as connection:
        letters = connection.execute(select(mail.c.recipient, mail.c.subject).order_by(mail.c.recipient)).all()
    told = "Показания переданы: Банк «Урал»"
    assert [tuple(letter) for letter in letters] == [("owner@example.org", told), ("relative@example.org", told)]


def test_a_guest_may_replace_what_a_bank_brought(db, cast, meter, tmp_path):
    take(db, register(tmp_path, line(block(9, "12,5"))))
    (record,) = db.read(meter_records, cast.flat)
    assert record.histories[1].sent[0].by_guest


def test_again_changes_nothing(db, cast, meter, tmp_path):
    path = register(tmp_path, line(block(9, "12,5")))
    take(db, path)
    before = sent(db)
    report = take(db, path)
    assert report.imported and sent(db) == before
    assert "Уже известных показаний: 1, они не изменены." in report.notices
    assert report.verdict() == "Загружено строк: 0."
    assert take(db, register(tmp_path, line(block(9, "13")))).imported  # corrected at the bank on the same day
    assert take(db, path).imported
    assert [row[2] for row in sent(db) if not row[-1]] == [13_000]


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize(
    "row",
    [
        line(block(9, "12.5", "19112026")),
        line(block(9, "12,500", "19.11.26")) + ";;;;;;;;;",
        line(block(9, " 12,5 ", "2026-11-19", serial="м-1-С")),
        line(";;;;;;", block("09", "12,5")),
        f'"{FLAT}";"ООО ""Ёж; и К""";;;"г. Челябинск";"9";"М-1-с";"ХВС ""С/У""";"";"12,5";"19.11.2026"',
        line(block(9, "", "")) + "\r\n" + line(block(9, "12,5")) + "\r\n;;;;\r\n\r\n" + line(),
        line(block(9, "12,5"), block(9, "12,5")),
        line(block(9, "12,5", serial="другой", extra="М-1")),
    ],
)
def test_of_any_making(db, cast, meter, tmp_path, encoding, row):
    report = take(db, register(tmp_path, row, encoding=encoding))
    assert report.imported and [found[2] for found in sent(db)] == [12_500], report.text()


FAULTY = [
    (line(block(11, "12")), "блок 1, № М-1-с", "код типа «11»"),
    (line(block("", "12")), "блок 1, № М-1-с", "код типа"),
    (line(block(9, "12", "")), "блок 1, № М-1-с", "нет даты"),
    (line(block(9, "")), "блок 1, № М-1-с", "а показания нет"),
    (line(block(9, "12", "31.02.2026")), "блок 1, № М-1-с", "не дата"),
    (line(block(9, "12", due="скоро")), "блок 1, № М-1-с", "не дата"),
    (line(block(9, "12", serial="")), "блок 1", "не заполнен номер"),
    (line(block(9, "12", serial="М-2")), "блок 1, № М-2", "прибора с таким номером"),
    (line(block(8, "12")), "блок 1, № М-1-с", "прибора с таким номером и ресурсом"),
    (line(block(9, "12x")), "блок 1, № М-1-с", "Введите число"),
    (line(block(9, "-12")), "блок 1, № М-1-с", "без минуса"),
    (line(block(9, "12,3456")), "блок 1, № М-1-с", "знаков"),
    (line(block(9, "123456")), "блок 1, № М-1-с", "цифр"),
    (line(block(9, "9")), "блок 1, № М-1-с", "Меньше последнего"),
    (line(block(9, "12", "21.11.2026")), "блок 1, № М-1-с", "ещё не наступила"),
    (line(block(9, "12", "19.10.2026")), "блок 1, № М-1-с", "раньше последнего показания"),
    (line(block(9, "500")), "блок 1, № М-1-с", "Расход 490,000"),
    (line(block(9, "12"), block(9, "13")), "блок 1, № М-1-с", "два разных показания"),
    (line(block(9, "12"), account="999"), "ЛС", "такого лицевого счета"),
    (line(block(9, "12"), account=""), "", "не заполнен лицевой счет"),
    (f"{FLAT};ИВАНОВ", "", "обрезана"),
    (f'{FLAT};"ИВАНОВ;;;;9;1', "", "кавычка"),
]


@pytest.mark.parametrize(("row", "column", "word"), FAULTY)
def test_a_line_that_can_t_be_taken(db, cast, meter, tmp_path, row, column, word):
    report = take(db, register(tmp_path, line(), row))
    assert not report.imported and not sent(db)
    assert faults(report)[0] == (2, column) and word in report.faults.listed[0].reason, report.text()


def test_who_reads_the_refusal_is_not_sent_to_oneself(db, cast, meter, tmp_path):
    report = take(db, register(tmp_path, line(block(9, "9"))))
    (fault,) = report.faults.listed
    assert fault.reason.startswith("Меньше последнего показания 10") and "обратитесь" not in report.text()
    assert report.text().splitlines()[-1] == "  банк.csv: строк 1, принято 0"


@pytest.mark.parametrize("meaning", ["collected", "billing"])
@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([""], "нет ни одной строки"),
        ([";;;;", ""], "нет ни одной строки"),
        (["ЛС;ФИО;ЕЛС;ФИАС;адрес"], "нет ни одного лицевого счета организации"),
        (["#FILESUM 5", "#TYPE 7", "#SERVICE 77", f"А;Б;{FLAT};5;1"], "Это реестр «Город»"),
        ([line(block(9, "12"), account=f"99{n}") for n in range(5)], "тот ли профиль"),
    ],
)
def test_a_wrong_register_is_one_sentence(db, cast, tmp_path, rows, word, meaning):
    registers.bank(db, meaning=meaning)
    add_meter(db, cast, known=[(1, OCTOBER, 10_000)])
    report = take(db, register(tmp_path, *rows), skip_bad_rows=True)
    assert not report.imported and not report.bad_files and not sent(db)
    assert report.faults.count == 1 and word in report.faults.listed[0].reason


def test_faults_are_told_in_the_order_of_lines(db, cast, meter, tmp_path):
    rows = [line(block(9, "12"), account="999"), line(block(9, "9")), line(block(9, "x"), account="111")]
    said = take(db, register(tmp_path, *rows)).text().splitlines()
    assert [text.partition("строка ")[2][0] for text in said[2:5]] == ["1", "2", "3"]


def test_all_or_nothing_or_all_that_holds(db, cast, meter, tmp_path):
    add_meter(db, cast, "М-2", resource="ГВС", known=[(1, OCTOBER, 1_000)])
    path = register(
        tmp_path, line(block(9, "12,5"), block(8, "0,5", serial="М-2-с")), line(block(9, "1"), account="999")
    )
    report = take(db, path)
    assert not report.imported and not sent(db) and faults(report) == [(1, "блок 2, № М-2-с"), (2, "ЛС")]
    report = take(db, path, skip_bad_rows=True)
    assert report.imported and [row[2] for row in sent(db)] == [12_500]
    left = tmp_path / "банк-bad" / "банк.csv"
    assert report.bad_files == [str(left)]
    first, second = lines(left)
    assert first.startswith(f"{FLAT};ЗДЕТОВЕЦКИЙ С. В.") and "8;М-2-с" in first and "М-1-с" not in first
    assert "Причина: " in first and "Причина: ЛС: " in second
    left.write_bytes(first.replace(";0,5;", ";1,5;").encode("cp1251") + b"\r\n")
    assert take(db, left).imported and [row[2] for row in sent(db)] == [12_500, 1_500]


def test_dry_run(db, cast, meter, tmp_path):
    report = take(db, register(tmp_path, line(block(9, "12,5"))), dry_run=True)
    assert not report.imported and "ошибок нет" in report.verdict() and not sent(db)


def test_what_a_resident_sent_stands_and_what_is_newer(db, cast, meter, tmp_path):
    send_reading(db, cast, meter, 12_000, source="Ссылка из письма")
    report = take(db, register(tmp_path, line(block(9, "12,5"))))
    assert report.imported and [row[2] for row in sent(db)] == [12_000]
    assert "житель передал" in report.warnings.listed[0].reason


def test_a_guest_s_reading_gives_way_but_not_to_an_older_one(db, cast, meter, tmp_path):
    send_reading(db, cast, meter, 12_000, source="Без регистрации", day=date(2026, 11, 18))
    report = take(db, register(tmp_path, line(block(9, "11", "17.11.2026"))))
    assert report.imported and "новее" in report.warnings.listed[0].reason
    assert take(db, register(tmp_path, line(block(9, "12,5")))).imported
    assert [(row[2], row[-1]) for row in sent(db)] == [(12_000, True), (12_500, False)]


def test_what_billing_has_is_not_replaced(db, cast, meter, tmp_path):
    send_reading(db, cast, meter, 12_000, source="Без регистрации")
    export(db, "readings", tmp_path / "1.csv")
    report = take(db, register(tmp_path, line(block(9, "12,5"))))
    assert not report.imported
    assert "уже передано на расчёт" in report.text() and "обратитесь" not in report.text()


def test_the_window_is_that_of_the_day(db, cast, meter, tmp_path):
    with db.transaction() as writer:
        writer.session.get(Organization, cast.organization).takes_early = False
    report = take(db, register(tmp_path, line(block(9, "12,5", "10.11.2026"))))
    assert not report.imported and "10.11.2026: Приём откроется 15 ноября" in report.faults.listed[0].reason
    assert take(db, register(tmp_path, line(block(9, "12,5", "15.11.2026")))).imported


def test_closed_accounts_and_ended_meters(db, cast, tmp_path):
    registers.bank(db)
    add_meter(db, cast, known=[(1, OCTOBER, 10_000)], ended_on=date(2026, 11, 1))
    report = take(db, register(tmp_path, line(block(9, "12"))))
    assert "Расчёт по этому прибору окончен" in report.faults.listed[0].reason


@pytest.mark.parametrize(("value", "doubt"), [("500", "Расход"), ("1", "полный круг")])
def test_doubts_are_taken_where_the_profile_says_so(db, cast, tmp_path, value, doubt):
    registers.bank(db, doubts="take")
    add_meter(db, cast, known=[(1, OCTOBER, 10_000 if value == "500" else 99_998_000)])
    report = take(db, register(tmp_path, line(block(9, value))))
    assert report.imported and doubt in report.warnings.listed[0].reason and len(sent(db)) == 1


def test_the_same_value_later_is_no_consumption(db, cast, meter, tmp_path):
    assert take(db, register(tmp_path, line(block(9, "10")))).imported
    assert [row[2:4] for row in sent(db)] == [(10_000, 0)]


def power(db, cast, scales, **about):
    known = [(scale, OCTOBER, 100_000) for scale in range(1, scales + 1)]
    facts = {"resource": "Электроэнергия", "name": "Эл.", "scales": scales, "digits": 6, "decimals": 2}
    return add_meter(db, cast, "Э-1", known=known, **facts, **about)


def rows_of_power(*given):
    return [line(block(code, value, serial="Э-1-с", name="Эл.")) for code, value in given]


@pytest.mark.parametrize(
    ("scales", "given", "values"),
    [
        (1, [(2, "101")], {1: 101_000}),
        (2, [(3, "101"), (4, "102")], {1: 101_000, 2: 102_000}),
        (3, [(5, "101"), (6, "102"), (7, "103")], {1: 101_000, 3: 102_000, 2: 103_000}),
    ],
)
@pytest.mark.parametrize("lines_each", [True, False])
def test_scales_by_their_codes(db, cast, tmp_path, scales, given, values, lines_each):
    registers.bank(db)
    power(db, cast, scales)
    rows = rows_of_power(*given)
    if not lines_each:
        rows = [line(*(row.partition("1010;")[2] for row in rows))]
    report = take(db, register(tmp_path, *rows))
    assert report.imported and {row[0]: row[2] for row in sent(db)} == values, report.text()


@pytest.mark.parametrize(
    ("scales", "given", "word"),
    [
        (2, [(3, "101")], "нет нового показания по зоне Т2"),
        (2, [(3, "101"), (4, "99")], "Меньше последнего"),
        (2, [(2, "101")], "другое число тарифных зон"),
        (1, [(3, "101"), (4, "102")], "другое число тарифных зон"),
        (3, [(3, "101"), (4, "102")], "другое число тарифных зон"),
    ],
)
def test_half_of_a_meter_is_no_reading(db, cast, tmp_path, scales, given, word):
    registers.bank(db)
    power(db, cast, scales)
    report = take(db, register(tmp_path, *rows_of_power(*given)), skip_bad_rows=True)
    assert not sent(db) and word in report.text() and report.faults.count == len(given)


def test_two_meters_of_one_number(db, cast, tmp_path):
    registers.bank(db)
    for code in ("А", "Б"):
        add_meter(db, cast, code, serial="1", known=[(1, OCTOBER, 10_000)])
    report = take(db, register(tmp_path, line(block(9, "12", serial="1"))))
    assert "несколько" in report.faults.listed[0].reason
    assert take(db, register(tmp_path, line(block(9, "12", serial="1", extra="Б")))).imported


def test_the_profile_says_what_a_resource_is(db, cast, tmp_path):
    registers.bank(db, resources={"Питьевая": "cold"})
    add_meter(db, cast, resource="Питьевая", known=[(1, OCTOBER, 10_000)])
    assert take(db, register(tmp_path, line(block(9, "12")))).imported and len(sent(db)) == 1


def test_written_with_the_last_readings(db, cast, tmp_path):
    registers.bank(db, names="initials", extra="meter_code")
    water = add_meter(db, cast, known=[(1, OCTOBER, 10_000)], verification_due=date(2030, 1, 2))
    power(db, cast, 3)
    add_meter(db, cast, "С", resource="Стоки")
    send_reading(db, cast, water, 12_500)
    message = registers.write(db, "readings", tmp_path / "r.csv")
    assert "лицевых счетов 2, показаний 4" in message and "кода нет: 1" in message
    name = "ЗДЕТОВЕЦКИЙ С. В.;;;"
    assert lines(tmp_path / "r.csv") == [
        f"{FLAT};{name}УЛ. КЫШТЫМСКАЯ, 10 - 1010;9;М-1-с;ХВС;02.01.2030;12,500;19.11.2026;М-1;"
        + ";".join(f"{code};Э-1-с;Эл.;;100,00;20.10.2026;Э-1" for code in (5, 7, 6)),
        f"{HOUSE};{name}УЛ. САДОВАЯ, 7",
    ]


def test_written_otherwise(db, cast, tmp_path):
    registers.bank(db, dates="digits", decimal=".", encoding="utf-8")
    add_meter(db, cast, known=[(1, OCTOBER, 10_000)], name='=1;"Ё"')
    registers.write(db, "readings", tmp_path / "r.csv")
    first = lines(tmp_path / "r.csv", "utf-8")[0]
    assert first == f"{FLAT};;;;УЛ. КЫШТЫМСКАЯ, 10 - 1010;9;М-1-с;'=1 Ё;;10.000;20102026;"


def test_numbers_that_the_register_can_t_hold(db, cast, tmp_path):
    registers.bank(db)
    add_meter(db, cast, serial="12;3")
    with pytest.raises(Refused, match="12;3"):
        registers.write(db, "readings", tmp_path / "r.csv")
    assert not (tmp_path / "r.csv").exists()


@pytest.mark.parametrize("meaning", ["collected", "billing"])
def test_written_and_read_is_no_change(db, cast, tmp_path, content, meaning):
    registers.bank(db, meaning=meaning, extra="meter_code")
    water = add_meter(db, cast, known=[(1, OCTOBER, 10_000)], verification_due=date(2030, 1, 2), name="=ХВС")
    power(db, cast, 3)
    send_reading(db, cast, water, 12_500)
    registers.write(db, "readings", tmp_path / "r.csv")
    before = content(), sent(db)
    report = take(db, tmp_path / "r.csv")
    assert report.imported and (content(), sent(db)) == before
    assert "Загружено строк: 0" in report.verdict()


def test_billing_s_own_register_brings_meters_and_readings(db, cast, tmp_path, content):
    registers.bank(db, meaning="billing")
    add_meter(db, cast, known=[(1, OCTOBER, 10_000)])
    path = register(
        tmp_path,
        line(
            block(9, "12,5", due="01.02.2031"), block(3, "1", serial="77", name=""), block(4, "2", serial="77", name="")
        ),
    )
    report = take(db, path)
    assert report.imported, report.text()
    meter, reading = TABLES["meters"], TABLES["readings"]
    with db.engine.connect() as connection:
        meters = connection.execute(
            select(meter.c.code, meter.c.name, meter.c.resource, meter.c.scales, meter.c.verification_due).order_by(
                meter.c.id
            )
        ).all()
        found = connection.execute(
            select(meter.c.code, reading.c.scale, reading.c.value, reading.c.source).join(meter).order_by(reading.c.id)
        ).all()
    assert [tuple(row) for row in meters] == [
        ("М-1", "ХВС", "ХВС", 1, date(2031, 2, 1)),
        (f"{FLAT}-power-77", "Электроэнергия", "Электроэнергия", 2, None),
    ]
    assert [tuple(row) for row in found][1:] == [
        ("М-1", 1, 12_500, "Банк «Урал»"),
        (f"{FLAT}-power-77", 1, 1_000, "Банк «Урал»"),
        (f"{FLAT}-power-77", 2, 2_000, "Банк «Урал»"),
    ]
    before = content()
    assert take(db, path).imported and content() == before


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (line(block(9, "1,2345")), "не число"),
        (line(block(9, "12"), block(9, "13")), "уже было другое"),
        (line(block(3, "12", serial="М-1-с", extra="М-1")), "другое число"),
    ],
)
def test_billing_s_own_register_broken(db, cast, tmp_path, row, word):
    registers.bank(db, meaning="billing")
    add_meter(db, cast, known=[(1, OCTOBER, 10_000)])
    report = take(db, register(tmp_path, row))
    assert not report.imported and word in report.faults.listed[0].reason and report.faults.listed[0].line == 1


def test_a_bank_s_register_has_no_month(db, cast, meter, tmp_path):
    with pytest.raises(Refused, match="--month"):
        take(db, register(tmp_path, line()), Month(2026, 10))
    with pytest.raises(Refused, match="--month"):
        registers.write(db, "readings", tmp_path / "r.csv", Month(2026, 10))
    with pytest.raises(Refused, match="Нет такого файла"):
        take(db, tmp_path / "нет.csv")
