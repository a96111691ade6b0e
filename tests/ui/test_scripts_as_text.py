"""Scenario 27: what people and registers write is shown as text everywhere, whatever a browser could make of it."""

import html
import io
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from lk_reflex.core.months import Month
from lk_reflex.core.text import surname_key
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.announcements.rules import Typed
from lk_reflex.domain.announcements.telling import tell_announcements
from lk_reflex.domain.announcements.writing import publish_announcement
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.documents.pdf.receipt_pdf import render
from lk_reflex.domain.documents.sheets.catalogue import as_file
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.metering.correcting.correction_desk import decline
from lk_reflex.domain.metering.correcting.corrections import Request as Correction
from lk_reflex.domain.metering.correcting.corrections import ask_correction
from lk_reflex.domain.metering.period.calling import submit_for_caller
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.domain.payments.desk.day_sheet import day_sheet
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.tables import Request
from lk_reflex.domain.requests.thread import answer
from lk_reflex.exchange.importer import import_package
from lk_reflex.ui.resident.notifications.state import NotificationsState
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.staff.account.state import StaffAccountState
from lk_reflex.ui.staff.accounts.state import AccountSearchState
from lk_reflex.ui.staff.period.state import PeriodState
from lk_reflex.ui.staff.readings.state import DeskState
from tests.cast import NOW, TODAY
from tests.documents.sheets_of_paper import FLAT, MANUAL, Printed, with_balance
from tests.exchange import packages
from tests.metering.dials import make_meter, monthly, put_sent
from tests.payments.desk_orders import put_order
from tests.requests.lives import lead, make_request

SITE = "https://lk.test"
SCRIPTS = (
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
    "</textarea><svg/onload=alert(1)>javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}${alert(1)}`&lt;b&gt;<b>]]><!--<a href='//evil.example'>",
)
KINDS = ["tags", "fields", "templates"]
#: What a letter of ours is made of.
TAGS = {"html", "head", "meta", "title", "body", "table", "tr", "td", "p", "h1", "a", "br"}


@pytest.fixture(params=SCRIPTS, ids=KINDS)
def script(request) -> str:
    return request.param


class _Read(HTMLParser):
    """The tags, links and words of a letter."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.words += data


@pytest.fixture
def world(db, cast, script):
    """Everything of the owner's flat that somebody has written is a script, and so are the texts of both sides."""
    with db.transaction() as writer:
        account = writer.session.get_one(Account, cast.flat)
        account.surname, account.surname_key, account.first_name = script, surname_key(script) or "х", script
        account.flat = script
        writer.session.get_one(Building, account.building_id).street = script
        organization = writer.session.get_one(Organization, cast.organization)
        organization.name = organization.short_name = script
        receipt = Receipt(account_id=cast.flat, kind=script, month=Month(2026, 10), issued_on=TODAY)
        writer.add(receipt)
        writer.add(BalanceLine(receipt_id=receipt.id, service=script, charged=500_00, total=500_00))
    meter = make_meter(db, cast.flat, script, serial=script[:20], place=script)
    monthly(db, meter, "118", "6")
    sent = put_sent(db, cast, meter, 142_000)
    asked = db.write(
        ask_correction, cast.owner.actor, sent, Correction("124", "", script), "one-form-key", now=NOW
    )  # fmt: skip
    return cast, meter, asked


def of(row, name):
    return getattr(row, name) if hasattr(row, name) else row[name]


def letters(db):
    with db.transaction() as writer:
        return [
            (one.subject, one.plain, one.html)
            for one in writer.session.exec(select(OutgoingMail).order_by(OutgoingMail.id))
        ]


def test_letters_and_the_feed_hold_it_as_text(db, world, script):
    cast, _meter, asked = world
    operator = cast.operator.actor
    db.write(decline, operator, asked, script, now=NOW)
    request = make_request(
        db, cast.organization, cast.owner.actor.user_id, form={"topic": script, "text": script},
        sent_form={"topic": script, "text": script},
    )  # fmt: skip
    lead(db, request, Status.ACCEPTED)
    with db.transaction() as writer:
        number = writer.session.get_one(Request, request).number
    db.write(answer, operator, number, script, now=NOW, site=SITE)
    typed = Typed("news", script, script, "all")
    db.write(publish_announcement, operator, cast.organization, typed, now=NOW)
    while db.write(tell_announcements, SITE, count=100, now=NOW):
        pass
    meter = make_meter(db, cast.flat, "ХВС 2", serial=script[:20])
    db.write(
        submit_for_caller, operator, cast.flat, {f"m{meter}-1": Entry("1")}, "", "another-form-key",
        caller=script, now=NOW,
    )  # fmt: skip
    found = letters(db)
    assert len(found) >= 6
    said = 0
    for subject, plain, body in found:
        read = _Read(body)
        assert read.tags <= TAGS, (subject, read.tags)
        assert not any(name.startswith("on") for name in read.attributes)
        assert all(link.startswith((SITE, "https://", "http://")) for link in read.links), read.links
        assert "\n" not in subject and "\r" not in subject
        said += script in " ".join(read.words.split()) or script in read.words
        assert script in plain or html.escape(script) not in body
    assert said >= 4
    with db.transaction() as writer:
        lines = [
            (one.title, one.body, one.link)
            for one in writer.session.exec(select(Notification).order_by(Notification.id))
        ]
    assert any(script in title or script in text for title, text, _link in lines)
    # A link of the feed is a path of this site, whatever was written.
    assert all(link == "" or (link.startswith("/") and not link.startswith("//")) for *_texts, link in lines)


def test_a_receipt_prints_it(script):
    paper = with_balance(
        *(replace(row, service=script) for row in MANUAL.balance),
        dwelling=replace(FLAT, surname=script, street=script), kind=script,
    )  # fmt: skip
    text = Printed(render([paper], SITE)).text
    for sign in "<>{}$":
        assert text.count(sign) >= script.count(sign), (sign, text)
    squeezed = text.replace(" ", "")
    assert script.replace(" ", "")[:12] in squeezed


def test_a_table_holds_it_as_words(db, world, script):
    cast, *_rest = world
    put_order(db, cast, bank_id=script[:40])
    with db.transaction() as writer:
        writer.session.get_one(Account, cast.flat).number = script
    sheet = db.read(day_sheet, cast.operator.actor, cast.organization, TODAY)
    cells = [cell for row in load_workbook(io.BytesIO(as_file(sheet, "xlsx"))).active.iter_rows() for cell in row]
    held = [cell for cell in cells if isinstance(cell.value, str) and script in cell.value]
    assert held and all(cell.data_type == "s" and cell.hyperlink is None for cell in held)
    assert script in as_file(sheet, "csv").decode("utf-8-sig").replace('""', '"')


def test_a_register_brings_it_unchanged_and_its_report_says_it(db, tmp_path, script):
    package = packages.small(tmp_path)
    packages.write(package, "accounts", [packages.account(Имя=script, Отчество=script)])
    report = import_package(db, package)
    assert report.imported, report.text()
    with db.transaction() as writer:
        (account,) = writer.session.exec(select(Account)).all()
        assert (account.first_name, account.patronymic) == (script, script)
    packages.write(package, "balances", [packages.balance(Долг=script)])
    report = import_package(db, package)
    assert not report.imported
    assert script[:10] in report.text()


async def test_pages_get_it_as_text(tabs, db, world, script):
    cast, *_rest = world
    db.write(
        submit_for_caller, cast.operator.actor, cast.flat,
        {f"m{make_meter(db, cast.flat, script + ' 2')}-1": Entry("1")}, "", "another-form-key", caller=script, now=NOW,
    )  # fmt: skip
    typed = Typed("news", script, script, "all")
    db.write(publish_announcement, cast.operator.actor, cast.organization, typed, now=NOW)
    desk = tabs(cast.operator.cookie)
    await desk.open(f"/staff/accounts/{cast.flat}")
    seen = desk.seen(StaffAccountState)
    assert script in of(seen["facts"][0], "value") and script in of(seen["facts"][1], "value")
    assert any(of(row, "service") == script for one in seen["charges"] for row in of(one, "rows"))
    await desk.follow("/staff/accounts")
    await desk.send(AccountSearchState.look_for, form={"search": "123456"})
    assert script in of(desk.seen(AccountSearchState)["rows"][0], "person")
    await desk.follow("/staff/readings")
    assert of(desk.seen(DeskState)["waiting"][0], "why") == script
    await desk.follow("/staff/period")
    await desk.send(PeriodState.choose, form={"show": "all"})
    assert any(script in of(row, "source") for row in desk.seen(PeriodState)["rows"])
    home = tabs(cast.owner.cookie)
    await home.open("/overview")
    assert of(home.seen(OverviewState)["announcements"][0], "body") == script
    await home.follow("/notifications")
    assert home.seen(NotificationsState)


def test_no_page_draws_a_text_as_markup(app):
    """React writes a var as text; nothing here asks it for anything else, and no address is made of what was typed."""
    from lk_reflex.ui.pages.table import PAGES

    for page in PAGES:
        drawn = str(page.draw().render())
        assert "dangerouslySetInnerHTML" not in drawn, page.path
        assert "srcDoc" not in drawn, page.path
