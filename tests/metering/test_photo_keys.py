"""Keys that somebody makes up: they neither take a sent photo away nor make the cabinet say what isn't so."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlmodel import select

from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.domain.files.keeping import sweep
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.metering.sending import waiting
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.photos import release, sent_photos
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.sending.taken import Taken
from lk_reflex.domain.metering.sending.waiting import send_when_open
from lk_reflex.domain.metering.sending.waiting_send import NOT_THIS_ONE
from lk_reflex.domain.metering.tables import SentReading
from lk_reflex.integrations.storage.port import StoreFault
from tests.cast import NOW
from tests.metering.dials import make_meter, monthly, set_organization
from tests.metering.test_photos import KEY, add, cold, send, store  # noqa: F401  fixtures
from tests.metering.test_waiting import MORNING, forms, told, values, work

DAYS = timedelta(days=1)


def wait(db, cast, meter, value="130", *, key=KEY, who="owner", account=None, now=NOW):
    entries = {f"m{meter}-1": Entry(value)}
    return db.write(
        send_when_open, getattr(cast, who).actor, account or cast.flat, entries, "", key, (), now=now
    )  # fmt: skip


def close_the_window(db, cast):
    set_organization(db, cast.organization, window_opens=5, window_closes=15, takes_early=False)


def test_a_form_with_the_key_of_what_was_sent_gives_that_back_and_keeps_nothing(db, cast, cold, add, store):  # noqa: F811
    photo = add()
    taken = send(db, cast, cold)
    close_the_window(db, cast)
    again = wait(db, cast, cold, now=NOW + timedelta(hours=2))
    assert isinstance(again, Taken) and again.submission_id == taken.submission_id
    assert forms(db) == []
    with pytest.raises(NotFound):
        wait(db, cast, cold, who="relative")
    sweep(db, store, now=NOW + 30 * DAYS)
    assert store.get(photo) and db.read(sent_photos, cold) == {taken.submission_id: photo}


def test_only_ones_own_unsent_photos_of_that_account_are_given_back(db, cast, cold, add):  # noqa: F811
    add()
    send(db, cast, cold)
    theirs = add("relative")
    with db.transaction() as writer:
        writer.connection.execute(update(StoredFile).values(form_key=KEY, attached_at=NOW))
    db.write(release, cast.owner.actor.user_id, cast.flat, KEY, now=NOW)
    db.write(release, cast.relative.actor.user_id, cast.house, KEY, now=NOW)
    with db.transaction() as writer:
        assert [row.attached_at for row in writer.session.exec(select(StoredFile).order_by(StoredFile.id)).all()] == [
            NOW,
            NOW,
        ]
    db.write(release, cast.relative.actor.user_id, cast.flat, KEY, now=NOW)
    with db.transaction() as writer:
        freed = [
            row.key
            for row in writer.session.exec(select(StoredFile).order_by(StoredFile.id)).all()
            if row.attached_at is None
        ]
    assert freed == [theirs]


def test_what_something_refers_to_is_never_swept_and_holds_up_nobody(db, cast, cold, add, store, monkeypatch):  # noqa: F811
    """Whatever has made a sent photo look unsent: its row, its bytes and the others' turn stay."""
    monkeypatch.setattr("lk_reflex.domain.files.keeping.PORTION", 1)
    mine = add()
    send(db, cast, cold)
    with db.transaction() as writer:
        writer.connection.execute(update(StoredFile).values(attached_at=None))
    left = add("relative")
    assert sweep(db, store, now=NOW + 2 * DAYS) == 1
    assert store.get(mine) and store.get(left) is None
    newer = add("relative", now=NOW + 2 * DAYS)
    assert sweep(db, store, now=NOW + 4 * DAYS) == 1
    assert store.get(mine) and store.get(newer) is None
    send(db, cast, cold, "126", key="another-form")  # nor does it go with another sending
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM reading_photos")).scalar_one() == 1


def test_a_store_that_removes_nothing_holds_up_nobody(db, cast, cold, add, store, monkeypatch):  # noqa: F811
    add()
    second, remove = add("relative"), store.remove

    def stuck(key):
        if key != second:
            raise StoreFault("busy")
        remove(key)

    monkeypatch.setattr(store, "remove", stuck)
    assert sweep(db, store, now=NOW + 2 * DAYS) == 2
    assert store.get(second) is None


def test_what_was_sent_by_hand_under_the_forms_key_is_not_taken_for_the_form(db, cast, cold):  # noqa: F811
    hot = make_meter(db, cast.flat, "ГВС", resource="ГВС", serial="1")
    monthly(db, hot, "84", "2")
    close_the_window(db, cast)
    wait(db, cast, hot, "86")
    night = MORNING - timedelta(minutes=1)
    db.write(submit, cast.owner.actor, cast.flat, {f"m{cold}-1": Entry("124")}, "", KEY, (), now=night)
    work(db, MORNING)
    assert [value[0] for value in values(db)] == [124_000]
    ((outcome, reason),) = forms(db)
    assert (outcome, NOT_THIS_ONE in reason) == ("refused", True)
    assert [row.title for row in told(db)] == ["Отложенные показания не переданы"]


def test_the_same_key_on_two_accounts_says_nothing_that_is_not_so(db, cast, cold):  # noqa: F811
    garden = make_meter(db, cast.house, "Сад")
    monthly(db, garden, "10", "1")
    close_the_window(db, cast)
    wait(db, cast, garden, "11", who="stranger", account=cast.house)
    with pytest.raises(NotFound):
        wait(db, cast, cold)
    night = MORNING - timedelta(minutes=1)
    db.write(submit, cast.owner.actor, cast.flat, {f"m{cold}-1": Entry("124")}, "", KEY, (), now=night)
    work(db, MORNING)
    with db.transaction() as writer:
        assert [row.value for row in writer.session.exec(select(SentReading).order_by(SentReading.id)).all()] == [
            124_000
        ]
    assert [outcome for outcome, _ in forms(db)] == ["refused"]


def test_putting_forms_aside_in_turn_tells_the_other_once_and_comes_to_an_end(db, cast, cold, monkeypatch):  # noqa: F811
    monkeypatch.setattr(waiting, "FORMS", Limit("waiting-form", 3, window=DAYS))
    close_the_window(db, cast)
    for turn in range(3):
        for who in ("owner", "relative"):
            wait(db, cast, cold, who=who, key=f"key-of-{who}-{turn}")
    assert [(row.user_id, row.title) for row in told(db)] == [
        (person.actor.user_id, waiting.REPLACED_BY_OTHER) for person in (cast.owner, cast.relative)
    ]
    with pytest.raises(Refused) as often:
        wait(db, cast, cold, key="key-of-owner-4")
    assert often.value.message.startswith(waiting.TOO_OFTEN)
    wait(db, cast, cold, key="key-of-owner-4", now=NOW + DAYS + timedelta(minutes=1))
