"""A line of the feed is made once for a key, on both databases."""

from sqlalchemy import func, select

from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.notifications.tables import Notification
from tests.cast import NOW


def count(db):
    return db.connection.scalar(select(func.count()).select_from(Notification))


def test_the_same_key_tells_once_and_no_key_tells_each_time(db, cast):
    user = cast.owner.actor.user_id
    with db.transaction() as writer:
        assert tell(writer, user, "Приём открыт", kind="readings", now=NOW, once_key="window:1")
        assert not tell(writer, user, "Приём открыт", kind="readings", now=NOW, once_key="window:1")
        assert tell(writer, user, "Без ключа", kind="readings", now=NOW)
        assert tell(writer, user, "Без ключа", kind="readings", now=NOW)
        assert count(writer) == 3
