"""Who sees an account and may not send for it is told so, by the page beforehand and by the service in any case."""

import pytest

from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.domain.accounts.giving import Wish, give_access
from lk_reflex.domain.metering.meters import ONLY_SEEN, meters_of
from lk_reflex.domain.metering.sending.submit import submit
from tests.accounts.link_steps import HOME, SITE, newcomer
from tests.cast import NOW
from tests.metering.dials import KEY, form, make_meter, monthly


@pytest.fixture
def row(db, cast):
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return f"m{meter}_1"


@pytest.fixture
def vera(db, cast):
    return newcomer(db)


def give(db, cast, **rights):
    wish = Wish("vera@example.org", **rights)
    db.write(give_access, cast.owner.actor, cast.flat, wish, client=HOME, site=SITE, now=NOW)


def send(db, actor, cast, row, key=KEY):
    return db.write(submit, actor, cast.flat, form(**{row: "124"}), "", key, (), now=NOW)


def test_who_may_only_see_sees_and_is_refused_in_words(db, cast, vera, row):
    give(db, cast, may_pay=True)
    shown = db.read(meters_of, vera, cast.flat, now=NOW)
    assert shown.refusal == ONLY_SEEN
    assert len(shown.meters) == 1
    with pytest.raises(Refused) as refusal:
        send(db, vera, cast, row)
    assert refusal.value.message == ONLY_SEEN


def test_who_may_send_sends(db, cast, vera, row):
    give(db, cast, may_send=True)
    assert db.read(meters_of, vera, cast.flat, now=NOW).refusal == ""
    assert len(send(db, vera, cast, row).readings) == 1


def test_a_right_taken_away_ends_at_once(db, cast, vera, row):
    give(db, cast, may_send=True)
    give(db, cast)
    with pytest.raises(Refused):
        send(db, vera, cast, row)


def test_a_stranger_still_finds_nothing(db, cast, vera, row):
    with pytest.raises(NotFound):
        db.read(meters_of, vera, cast.flat, now=NOW)
    with pytest.raises(NotFound):
        send(db, vera, cast, row)


def test_the_owner_sends_as_ever(db, cast, row):
    assert db.read(meters_of, cast.owner.actor, cast.flat, now=NOW).refusal == ""
    assert len(send(db, cast.owner.actor, cast, row).readings) == 1
