"""The one field helper and the one summary of a form's errors."""

from typing import Any

import reflex as rx

from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Text, joined, present
from lk_reflex.ui.shared.native import native_link

SUMMARY_ID = "error-summary"


def form_field(
    label: Text,
    name: str,
    *,
    field_id: Text = "",
    error: Text = "",
    hint: Text = "",
    required: bool = False,
    mark: str = "*",
    short: bool = False,
    fault_apart: bool = False,
    control: rx.Component | None = None,
    **attrs: Any,
) -> rx.Component:
    """A labelled input with its hint and its fault; `attrs` go to the input.

    `form_field("Логин (email):", "email", required=True, error=State.email_error, type="email",
    auto_complete="username")`. Ids follow `field_id`, which is the name unless given (rows of a list need their own).
    `mark` is the manual's sign of a required field; `control` replaces the input (a select, a textarea made by
    `described`). With `fault_apart` the page itself places `field_error`, where the field is too narrow for it.
    """
    own_id = field_id or name if isinstance(field_id, str) else field_id
    shown = _label(label, mark if required or mark != "*" else "")
    field = control if control is not None else rx.el.input(**described(name, own_id, error, hint, required), **attrs)
    return rx.el.div(
        rx.el.label(shown, html_for=own_id),
        field,
        *([rx.el.p(hint, id=joined(own_id, "-hint"), class_name="hint")] if _given(hint) else []),
        *([] if fault_apart else [field_error(own_id, error)]),
        class_name="field short" if short else "field",
    )


def described(name: str, field_id: Any, error: Text = "", hint: Text = "", required: bool = False) -> dict[str, Any]:
    """The attributes that tie a control to its label, hint and fault."""
    tied = joined(field_id, "-hint ", field_id, "-error") if _given(hint) else joined(field_id, "-error")
    aria: dict[str, Any] = {"aria-describedby": tied, "aria-invalid": rx.cond(present(error), "true", "false")}
    if required:
        aria["aria-required"] = "true"
    return {"id": field_id, "name": name, "custom_attrs": aria}


def field_error(field_id: Any, error: Text) -> rx.Component:
    """The fault under a field. The element stays in the page: a label may always point at it."""
    return rx.el.p(
        rx.cond(
            present(error),
            rx.fragment(rx.el.span(f"{words.ERROR}: ", class_name="hidden"), error),
        ),
        id=joined(field_id, "-error"),
        class_name="error",
    )


def error_summary(faults: Any, *, title: Text = words.FIX_ERRORS, summary_id: str = SUMMARY_ID) -> rx.Component:
    """All faults of a form, above it; links move the focus to their fields.

    `faults` is a var of `list[Fault]`. After a refused form the handler returns `rx.set_focus(SUMMARY_ID)`: the
    container stays in the page while empty, so that there is always something to take the focus.
    """
    return rx.el.div(
        rx.cond(
            faults.length() > 0,
            rx.el.div(
                rx.el.h2(title),
                rx.el.ul(rx.foreach(faults, _fault)),
                class_name="notice bad",
                role="alert",
            ),
        ),
        id=summary_id,
        tab_index=-1,
        class_name="faults",
    )


def _fault(fault: Any) -> rx.Component:
    return rx.el.li(native_link(fault.message, href=joined("#", fault.field_id)), key=fault.field_id)


def typed_in(form_id: str) -> Any:
    """The form as it stands in the browser, field by field, when the event is sent that takes it along."""
    return rx.Var(f"Object.fromEntries(new FormData(document.getElementById('{form_id}')))")


def told_anew(connection: rx.Var[str], event: Any) -> rx.Component:
    """Sends an event when the page is there, and again whenever the var is another one: after each connection.

    The key stands around what is mounted: Reflex makes a component of its own of whatever has an `on_mount`, and a key
    on that very element would be inside it, where nothing begins anew.
    """
    return rx.fragment(rx.el.span(on_mount=event, custom_attrs={"hidden": True}), key=connection)


def check_field(
    label: rx.Component | Text, name: str, *, error: Text = "", required: bool = False, **attrs: Any
) -> rx.Component:  # fmt: skip
    """A tick with its sentence, never ticked beforehand; `attrs` go to the input."""
    return rx.el.div(
        rx.el.div(
            rx.el.input(type="checkbox", value="yes", **described(name, name, error, "", required), **attrs),
            rx.el.label(label, html_for=name),
            class_name="check",
        ),
        field_error(name, error),
        class_name="field",
    )


def submit(
    title: Text, *, busy: rx.Var[bool] | bool = False, busy_title: str = words.WAIT, quiet: bool = False
) -> rx.Component:
    """The button that sends the form; while `busy` (see `sending`) it says so."""
    return rx.el.button(
        rx.cond(busy, busy_title, title) if isinstance(busy, rx.Var) else title,
        type="submit",
        class_name="button quiet" if quiet else "button",
        custom_attrs={"aria-busy": rx.cond(busy, "true", "false")},
    )


def required_note(*, flats: bool = False) -> rx.Component:
    """What the asterisks mean, in the manual's words."""
    extra = [rx.el.br(), words.REQUIRED_FLAT_NOTE] if flats else []
    return rx.el.p(words.REQUIRED_NOTE, *extra, class_name="small muted")


def _label(label: Text, mark: str) -> Text:
    if not mark:
        return label
    return f"{label} {mark}" if isinstance(label, str) else joined(label, f" {mark}")


def _given(text: Text) -> bool:
    return not isinstance(text, str) or text != ""
