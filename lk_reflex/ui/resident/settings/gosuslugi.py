"""«Вход через Госуслуги»: bound or not; unbinding is asked once more."""

from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date, local_date
from lk_reflex.domain.identity.esia.bindings import binding_of, unbind
from lk_reflex.settings import get_settings
from lk_reflex.ui.flash import faults_in, note_in
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.settings.telling import answered
from lk_reflex.ui.resident.settings.words import GOSUSLUGI
from lk_reflex.ui.visit import Visit

BOUND = "Учетная запись Госуслуг привязана. Теперь можно входить через Госуслуги."
UNBOUND = "Учетная запись Госуслуг отвязана. Входите с логином и паролем."


class GosuslugiCard(rx.State, mixin=True):
    """Whose profile of Госуслуги opens this login."""

    #: Whether signing in through Госуслуги is set up here.
    esia_on: bool = False
    esia_bound: bool = False
    esia_name: str = ""
    esia_since: str = ""
    esia_asking: bool = False

    @rx.event
    @resident
    def ask_unbind(self, visit: Visit, asking: bool) -> None:
        """«Отвязать»: ask once more, or leave it."""
        publish(self, esia_asking=asking is True)

    @rx.event
    @resident(writes=True)
    def unbind(self, visit: Visit) -> Any:
        """«Да, отвязать»."""
        return answered(self, GOSUSLUGI, lambda: _unbind(self, visit))


def show_gosuslugi(state: Any, visit: Visit) -> None:
    """The binding, if there is one."""
    binding = visit.database.read(binding_of, visit.actor.user_id)
    since = format_date(local_date(binding.bound_at, get_settings().time_zone)) if binding else ""
    publish(
        state,
        esia_on=get_settings().esia_on,
        esia_bound=binding is not None,
        esia_name=binding.name if binding else "",
        esia_since=since,
        esia_asking=False,
    )


def outcome_of_binding(visit: Visit) -> tuple[str, str]:
    """What came back from Госуслуги, and whether it is good or bad; two empty strings for nothing."""
    if visit.query("fault") == "esia":
        faults = faults_in(note_in(visit.cookies))
        return faults.get("esia") or faults.get("password", ""), "bad"
    bound = visit.query("esia") == "bound" and visit.database.read(binding_of, visit.actor.user_id) is not None
    return (BOUND, "good") if bound else ("", "")


def _unbind(state: Any, visit: Visit) -> str:
    visit.write(unbind, client=visit.client, site=get_settings().site, now=visit.now)
    show_gosuslugi(state, visit)
    return UNBOUND
