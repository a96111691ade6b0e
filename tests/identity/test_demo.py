"""The demonstration's people are made once, whatever its visitors do with them."""

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from lk_reflex.domain.identity.demo import DEMO_PEOPLE, demo_people_exist, make_demo_people
from lk_reflex.domain.identity.tables import User
from tests.cast import NOW


def test_nobody_is_there_before(db):
    assert not db.read(demo_people_exist)


@pytest.mark.parametrize("place", range(len(DEMO_PEOPLE)))
def test_one_that_was_renamed_or_deleted_is_no_reason_to_make_them_again(db, place):
    db.write(make_demo_people, {}, (), "!", now=NOW)
    key = DEMO_PEOPLE[place].email
    db.write(lambda w: w.change(update(User).where(col(User.email_key) == key).values(email_key="deleted:1")))
    assert db.read(demo_people_exist)
    db.write(lambda w: w.change(delete(User)))
    assert not db.read(demo_people_exist)
