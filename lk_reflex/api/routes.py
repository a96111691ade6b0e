"""The table of HTTP routes beside the pages."""

from starlette.applications import Starlette
from starlette.routing import Route

from lk_reflex.api.health import live_route, ready_route
from lk_reflex.api.sign_in import sign_in_route, sign_out_route
from lk_reflex.api.view import view_route


def api() -> Starlette:
    """The application that stands around Reflex's own."""
    return Starlette(
        routes=[
            Route("/api/sign-in", sign_in_route, methods=["POST"]),
            Route("/api/sign-out", sign_out_route, methods=["POST"]),
            Route("/api/view", view_route, methods=["POST"]),
            Route("/api/health/live", live_route),
            Route("/api/health/ready", ready_route),
        ]
    )
