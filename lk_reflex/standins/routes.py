"""The stand-ins of a demonstration that speak HTTP, each on a path of its own under /demo/."""

from pathlib import Path

from starlette.applications import Starlette

from lk_reflex.standins.esia.server import esia_routes
from lk_reflex.standins.mailbox.pages import mailbox_routes
from lk_reflex.standins.phone import phone_routes


def stand_ins(folder: Path) -> Starlette:
    """The application under /demo/: the mailbox, Госуслуги, the phone. What they keep lies in `folder`."""
    return Starlette(routes=[*mailbox_routes(folder / "mail"), *phone_routes(folder), *esia_routes(folder / "esia")])
