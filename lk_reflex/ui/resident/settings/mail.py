"""«Уведомления по почте»: a tick a topic, kept at once."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.domain.mail.topics import choices, choose
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit

KEPT = "Сохранено"


@dataclass(frozen=True)
class TopicRow:
    """A topic with its tick."""

    key: str
    title: str
    hint: str
    wanted: bool


class MailCard(rx.State, mixin=True):
    """Which letters go to this person."""

    topics: list[TopicRow] = []
    #: «Сохранено: …», beside the ticks.
    topics_said: str = ""

    @rx.event
    @resident(writes=True)
    def choose_topic(self, visit: Visit, key: str, was: bool) -> None:
        """The other way than it was on the screen: two presses from one screen mean one."""
        topic, wanted = str(key), was is not True
        visit.database.write(choose, visit.actor.user_id, topic, wanted, now=visit.now)
        show_mail(self, visit)
        title = next(row.title for row in self.topics if row.key == topic)
        publish(self, topics_said=f"{KEPT}: «{title}» — {'отправлять' if wanted else 'не отправлять'}.")


def show_mail(state: Any, visit: Visit) -> None:
    """All topics with this person's choice."""
    rows = [
        TopicRow(choice.topic.key, choice.topic.title, choice.topic.hint, choice.wanted)
        for choice in visit.database.read(choices, visit.actor.user_id)
    ]
    publish(state, topics=rows, topics_said="")
