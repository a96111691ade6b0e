"""What the form and its check page both ask of a draft, and how its faults are said."""

from collections.abc import Mapping

from lk_reflex.core.errors import NotFound
from lk_reflex.domain.requests.drafts import NO_REQUEST, Draft, own_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import PASSPORT_FIELDS, label
from lk_reflex.domain.requests.sealing.check import check_sealing
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.resident.sealing.rows import meter_row_list
from lk_reflex.ui.shared.uploads import upload_field_id
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import vault

#: A character more than a draft takes: what is too long is said, and not cut in silence.
LONGEST = 5001


def faults_of(visit: Visit, number: str) -> dict[str, str]:
    """What is wrong with it, by field and place for files."""
    return visit.database.read(check_sealing, vault(), visit.actor, number, now=visit.now)


def sealing_draft(visit: Visit, number: str) -> Draft:
    """The person's own application. Raises NotFound, Refused where it can't be changed any more."""
    draft = visit.read(own_draft, number)
    if draft.kind is not Kind.SEALING:
        raise NotFound(NO_REQUEST)
    return draft


def passport_typed(form: object) -> dict[str, str]:
    """What stands in the passport's fields; an empty one leaves what was kept."""
    typed = {name: field_text(form, name, longest=LONGEST) for name in PASSPORT_FIELDS}
    return {name: text for name, text in typed.items() if text}


def has(form: object, name: str) -> bool:
    """Whether a form as it came has a text of that name."""
    return isinstance(form, Mapping) and isinstance(form.get(name), str)


def field_id(name: str) -> str:
    """Where a fault's link leads: to a field, or to a place for files."""
    return upload_field_id(name) if ":" in name else name


def label_of(draft: Draft, name: str) -> str:
    """What a field is called on the screen."""
    return label(Kind.SEALING, name, draft.form)


def said(draft: Draft, name: str, text: str) -> str:
    """With the meter's name, where there are several of them."""
    many = len(meter_row_list(draft.form, ())) > 1
    row = label(Kind.SEALING, name, draft.form).partition(":")[0] if "." in name or ":" in name else ""
    return f"{row}: {text}" if many and row else text
