"""The two forms of the page «Вход через Госуслуги»: native posts, as they end in a session's cookie."""

from collections.abc import Callable

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.esia.sign_in import CHOICE, go_in, marks_of, signed_in
from lk_reflex.api.flash import noted
from lk_reflex.api.http import client_of, same_site, see_other
from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Writer
from lk_reflex.core.errors import DomainError, Invalid, Refused
from lk_reflex.core.executors import on
from lk_reflex.domain.accounts.grants import take_up
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.esia.entry import Wish, bind_visitor, create
from lk_reflex.domain.identity.esia.visitors import GONE, VISITOR_COOKIE, Visitor, visitor_of
from lk_reflex.domain.identity.sessions import end_session
from lk_reflex.domain.identity.signing_in.sign_in import SignedIn, sign_in
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.settings import get_settings
from lk_reflex.wiring import database, password_threads

#: No e-mail is longer; and browsers drop a cookie over 4096 bytes.
LONGEST = 254
FOREIGN = "Запрос пришёл с чужой страницы. Заполните форму здесь."
Work = Callable[[Request, FormData, Visitor], Response]


async def esia_bind_route(request: Request) -> Response:
    """POST login, password → signs in as the sign-in form does, and binds the visitor to that login."""
    return await _answered(request, _bind)


async def esia_create_route(request: Request) -> Response:
    """POST email, terms, consent → a login of the visitor's own, at once or after an activation letter."""
    return await _answered(request, _create)


async def _answered(request: Request, work: Work) -> Response:
    form = await request.form()
    typed = {name: str(form.get(name, ""))[:LONGEST] for name in ("login", "email")}
    if not same_site(request):
        return _back(request, typed, {"": FOREIGN})
    try:
        return await on(password_threads(), lambda: work(request, form, _visitor(request)))
    except Invalid as fault:
        return _back(request, typed, fault.fields)
    except DomainError as fault:
        return _back(request, typed, {"": fault.message})


def _visitor(request: Request) -> Visitor:
    visitor = database().read(visitor_of, request.headers.get("cookie", ""), now=utc_now())
    if visitor is None:
        raise Refused(GONE)
    return visitor


def _bind(request: Request, form: FormData, visitor: Visitor) -> Response:
    login, password = str(form.get("login", "")), str(form.get("password", ""))
    settings, client, now = get_settings(), client_of(request), utc_now()
    entered = sign_in(
        database(), login, password, client, marks=marks_of(request), key=settings.key(), site=settings.site,
        time_zone=settings.time_zone, now=now,
    )  # fmt: skip
    try:
        database().write(bind_visitor, visitor, entered.user_id, client=client, site=settings.site, now=now)
    except Refused:
        # The password was right, and yet nobody asked for a session without the binding.
        database().write(end_session, token_hash(entered.cookie), now=now)
        raise
    if earlier := session_hash(request.headers.get("cookie", "")):
        database().write(end_session, earlier, now=now)
    return go_in(request, entered, visitor.target)


def _create(request: Request, form: FormData, visitor: Visitor) -> Response:
    agreed = frozenset(name for name in ("terms", "consent") if form.get(name) == "yes")
    wish = Wish(str(form.get("email", "")), agreed)
    entered = database().write(_created, request, visitor, wish)
    if entered is not None:
        return go_in(request, entered, visitor.target)
    response = noted(see_other(f"{CHOICE}?sent=1"), request, email=wish.email.strip()[:LONGEST], faults={})
    response.delete_cookie(VISITOR_COOKIE, path="/")
    return response


def _created(db: Writer, request: Request, visitor: Visitor, wish: Wish) -> SignedIn | None:
    now = utc_now()
    user_id = create(db, visitor, wish, client=client_of(request), site=get_settings().site, now=now)
    if user_id is None:
        return None
    take_up(db, user_id, now=now)
    return signed_in(db, request, user_id)


def _back(request: Request, typed: dict[str, str], faults: dict[str, str]) -> Response:
    return noted(see_other(f"{CHOICE}?fault=1"), request, **typed, faults=faults)
