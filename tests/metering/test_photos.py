"""Photos of meters: one a meter, by whoever may send, with the readings; seen by those who see them; gone in a day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Invalid, NotFound, Refused, Unavailable
from lk_reflex.domain.files import keeping
from lk_reflex.domain.files.keeping import readable, sweep
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.photos import add_photo, remove_photo, sent_photos, unsent_photos
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.sending.waiting import send_when_open, withdraw
from lk_reflex.domain.metering.tables import ReadingPhoto
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.integrations.storage.port import StoreFault
from tests.cast import NOW
from tests.files.photos import photo
from tests.metering.dials import make_meter, monthly, set_organization
from tests.metering.test_waiting import MORNING, work

KEY = "key-of-one-form"


def two_a_day(monkeypatch):
    quota = replace(keeping.PHOTO_QUOTA, count=2)
    for service in (keeping.admit, keeping.bring):
        monkeypatch.setattr(service, "__kwdefaults__", {"quota": quota})


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "files")


@pytest.fixture
def cold(db, cast):
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return meter


@pytest.fixture
def add(db, cast, store, cold):
    def put(who="owner", *, now=NOW, data=None, meter=cold):
        person = getattr(cast, who).actor
        return add_photo(db, store, person, cast.flat, meter, "IMG 1.jpg", data or photo(), now=now)

    return put


def send(db, cast, meter, value="124", *, key=KEY, who="owner", now=NOW):
    return db.write(submit, getattr(cast, who).actor, cast.flat, {f"m{meter}-1": Entry(value)}, "", key, (), now=now)


def unsent(db, cast, who="owner", now=NOW):
    return dict(db.read(unsent_photos, getattr(cast, who).actor, cast.flat, now=now))


def may_open(db, cast, key):
    people = ("owner", "relative", "stranger", "operator", "outsider")
    return {who for who in people if db.read(readable, getattr(cast, who).actor, key)}


def test_a_photo_goes_with_its_readings_and_is_seen_by_those_who_see_them(db, cast, cold, add, store):
    key = add()
    assert unsent(db, cast) == {cold: key}
    assert may_open(db, cast, key) == {"owner", "operator"}
    taken = send(db, cast, cold)
    assert db.read(sent_photos, cold) == {taken.submission_id: key}
    assert unsent(db, cast) == {}
    assert may_open(db, cast, key) == {"owner", "relative", "operator"}
    assert store.get(key)[:2] == b"\xff\xd8"
    (line, *_) = db.read(history, cast.relative.actor, cast.flat, cold)
    assert (line.value, line.photo) == (124_000, key)
    again = send(db, cast, cold)  # the same press
    assert again == taken
    send(db, cast, cold, "125", key="another-form")
    assert db.read(sent_photos, cold) == {taken.submission_id: key}


def test_a_new_photo_takes_the_place_of_the_first_and_can_be_removed(db, cast, cold, add):
    add()
    second = add()
    assert unsent(db, cast) == {cold: second}
    db.write(remove_photo, cast.owner.actor, cast.flat, cold, now=NOW)
    assert unsent(db, cast) == {}
    send(db, cast, cold)
    assert db.read(sent_photos, cold) == {}


def test_a_photo_stays_through_a_refused_form(db, cast, cold, add):
    key = add()
    with pytest.raises(Invalid):
        send(db, cast, cold, "1")
    assert unsent(db, cast) == {cold: key}


def test_a_photo_of_a_meter_that_is_not_sent_waits_on(db, cast, cold, add):
    hot = make_meter(db, cast.flat, "ГВС", resource="ГВС", serial="1")
    monthly(db, hot, "84", "2")
    key = add(meter=hot)
    send(db, cast, cold)
    assert unsent(db, cast) == {hot: key}


def test_nobody_adds_to_what_they_may_not_send_for(db, cast, cold, add):
    with db.transaction() as writer:
        for link in writer.session.exec(select(AccountLink).where(AccountLink.user_id == cast.relative.actor.user_id)):
            link.may_send = False
    for who in ("stranger", "operator", "relative"):
        with pytest.raises(NotFound):
            add(who)
    garden = make_meter(db, cast.house, "Сад")
    with pytest.raises(NotFound):
        add(meter=garden)
    assert unsent(db, cast) == {}


def test_what_is_no_photo_is_refused_beside_it(db, cast, add):
    with pytest.raises(Invalid) as fault:
        add(data=b"%PDF-1.7")
    assert fault.value.fields == {"photo": "Это не фотография. Подойдут снимки JPEG, PNG, WebP и HEIC"}


def test_a_day_has_its_quota_and_removing_gives_nothing_back(db, cast, cold, add, monkeypatch):
    two_a_day(monkeypatch)
    add()
    add()
    db.write(remove_photo, cast.owner.actor, cast.flat, cold, now=NOW)
    with pytest.raises(Refused):
        add()
    add("relative")
    add(now=NOW + timedelta(days=1, minutes=1))


def test_a_store_that_takes_nothing_leaves_nothing(db, cast, cold, add, store, monkeypatch):
    def full(*_args):
        raise StoreFault("full")

    monkeypatch.setattr(store, "put", full)
    with pytest.raises(Unavailable):
        add()
    assert unsent(db, cast) == {}


def test_what_is_never_sent_goes_after_a_day_and_what_is_sent_stays(db, cast, cold, add, store):
    kept, left = add(), None
    send(db, cast, cold)
    left = add()
    for now, stays in ((NOW + timedelta(hours=23), True), (NOW + timedelta(hours=25), False)):
        sweep(db, store, now=now)
        assert (store.get(left) is not None) == stays
    assert store.get(kept)
    with db.transaction() as writer:
        assert [row.key for row in writer.session.exec(select(StoredFile).order_by(StoredFile.id)).all()] == [kept]
    assert unsent(db, cast, now=NOW + timedelta(hours=25)) == {}


@pytest.mark.parametrize("sent", [True, False])
def test_the_photo_of_a_waiting_form_waits_with_it(db, cast, cold, add, store, sent):
    set_organization(db, cast.organization, window_opens=5, window_closes=15, takes_early=False)
    key = add()
    form = db.write(send_when_open, cast.owner.actor, cast.flat, {f"m{cold}-1": Entry("124")}, "", KEY, (), now=NOW)
    sweep(db, store, now=MORNING)
    assert store.get(key)
    if sent:
        work(db, MORNING)
        assert list(db.read(sent_photos, cold).values()) == [key]
        return
    db.write(withdraw, cast.owner.actor, cast.flat, form.form_id, now=MORNING)
    assert unsent(db, cast, now=MORNING) == {cold: key}
    sweep(db, store, now=MORNING + timedelta(hours=25))
    assert store.get(key) is None


def test_two_forms_of_two_people_keep_their_photos_apart(db, cast, cold, add):
    mine, theirs = add(), add("relative")
    send(db, cast, cold, "124", who="relative", key="relatives-form")
    assert list(db.read(sent_photos, cold).values()) == [theirs]
    assert unsent(db, cast) == {cold: mine}
    with db.transaction() as writer:
        assert len(writer.session.exec(select(ReadingPhoto)).all()) == 1


@pytest.fixture
def looked_at(monkeypatch):
    """How many pictures have been unpacked."""
    seen = []

    def look(data):
        seen.append(data)
        return photo()

    monkeypatch.setattr("lk_reflex.domain.metering.sending.photos.make_picture", look)
    return seen


def test_the_quota_stands_before_the_unpacking(db, cast, add, looked_at, monkeypatch):
    two_a_day(monkeypatch)
    for _ in range(2):
        add()
    for _ in range(3):
        with pytest.raises(Refused):
            add()
    assert len(looked_at) == 2


def test_tries_that_fail_are_counted_and_pause(db, cast, add, monkeypatch):
    tries = Limit("photo", 3, window=timedelta(days=1))
    monkeypatch.setattr(keeping.admit, "__kwdefaults__", {"quota": replace(keeping.PHOTO_QUOTA, tries=tries)})
    for _ in range(3):
        with pytest.raises(Invalid):
            add(data=b"no picture")
    with pytest.raises(Refused) as pause:
        add()
    assert pause.value.message == "Слишком много попыток загрузить фотографию. Попробуйте снова через минуту."
    add("relative")
    add(now=NOW + timedelta(seconds=31))


def test_a_person_has_one_picture_under_way_at_a_time(db, cast, cold, add, monkeypatch):
    def meanwhile(data):
        with pytest.raises(Refused) as busy:
            add()
        assert "ещё загружается" in busy.value.message
        return data

    with monkeypatch.context() as slow:
        slow.setattr("lk_reflex.domain.metering.sending.photos.make_picture", meanwhile)
        first = add()
    assert unsent(db, cast) == {cold: first}
    add()
