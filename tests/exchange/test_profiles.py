"""Profiles of outside registers: what is taken, and a sentence for each thing that isn't."""

import re
import textwrap

import pytest
from sqlalchemy import select

from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.migrations import ROOT
from lk_reflex.exchange.demo.cast import UTILITY
from lk_reflex.exchange.demo.tariffs import OF_WATER
from lk_reflex.exchange.registers.desk import as_toml, write_register
from lk_reflex.exchange.registers.options import BadProfile, CityOptions, read_profile
from lk_reflex.exchange.registers.profiles import find, list_profiles, put
from lk_reflex.tables import METADATA
from tests.cast import NOW
from tests.exchange import registers
from tests.exchange.sendings import INN

WHOLE = f"""
name = "Город"
register = "city"
organization = "{INN}"

[options]
service = "77"
receipt_kind = "Объединённая"
services = {{ "1" = "Отопление", "2" = "ХВС" }}
names = "initials"
"""


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "p.toml"
    path.write_text(text, encoding=encoding)
    return path


def test_a_profile_is_kept_shown_and_kept_again(db, cast, tmp_path):
    db.write(put, *read_profile(write(tmp_path, WHOLE)), now=NOW)
    shown = "\n".join(db.read(lambda reader: list(as_toml(find(reader, "Город")))))
    assert 'services = { "1" = "Отопление", "2" = "ХВС" }' in shown and 'overpayments = "skip"' in shown
    db.write(put, *read_profile(write(tmp_path, shown, "utf-8-sig")), now=NOW)
    (kept,) = db.read(list_profiles)
    assert kept.city.names == "initials" and kept.inn == INN and "\n".join(as_toml(kept)) == shown


@pytest.mark.parametrize(
    ("given", "instead", "sentences"),
    [
        ('service = "77"', "", ["options.service: не заполнено."]),
        ('service = "77"', 'service = ""\nwidth = 3', ["options.service: недопустимое", "options.width: такого"]),
        ('names = "initials"', 'names = "all"', ["options.names: должно быть одно из: 'none', 'initials', 'full'."]),
        ('"2" = "ХВС"', '"2" = "Отопление"', ["options.services: у услуги несколько кодов: Отопление."]),
        ('register = "city"', 'register = "post"', ["register: должно быть одно из: 'bank', 'city'."]),
        ('register = "city"', 'register = "bank"', ["options.bank: не", "options.service: такого", "", "", ""]),
        (f'"{INN}"', '"12"', ["organization: ИНН состоит"]),
        ('names = "initials"', "names = ", ["p.toml: это не TOML"]),
    ],
)  # fmt: skip
def test_a_sentence_for_each_fault(tmp_path, given, instead, sentences):
    with pytest.raises(BadProfile) as fault:
        read_profile(write(tmp_path, WHOLE.replace(given, instead)))
    found = fault.value.faults
    assert len(found) <= len(sentences) and all(any(one in line for line in found) for one in sentences)


def test_scales_of_three_are_each_named_once(db, cast):
    with pytest.raises(BadProfile, match=r"options\.three_scales: должны быть 1, 2 и 3"):
        registers.bank(db, three_scales=[1, 1, 2])


def test_unknown_organization_and_unknown_profile(db, cast, tmp_path):
    with pytest.raises(NotFound, match="1234567890"):
        registers.bank(db, "1234567890")
    with pytest.raises(NotFound, match="profile put"):
        db.read(find, "нет")
    registers.bank(db)
    with pytest.raises(NotFound, match="Есть: «П»"):
        db.read(find, "нет")


def test_each_register_writes_its_own(db, cast, tmp_path):
    registers.bank(db)
    registers.profile(db, "city", name="Г", service="1", receipt_kind="Х")
    for kind, name, word in (
        ("charges", "П", "readings"), ("readings", "Г", "charges"), ("payments", "П", "readings"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=f"пишется {word}"):
            write_register(db, kind, tmp_path / "r.txt", name)
    with pytest.raises(Refused, match="папки"):
        write_register(db, "readings", tmp_path / "no" / "r.txt", "П")


def test_what_leaves_the_house_is_noted(db, cast, tmp_path):
    registers.bank(db, names="full")
    registers.write(db, "readings", tmp_path / "r.txt")
    log = METADATA.tables["audit_log"] if "audit_log" in METADATA.tables else METADATA.tables["audit_entries"]
    with db.engine.connect() as connection:
        noted = connection.execute(select(log.c.action, log.c.detail)).all()
    assert ("register-written", {"rows": 2, "names": "full"}) in [tuple(row) for row in noted]


def examples():
    """The profiles that the document for billing's people shows."""
    text = (ROOT / "docs/exchange.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^    .*\n|^\n)+", text, flags=re.M)
    return [textwrap.dedent(block) for block in blocks if block.lstrip().startswith("name = ")]


def test_the_document_s_profiles_can_be_put_and_name_the_demonstration_s_services(tmp_path):
    profiles = [read_profile(write(tmp_path, text)) for text in examples()]
    assert {profile.register_kind for profile, _ in profiles} == {"bank", "city"}
    assert {profile.organization for profile, _ in profiles} == {UTILITY}
    (city,) = [options for _, options in profiles if isinstance(options, CityOptions)]
    assert set(city.services.values()) == {service.name for service in OF_WATER}
