"""Показания по ссылке из письма: whose form the link opens, or that it opens none any more."""

import reflex as rx

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.domain.accounts.reading_links import behind, still_open
from lk_reflex.domain.identity.cookies import guest_hash
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit


class RemindState(rx.State):
    """Opening the page changes nothing: programs that check mail open links, too."""

    loaded: bool = False
    works: bool = False
    #: «••••7899»: enough for its owner, nothing for who has found the letter.
    number: str = ""
    organization: str = ""
    until: str = ""
    #: The address's own last part, handed back to the form that posts it; empty where the link is worth nothing.
    carried: str = ""
    #: Until when the form is open that this browser has opened by the link; empty where it has none.
    open_until: str = ""

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> None:
        """Look what the link is worth."""
        found = visit.database.read(behind, visit.token, now=visit.now)
        if found is None:
            opened = visit.database.read(still_open, visit.token, guest_hash(visit.cookies), now=visit.now)
            publish(
                self,
                loaded=True,
                works=False,
                number="",
                organization="",
                until="",
                carried="",
                open_until=f"{opened:%H:%M}" if opened else "",
            )
            return
        until = local_time(found.expires_at, found.time_zone)
        publish(
            self,
            loaded=True,
            works=True,
            number=found.number,
            organization=found.organization,
            until=f"{format_date(until.date())}, {until:%H:%M}",
            carried=visit.token,
            open_until="",
        )
