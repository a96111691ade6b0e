"""Bank details: the check key, what is printed where it is wrong, and the importer's warning."""

from dataclasses import replace

import pytest

from lk_reflex.domain.documents.facts import Payee
from lk_reflex.domain.documents.qr.bank_details import bank_fault, key_holds
from lk_reflex.exchange.importer import import_package
from tests.exchange import packages

BIC, ACCOUNT, CORRESPONDENT = "047501779", "40702810900000000008", "30101810400000000779"
PAYEE = Payee("МУП «ПОВВ»", "ПОВВ", "7421001010", "", ACCOUNT, "БАНК", BIC, CORRESPONDENT, "", "+7 351 214-00-14")


@pytest.mark.parametrize(
    ("bic", "account", "correspondent"),
    [
        ("044525225", "40702810138250123017", False),
        ("044525225", "30101810400000000225", True),
        (BIC, ACCOUNT, False),
        (BIC, CORRESPONDENT, True),
    ],
)
def test_the_key_holds_and_no_changed_digit_passes(bic, account, correspondent):
    assert key_holds(bic, account, correspondent=correspondent)
    for place in range(20):
        wrong = account[:place] + str((int(account[place]) + 1) % 10) + account[place + 1 :]
        assert not key_holds(bic, wrong, correspondent=correspondent)


def test_sound_details_have_no_fault():
    assert bank_fault(PAYEE) == ""
    assert bank_fault(replace(PAYEE, correspondent_account="")) == ""


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"bank_account": ""}, "не указаны"),
        ({"bank": ""}, "не указаны"),
        ({"bic": ""}, "не указаны"),
        ({"bank_account": ACCOUNT[:-1] + "7"}, "ошибка"),
        ({"bank_account": ACCOUNT[:-1]}, "ошибка"),
        ({"bank_account": "٤" * 20}, "ошибка"),
        ({"bic": "04750177"}, "ошибка"),
        ({"bic": "047501778"}, "ошибка"),
        ({"correspondent_account": CORRESPONDENT[:-1] + "8"}, "ошибка"),
    ],
)
def test_broken_details_are_told_with_the_way_out(change, word):
    sentence = bank_fault(replace(PAYEE, **change))
    assert word in sentence and sentence.endswith("Уточните их по телефону +7 351 214-00-14.")
    assert bank_fault(replace(PAYEE, phone="", **change)).endswith("Уточните их в организации.")


def test_an_import_warns_of_a_wrong_key_with_its_line_and_goes_on(db, tmp_path):
    package = packages.small(tmp_path)
    cells = {"Расчетный счет": ACCOUNT[:-1] + "7", "Банк": "БАНК", "БИК": BIC, "Корр. счет": CORRESPONDENT}
    packages.write(package, "organizations", [packages.organization(**cells)])
    report = import_package(db, package)
    assert report.imported
    text = "\n".join(report.lines())
    assert "organizations.csv" in text and "строка 2" in text
    assert f"контрольный ключ счета {cells['Расчетный счет']} не сходится с БИК {BIC}" in text
