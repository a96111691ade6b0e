"""The accountant's file of a day: for staff, whole, and safe in a spreadsheet."""

import csv
import io
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from lk_reflex.domain.audit.tables import AuditEntry
from tests.api.conftest import as_person
from tests.payments.desk_orders import put_order


def address(cast, suffix="csv", **more) -> str:
    asked = {"organization": cast.organization, "day": "2026-11-20", **more}
    return f"/api/staff/payments.{suffix}?" + "&".join(f"{name}={value}" for name, value in asked.items())


def test_a_days_orders_in_both_forms(web, db, cast):
    number = put_order(db, cast, bank_id="=1+1")
    as_person(web, cast.operator)
    answer = web.get(address(cast))
    assert answer.headers["cache-control"] == "private, no-store"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1] == [
        number, "'=1+1", "20.11.2026", "15:03:00", "1234567899", "539,20", "0,00", "539,20", "0,00", "539,20",
    ]  # fmt: skip
    named = unquote(answer.headers["content-disposition"].partition("filename*=UTF-8''")[2])
    assert named == f"платежи-{cast.organization}-2026-11-20.csv"
    book = load_workbook(io.BytesIO(web.get(address(cast, "xlsx")).content)).active
    assert book is not None
    assert [cell.value for cell in book[2]][5:] == [539.2, 0, 539.2, 0, 539.2]


def test_who_takes_a_day_along_is_noted(web, db, cast):
    put_order(db, cast)
    as_person(web, cast.operator)
    web.get(address(cast))
    web.get(address(cast, organization="999"))  # there is none: nothing was taken
    with db.engine.connect() as connection:
        rows = connection.execute(select(AuditEntry.actor_id, AuditEntry.detail).order_by(AuditEntry.id)).all()
    assert [tuple(row) for row in rows if row.detail.get("day")] == [
        (cast.operator.actor.user_id, {"organization": cast.organization, "day": "2026-11-20"})
    ]


@pytest.mark.parametrize("day", ["2020-01-01", "0001-01-01", "9999-12-31"])
def test_a_day_without_orders_is_a_header(web, db, cast, day):
    put_order(db, cast)
    as_person(web, cast.operator)
    assert len(web.get(address(cast, day=day)).text.splitlines()) == 1


@pytest.mark.parametrize("who", ["owner", "relative", "stranger"])
def test_a_resident_finds_nothing_there(web, db, cast, who):
    put_order(db, cast)
    as_person(web, getattr(cast, who))
    answer = web.get(address(cast))
    assert answer.status_code == 404
    assert "1234567899" not in answer.text


def test_nobody_gets_nothing(web, db, cast):
    put_order(db, cast)
    assert web.get(address(cast)).status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        {"day": ""}, {"day": "20.11.2026"}, {"day": "2026-13-01"}, {"day": "x" * 5000}, {"organization": ""},
        {"organization": "999"}, {"organization": "1' OR 1=1"}, {"suffix": "pdf"},
    ],
)  # fmt: skip
def test_what_names_no_day_of_anybody_is_not_found(web, db, cast, more):
    as_person(web, cast.operator)
    asked = {"suffix": "csv", **more}
    assert web.get(address(cast, **asked)).status_code == 404
