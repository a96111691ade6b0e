"""Reading a page as text: tables by rows, with plain spaces, so that expectations can be typed."""

from playwright.sync_api import Locator


def plain(text: str) -> str:
    """No-break spaces as plain ones, lines joined."""
    return " ".join(text.replace("\u00a0", " ").split())


def rows(table: Locator) -> list[list[str]]:
    """The cells of a table's body and foot."""
    found = table.locator("> tbody > tr, > tfoot > tr").all()
    return [[plain(cell) for cell in row.locator("> th, > td").all_inner_texts()] for row in found]
