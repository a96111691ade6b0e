"""«Уведомления на телефон»: a tick a topic, and the phones that get them."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.domain.notifications.phones import choose_topic, phones, topics_of, unbind_phone
from lk_reflex.domain.push.devices import Device
from lk_reflex.settings import get_settings
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.settings.mail import KEPT, TopicRow
from lk_reflex.ui.resident.settings.telling import answered
from lk_reflex.ui.resident.settings.words import PUSH
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import push_gateway

UNBOUND = "Телефон отвязан: уведомления на него больше не приходят."


@dataclass(frozen=True)
class PhoneRow:
    """One phone, ready to be shown."""

    key: str
    name: str
    platform: str
    since: str


class PushCard(rx.State, mixin=True):
    """What goes to the person's phones, and which those are."""

    push_on: bool = False
    push_topics: list[TopicRow] = []
    #: «Сохранено: …», beside the ticks.
    push_said: str = ""
    phones: list[PhoneRow] = []

    @rx.event
    @resident(writes=True)
    def choose_push(self, visit: Visit, key: str, was: bool) -> None:
        """The other way than it was on the screen: two presses from one screen mean one."""
        topic, wanted = str(key), was is not True
        visit.write(choose_topic, topic, wanted, now=visit.now)
        show_push(self, visit)
        title = next(row.title for row in self.push_topics if row.key == topic)
        publish(self, push_said=f"{KEPT}: «{title}» — {'присылать' if wanted else 'не присылать'}.")

    @rx.event
    @resident(writes=True)
    def unbind_phone(self, visit: Visit, key: str) -> Any:
        """«Отвязать»."""
        return answered(self, PUSH, lambda: _unbind(self, visit, row_id(key)))


def show_push(state: Any, visit: Visit) -> None:
    """All topics with this person's choice, and their phones; nothing where nobody delivers."""
    if push_gateway() is None:
        publish(state, push_on=False, push_topics=[], push_said="", phones=[])
        return
    topics = [
        TopicRow(choice.topic.key, choice.topic.title, choice.topic.hint, choice.wanted)
        for choice in visit.read(topics_of)
    ]
    publish(state, push_on=True, push_topics=topics, push_said="", phones=[_row(one) for one in visit.read(phones)])


def _unbind(state: Any, visit: Visit, device_id: int) -> str:
    visit.write(unbind_phone, device_id, client=visit.client, now=visit.now)
    show_push(state, visit)
    return UNBOUND


def _row(device: Device) -> PhoneRow:
    local = local_time(device.bound_at, get_settings().time_zone)
    since = f"{format_date(local.date())}, {local:%H:%M}"
    return PhoneRow(str(device.device_id), device.name, device.platform, since)
