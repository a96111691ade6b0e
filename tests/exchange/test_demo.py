"""The demo package: the same for the same seed, and its figures agree with one another."""

from collections import defaultdict
from itertools import pairwise

import pytest

from lk_reflex.core.exact import parse_scaled
from lk_reflex.core.money import parse_money
from lk_reflex.exchange.checks import key_holds
from lk_reflex.exchange.demo.cast import CLOSED, MANUAL, ORGANIZATIONS, OVERPAID, PRIVATE_HOUSE, WITHOUT_METERS
from lk_reflex.exchange.demo.people import feminine
from tests.exchange import packages


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """File → rows as dictionaries, of twenty accounts and fourteen months."""
    folder = packages.demo(tmp_path_factory.mktemp("town"), accounts=20, months=14)
    found = {}
    for file in folder.iterdir():
        header, *rows = packages.read(file)
        found[file.stem] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


def bytes_of(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_same_seed_same_bytes(tmp_path):
    first, again = packages.demo(tmp_path / "a", seed=7), packages.demo(tmp_path / "b", seed=7)
    assert bytes_of(first) == bytes_of(again) != bytes_of(packages.demo(tmp_path / "c", seed=8))


def test_size(town):
    assert len(town["accounts"]) == 20 and len({row["Лицевой счет"] for row in town["accounts"]}) == 20


def by_receipt(rows, header):
    sums = defaultdict(int)
    for row in rows:
        sums[row["ИНН"], row["Лицевой счет"], row["Квитанция"], row["Месяц"]] += parse_money(row[header])
    return sums


def test_every_month_adds_up(town):
    for row in town["balances"]:
        assert parse_money(row["Итого"]) == parse_money(row["Долг"]) + parse_money(row["Начислено"]), row
    charged, accrued = by_receipt(town["balances"], "Начислено"), by_receipt(town["accruals"], "Сумма")
    assert charged == accrued and len(charged) == len(town["receipts"])


def test_debts_chain_from_month_to_month(town):
    own = dict(by_receipt(town["balances"], "Итого"))
    debts, paid = by_receipt(town["balances"], "Долг"), by_receipt(town["balances"], "Оплачено")
    checked = 0
    for (inn, number, kind, month), debt in debts.items():
        before = f"{int(month[:2]) - 1:02d}.{month[3:]}"
        if before[:2] != "00" and (inn, number, kind, before) in own:
            assert debt == own[inn, number, kind, before] + paid[inn, number, kind, month]
            checked += 1
    assert checked > 200


def readings(town, code):
    return [row for row in town["readings"] if row["Код ПУ"] == code]


@pytest.mark.parametrize(("code", "usage"), [("34230774", 2_000), ("26616450", 6_000)])
def test_averages_of_the_manual(town, code, usage):
    values = [parse_scaled(row["Показание"], 3) for row in readings(town, code)]
    assert values[0] == 0 and {b - a for a, b in pairwise(values)} == {usage}
    assert readings(town, code)[-1]["Дата снятия"].endswith("10.2026")


def test_readings_never_fall(town):
    last = {}
    for row in town["readings"]:
        key, value = (row["Код ПУ"], row["Зона"]), parse_scaled(row["Показание"], 3)
        assert value >= last.get(key, 0)
        last[key] = value


def test_cast(town):
    accounts = {(row["ИНН"], row["Лицевой счет"]): row for row in town["accounts"]}
    manual = accounts[MANUAL]
    assert (manual["Квартира"], manual["Фамилия"], manual["Площадь"]) == ("1010", "ЗДЕТОВЕЦКИЙ", "16,2")
    assert accounts[PRIVATE_HOUSE]["Квартира"] == "" and accounts[CLOSED]["Закрыт"] == "31.07.2026"
    meters = defaultdict(set)
    for row in town["meters"]:
        meters[row["ИНН"], row["Лицевой счет"]].add(row["Тарифных зон"])
    assert "2" in meters[PRIVATE_HOUSE] and any("3" in scales for scales in meters.values())
    assert WITHOUT_METERS not in meters
    overpaid = [row for row in town["balances"] if (row["ИНН"], row["Лицевой счет"]) == OVERPAID]
    assert sum(parse_money(row["Итого"]) for row in overpaid if row["Месяц"] == "10.2026") < 0


def test_heat_in_season_only(town):
    months = {
        row["Месяц"][:2] for row in town["balances"] if row["Услуга"] == "Отопление" and row["Начислено"] != "0,00"
    }
    assert months == {"01", "02", "03", "04", "10", "11", "12"}


def test_tariffs_grow_in_july(town):
    seen = {row["Месяц"]: row["Тариф"] for row in town["accruals"] if row["Услуга"] == "Обращение с ТКО"}
    assert seen["06.2026"] != seen["07.2026"] == seen["08.2026"]


def test_bank_details_hold():
    for row in ORGANIZATIONS:
        assert key_holds(row[6], row[4]) and key_holds(row[6], row[7], correspondent=True)
        assert not key_holds(row[6], row[4][:-1] + str((int(row[4][-1]) + 1) % 10))


def test_endings():
    assert [feminine(name) for name in ("ИВАНОВ", "ЗАРЕЦКИЙ", "ИЛЬИН")] == ["ИВАНОВА", "ЗАРЕЦКАЯ", "ИЛЬИНА"]


@pytest.mark.parametrize(("code", "last"), [("200171", [8_200, 13_530]), ("200172", [0, 0, 0, 0])])
def test_a_leak_and_a_standing_meter_to_point_out(town, code, last):
    values = [parse_scaled(row["Показание"], 3) for row in readings(town, code)]
    volumes = [later - earlier for earlier, later in pairwise(values)]
    assert volumes[-len(last) :] == last and all(volumes[-1 - len(last) - step] < 6_000 for step in range(4))
