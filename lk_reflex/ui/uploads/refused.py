"""Telling a tab that its file was turned away at the door: the browser keeps the answer to an upload to itself."""

import logging
from collections.abc import Awaitable, Callable

import reflex as rx
from reflex_base.registry import RegistrationContext

from lk_reflex.ui.publish import publish
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.who import loaded

log = logging.getLogger(__name__)
#: The tab's name, the hash of the cookie that brought the file, the handler that it was for, and the sentence.
Tell = Callable[[str, str, str, str], Awaitable[None]]


def told_by(app: Callable[[], rx.App]) -> Tell:
    """Says it beside the zone that waits, else on top of the page; to the sender's own tab alone."""

    async def tell(tab: str, sender: str, handler: str, sentence: str) -> None:
        try:
            async with app().modify_state(rx.BaseStateToken(ident=tab, cls=SessionState)) as state:
                root = state._get_root_state()
                session = await loaded(root, SessionState)
                if not sender or session._session_hash != sender:
                    return
                known = RegistrationContext.get().event_handlers.get(handler)
                page = await loaded(root, known.states[0]) if known and known.states else None
                place = getattr(page, "_turned_away", None)
                if place is None or not place(sentence):
                    publish(session, fault=sentence)
        except Exception:  # the file isn't there either way, and the zone says what to do when nothing moves
            log.exception("a tab couldn't be told that its file was turned away")

    return tell
