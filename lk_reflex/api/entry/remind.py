"""The button behind a reminder's link: a native form post, since it brings a cookie."""

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.entry.guest import enter_visit
from lk_reflex.api.http import client_of, field, same_site, see_other
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError
from lk_reflex.domain.accounts.reading_links import use_link
from lk_reflex.wiring import database

#: Says the same for a link that is used, over, altered, or worth nothing any more: the link itself isn't in it.
STALE = "/remind/used"


async def remind_route(request: Request) -> Response:
    """POST the link → its visit's cookie and 303 to the form; to a page with the other ways where it is worth nothing.

    A post from a foreign page uses nothing up.
    """
    form = await request.form()
    if not same_site(request):
        return see_other(STALE)
    try:
        return await enter_visit(request, lambda: _used(field(form, "link"), request))
    except DomainError:
        return see_other(STALE)


def _used(link: str, request: Request) -> str:
    return use_link(database(), link, client_of(request), now=utc_now())
