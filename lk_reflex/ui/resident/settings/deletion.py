"""«Удаление учётной записи»: the password and a tick, then a farewell."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError, Invalid
from lk_reflex.domain.personal_data.deletion import delete_login
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text, secret_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.resident.settings.telling import refuse, tell
from lk_reflex.ui.resident.settings.words import DELETION
from lk_reflex.ui.visit import Visit


class DeletionCard(rx.State, mixin=True):
    """Nothing to show: the form is always the same."""

    @rx.event
    @resident(writes=True, slow=True)
    def delete_login(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Удалить учётную запись»."""
        try:
            _delete(visit, form)
        except Invalid as fault:
            return refuse(self, DELETION, fault.fields)
        except DomainError as fault:
            return tell(self, fault.message, "bad")
        _forget(self, visit)
        return rx.redirect(paths.FAREWELL)


def _delete(visit: Visit, form: object) -> None:
    delete_login(
        visit.database, visit.actor, secret_text(form, "password"), field_text(form, "sure") == "yes",
        key=get_settings().key(), client=visit.client, now=visit.now,
    )  # fmt: skip


def _forget(state: rx.State, visit: Visit) -> None:
    """Nothing of the deleted person stays in this tab but the cookies' hashes, by which the gate knows the tab."""
    session = visit.session
    kept = session._session_hash, session._guest_hash, session._whole_at
    state._get_root_state().reset()
    session._session_hash, session._guest_hash, session._whole_at = kept
    session._way_out = paths.FAREWELL  # the second press of an impatient finger goes the same way
