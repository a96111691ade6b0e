"""A photo of a meter beside its fields: chosen, on its way, there, or refused with a reason.

Reflex's own upload, and not a form posted by the browser: that would leave the page with what is typed in it.
"""

from typing import Any

import reflex as rx

from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.shared.native import native_link

MAX_SIZE = 10 * 1024 * 1024
ACCEPT = {"image/*": [".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"]}
ADD, REPLACE, REMOVE, THERE = "Приложить фото", "Заменить фото", "Удалить фото", "Фото приложено"
HINT = "Необязательно. JPEG, PNG, WebP или HEIC, до 10 МБ"


# Hooks of an upload whose id depends on the row can't stand in a loop: the memo gives them a place of their own.
@rx.memo
def photo_zone(meter: rx.Var[str], name: rx.Var[str]) -> rx.Component:
    """The zone of one meter; `meter` is its key, `name` is read out with the buttons."""
    upload_id = rx.Var.create("photo-") + meter
    photo, error = ReadingsState.photos[meter], ReadingsState.photo_errors[meter]
    return rx.el.div(
        # The news first, the picture under it, and then what can be done about it.
        rx.el.p(
            rx.cond(ReadingsState.photo_busy == meter, ReadingsState.photo_told, rx.cond(photo, THERE, "")),
            role="status",
            class_name="small",
        ),
        rx.cond(photo, _picture(photo, name)),
        rx.el.div(
            rx.upload.root(
                rx.el.button(
                    rx.cond(photo, REPLACE, ADD),
                    _of(name),
                    type="button",
                    class_name="button quiet",
                    custom_attrs={"aria-describedby": upload_id + "-hint " + upload_id + "-error"},
                ),
                id=upload_id,
                multiple=False,
                no_keyboard=True,
                accept=ACCEPT,
                max_size=MAX_SIZE,
                on_drop=[
                    ReadingsState.photo_starts(meter),
                    ReadingsState.take_photo(
                        rx.upload_files(upload_id=upload_id, on_upload_progress=ReadingsState.photo_progress),  # pyright: ignore
                        meter,
                    ),
                ],
                # The code alone: the files themselves would travel along.
                on_drop_rejected=lambda rejections: ReadingsState.photo_rejected(_code(rejections), meter),
            ),
            rx.cond(photo, _remove(meter, name)),
            class_name="row",
        ),
        rx.el.p(HINT, id=upload_id + "-hint", class_name="hint"),
        rx.el.p(error, id=upload_id + "-error", class_name="error", role="alert"),
        class_name="photo",
    )


def _code(rejections: Any) -> Any:
    return rejections[0]["errors"].to(list[dict[str, str]])[0]["code"]


def _picture(photo: Any, name: Any) -> rx.Component:
    alt = rx.Var.create("Фото счётчика ") + name
    return native_link(
        rx.el.img(src=photo, alt=alt, loading="lazy"), href=photo, target="_blank", rel="noopener", class_name="thumb"
    )


def _remove(meter: Any, name: Any) -> rx.Component:
    return rx.el.button(
        REMOVE,
        _of(name),
        type="button",
        on_click=ReadingsState.remove_photo(meter),
        class_name="button quiet",
    )


def _of(name: Any) -> rx.Component:
    return rx.el.span(" ", name, class_name="hidden")
