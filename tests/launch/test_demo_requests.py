"""The demonstration's requests: made by the real services, in every status, quickly, and told as old news."""

import time
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from lk_reflex.core.clock import local_date, utc_now
from lk_reflex.core.crypt import Vault
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.demo import make_demo_people
from lk_reflex.domain.identity.users import user_id_of
from lk_reflex.domain.notifications.lines import unread_count
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.own import my_drafts, my_requests, own_request
from lk_reflex.exchange.demo.cast import DEMO_ACCOUNTS
from lk_reflex.exchange.importer import import_package
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.launch.demo import _account_ids, _organization_ids
from lk_reflex.launch.demo_requests import make_demo_requests
from tests.exchange import packages

#: Of processor time: the demonstration is prepared while somebody waits for it.
QUICK = 3.0


@pytest.fixture
def filled(db, tmp_path):
    import_package(db, packages.demo(tmp_path, months=2))
    linked = {f"{login}@example.org": db.read(_account_ids, accounts) for login, accounts in DEMO_ACCOUNTS.items()}
    now = utc_now()
    db.write(make_demo_people, linked, db.read(_organization_ids), "!", now=now)
    began = time.process_time()
    make_demo_requests(
        db, FolderStore(tmp_path / "files"), Vault([Fernet.generate_key().decode()]), site="http://localhost:3000",
        today=local_date(now), now=now,
    )  # fmt: skip
    return time.process_time() - began


def anna(db):
    user, now = db.read(user_id_of, "anna@example.org"), utc_now()
    return Actor(user, "resident", "anna@example.org", 0, now, None, now)


def test_every_status_and_kind_is_there_and_it_took_little_time(db, filled):
    with db.engine.connect() as connection:
        statuses = set(connection.execute(text("SELECT status FROM requests")).scalars())
        kinds = set(connection.execute(text("SELECT kind FROM requests")).scalars())
        stores = connection.execute(text("SELECT COUNT(*) FROM stored_files WHERE purpose = 'request'")).scalar_one()
    assert statuses == {status.value for status in Status} and kinds == {"sealing", "emergency", "appeal"}
    assert stores > 5 and filled < QUICK


def test_the_first_person_has_one_to_correct_one_overdue_one_rated_and_a_draft(db, filled):
    found = [db.read(own_request, anna(db), line.number) for line in db.read(my_requests, anna(db)).lines]
    assert [line.sent_at for line in found] == sorted((line.sent_at for line in found), reverse=True)
    (correcting,) = [one for one in found if one.status is Status.CORRECTING]
    assert [part.name for part in correcting.to_correct] == ["phone", "m1:passport"] and len(correcting.files) == 2
    assert [one.overdue for one in found].count(True) == 1
    (rated,) = [one for one in found if one.rating]
    assert [event.author for event in rated.thread] == ["Вы", "Оператор"]
    assert any(one.latitude for one in found)
    assert len(db.read(my_drafts, anna(db))) == 1


def test_a_break_bears_the_name_of_whoever_reported_it_and_anna_has_a_phone(db, filled):
    with db.engine.connect() as connection:
        signed = connection.execute(
            text("SELECT users.email, requests.contact FROM requests JOIN users ON users.id = requests.user_id "
                 "WHERE requests.kind = 'emergency'")
        ).all()  # fmt: skip
        phones = connection.execute(
            text("SELECT email, phone_confirmed_at IS NOT NULL FROM users WHERE phone IS NOT NULL")
        ).all()
    assert {tuple(row) for row in signed} == {("anna@example.org", "Анна Ковалёва"), ("vera@example.org", "Вера")}
    assert [(email, bool(confirmed)) for email, confirmed in phones] == [("anna@example.org", True)]


def test_what_is_old_is_no_news_and_no_letter(db, filled):
    assert 1 <= db.read(unread_count, anna(db)) <= 5
    with db.engine.connect() as connection:
        late = connection.execute(
            text("SELECT COUNT(*) FROM outgoing_mail WHERE settled_at IS NULL AND created_at < :before"),
            {"before": (utc_now() - timedelta(hours=37)).strftime("%Y-%m-%d %H:%M:%S.%f")},
        ).scalar_one()
    assert late == 0
