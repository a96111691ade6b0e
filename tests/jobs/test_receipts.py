"""«Новая квитанция»: once for each person and import, for what is new, from where it was left."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlmodel import select as of

from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import link_account
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.exchange_log.tables import ImportRun
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.identity.users import put_user
from lk_reflex.domain.mail.topics import RECEIPTS, choose
from lk_reflex.jobs import receipts
from lk_reflex.jobs.mail import Post
from lk_reflex.jobs.receipts import Announcer
from tests.billing.paper import receipt
from tests.cast import NO_PASSWORD, NOW
from tests.mail.conftest import Clock, Told, outbox

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
OWNER, RELATIVE, STRANGER = (f"{name}@example.org" for name in ("owner", "relative", "stranger"))
LINES = [("ХВС", "100", "0", "200,50", "300,50", "0", "0", "1", "1")]


def taken_in(db, *receipts: tuple, refreshed: tuple[int, ...] = ()) -> int:
    """An import that brings these receipts (account, kind, month, lines) and refreshes those; its number."""
    with db.transaction() as writer:
        before = writer.connection.execute(select(func.max(Receipt.__table__.c.id))).scalar()
        run = ImportRun(package="p", started_at=NOW, finished_at=NOW, receipts_before=before or 0)
        writer.add(run)
        number = run.id
    brought = [receipt(db, *given) for given in receipts]
    with db.transaction() as writer:
        for row_id in (*brought, *refreshed):
            writer.session.get_one(Receipt, row_id).import_id = number
    return number


def announce(db, now=NOW) -> dict:
    """Until nothing is left to announce; what lies in the outbox then."""
    announcer = Announcer(db, site="https://lk.example.org", clock=lambda: now)
    while announcer.step():
        pass
    return outbox(db)


def announced(db, run: int):
    with db.transaction() as writer:
        return writer.session.get_one(ImportRun, run).announced_at


def change(db, table, condition, **facts):
    with db.transaction() as writer:
        for found in writer.session.exec(of(table).where(condition)):
            for name, value in facts.items():
                setattr(found, name, value)


def test_everybody_with_the_account_gets_one_letter_with_the_sum_in_its_body_alone(db, cast):
    run = taken_in(db, (cast.flat, "Объединённая", OCTOBER, LINES))
    letters = announce(db)
    assert set(letters) == {OWNER, RELATIVE}
    letter = letters[OWNER]
    assert (letter.subject, letter.kind) == ("Новая квитанция", "receipts")
    plain = letter.plain.replace("\u00a0", " ")
    assert "Лицевой счет 1234567899, УЛ. КЫШТЫМСКАЯ, 10 - 1010" in plain
    assert "Квитанция Объединённая за ОКТЯБРЬ 2026: 301,50 руб. до 15.11.2026" in plain
    assert "https://lk.example.org/overview" in plain
    assert announced(db, run) == NOW


def test_several_accounts_and_kinds_are_one_letter(db, cast):
    db.write(link_account, cast.owner.actor.user_id, cast.house, now=NOW)
    taken_in(
        db, (cast.flat, "Объединённая", OCTOBER, LINES), (cast.flat, "ХВС и ВО", OCTOBER, LINES),
        (cast.house, "Объединённая", OCTOBER, [("ХВС", "-500", "0", "100", "-400")]),
    )  # fmt: skip
    letter = announce(db)[OWNER]
    assert letter.subject == "Новые квитанции"
    plain = letter.plain.replace("\u00a0", " ")
    assert plain.count("Квитанция") == 3
    assert (
        "Лицевой счет 2000000001, УЛ. САДОВАЯ, 7\n  Квитанция Объединённая за ОКТЯБРЬ 2026: переплата 400,00" in plain
    )


def test_an_import_is_announced_once_however_often_it_is_gone_through(db, cast):
    taken_in(db, (cast.flat, "Объединённая", OCTOBER, LINES))
    first = {row.message_id for row in announce(db).values()}
    assert {row.message_id for row in announce(db).values()} == first


@pytest.mark.parametrize("written", range(4))
def test_a_worker_that_died_between_two_portions_is_carried_on_by_another(db, cast, monkeypatch, written):
    monkeypatch.setattr(receipts, "PORTION", 1)
    with db.transaction() as writer:
        third = put_user(writer, "third@example.org", "resident", NO_PASSWORD, now=NOW)
        link_account(writer, third, cast.flat, now=NOW)
    run = taken_in(db, (cast.flat, "Объединённая", OCTOBER, LINES))
    dying = Announcer(db, site="s", clock=Clock())
    for _ in range(written):
        dying.step()
    assert announced(db, run) is None
    assert len(outbox(db)) == written
    assert set(announce(db)) == {OWNER, RELATIVE, "third@example.org"}
    assert count(db) == 3
    assert announced(db, run) == NOW


def test_what_an_import_only_refreshed_is_no_news(db, cast):
    taken_in(db, (cast.flat, "Объединённая", OCTOBER, LINES))
    announce(db)
    (known,) = receipt_ids(db)
    again = taken_in(db, refreshed=(known,))
    announce(db)
    assert count(db) == 2  # as before
    assert announced(db, again) == NOW


def test_only_the_newest_of_a_kind_is_news_and_not_what_was_left_behind_long_ago(db, cast):
    taken_in(
        db, (cast.flat, "Объединённая", SEPTEMBER, LINES), (cast.flat, "Объединённая", OCTOBER, LINES),
        (cast.flat, "Капремонт", SEPTEMBER, LINES), (cast.flat, "ХВС и ВО", Month(2026, 6), LINES),
    )  # fmt: skip
    plain = announce(db)[OWNER].plain
    assert "Объединённая за ОКТЯБРЬ" in plain
    assert "Капремонт за СЕНТЯБРЬ" in plain
    assert "Объединённая за СЕНТЯБРЬ" not in plain
    assert "ХВС и ВО" not in plain


def test_who_does_not_want_it_or_is_not_to_be_written_to_gets_nothing(db, cast):
    db.write(choose, cast.owner.actor.user_id, RECEIPTS, False, now=NOW)
    change(db, User, User.id == cast.relative.actor.user_id, blocked_at=NOW)
    change(db, User, User.id == cast.stranger.actor.user_id, deleted_at=NOW)
    run = taken_in(db, (cast.flat, "Объединённая", OCTOBER, LINES), (cast.house, "Объединённая", OCTOBER, LINES))
    assert announce(db) == {}
    assert announced(db, run) == NOW


def test_whose_access_has_ended_learns_nothing_more(db, cast):
    change(db, AccountLink, AccountLink.user_id == cast.relative.actor.user_id, ends_at=NOW)
    taken_in(db, (cast.flat, "Объединённая", OCTOBER, LINES))
    assert set(announce(db)) == {OWNER}


def test_an_unactivated_login_gets_nothing(db, cast):
    change(db, User, User.id == cast.owner.actor.user_id, activated_at=None)
    taken_in(db, (cast.flat, "Объединённая", OCTOBER, LINES))
    assert set(announce(db)) == {RELATIVE}


def test_an_import_without_receipts_is_done_at_once_and_the_oldest_comes_first(db, cast):
    first = taken_in(db)
    second = taken_in(db, (cast.house, "Объединённая", OCTOBER, LINES))
    announcer = Announcer(db, site="s", clock=Clock())
    announcer.step()
    assert (announced(db, first), announced(db, second)) == (NOW, None)
    assert set(announce(db)) == {STRANGER}


def test_a_crowd_of_letters_waits_outside_so_that_others_need_not(db, cast, monkeypatch):
    monkeypatch.setattr(receipts, "PORTION", 1)
    monkeypatch.setattr(receipts, "CROWD", 1)
    run = taken_in(db, (cast.flat, "Объединённая", OCTOBER, LINES))
    announcer = Announcer(db, site="s", clock=Clock())
    assert announcer.step()
    assert not announcer.step()
    assert count(db) == 1
    post = Post(db, Told(), host="h", clock=Clock(NOW + timedelta(seconds=1)))
    while post.send_due() or announcer.step():
        pass
    assert count(db) == 2
    assert announced(db, run) == NOW


def test_the_search_for_the_next_persons_scans_no_receipts(sqlite_template):
    from lk_reflex.core.db import Database
    from lk_reflex.domain.billing.announce import _NEWS
    from tests.billing.plans import plan, scans

    database = Database(f"sqlite:///{sqlite_template}")
    try:
        steps = plan(database, _NEWS, import_id=1, receipts_before=1, after=0, count=50, now=NOW)
    finally:
        database.close()
    assert scans(steps) in ([], ["SCAN persons"])


def receipt_ids(db) -> list[int]:
    with db.engine.connect() as connection:
        return list(connection.execute(select(Receipt.__table__.c.id)).scalars())


def count(db) -> int:
    with db.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM outgoing_mail")).scalar_one()
