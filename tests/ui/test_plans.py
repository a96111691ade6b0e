"""Everything that a resident's or a guest's page asks of PostgreSQL comes by an index: no walk through what grows.

The statements are taken from the wire while the pages are opened and used, so that a new one can't be forgotten. The
tables of a test are small; with sequential scans forbidden the planner shows whether there is a way by an index, and
a way without a condition on that index is a walk through the table as well.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlmodel import select

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.guest import open_visit
from lk_reflex.domain.administration.figures import figures
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.metering.tables import SentReading
from lk_reflex.ui.public.guest.state import GuestState
from lk_reflex.ui.resident.meters.use_state import MetersUse
from lk_reflex.ui.resident.overview.year_state import YearState
from lk_reflex.ui.resident.readings.correction import CorrectionState
from lk_reflex.ui.resident.readings.state import ReadingsState
from tests.billing.paper import accrual, receipt
from tests.cast import NOW
from tests.metering.dials import bill, make_meter, monthly, set_organization

#: What grows with the accounts, with the months, or with use.
GROWS = frozenset({
    "accounts", "buildings", "meters", "readings", "receipts", "balance_lines", "accruals", "posted_payments", "users",
    "sessions", "account_links", "account_grants", "submissions", "sent_readings", "reading_answers", "waiting_forms",
    "reading_corrections", "reading_photos", "stored_files", "notifications", "outgoing_mail", "attempts", "audit_log",
    "guest_visits", "reading_links", "orders", "order_lines", "order_events", "postings", "posting_lines", "cart_lines",
    "cart_amounts", "pay_links", "requests", "request_events", "one_time_tokens", "captchas", "consents",
    "typed_readings", "refunds", "push_messages", "import_runs", "exchange_tasks",
})  # fmt: skip
PAGES = (
    "/overview", "/charges", "/charges?month=2026-09", "/accruals", "/payments", "/readings", "/meters", "/documents",
    "/cart", "/notifications", "/services", "/settings", "/accounts",
)  # fmt: skip
Statement = tuple[str, Any]
pytestmark = pytest.mark.parametrize("db", ["postgresql"], indirect=True)


@pytest.fixture
def statements(monkeypatch) -> Iterator[list[Statement]]:
    """Whatever goes to the server meanwhile."""
    heard: list[Statement] = []
    real = psycopg.Cursor.execute

    def execute(self, query, params=None, **more):
        heard.append((query if isinstance(query, str) else str(query), params))
        return real(self, query, params, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", execute)
    yield heard
    monkeypatch.setattr(psycopg.Cursor, "execute", real)


@pytest.fixture
def cold(db, cast):
    set_organization(db, cast.organization, window_opens=1, window_closes=31, phone="8 351 112")
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    bill(db, make_meter(db, cast.flat, "ГВС С/У", serial="77"), ("01.11.2026", "0"))
    for month in (Month(2026, 9), Month(2026, 10)):
        paper = receipt(db, cast.flat, "Объединённая", month, [("Отопление", "0", "0", "100", "100")])
        accrual(db, paper, 1, "Отопление", "Начислено", "100")
    _others(db, cast)
    return meter


def _others(db, cast) -> None:
    """So many forms of others that «the last one of mine» isn't found quickest by going back through all."""
    with db.transaction() as writer:
        writer.connection.exec_driver_sql(
            "INSERT INTO waiting_forms (key, account_id, user_id, entries, confirmations, taken_on, period, opens_on, "
            f"created_at, settled_at, outcome, reason) SELECT 'k' || n, {cast.house}, {cast.stranger.actor.user_id}, "
            "'[]', '[]', date '2026-11-01', 24320, date '2026-11-15', now(), now(), '', '' "
            "FROM generate_series(1, 3000) n"
        )
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE waiting_forms")


def walks(db, statements: list[Statement], *, open_only: bool = False) -> list[str]:
    """The statements whose plan goes through the whole of a table that grows, with the table.

    With `open_only` an index of what is open alone (a partial one) may be walked: it grows with the day, not the years.
    """
    found: dict[str, None] = {}
    with db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL")
        small = frozenset(name for (name,) in cursor.fetchall()) if open_only else frozenset()
        cursor.execute("SET LOCAL enable_seqscan = off")
        _unlearn(cursor)
        for sql, params in statements:
            if not re.match(r"\s*(SELECT|WITH|UPDATE|DELETE)\b", sql, re.IGNORECASE):
                continue
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            row = cursor.fetchone()
            assert row
            plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
            for table in _walked(plan[0]["Plan"], small):
                found[f"{table}: {' '.join(sql.split())[:2000]}"] = None
        connection.rollback()
    return list(found)


def _unlearn(cursor: Any) -> None:
    """For this transaction: whoever has looked at nearly empty tables finds walking through them cheap."""
    unknown = {"names": list(GROWS - {"waiting_forms"})}
    cursor.execute(
        "DELETE FROM pg_statistic s USING pg_class c WHERE c.oid = s.starelid AND c.relname = ANY(%(names)s)", unknown
    )
    cursor.execute("UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE relname = ANY(%(names)s)", unknown)


def _walked(node: dict[str, Any], small: frozenset[str], *, bounded: bool = False) -> Iterator[str]:
    # A few rows off the end of an index are no walk, if nothing between sorts or sifts them.
    bounded = (bounded or (bool(small) and node["Node Type"] == "Limit")) and "Filter" not in node
    for child in node.get("Plans", ()):
        yield from _walked(child, small, bounded=bounded and node["Node Type"] in ("Limit", "Subquery Scan"))
    table, kind = node.get("Relation Name", ""), node["Node Type"]
    by_index = kind.startswith("Index") and (node.get("Index Cond") or node["Index Name"] in small or bounded)
    if table in GROWS and (kind == "Seq Scan" or (kind.startswith("Index") and not by_index)):
        yield table


async def test_a_resident_walks_through_nothing_that_grows(tabs, db, cast, cold, statements):
    tab = tabs(cast.owner.cookie)
    await tab.open("/overview")
    for page in PAGES:
        await tab.follow(page)
    for later in (YearState.load, MetersUse.load, CorrectionState.load):
        await tab.send(later)
    await tab.follow("/readings")
    form = {"form_key": tab.seen(ReadingsState)["form_key"], "taken_on": "", f"reading-m{cold}-1": "124"}
    await tab.send(ReadingsState.take_up, form=form)
    await tab.send(ReadingsState.submit, form=form)
    await tab.send(ReadingsState.toggle, meter=str(cold))
    asked = list(statements)
    assert (_sent(db), len(asked) > 60) == (1, True)
    assert walks(db, asked) == []


async def test_a_guest_walks_through_nothing_that_grows(tabs, db, cast, cold, statements):
    tab = tabs(guest=db.write(open_visit, cast.flat, client=Client("203.0.113.5"), now=NOW))
    await tab.open("/guest")
    form = {"form_key": tab.seen(GuestState)["form_key"], "taken_on": "", f"reading-m{cold}-1": "124"}
    await tab.send(GuestState.take_up, form=form)
    await tab.send(GuestState.submit, form=form)
    asked = list(statements)
    assert _sent(db) == 1
    assert walks(db, asked) == []


def test_the_figures_of_the_metrics_walk_through_nothing_that_grows(db, cast, statements):
    """Asked for every few seconds, by each watcher."""
    db.read(figures, now=NOW)
    asked = list(statements)
    assert len(asked) > 15
    assert walks(db, asked, open_only=True) == []


def test_a_walk_would_be_seen(db, cast):
    """The control: these two are what the tests above look for."""
    wanted = ["SELECT count(*) FROM receipts WHERE advance > 5", "SELECT id FROM accounts ORDER BY id LIMIT 5"]
    assert [one.partition(":")[0] for one in walks(db, [(sql, None) for sql in wanted])] == ["receipts", "accounts"]


def _sent(db) -> int:
    with db.transaction() as writer:
        return len(writer.session.exec(select(SentReading)).all())
