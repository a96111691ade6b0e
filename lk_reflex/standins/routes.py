"""The stand-ins of a demonstration that speak HTTP, each on a path of its own under /demo/."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = []


def stand_ins() -> Starlette:
    """The application under /demo/: the mailbox, Госуслуги, the phone."""
    return Starlette(routes=ROUTES)
