"""A refusal that reaches whoever is still sending."""

import asyncio
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send

#: In seconds: longer than what is on its way when the answer comes takes to arrive.
LINGER = 2.0


def lingering(answer: ASGIApp) -> ASGIApp:
    """Answers at once, and for a moment reads and forgets what still comes of the request's body.

    A connection that is closed over unread bytes is reset, and takes along the answer that the proxy hasn't read yet:
    its sender would be told that nobody is there (RFC 9112, 9.6).
    """

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(scope, receive, send)
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                while (await receive()).get("more_body"):
                    pass

    return both
