"""Files of a request: by its own person while it may be changed, in their places, sent along, and gone when not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import DomainError, Invalid, NotFound, Refused, Unavailable
from lk_reflex.domain.files import keeping
from lk_reflex.domain.files.documents import Taken
from lk_reflex.domain.files.keeping import readable, sweep
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.requests import attaching
from lk_reflex.domain.requests.attaching import (
    FULL,
    NO_SLOT,
    add_file,
    attach_all,
    attach_to_message,
    files_of,
    forget_row,
    remove_file,
    sent_files,
    waiting_files,
)
from lk_reflex.domain.requests.drafts import delete_draft
from lk_reflex.domain.requests.history import Author, EventKind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.open_file import opened
from lk_reflex.domain.requests.tables import Request, RequestFile
from lk_reflex.domain.requests.unsent_files import let_go
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.integrations.storage.port import StoreFault
from tests.cast import NOW
from tests.files.papers import paper
from tests.files.photos import photo
from tests.requests.rows import put_event, put_request

NUMBER = "261120000001"
METERS = {"meters": [{"key": "m1"}, {"key": "m2"}]}


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "files")


@pytest.fixture
def add(db, cast, store):
    def put(slot="m1:passport", who="owner", *, now=NOW, data=None, name="Паспорт.jpg", number=NUMBER, replacing=""):
        person = getattr(cast, who).actor
        return add_file(db, store, person, number, slot, name, data or photo(), now=now, replacing=replacing)

    return put


@pytest.fixture
def sealing(db, cast):
    return put_request(db, cast, cast.owner, "sealing", Status.DRAFT, form=METERS)


def set_status(db, request_id, status, **changes):
    with db.transaction() as writer:
        request = writer.session.get(Request, request_id)
        request.status = status.value
        for name, value in changes.items():
            setattr(request, name, value)


def send(db, request_id, *, now=NOW):
    db.write(attach_all, request_id, now=now)
    set_status(db, request_id, Status.SENT)


def keys(files, slot=""):
    return [file.key for file in files if not slot or file.slot == slot]


def may_open(db, cast, key):
    people = ("owner", "relative", "stranger", "operator", "outsider", "admin")
    return {who for who in people if db.read(opened, getattr(cast, who).actor, key)}


def test_a_file_goes_with_its_request_and_is_seen_by_staff_from_then_on(db, cast, sealing, add, store):
    file = add(data=paper(), name="../Паспорт ПУ.exe")
    assert (file.name, file.media_type, file.slot) == ("Паспорт ПУ.pdf", "application/pdf", "m1:passport")
    assert db.read(files_of, sealing) == (file,) and db.read(sent_files, sealing) == ()
    assert may_open(db, cast, file.key) == {"owner"}
    send(db, sealing)
    assert db.read(sent_files, sealing) == (file,)
    assert may_open(db, cast, file.key) == {"owner", "operator", "admin"}
    assert store.get(file.key) == paper()
    # The way of readings' photos doesn't lead around that.
    for who in ("owner", "relative", "operator"):
        assert db.read(readable, getattr(cast, who).actor, file.key) is None


@pytest.mark.parametrize("who", ["relative", "stranger", "operator", "outsider", "admin"])
def test_nobody_else_touches_the_files_of_a_request(db, cast, sealing, add, who):
    file = add()
    with pytest.raises(NotFound):
        add(who=who)
    with pytest.raises(NotFound):
        db.write(remove_file, getattr(cast, who).actor, NUMBER, file.key, now=NOW)
    assert db.read(files_of, sealing) == (file,)


@pytest.mark.parametrize("status", [status for status in Status if status not in attaching.EDITABLE])
def test_what_was_sent_takes_no_files_and_gives_none_back(db, cast, sealing, add, status):
    file = add()
    send(db, sealing)
    set_status(db, sealing, status, ended_at=NOW)
    with pytest.raises(Refused):
        add()
    with pytest.raises(Refused):
        db.write(remove_file, cast.owner.actor, NUMBER, file.key, now=NOW)
    assert db.read(files_of, sealing) == (file,)


@pytest.mark.parametrize(
    ("kind", "slots"),
    [
        ("sealing", {"m1:passport", "m2:act"}),
        ("emergency", {"photo"}),
        ("appeal", {"file"}),
    ],
)
def test_each_kind_has_its_places(db, cast, add, kind, slots):
    put_request(db, cast, cast.owner, kind, Status.DRAFT, form=METERS if kind == "sealing" else {})
    for slot in ("m1:passport", "m2:act", "photo", "file", "m3:act", "m1", "m0:act", "m1:key", "x", "", "m1:act:act"):
        if slot in slots:
            assert add(slot).slot == slot
        else:
            with pytest.raises(NotFound) as fault:
                add(slot)
            assert fault.value.message == NO_SLOT


def test_a_meters_paper_is_one_and_a_new_one_replaces_it(db, cast, sealing, add):
    add()
    second = add()
    act = add("m1:act")
    assert keys(db.read(files_of, sealing)) == [second.key, act.key]


def test_a_place_of_many_takes_ten_and_one_can_be_replaced_by_another(db, cast, add):
    request = put_request(db, cast, cast.owner, "emergency", Status.DRAFT, form={})
    first, *others = [add("photo") for _ in range(10)]
    with pytest.raises(Refused) as full:
        add("photo")
    assert full.value.message == FULL
    new = add("photo", replacing=first.key)
    assert keys(db.read(files_of, request)) == [*keys(others), new.key]
    db.write(remove_file, cast.owner.actor, NUMBER, new.key, now=NOW)
    db.write(remove_file, cast.owner.actor, NUMBER, new.key, now=NOW)
    assert len(db.read(files_of, request)) == 9
    assert may_open(db, cast, new.key) == set()


def test_what_is_corrected_stays_with_the_staff_until_it_is_sent_anew(db, cast, sealing, add):
    old, act = add(), add("m1:act")
    send(db, sealing)
    set_status(db, sealing, Status.CORRECTING)
    new = add()
    db.write(remove_file, cast.owner.actor, NUMBER, act.key, now=NOW)
    assert keys(db.read(files_of, sealing)) == [new.key]
    assert keys(db.read(sent_files, sealing)) == [old.key, act.key]
    assert may_open(db, cast, old.key) == {"owner", "operator", "admin"} and may_open(db, cast, new.key) == {"owner"}
    send(db, sealing)
    assert keys(db.read(sent_files, sealing)) == [new.key] == keys(db.read(files_of, sealing))
    assert may_open(db, cast, old.key) == set()


def test_the_files_of_a_row_that_went_go_with_it(db, cast, sealing, add):
    stays, goes = add("m1:act"), add("m2:act")
    db.write(forget_row, sealing, "m2")
    assert keys(db.read(files_of, sealing)) == [stays.key]
    # And of a row that went by another way, at the sending.
    late = add("m2:act")
    set_status(db, sealing, Status.DRAFT, form={"meters": [{"key": "m1"}]})
    send(db, sealing)
    assert keys(db.read(sent_files, sealing)) == [stays.key]
    assert may_open(db, cast, goes.key) == may_open(db, cast, late.key) == set()


def test_files_of_a_message_are_their_writers_until_it_is_sent(db, cast, sealing, add):
    with pytest.raises(Refused):
        add("message")  # nobody reads a draft
    send(db, sealing)
    mine, theirs = add("message"), add("message", "operator")
    for who in ("relative", "stranger", "outsider"):
        with pytest.raises(NotFound):
            add("message", who)
    assert may_open(db, cast, mine.key) == {"owner"} and may_open(db, cast, theirs.key) == {"operator"}
    assert db.read(files_of, sealing) == () == db.read(sent_files, sealing)
    assert keys(db.read(waiting_files, cast.operator.actor, sealing)) == [theirs.key]
    with pytest.raises(NotFound):
        db.write(remove_file, cast.owner.actor, NUMBER, theirs.key, now=NOW)
    event = put_event(db, sealing, EventKind.MESSAGE, Author.RESIDENT, "вот")
    assert db.write(attach_to_message, cast.owner.actor, sealing, event, now=NOW) == 1
    (sent,) = db.read(files_of, sealing)
    assert (sent.key, sent.event_id) == (mine.key, event)
    assert may_open(db, cast, mine.key) == {"owner", "operator", "admin"}
    with pytest.raises(NotFound):
        db.write(remove_file, cast.owner.actor, NUMBER, mine.key, now=NOW)
    assert keys(db.read(waiting_files, cast.operator.actor, sealing)) == [theirs.key]


def test_the_thread_takes_files_as_long_as_it_takes_messages(db, cast, sealing, add):
    set_status(db, sealing, Status.DONE, ended_at=NOW - timedelta(days=31))
    with pytest.raises(Refused):
        add("message")
    set_status(db, sealing, Status.DONE, ended_at=NOW - timedelta(days=29))
    add("message")


def two_a_day(monkeypatch, **changes):
    monkeypatch.setattr(attaching, "REQUEST_QUOTA", replace(keeping.REQUEST_QUOTA, **changes))
    monkeypatch.setattr(keeping, "REQUEST_QUOTA", attaching.REQUEST_QUOTA)


def test_a_day_has_its_quota_and_removing_gives_nothing_back(db, cast, sealing, add, monkeypatch):
    two_a_day(monkeypatch, count=2)
    add()
    add()
    with pytest.raises(Refused) as fault:
        add()
    assert "За сутки можно загрузить" in fault.value.message
    set_status(db, sealing, Status.SENT)
    add("message", "operator")  # everybody has their own
    set_status(db, sealing, Status.DRAFT)
    add(now=NOW + timedelta(days=1, minutes=1))


def test_a_thousand_files_end_at_the_quota_and_the_tries_at_theirs(db, cast, sealing, add, monkeypatch):
    two_a_day(monkeypatch, size=3000)
    monkeypatch.setattr(attaching, "take_in", lambda data, name: Taken(name, "image/jpeg", b"x" * 1000))
    outcomes = []
    for _ in range(1000):
        try:
            add()
            outcomes.append("")
        except Refused as fault:
            outcomes.append(fault.message)
    assert outcomes.count("") == 3
    with db.transaction() as writer:
        assert len(writer.session.exec(select(StoredFile)).all()) == 3


def test_what_is_wrong_with_a_file_is_said_at_its_place(db, cast, sealing, add):
    with pytest.raises(Invalid) as fault:
        add("m1:act", data=b"%PDF-1.7")
    assert list(fault.value.fields) == ["m1:act"]
    assert db.read(files_of, sealing) == ()


@pytest.mark.parametrize("step", ["store", "tie"])
def test_a_store_that_is_full_or_a_request_sent_meanwhile_leaves_nothing(
    db, cast, sealing, add, store, monkeypatch, step
):
    def full(*_args):
        raise StoreFault("No space left on device")

    def meanwhile(*args):
        set_status(db, sealing, Status.SENT)
        return real(*args)

    real = store.put
    monkeypatch.setattr(store, "put", full if step == "store" else meanwhile)
    with pytest.raises(Unavailable if step == "store" else Refused) as fault:
        add()
    if step == "store":
        assert fault.value.message.startswith("Не получилось сохранить файл")
    assert db.read(files_of, sealing) == ()
    with db.transaction() as writer:
        assert [row.purpose for row in writer.session.exec(select(StoredFile).order_by(StoredFile.id)).all()] == [
            keeping.REMOVED
        ]
    sweep(db, store, now=NOW + timedelta(days=2))
    with db.transaction() as writer:
        assert not writer.session.exec(select(StoredFile)).all()


@pytest.mark.parametrize(
    ("changes", "hours", "stays"),
    [
        ({}, 23, True),
        ({}, 25, False),
        ({"kept": True}, 29 * 24, True),
        ({"kept": True}, 31 * 24, False),
    ],
)
def test_what_is_never_sent_goes_after_a_day_and_with_a_kept_draft_after_thirty(
    db, cast, sealing, add, store, changes, hours, stays
):
    file = add()
    set_status(db, sealing, Status.DRAFT, **changes)
    later = NOW + timedelta(hours=hours)
    let_go(db, now=later)
    sweep(db, store, now=later)
    assert bool(db.read(files_of, sealing)) is stays and (store.get(file.key) is not None) is stays


def test_what_was_sent_stays_and_files_of_a_message_never_sent_go(db, cast, sealing, add, store):
    sent = add()
    send(db, sealing)
    message = add("message")
    later = NOW + timedelta(days=400)
    assert let_go(db, now=later) == 1
    sweep(db, store, now=later)
    assert store.get(sent.key) and store.get(message.key) is None
    assert may_open(db, cast, sent.key) == {"owner", "operator", "admin"}


def test_a_deleted_draft_takes_its_files_with_it(db, cast, sealing, add, store):
    file = add()
    db.write(delete_draft, cast.owner.actor, NUMBER, now=NOW)
    assert may_open(db, cast, file.key) == set()
    sweep(db, store, now=NOW + timedelta(days=2))
    assert store.get(file.key) is None
    with db.transaction() as writer:
        assert not writer.session.exec(select(RequestFile)).all()


def test_a_person_has_one_file_under_way_at_a_time(db, cast, sealing, add, monkeypatch):
    real = attaching.take_in

    def meanwhile(data, name):
        with pytest.raises(DomainError) as busy:
            add("m1:act")
        assert "ещё загружается" in busy.value.message
        return real(data, name)

    monkeypatch.setattr(attaching, "take_in", meanwhile)
    add()
    assert keys(db.read(files_of, sealing)) == keys(db.read(files_of, sealing), "m1:passport")


def test_an_operators_files_of_a_day_are_bounded_far_higher_than_a_persons(db, cast, sealing, add, monkeypatch):
    one = replace(keeping.REQUEST_QUOTA, count=1)
    monkeypatch.setattr(attaching, "REQUEST_QUOTA", one)
    monkeypatch.setattr(attaching, "STAFF_QUOTA", replace(attaching.STAFF_QUOTA, count=3))
    send(db, sealing)
    add("message")
    with pytest.raises(Refused, match="За сутки"):
        add("message")
    for _ in range(3):
        add("message", "operator")
    with pytest.raises(Refused, match="завтра"):
        add("message", "operator")
