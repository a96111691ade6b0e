"""What comes back: only what is whole, only into an empty place, and nothing is done twice afterwards."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, make_url, select, text, update
from sqlmodel import col

from lk_reflex.core.crypt import new_key
from lk_reflex.core.errors import Refused
from lk_reflex.core.migrations import is_current, migrate
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.exchange_log.tables import ExchangeTask, Export
from lk_reflex.domain.files.keeping import HELD, REMOVED
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.tables import UserSession
from lk_reflex.domain.mail.delivery import anything_due, waiting_for
from lk_reflex.domain.mail.holding import drop_held, held_letters, release_held
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.payments.refunding.asking import ask_refund
from lk_reflex.domain.payments.refunding.carrying import carry_out
from lk_reflex.domain.payments.tables import Order, Refund
from lk_reflex.jobs.orders import Reconciler
from lk_reflex.launch.backup.installation import Keys
from lk_reflex.launch.backup.making import make_backup
from lk_reflex.launch.backup.manifest import DATABASE, FILES, NAME
from lk_reflex.launch.backup.restoring import Unsound, Wish, restore
from lk_reflex.launch.backup.verifying import verify
from tests.backup.conftest import on_file
from tests.billing.paper import february_2018
from tests.cast import NOW
from tests.mail.conftest import put
from tests.payments.world import SITE, World, check_books

KEY, LOST = "abcdefghijklmnop-_0123456789", "zyxwvutsrqponmlk-_0123456789"
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def make(place, tmp_path, said):
    def made(now=NOW):
        return make_backup(place, tmp_path / "copies", keep=0, now=now, say=said.append).folder

    return made


@pytest.fixture
def bring(clean, said):
    def back(copy, *, into=None, **wish):
        return restore(into or clean, copy, Wish(**wish), now=LATER, say=said.append)

    return back


@pytest.fixture
def kept(db, place):
    """A file of a request, as rows and bytes have it."""
    with db.transaction() as writer:
        for key, purpose in ((KEY, HELD), (LOST, "coming")):
            writer.add(StoredFile(key=key, purpose=purpose, name="x", media_type="image/jpeg", size=3, created_at=NOW))
    place.files.put(KEY, b"one")


def all_of(place, statement):
    with place.opened() as database, database.transaction() as db:
        found = list(db.session.execute(statement).scalars())
        db.session.expunge_all()
        return found


def test_nothing_that_happened_since_is_done_twice(db, cast, place, clean, make, bring, kept):
    """Since the copy the bank was told of a refund, gave it back, was paid by another, and the letter went."""
    world = World(db, cast, february_2018(db, cast.flat))
    refunded, waiting = world.paid(), world.started()
    asked = db.write(ask_refund, cast.admin.actor, refunded, 10_000, "Переплата", now=NOW)
    put(db, "anna@example.org", now=NOW)
    letters = db.read(lambda r: r.value(select(func.count()).where(col(OutgoingMail.settled_at).is_(None))))
    copy = make()

    carry_out(db, world.banks, asked.refund_id, clock=world.clock, site=SITE)
    world.bank.pay(waiting)
    told = world.bank.calls["refund"]
    assert told == 1

    back = bring(copy)
    assert (back.done.letters, back.done.refunds, back.done.sessions) == (letters, [refunded], 7)
    with clean.opened() as database:
        assert not database.read(anything_due, now=LATER) and not database.read(waiting_for, now=LATER)
        world.now = LATER
        reconciler = Reconciler(database, world.banks, site=SITE, clock=world.clock)
        while reconciler.step():
            pass
        reconciler.close()
        carry_out(database, world.banks, asked.refund_id, clock=world.clock, site=SITE)
        check_books(database)
    assert world.bank.calls["refund"] == told
    orders = {one.number: one for one in all_of(clean, select(Order))}
    assert (orders[refunded].refunded, orders[waiting].status) == (10_000, "paid")
    assert [(one.status, one.settled_at) for one in all_of(clean, select(Refund).order_by(Refund.id))] == [
        ("done", LATER)
    ]
    assert all(one.ended_at == LATER for one in all_of(clean, select(UserSession)))
    assert [one.action for one in all_of(clean, select(AuditEntry).order_by(AuditEntry.id))][-1] != ""
    assert "database-restored" in {one.action for one in all_of(clean, select(AuditEntry))}
    assert {one.key: one.purpose for one in all_of(clean, select(StoredFile))} == {KEY: HELD, LOST: REMOVED}
    assert clean.files.get(KEY) == b"one"


@on_file
@pytest.mark.parametrize("deed", ["send", "drop", "never held"])
def test_letters_that_waited_are_held_until_somebody_decides(db, cast, clean, make, bring, deed):
    put(db, "anna@example.org", now=NOW)
    bring(make(), send_mail=deed == "never held")
    with clean.opened() as database:
        assert database.read(held_letters) == (0 if deed == "never held" else 1)
        assert database.read(anything_due, now=LATER) == (deed == "never held")
        if deed == "send":
            assert database.write(release_held, now=LATER) == 1
            assert database.read(anything_due, now=LATER)
        if deed == "drop":
            assert database.write(drop_held, now=LATER) == 1
            assert [one.plain for one in all_of(clean, select(OutgoingMail).order_by(OutgoingMail.id))] == [""]
        assert database.read(held_letters) == 0


def test_ordered_imports_come_along_and_numbers_that_billing_has_had_stay_taken(db, cast, place, clean, make, bring):
    path = place.tasks.incoming("пакет.zip")
    path.write_bytes(b"rows")
    with db.transaction() as writer:
        for name in (str(path), "/elsewhere/lost.zip"):
            writer.add(
                ExchangeTask(direction="import", kind="package", user_id=1, path=name, status="waiting", created_at=NOW)
            )
        writer.add(Export(kind="readings", number=6, created_at=NOW, completed_at=NOW))
    back = bring(make(), exported={"readings": 8})
    ours, lost = all_of(clean, select(ExchangeTask).order_by(col(ExchangeTask.id)))
    assert clean.tasks.owns(ours.path) and Path(ours.path).read_bytes() == b"rows"
    assert not clean.tasks.owns(lost.path)
    assert back.done.exports == {"readings": 8} and back.done.imports == 1
    assert sorted(one.number for one in all_of(clean, select(Export).order_by(Export.id))) == [6, 7, 8]


def test_it_comes_back_into_an_empty_place_alone_or_puts_aside_what_is_there(db, cast, place, clean, make, bring, kept):
    copy = make()
    bring(copy)
    with pytest.raises(Refused, match="уже не пуста"):
        bring(copy)
    back = bring(copy, aside=True)
    assert len(back.put_aside) == 2
    assert clean.files.get(KEY) == b"one" and len(all_of(clean, select(StoredFile))) == 2
    with clean.opened() as database:
        assert is_current(database.engine)


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_it_doesnt_come_back_under_people_who_work(db, cast, clean, make, bring):
    copy = make()
    with (
        clean.opened() as database,
        database.engine.connect(),
        pytest.raises(Refused, match="Остановите кабинет и worker"),
    ):
        bring(copy)
    bring(copy)


@on_file
@pytest.mark.parametrize("keys", [Keys(b"another", ()), Keys(b"", (new_key(),))], ids=["others", "none"])
def test_without_its_keys_it_comes_back_only_if_they_are_lost(db, cast, clean, make, bring, keys):
    copy, without = make(), replace(clean, keys=keys)
    with pytest.raises(Unsound, match="Ключи этой установки не подходят") as refusal:
        bring(copy, into=without)
    assert [fault.split()[0] for fault in refusal.value.faults] == ["LK_SECRET_KEY", "В"]
    bring(copy, into=without, without_keys=True)


def altered(copy, **changes):
    path = copy / NAME
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


@on_file
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"revision": "9999"}, "более новой версией"), ({"format": 2}, "более новой версией"),
        ({"engine": "oracle"}, "Копия сделана с базы oracle"), ({"made_at": "вчера"}, "не прочитать"),
        ({"extra": 1}, "не прочитать"),
    ],
    ids=["newer schema", "newer format", "other engine", "no moment", "unknown field"],
)  # fmt: skip
def test_what_this_version_cant_take_is_refused_before_anything_is_touched(db, clean, make, bring, changes, sentence):
    copy = make()
    altered(copy, **changes)
    with pytest.raises(Refused, match=sentence):
        bring(copy)
    assert not clean.data.exists()


def test_a_damaged_copy_is_told_and_not_brought_back(db, place, clean, make, bring, kept, said):
    copy = make()
    (copy / FILES / KEY[:2] / KEY).write_bytes(b"two")
    with pytest.raises(Unsound) as refusal:
        bring(copy)
    assert refusal.value.faults == [f"Файл {KEY} повреждён: другая контрольная сумма"]
    (copy / FILES / KEY[:2] / KEY).unlink()
    assert verify(place, copy, say=said.append).faults == [f"Файл {KEY} отсутствует"]
    (copy / DATABASE).write_bytes(b"")
    assert any(DATABASE in fault for fault in verify(place, copy, say=said.append).faults)


def test_verifying_finds_books_that_dont_add_up_and_leaves_nothing_behind(db, cast, place, make, tmp_path, kept, said):
    world = World(db, cast, february_2018(db, cast.flat))
    number = world.paid()
    db.write(lambda w: w.change(update(Order).where(col(Order.number) == number).values(captured=1)))
    place.files.remove(KEY)
    found = verify(place, make(), say=said.append)
    assert len(found.faults) == 2
    assert any("получено за вычетом возвращённого. Строк: 1" in fault for fault in found.faults)
    assert any(f"Файла {KEY} не было в хранилище" in fault for fault in found.faults)
    assert not list((tmp_path / "copies").glob(".verify-*"))
    if place.kind != "sqlite":
        with place.opened() as database, database.engine.connect() as connection:
            left = connection.scalar(text("SELECT count(*) FROM pg_database WHERE datname LIKE 'lk_verify_%'"))
            assert left == 0


@on_file
def test_a_copy_of_an_older_version_comes_to_this_one_on_the_way(tmp_path, place, said):
    """Made before an update: a schema of version 0006, with nothing in it."""
    old = replace(place, url=make_url(f"sqlite:///{tmp_path / 'old.db'}"), data=tmp_path / "old")
    engine = create_engine(old.url)
    migrate(engine, "0006")
    engine.dispose()
    made = make_backup(old, tmp_path / "copies", keep=0, now=datetime(2026, 11, 1, tzinfo=UTC), say=said.append)
    assert made.manifest.revision == "0006"
    assert verify(place, tmp_path / "copies", say=said.append).faults == []
    new = replace(place, url=make_url(f"sqlite:///{tmp_path / 'new.db'}"), data=tmp_path / "new")
    restore(new, made.folder, Wish(), now=LATER, say=said.append)
    with new.opened() as database:
        assert is_current(database.engine)
