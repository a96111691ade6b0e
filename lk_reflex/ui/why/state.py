"""«Почему изменилась сумма?» on a page: closed until it is asked for, then in step with the page's month."""

import reflex as rx

from lk_reflex.core.months import Month
from lk_reflex.domain.billing.explaining.explained import explained, explained_year
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit
from lk_reflex.ui.why.rows import Why, why_of


class WhyPart(rx.State, mixin=True):
    """The part of a page's state; the page says which account and month it is about by `_about`."""

    why_opened: bool = False
    why_by_year: bool = False
    why: Why = Why()

    @rx.event
    @resident
    def toggle_why(self, visit: Visit) -> None:
        """Open or close the explanation."""
        publish(self, why_opened=not self.why_opened)
        self._tell_why(visit, self._about(visit))

    @rx.event
    @resident
    def turn_why(self, visit: Visit, by_year: bool) -> None:
        """«За месяц» or «За год»."""
        publish(self, why_by_year=by_year is True)
        self._tell_why(visit, self._about(visit))

    def _about(self, visit: Visit) -> tuple[int, Month] | None:
        """The account and the month that the page shows; None where there are no receipts."""
        raise NotImplementedError

    def _follow_why(self, visit: Visit, about: tuple[int, Month] | None) -> None:
        """The page has turned to another month. Closed, this costs nothing; from another page, it begins closed."""
        if self.why_opened:
            publish(self, why_opened=not visit.by_link)
            self._tell_why(visit, about)

    def _tell_why(self, visit: Visit, about: tuple[int, Month] | None) -> None:
        """Explain while it is open; nothing of an account is kept while it is closed."""
        if not self.why_opened:
            publish(self, why=Why())
            return
        tell = explained_year if self.why_by_year else explained
        publish(self, why=why_of(visit.read(tell, *about) if about else None))
