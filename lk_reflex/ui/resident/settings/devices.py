"""«Устройства»: where the person is signed in, and ending one of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.domain.identity.signing_in.devices import Device, devices_of, end_device
from lk_reflex.settings import get_settings
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.settings.telling import answered
from lk_reflex.ui.resident.settings.words import DEVICES
from lk_reflex.ui.visit import Visit

ENDED = "Сеанс на этом устройстве завершён: чтобы продолжить там, нужно войти снова."


@dataclass(frozen=True)
class DeviceRow:
    """One signed-in browser, ready to be shown."""

    key: str
    name: str
    address: str
    since: str
    seen: str
    here: bool


class DevicesCard(rx.State, mixin=True):
    """The sessions that work."""

    devices: list[DeviceRow] = []

    @rx.event
    @resident(writes=True)
    def end_device(self, visit: Visit, key: str) -> Any:
        """«Завершить»."""
        return answered(self, DEVICES, lambda: _end(self, visit, row_id(key)))


def show_devices(state: Any, visit: Visit) -> None:
    """This browser first, then the last used."""
    publish(state, devices=[_row(device) for device in visit.read(devices_of, now=visit.now)])


def _end(state: Any, visit: Visit, session_id: int) -> str:
    visit.write(end_device, session_id, client=visit.client, now=visit.now)
    show_devices(state, visit)
    return ENDED


def _row(device: Device) -> DeviceRow:
    return DeviceRow(
        str(device.session_id), device.name, device.address, _moment(device.since), _moment(device.seen_at), device.here
    )


def _moment(moment: datetime) -> str:
    local = local_time(moment, get_settings().time_zone)
    return f"{format_date(local.date())}, {local:%H:%M}"
