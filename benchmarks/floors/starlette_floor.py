"""Starlette and a Jinja2 partial: the table's rows as HTML."""

from jinja2 import Environment
from rows import rows
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

_PART = Environment(autoescape=True).from_string(
    "{% for r in rows %}<tr><td>{{ r.service }}</td><td>{{ r.debt }}</td><td>{{ r.paid }}</td>"
    "<td>{{ r.charged }}</td><td>{{ r.total }}</td></tr>{% endfor %}"
)


async def part(request: Request) -> HTMLResponse:
    """The rows of ?account=&month=."""
    query = request.query_params
    return HTMLResponse(_PART.render(rows=rows(int(query["account"]), int(query["month"]))))


app = Starlette(routes=[Route("/part", part)])
