"""Deleting a login: nothing of the person stays but a number; nobody else is touched; the e-mail is free again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

import lk_reflex.tables
from lk_reflex.core.errors import Conflict, Invalid, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.access_tables import AccountGrant
from lk_reflex.domain.accounts.grants import take_up
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords.asked_again import EMPTY, WRONG
from lk_reflex.domain.identity.sessions import identify, open_session
from lk_reflex.domain.identity.signing_in.sign_in import WRONG as NO_SUCH_PAIR
from lk_reflex.domain.identity.signing_in.sign_in import sign_in
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.identity.users import put_user, user_id_of
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.paid import pending_of
from lk_reflex.domain.personal_data.collect import collect
from lk_reflex.domain.personal_data.deletion import NOT_SURE, delete_login
from tests.billing.paper import receipt
from tests.cast import NOW
from tests.identity.conftest import KEY
from tests.identity.people import PASSWORD, alter, deeds, give_password, letters
from tests.identity.test_sign_in import HOME
from tests.payments.world import World
from tests.personal_data.life import live
from tests.requests.sealing.applications import VAULT

#: What stays, and with which columns; everything else of the person must be gone.
STAYS = {"users", "consents", "audit_log", "submissions", "sent_readings", "outgoing_mail", "meters", "receipts"}


@pytest.fixture
def lives(db, cast):
    for name in ("owner", "relative", "stranger"):
        live(db, cast, getattr(cast, name), name)
    return cast


def delete(db, person, password=PASSWORD, sure=True):
    delete_login(db, person.actor, password, sure, key=KEY, client=Client("10.0.0.1"), now=NOW)


def rows(db, table, where="1=1"):
    with db.engine.connect() as connection:
        return connection.execute(text(f"SELECT * FROM {table} WHERE {where} ORDER BY 1")).mappings().all()


def everything(db):
    """All rows of all tables, as texts by table."""
    return {
        table.name: [repr(dict(row)) for row in rows(db, table.name)]
        for table in lk_reflex.tables.METADATA.sorted_tables
    }


def test_nothing_tells_of_the_person_any_more(db, lives):
    delete(db, lives.owner)
    marks = ("owner@", "-owner", " owner", "+79123456789", "+79990000000")
    others = ("relative", "stranger")
    for table, found in everything(db).items():
        if table in ("meters", "receipts", "submissions"):
            continue  # billing's, and the idempotency key of a reading
        told = [
            row for row in found if any(mark in row for mark in marks) and not any(other in row for other in others)
        ]
        if table == "outgoing_mail":
            told = [row for row in told if "farewell" not in row and "Тема owner" not in row]
        assert told == [], table


def test_only_what_must_stay_knows_the_number(db, lives):
    me = lives.owner.actor.user_id
    delete(db, lives.owner)
    left = set()
    for table in lk_reflex.tables.METADATA.sorted_tables:
        for column in ("user_id", "granted_by"):
            if column in table.columns and rows(db, table.name, f"{column} = {me}"):
                left.add(table.name)
    assert left == {"consents", "audit_log", "submissions", "reading_corrections"}
    assert [row["withdrawn"] for row in rows(db, "reading_corrections", f"user_id = {me}")] == [True]
    (user,) = rows(db, "users", f"id = {me}")
    assert (user["email"], user["phone"], user["password_hash"], user["phone_confirmed_at"]) == ("", None, None, None)
    assert user["deleted_at"]
    assert user["blocked_at"]
    assert all(row["withdrawn_at"] for row in rows(db, "consents", f"user_id = {me}"))


#: What staff do.
NOT_A_RESIDENTS = {
    "reading_corrections.decided_by",
    "staff_duties.user_id",
    "request_viewers.user_id",
    "saved_filters.user_id",
}


def test_the_person_of_these_tests_has_something_wherever_a_row_can_be_somebodys(db, lives):
    me = lives.owner.actor.user_id
    empty = {
        f"{table.name}.{column.name}"
        for table in lk_reflex.tables.METADATA.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.target_fullname == "users.id" and not rows(db, table.name, f"{column.name} = {me}")
    }
    assert empty - NOT_A_RESIDENTS == set()


def test_nobody_else_is_touched(db, lives):
    before = {name: db.read(collect, getattr(lives, name).actor, VAULT) for name in ("relative", "stranger")}
    delete(db, lives.owner)
    for name, sheets in before.items():
        after = db.read(collect, getattr(lives, name).actor, VAULT)
        changed = [was.title for was, now in zip(sheets, after, strict=True) if was != now]
        # The stranger had given the deleted person an access, which has ended.
        assert changed == (["Доступ, который вы дали"] if name == "stranger" else [])


def test_access_that_was_given_ends_and_what_was_received_cannot_be_taken_up(db, lives):
    owner, operator = lives.owner.actor.user_id, lives.operator.actor.user_id
    assert rows(db, "account_links", f"user_id = {operator} AND account_id = {lives.flat}")
    delete(db, lives.owner)
    assert not rows(db, "account_grants", f"granted_by = {owner}")
    assert not rows(db, "account_links", f"user_id = {operator} AND account_id = {lives.flat}")
    assert not rows(db, "account_grants", "email_key = 'owner@example.org'")
    assert [row["revoked_at"] is not None for row in rows(db, "account_grants", "email_key = ''")] == [True]


def test_a_relative_keeps_what_somebody_else_has_given_as_well(db, lives):
    operator = lives.operator.actor
    with db.transaction() as writer:
        for giver in (lives.owner, lives.relative):
            writer.add(AccountGrant(account_id=lives.flat, granted_by=giver.actor.user_id, email=operator.email,
                                    email_key=operator.email, created_at=NOW))  # fmt: skip
        writer.change(text("DELETE FROM account_links WHERE user_id = :user"), user=operator.user_id)
        take_up(writer, operator.user_id, now=NOW)
    delete(db, lives.owner)
    (link,) = rows(db, "account_links", f"user_id = {operator.user_id} AND account_id = {lives.flat}")
    (grant,) = rows(db, "account_grants", f"id = {link['grant_id']}")
    assert grant["granted_by"] == lives.relative.actor.user_id


def test_what_was_paid_stays_in_the_books_as_nobodys(db, lives):
    me = lives.owner.actor.user_id
    before = rows(db, "orders", f"user_id = {me}")
    books = [rows(db, table) for table in ("order_lines", "postings", "posting_lines")]
    delete(db, lives.owner)
    ids = ", ".join(str(row["id"]) for row in before)
    after = rows(db, "orders", f"id IN ({ids})")
    for was, now in zip(before, after, strict=True):
        gone = {"user_id": None, "email": "", "card": "", "link_id": None}
        assert dict(now) == {**was, **gone}
    assert [row["status"] for row in after] == ["paid", "waiting"], "one under way is still looked after"
    assert [rows(db, table) for table in ("order_lines", "postings", "posting_lines")] == books
    assert not rows(db, "pay_links", f"user_id = {me}")
    assert len(rows(db, "pay_link_lines")) == 2, "the others' links stay"


def test_whoever_paid_by_link_is_forgotten_with_the_mailbox(db, lives):
    """Their orders are no login's: only the address for the confirmation tells of them."""
    with db.transaction() as writer:
        link = rows(db, "pay_links", f"user_id = {lives.stranger.actor.user_id}")[0]["id"]
        writer.change(text("UPDATE orders SET user_id = NULL, link_id = :link WHERE user_id = :me AND status = 'paid'"),
                      link=link, me=lives.owner.actor.user_id)  # fmt: skip
    delete(db, lives.owner)
    assert [row["email"] for row in rows(db, "orders", f"link_id = {link} AND status = 'paid'")] == [""]


def test_drafts_go_with_their_files_and_what_was_sent_stays_without_the_person(db, lives):
    me = lives.owner.actor.user_id
    before = {row["status"]: row for row in rows(db, "requests", f"user_id = {me}")}
    delete(db, lives.owner)
    assert not rows(db, "requests", f"id = {before['draft']['id']}")
    (left,) = rows(db, "requests", f"id = {before['sent']['id']}")
    assert (left["user_id"], left["contact"], left["phone"], left["passport"]) == (None, "", "", "")
    assert left["passport_wiped_at"]
    assert left["address"] == before["sent"]["address"]
    assert rows(db, "request_meters", f"request_id = {left['id']}")
    words = {row["word"] for row in rows(db, "request_words", f"request_id = {left['id']}")}
    assert {left["number"], "58416745412"} <= words
    assert not words & {"мария", "owner", "79123456789", "9123456789"}
    kept = {row["file_id"] for row in rows(db, "request_files", f"request_id = {left['id']}")}
    for row in rows(db, "stored_files", f"id IN ({', '.join(map(str, kept))})"):
        assert (row["user_id"], row["purpose"]) == (None, "request")
    assert not rows(db, "request_files", f"request_id = {before['draft']['id']}")
    assert [row["address"] for row in rows(db, "request_consents", f"request_id = {left['id']}")] == ["", ""]
    counts = {row["status"]: row["count"] for row in rows(db, "request_counts", "kind = 'sealing'")}
    assert counts == {"draft": 2, "sent": 3}


def test_every_session_ends_at_once(db, lives):
    other = db.write(open_session, lives.owner.actor.user_id, client=HOME, now=NOW)
    delete(db, lives.owner)
    for cookie in (lives.owner.cookie, other):
        assert db.read(identify, token_hash(cookie), now=NOW) is None


def test_a_session_opened_in_that_very_moment_is_worth_nothing(db, lives):
    delete(db, lives.owner)
    late = db.write(open_session, lives.owner.actor.user_id, client=HOME, now=NOW)
    assert db.read(identify, token_hash(late), now=NOW) is None


@pytest.mark.parametrize("email", ["owner@example.org", "deleted:1", ""])
def test_nobody_signs_in_with_what_is_left(db, lives, email):
    delete(db, lives.owner)
    with pytest.raises((Refused, Invalid)) as refused:
        sign_in(db, email, PASSWORD, HOME, key=KEY, now=NOW)
    if isinstance(refused.value, Refused):
        assert refused.value.message == NO_SUCH_PAIR


def test_the_e_mail_may_be_registered_anew_without_any_old_data(db, lives):
    delete(db, lives.owner)
    assert db.read(user_id_of, "owner@example.org") is None
    new = db.write(put_user, "owner@example.org", "resident", "!", now=NOW)
    assert new != lives.owner.actor.user_id
    cookie = db.write(open_session, new, client=HOME, now=NOW)
    sheets = {sheet.title: sheet for sheet in db.read(collect, db.read(identify, token_hash(cookie), now=NOW), VAULT)}
    filled = {title for title, sheet in sheets.items() if sheet.rows}
    assert filled == {"Учётная запись", "Сеансы", "Уведомления по почте", "Уведомления на телефон", "Письма"}
    assert [row[0] for row in sheets["Письма"].rows] == ["Учётная запись удалена"]
    assert all(wanted for _, wanted in sheets["Уведомления по почте"].rows)


def test_the_farewell_goes_to_the_old_address_and_other_letters_do_not(db, lives):
    delete(db, lives.owner)
    waiting = rows(db, "outgoing_mail", "settled_at IS NULL AND kind <> 'email-change'")
    mine = [row for row in waiting if row["recipient"] == "owner@example.org"]
    assert [row["kind"] for row in mine] == ["farewell"]
    assert "удалена" in mine[0]["plain"]
    void = rows(db, "outgoing_mail", "refusal = 'login deleted'")
    assert len(void) == 3
    assert all(row["plain"] == row["html"] == row["recipient"] == "" for row in void)
    assert letters(db, "new-owner@example.org") == []


def test_it_is_in_the_log(db, lives):
    delete(db, lives.owner)
    assert deeds(db)[-1] == "login-deleted"


@pytest.mark.parametrize(
    ("how", "fields"),
    [
        ({"password": ""}, {"password": EMPTY}),
        ({"password": "не тот"}, {"password": WRONG}),
        ({"sure": False}, {"sure": NOT_SURE}),
        ({"password": "", "sure": False}, {"password": EMPTY, "sure": NOT_SURE}),
    ],
)
def test_without_the_password_and_the_tick_nothing_happens(db, lives, how, fields):
    before = everything(db)
    with pytest.raises(Invalid) as invalid:
        delete(db, lives.owner, **how)
    assert invalid.value.fields == fields
    assert {**everything(db), "attempts": []} == {**before, "attempts": []}


def test_who_has_no_password_sets_one_first(db, lives):
    alter(db, lives.owner, password_hash=None)
    with pytest.raises(Refused, match="Сначала задайте пароль"):
        delete(db, lives.owner)


def test_staff_do_not_delete_themselves(db, lives):
    with pytest.raises(Refused, match="администратор"):
        delete(db, lives.operator)


def test_two_presses_at_once_delete_once(db, lives):
    def tried(_):
        try:
            delete(db, lives.owner)
        except (Conflict, Refused):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(tried, range(4))) == 1
    assert len(letters(db, "owner@example.org")) == 1


def test_a_payment_under_way_still_settles_and_tells_nobody(db, cast):
    give_password(db, cast.owner)
    bill = receipt(db, cast.flat, "ХВС и ВО", Month(2018, 2), [("ХВС", "0", "0", "539,20", "539,20")])
    world = World(db, cast, bill)
    number = world.started()
    delete(db, cast.owner)
    world.bank.pay(number)
    assert world.look(number).status is Status.PAID
    assert [posting.amount for posting in world.postings(number)] == [539_20]
    assert (world.mail(), world.feed(), world.signals()) == ([], [], [])
    (pending,) = db.read(pending_of, cast.relative.actor, cast.flat)
    assert (pending.amount, pending.mine) == (539_20, False)
