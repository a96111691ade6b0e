"""Organizations as an administrator changes them: every field by its rule, no colleague's change overwritten."""

import pytest
from sqlalchemy import select

from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.domain.accounts.switches import EMERGENCY, SEALING, switches
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.accounts.texts import SEALING_REGULATION, own_text
from lk_reflex.domain.administration.organization_fields import (
    DETAILS,
    FIELDS,
    KEY_FAULT,
    PAYMENTS,
    READINGS,
    WINDOW_FAULT,
    of_section,
    read_section,
)
from lk_reflex.domain.administration.organizations import (
    CHANGED,
    LONGEST_TEXT,
    organization_card,
    organizations,
    put_text,
    save_section,
    turn_switches,
)
from lk_reflex.domain.audit.tables import AuditEntry
from tests.cast import NOW

DETAILS_TYPED = {
    "name": " МУП   «ПОВВ» ", "short_name": "ПОВВ", "kpp": "742101001", "address": "ул. Варненская, 13",
    "phone": "+7 (351) 214-00-14", "bank": "ПАО «ЧЕЛЯБИНВЕСТБАНК»", "bic": "047501779",
    "bank_account": "4070 2810 9000 0000 0008", "correspondent_account": "30101810400000000779",
}  # fmt: skip
READINGS_TYPED = {
    "window_opens": "15", "window_closes": "25", "due_day": "15", "volume_ceiling": "100,5",
    "time_zone": "Asia/Yekaterinburg", "takes_early": "yes", "refuses_unverified": "",
}  # fmt: skip
PAYMENTS_TYPED = {
    "takes_payments": "yes", "commission_rate": "0,70 %", "commission_minimum": "20 руб.", "commission_by": "payer",
    "payment_ceiling": "100 000,00", "fiscal_mode": "transfer",
}  # fmt: skip
TYPED = {DETAILS: DETAILS_TYPED, READINGS: READINGS_TYPED, PAYMENTS: PAYMENTS_TYPED}


@pytest.mark.parametrize("section", TYPED)
def test_what_is_shown_can_be_typed_again(section):
    values, faults = read_section(section, TYPED[section])
    assert faults == {}
    shown = {field.name: field.show(values[field.name]) for field in of_section(section)}
    assert read_section(section, shown) == (values, {})


def test_they_are_read_as_the_columns_keep_them():
    read = {**read_section(READINGS, READINGS_TYPED)[0], **read_section(PAYMENTS, PAYMENTS_TYPED)[0]}
    assert (read["volume_ceiling"], read["takes_early"], read["refuses_unverified"]) == (100_500, True, False)
    assert (read["commission_rate"], read["commission_minimum"], read["payment_ceiling"]) == (70, 20_00, 100_000_00)


@pytest.mark.parametrize(
    ("section", "name", "typed"),
    [
        (DETAILS, "name", "  "),
        (DETAILS, "name", "я" * 161),
        (DETAILS, "kpp", "74210100"),
        (DETAILS, "bic", "04750177x"),
        (DETAILS, "bank_account", "1" * 19),
        (READINGS, "window_opens", "0"),
        (READINGS, "window_opens", "32"),
        (READINGS, "window_opens", "１５"),
        (READINGS, "due_day", "29"),
        (READINGS, "due_day", "9" * 500),
        (READINGS, "volume_ceiling", "много"),
        (READINGS, "volume_ceiling", "-1"),
        (READINGS, "time_zone", "../etc/passwd"),
        (READINGS, "time_zone", ""),
        (PAYMENTS, "commission_rate", "101"),
        (PAYMENTS, "commission_rate", "0,777"),
        (PAYMENTS, "commission_minimum", "-1"),
        (PAYMENTS, "payment_ceiling", "0"),
        (PAYMENTS, "payment_ceiling", "NaN"),
        (PAYMENTS, "commission_by", "сосед"),
        (PAYMENTS, "fiscal_mode", ""),
    ],
)
def test_a_fault_is_said_at_its_field_alone(section, name, typed):
    _, faults = read_section(section, {**TYPED[section], name: typed})
    assert faults.keys() == {name} and faults[name][0].isupper()


@pytest.mark.parametrize(
    ("section", "typed", "fault"),
    [
        (DETAILS, {"bank_account": "40702810900000000009"}, {"bank_account": KEY_FAULT}),
        (DETAILS, {"correspondent_account": "30101810400000000770"}, {"correspondent_account": KEY_FAULT}),
        (DETAILS, {"bic": "", "bank_account": "40702810900000000009"}, {}),
        (READINGS, {"window_opens": "26"}, {"window_closes": WINDOW_FAULT}),
    ],
)
def test_what_only_several_fields_together_get_wrong(section, typed, fault):
    assert read_section(section, {**TYPED[section], **typed})[1] == fault


@pytest.mark.parametrize("name", [field.name for field in FIELDS])
def test_every_field_is_a_column(name):
    assert name in Organization.model_fields


def test_a_form_is_kept_and_noted(db, cast):
    boss, mine = cast.admin.actor, cast.organization
    seen = db.read(organization_card, boss, mine).fields
    changed = db.write(save_section, boss, mine, READINGS, {**READINGS_TYPED, "window_opens": "10"}, seen, now=NOW)
    assert changed == ("Показания принимаются с (день месяца)", "Переспрашивать при объёме больше")
    assert db.read(organization_card, boss, mine).fields["window_opens"] == "10"
    entries = db.read(lambda reader: reader.rows(select(AuditEntry.action, AuditEntry.detail).order_by(AuditEntry.id)))
    assert [(row.action, row.detail["fields"]) for row in entries] == [
        ("organization-changed", "volume_ceiling, window_opens")
    ]
    again = db.read(organization_card, boss, mine).fields
    assert db.write(save_section, boss, mine, READINGS, dict(again), again, now=NOW) == ()


def test_two_administrators_dont_overwrite_each_other(db, cast):
    boss, mine = cast.admin.actor, cast.organization
    seen = db.read(organization_card, boss, mine).fields
    kept = {name: seen[name] for name in PAYMENTS_TYPED}
    db.write(save_section, boss, mine, PAYMENTS, {**kept, "commission_rate": "1,00"}, seen, now=NOW)
    with pytest.raises(Conflict, match=CHANGED):
        db.write(save_section, boss, mine, PAYMENTS, {**kept, "commission_rate": "2,00"}, seen, now=NOW)
    assert db.read(organization_card, boss, mine).fields["commission_rate"] == "1,00"


def test_a_faulty_form_changes_nothing(db, cast):
    boss, mine = cast.admin.actor, cast.organization
    seen = db.read(organization_card, boss, mine).fields
    with pytest.raises(Invalid):
        db.write(save_section, boss, mine, READINGS, {**READINGS_TYPED, "due_day": "0"}, seen, now=NOW)
    assert db.read(organization_card, boss, mine).fields == seen


def test_switches_are_turned_and_noted(db, cast):
    boss, mine = cast.admin.actor, cast.organization
    everything = dict.fromkeys(db.read(switches, mine), True)
    assert db.write(turn_switches, boss, mine, {**everything, SEALING: False}, now=NOW) == (SEALING,)
    assert not db.read(switches, mine)[SEALING] and db.read(switches, mine)[EMERGENCY]
    assert db.write(turn_switches, boss, mine, everything, now=NOW) == (SEALING,)
    assert db.read(switches, mine)[SEALING]


def test_a_text_of_its_own_takes_the_place_of_the_cabinets_until_it_is_emptied(db, cast):
    boss, mine = cast.admin.actor, cast.organization
    db.write(put_text, boss, mine, SEALING_REGULATION, "## Шаг 1\r\n\r\nПозвоните\u200b \n", now=NOW)
    assert db.read(own_text, mine, SEALING_REGULATION) == "## Шаг 1\n\nПозвоните"
    db.write(put_text, boss, mine, SEALING_REGULATION, "Новый", now=NOW)
    assert db.read(own_text, mine, SEALING_REGULATION) == "Новый"
    db.write(put_text, boss, mine, SEALING_REGULATION, " \n ", now=NOW)
    assert db.read(own_text, mine, SEALING_REGULATION) == ""
    with pytest.raises(Invalid):
        db.write(put_text, boss, mine, SEALING_REGULATION, "я" * (LONGEST_TEXT + 1), now=NOW)
    with pytest.raises(NotFound):
        db.write(put_text, boss, mine, "no-such-text", "x", now=NOW)


def test_nobody_but_an_administrator_sees_or_changes_them(db, cast):
    for person in (cast.operator, cast.outsider, cast.owner):
        with pytest.raises(Refused):
            db.read(organizations, person.actor)
        with pytest.raises(NotFound):
            db.read(organization_card, person.actor, cast.organization)
        with pytest.raises(NotFound):
            db.write(save_section, person.actor, cast.organization, DETAILS, DETAILS_TYPED, {}, now=NOW)
        with pytest.raises(NotFound):
            db.write(turn_switches, person.actor, cast.organization, {}, now=NOW)
        with pytest.raises(NotFound):
            db.write(put_text, person.actor, cast.organization, SEALING_REGULATION, "x", now=NOW)
    with pytest.raises(NotFound):
        db.read(organization_card, cast.admin.actor, 999)
