"""Выбор лицевого счета: choosing one for all sections and tabs, and letting one go."""

import reflex as rx

from lk_reflex.domain.accounts.linked import choose_account
from lk_reflex.domain.payments.leaving import leave_account
from lk_reflex.ui import paths
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.accounts.access import AccessPart
from lk_reflex.ui.resident.accounts.linking import LONGEST, LinkingSteps, Typed
from lk_reflex.ui.resident.accounts.listing import Said
from lk_reflex.ui.visit import Visit


class AccountsState(LinkingSteps, AccessPart, rx.State):
    """The page; the choice itself is kept in the database. `asked` is the account about to be unlinked."""

    asked: str = ""
    #: The account whose question was answered with «Оставить»: its button takes the focus back.
    kept: str = ""

    #: The query whose form has been opened, so that a lost connection doesn't begin it anew.
    _opened: str = ""

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show what is linked; a receipt's QR code and «+ Привязать лицевой счет» elsewhere open the form."""
        if visit.by_link:
            self._close()
            publish(self, giving="", asked="", kept="")
            self._opened = ""
        self._show(visit)
        typed = Typed(*(visit.query(name)[:LONGEST] for name in ("account", "house", "flat")))
        wanted = repr(typed) if typed.number or visit.query("link") else ""
        if wanted != self._opened:
            self._begin(typed) if wanted else self._close()
        self._opened = wanted

    @rx.event
    @resident(writes=True)
    def choose(self, visit: Visit, key: str) -> rx.event.EventSpec:
        """Make an account the chosen one and go to its overview."""
        visit.write(choose_account, row_id(key), now=visit.now)
        visit.chosen()
        return rx.redirect(paths.OVERVIEW)

    @rx.event
    @resident
    def ask(self, visit: Visit, key: str) -> None:
        """«Отвязать»: asked once more, on the card itself."""
        self._forget()
        publish(self, asked=str(row_id(key) or ""), kept="")

    @rx.event
    @resident
    def keep(self, visit: Visit) -> None:
        """«Оставить»."""
        publish(self, kept=self.asked, asked="")

    @rx.event
    @resident(writes=True)
    def unlink(self, visit: Visit, key: str) -> rx.event.EventSpec:
        """«Да, отвязать»: access ends at once, in open tabs as well."""
        number = next((row.number for row in self.rows if row.key == key), "")
        publish(self, asked="", kept="")
        visit.write(leave_account, row_id(key), client=visit.client, now=visit.now)
        publish(self, giving="")
        self._show(visit)
        return self._say(Said(f"Лицевой счет {number} отвязан.", _after(len(self.rows))))


def _after(left: int) -> str:
    return (
        "Привязать его снова можно в любое время." if left else "Чтобы пользоваться разделами, привяжите лицевой счет."
    )
