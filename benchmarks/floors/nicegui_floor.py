"""NiceGUI's bare page: a button that puts another month's rows into a table."""

import os

from nicegui import ui
from nicegui.events import GenericEventArguments
from rows import NAMES, rows


@ui.page("/")
def page() -> None:
    """A heading, a button, a table."""
    ui.label("Детализация по услугам")
    table = ui.table(columns=[{"name": n, "label": n, "field": n} for n in NAMES], rows=[], row_key="service")

    def show(event: GenericEventArguments) -> None:
        table.rows = rows(event.args["account"], event.args["month"])

    # The benchmark's client sends what a click handler in the browser would: the account and the month.
    ui.element("button").on("click", show, ["account", "month"])


ui.run(host="127.0.0.1", port=int(os.environ["PORT"]), reload=False, show=False, title="Floor", reconnect_timeout=60)
