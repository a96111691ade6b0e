"""What is due on all accounts at once: the same receipts as one by one, and only those of linked accounts."""

import pytest

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import link_account
from lk_reflex.domain.billing.dues import _OF_ALL, newest_of_all
from lk_reflex.domain.billing.summary import newest_receipts
from tests.billing.paper import february_2018, receipt, september_2019
from tests.billing.plans import plan, scans
from tests.cast import NOW


def test_gives_the_receipts_that_each_account_gives_alone(db, cast):
    february_2018(db, cast.flat)
    september_2019(db, cast.flat)
    receipt(db, cast.house, "Объединённая", Month(2019, 8), [("Найм", "0", "0", "9,00", "9,00")])
    receipt(db, cast.house, "Объединённая", Month(2019, 9), [])
    actor = cast.owner.actor
    db.write(link_account, actor.user_id, cast.house, now=NOW)
    found = db.read(newest_of_all, actor)
    assert found.keys() == {cast.flat, cast.house}
    for account, receipts in found.items():
        assert set(receipts) == set(db.read(newest_receipts, actor, account))


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_what_isnt_yours_is_not_found(db, cast, who):
    september_2019(db, cast.flat)
    assert db.read(newest_of_all, getattr(cast, who).actor) == {}


def test_the_query_scans_no_growing_table(db):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans are read from SQLite")
    assert scans(plan(db, _OF_ALL, user_id=1, owned_at=NOW)) == []
