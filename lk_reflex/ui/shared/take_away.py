"""«Скачать таблицу: XLSX, CSV»: two quiet links below a table; the browser itself fetches the file."""

import reflex as rx

from lk_reflex.ui.shared.frame import Text, joined
from lk_reflex.ui.shared.native import native_link

FORMATS = (("XLSX", "xlsx"), ("CSV", "csv"))


def take_away(name: str, title: Text, *, query: Text, label: Text = "Скачать таблицу:") -> rx.Component:
    """Links without `download`: where no file is given, the browser shows the page that says why.

    They lead to `/api/tables/{name}.xlsx` and `.csv` with that query; `title` says of what to whoever hears the page.
    """
    return rx.el.p(
        label,
        *(
            native_link(
                shown,
                rx.el.span(" ", title, class_name="hidden"),
                href=joined(f"/api/tables/{name}.{suffix}?", query),
            )
            for shown, suffix in FORMATS
        ),
        class_name="take-away",
    )
