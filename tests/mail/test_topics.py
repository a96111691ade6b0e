import pytest

from lk_reflex.core.errors import NotFound
from lk_reflex.domain.mail.topics import READINGS, RECEIPTS, TOPICS, choices, choose, wants
from tests.cast import NOW


def chosen(db, person) -> dict[str, bool]:
    return {choice.topic.key: choice.wanted for choice in db.read(choices, person.actor.user_id)}


def test_without_a_choice_each_topic_has_its_default(db, cast):
    assert chosen(db, cast.owner) == {topic.key: topic.default for topic in TOPICS}
    assert all(db.read(wants, cast.owner.actor.user_id, topic.key) is topic.default for topic in TOPICS)


def test_a_choice_holds_for_that_person_and_that_topic_alone(db, cast):
    db.write(choose, cast.owner.actor.user_id, READINGS, False, now=NOW)
    assert chosen(db, cast.owner) == {topic.key: topic.key != READINGS for topic in TOPICS}
    assert not db.read(wants, cast.owner.actor.user_id, READINGS)
    assert db.read(wants, cast.relative.actor.user_id, READINGS)


def test_the_last_choice_counts_and_a_repeat_is_quiet(db, cast):
    for wanted in (False, False, True, True):
        db.write(choose, cast.owner.actor.user_id, RECEIPTS, wanted, now=NOW)
        assert db.read(wants, cast.owner.actor.user_id, RECEIPTS) is wanted


@pytest.mark.parametrize("key", ["", "security", "receipts "])
def test_an_unknown_topic_is_not_found(db, cast, key):
    with pytest.raises(NotFound):
        db.write(choose, cast.owner.actor.user_id, key, False, now=NOW)
    with pytest.raises(NotFound):
        db.read(wants, cast.owner.actor.user_id, key)
