"""No query of the meters' pages walks through a table that grows."""

import pytest

from lk_reflex.domain.metering import history, ledger
from lk_reflex.domain.metering.sending import submit, taken
from tests.billing.plans import plan, scans
from tests.cast import NOW

QUERIES = {
    "terms": (ledger._OWNED_TERMS, {"account_id": 1, "user_id": 1, "owned_at": NOW}),
    "meters": (ledger._METERS, {"account_id": 1}),
    "billed": (ledger._BILLED, {"account_id": 1}),
    "sent": (ledger._SENT, {"account_id": 1}),
    "one meter": (history._METER, {"meter_id": 1, "account_id": 1, "user_id": 1, "owned_at": NOW}),
    "its billed": (history._BILLED, {"meter_id": 1}),
    "its sent": (history._SENT, {"meter_id": 1}),
    "by key": (submit._BY_KEY, {"key": "k"}),
    "taken": (taken._TAKEN, {"submission_id": 1}),
}


# PostgreSQL always scans an empty table.
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", QUERIES)
def test_every_query_goes_by_an_index(db, name):
    query, params = QUERIES[name]
    assert scans(plan(db, query, **params)) == []
