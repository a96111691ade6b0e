"""The minimal Reflex app that switches months: one state, one var, one handler, no guard."""

import reflex as rx

from floor.rows import NAMES, rows


class Bench(rx.State):
    """The rows on the screen."""

    rows: list[dict[str, str | float]] = []

    @rx.event
    def show(self, account: int, month: int):
        """Show another month."""
        self.rows = rows(account, month)


def index() -> rx.Component:
    """A heading, a button, a table."""
    return rx.el.main(
        rx.el.h1("Детализация по услугам"),
        rx.el.button("<", on_click=Bench.show(1, 24298)),
        rx.el.table(
            rx.el.thead(rx.el.tr(*[rx.el.th(name) for name in NAMES])),
            rx.el.tbody(rx.foreach(Bench.rows, lambda row: rx.el.tr(*[rx.el.td(row[name]) for name in NAMES]))),
        ),
    )


app = rx.App(html_lang="ru")
app.add_page(index, route="/", title="Floor")
