"""Every explanation of a made-up town adds up. The whole of it, 1,000 accounts, is `benchmarks.explain_town`."""

from benchmarks.explain_town import settle, walk


def test_a_town_adds_up_and_shows_every_cause(tmp_path):
    database, actor, accounts = settle(tmp_path, accounts=30, months=24)
    outcome = walk(database, actor, accounts)
    database.close()
    assert outcome.faults == []
    assert outcome.explained > 30 * 30 and outcome.years >= 20
    # What the demonstration has to show: a rise in July, spending, recalculations, the heating season, norms.
    assert {"tariff", "volume", "recalculation", "new", "gone"} <= outcome.kinds.keys()
    assert all(row.reasons for _, why in outcome.told for row in why.rows)
