"""A zone for files: its label and limits, what has come, a button for more, and what went wrong, each at its place.

`zone = upload_zones(SealingState)` once in a page's module, with `ResidentUploads` or `StaffUploads` mixed into the
state; then `zone(slot="photo", label="Фото с места аварии")` anywhere, in rows of `rx.foreach` too.
"""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Text, joined, present
from lk_reflex.ui.shared.native import native_link

MAX_SIZE = 10 * 1024 * 1024
#: The endings beside the types: not every browser knows HEIC. A phone offers its camera for pictures.
ACCEPT: dict[str, Sequence[str]] = {
    "image/*": [".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"],
    "application/pdf": [".pdf"],
}
CHOOSE, MORE, REPLACE, REMOVE, OPEN = "Выберите файл", "Добавить ещё файл", "Заменить", "Убрать", "Открыть"
ONE, MANY = "Снимок или документ PDF, до 10 МБ", "Снимки или документы PDF, по одному, до 10 файлов, каждый до 10 МБ"
ENOUGH = "Приложено 10 файлов, больше нельзя"
NOTHING = "Файл не выбран"
Zone = Callable[..., rx.Component]


def upload_field_id(slot: Text) -> Any:
    """The id of a zone's button: where an error summary leads to."""
    return f"file-{slot}" if isinstance(slot, str) else joined("file-", slot)


def upload_zones(state: Any) -> Zone:
    """Makes the zones of one state: `zone(slot=…, label=…, hint=…, single=…)`.

    `single` zones replace what is there by what comes; the hint tells the limits unless given.
    """
    line = _line_memo(state)

    # Hooks of an upload whose id depends on the row can't stand in a loop: a memo gives them a place of their own.
    def zone(slot: rx.Var[str], label: rx.Var[str], hint: rx.Var[str], single: rx.Var[bool]) -> rx.Component:
        return _zone(state, line, slot, label, hint, single)

    zone.__name__ = f"{state.__name__}_upload_zone"
    drawn = rx.memo(zone)

    def placed(*, slot: Text, label: Text, hint: Text = "", single: Any = False) -> rx.Component:
        told = hint or (rx.cond(single, ONE, MANY) if isinstance(single, rx.Var) else ONE if single else MANY)
        return drawn(slot=slot, label=label, hint=told, single=single)

    return placed


def file_list(rows: Any) -> rx.Component:
    """Files that are only looked at: of a sent request, of a message."""
    return rx.el.ul(
        rx.foreach(rows, lambda row: rx.el.li(_shown(row.name, row.size, row.href, row.picture), key=row.key)),
        class_name="files",
    )


def _zone(state: Any, line: Zone, slot: Any, label: Any, hint: Any, single: Any) -> rx.Component:
    own_id = upload_field_id(slot)
    rows = state.uploaded[slot]
    return rx.el.div(
        rx.el.p(label, id=joined(own_id, "-label"), class_name="label"),
        rx.el.p(hint, id=joined(own_id, "-hint"), class_name="hint"),
        rx.el.ul(
            rx.foreach(
                rows,
                lambda row: rx.el.li(
                    line(
                        slot=slot, file=row.key, name=row.name, size=row.size, href=row.href, picture=row.picture,
                        single=single,
                    ),
                    key=row.key,
                ),
            ),
            class_name="files",
        ),
        rx.el.p(
            rx.cond(
                state.upload_slot == slot,
                state.upload_told,
                rx.cond(rows.length() > 0, "", NOTHING),
            ),
            role="status",
            class_name="small",
        ),
        rx.cond(
            state.upload_full[slot] & ~single,
            rx.el.p(ENOUGH, id=own_id, tab_index=-1, class_name="small"),
            _chooser(
                state, own_id, slot, "", rx.cond(rows.length() > 0, rx.cond(single, REPLACE, MORE), CHOOSE), label,
                button_id=own_id, described=joined(own_id, "-hint ", own_id, "-error"),
            ),
        ),
        rx.el.p(
            rx.cond(
                present(state.upload_errors[slot]),
                rx.fragment(rx.el.span(f"{words.ERROR}: ", class_name="hidden"), state.upload_errors[slot]),
            ),
            id=joined(own_id, "-error"),
            class_name="error",
            role="alert",
        ),
        role="group",
        custom_attrs={"aria-labelledby": joined(own_id, "-label")},
        class_name="upload",
    )  # fmt: skip


def _line_memo(state: Any) -> Zone:
    def line(
        slot: rx.Var[str], file: rx.Var[str], name: rx.Var[str], size: rx.Var[str], href: rx.Var[str],
        picture: rx.Var[str], single: rx.Var[bool],
    ) -> rx.Component:  # fmt: skip
        return rx.fragment(
            _shown(name, size, href, picture),
            rx.el.div(
                rx.cond(single, rx.fragment(), _chooser(state, joined("over-", file), slot, file, REPLACE, name)),
                rx.el.button(
                    REMOVE, _of(name), type="button", on_click=state.remove_upload(file, slot),
                    class_name="button quiet",
                ),
                class_name="row",
            ),
        )  # fmt: skip

    line.__name__ = f"{state.__name__}_upload_line"
    return rx.memo(line)


def _chooser(
    state: Any, upload_id: Any, slot: Any, replacing: Any, title: Any, of: Any, *, button_id: Any = None,
    described: Any = None,
) -> rx.Component:  # fmt: skip
    attrs: dict[str, Any] = {} if described is None else {"custom_attrs": {"aria-describedby": described}}
    if button_id is not None:
        attrs["id"] = button_id
    zone_id = joined("up-", upload_id)
    return rx.upload.root(
        rx.el.button(title, _of(of), type="button", class_name="button quiet", **attrs),
        id=zone_id,
        multiple=False,
        no_keyboard=True,
        accept=ACCEPT,
        max_size=MAX_SIZE,
        on_drop=[
            state.upload_starts(slot),
            state.take_upload(
                rx.upload_files(upload_id=zone_id, on_upload_progress=state.upload_progress), slot, replacing
            ),
        ],
        # The code alone: the files themselves would travel along.
        on_drop_rejected=lambda rejections: state.upload_rejected(_code(rejections), slot),
    )


def _shown(name: Any, size: Any, href: Any, picture: Any) -> rx.Component:
    """The name as text, never as an address or markup; the bytes come from a guarded route, as an attachment."""
    return rx.el.div(
        rx.cond(present(picture), rx.el.img(src=picture, alt="", loading="lazy", class_name="small-thumb")),
        rx.el.div(rx.el.bdi(name, class_name="file-name"), " ", rx.el.span(size, class_name="muted small")),
        native_link(OPEN, _of(name), href=href),
        class_name="file",
    )


def _code(rejections: Any) -> Any:
    return rejections[0]["errors"].to(list[dict[str, str]])[0]["code"]


def _of(name: Any) -> rx.Component:
    return rx.el.span(" ", name, class_name="hidden")
