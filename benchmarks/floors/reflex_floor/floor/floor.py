"""The minimal Reflex app that switches months: one state, two vars, no guard; its content is data."""

import reflex as rx

from floor.rows import NAMES, rows

_NEWEST = 24321


class Bench(rx.State):
    """The rows on the screen, and a sentence above them."""

    rows: list[dict[str, str | float]] = []
    summary: str = ""

    @rx.event
    def show(self, account: int, month: int):
        """Show another month."""
        self.rows = rows(account, month)

    @rx.event
    def load(self):
        """Fill the page when it is opened."""
        self.rows = rows(1, _NEWEST)
        self.summary = f"К оплате за месяц: {sum(float(str(row['total'])) for row in self.rows):.2f} руб."


def index() -> rx.Component:
    """A heading, a sentence, a button, a table."""
    return rx.el.main(
        rx.el.h1("Детализация"),
        rx.el.p(Bench.summary, style={"fontSize": "3rem"}),
        rx.el.button("<", on_click=Bench.show(1, _NEWEST)),
        rx.el.table(
            rx.el.thead(rx.el.tr(*[rx.el.th(name) for name in NAMES])),
            rx.el.tbody(rx.foreach(Bench.rows, lambda row: rx.el.tr(*[rx.el.td(row[name]) for name in NAMES]))),
        ),
    )


app = rx.App(html_lang="ru")
app.add_page(index, route="/", title="Floor", on_load=Bench.load)
