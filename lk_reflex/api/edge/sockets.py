"""What one client may do over the socket: how many it opens, how fast it speaks, how large and how sensible its frames.

Stands between the edge and Reflex and sees the frames as they come. The counts are this process's own: with several
processes a person may have the limit in each of them. docs/decisions/ tells why that is enough.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lk_reflex.api.edge.frames import Frame, judge
from lk_reflex.core.bucket import Bucket, Buckets
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.metrics import turned_away
from lk_reflex.ui.shared.words import CROWDED, FULL_HOUSE, MANY_TABS, NO_STATES

log = logging.getLogger(__name__)
#: In characters. The largest that a page of ours sends are an organization's texts, 20,000 characters, and a sealing
#: form of twenty meters, 12,000.
LARGEST_FRAME: Final = 256 * 1024
#: In seconds, until the first sensible thing must have been said; our front end says it at once.
GREETS_WITHIN: Final = 10.0
#: Frames that no page of ours sends; an old page after a deploy may send a few.
STRANGE_FRAMES: Final = 20
#: Frames in a row that had to wait for their turn: a person who types holds for a moment, a flood never does.
IMPATIENT: Final = 100
#: At once, in seconds' worth of the rate: a page that opens, a form that is filled by a password manager.
_BURST: Final = 5
#: Openings a second in all, and at once: a process that was restarted gets its thousand tabs back within seconds.
_ALL_RATE, _ALL_BURST = 100, 2000
#: Whose opening rate is remembered.
_REMEMBERED: Final = 20_000
#: Codes of RFC 6455: «policy violation», «message too big»; and one of our own range, «too many».
_POLICY, _TOO_BIG, _TOO_MANY = 1008, 1009, 4429
#: A line of the log at most so often for each kind, in seconds.
_LOG_EVERY: Final = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Sockets in all, of one person, of the strangers at one address; frames a second of one socket. 0 is no limit."""

    room: int
    each: int
    address: int
    rate: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Who opens a socket: a signed-in person, or else whoever is at a network address."""

    key: str
    person: bool


class Sockets:
    """`who` names the caller of a handshake; `known` tells whether a handler of that name exists.

    While `useless`, nothing that a tab says could be answered: each is told so.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: Limits,
        *,
        who: Callable[[Scope], Awaitable[Caller]],
        known: Callable[[str], bool],
        useless: Callable[[], bool] = bool,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._app, self._limits, self._who, self._known, self._clock = app, limits, who, known, clock
        self._useless = useless
        self._open: Counter[str] = Counter()
        self._arrivals = Bucket(_ALL_RATE, _ALL_BURST, clock)
        self._of_person = Buckets(1.0, 2 * limits.each, most=_REMEMBERED, clock=clock)
        self._of_address = Buckets(limits.address / 40, 2 * limits.address, most=_REMEMBERED, clock=clock)
        #: How often what was refused or ended, since the start: for the metrics.
        self.counted: Counter[str] = Counter()
        self._told: dict[str, float] = {}

    def __len__(self) -> int:
        return self._open.total()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a socket in and watch over it, or tell it why not."""
        if self._useless():  # before anything that costs: all tabs come back every other second
            self._note(NO_STATES)
            await _refuse(NO_STATES, receive, send)
            return
        if self._limits.room and self._arrivals.take():
            await self._shut(receive, send, "arrivals")
            return
        try:
            caller = await self._who(scope)
        except Unavailable:  # its page couldn't be read either
            self._note(NO_STATES)
            await _refuse(NO_STATES, receive, send)
            return
        if refusal := self._full(caller):  # first, since such a tab comes back every other second
            self._note(refusal)
            await _refuse(refusal, receive, send)
            return
        if not self._comes_slowly(caller):
            await self._shut(receive, send, "openings")
            return
        with self._place(caller):
            talk = _Talk(receive, send, self._bucket(), self._known, self._note)
            await self._app(scope, talk.receive, talk.send)

    def _bucket(self) -> Bucket | None:
        rate = self._limits.rate
        return Bucket(rate, _BURST * rate, self._clock) if rate else None

    def _comes_slowly(self, caller: Caller) -> bool:
        limit = self._limits.each if caller.person else self._limits.address
        return not limit or (self._of_person if caller.person else self._of_address).take(caller.key)

    def _full(self, caller: Caller) -> str:
        """Why there is no place, as the page's bar knows it; empty where there is one."""
        if self._limits.room and len(self) >= self._limits.room:
            return FULL_HOUSE
        limit = self._limits.each if caller.person else self._limits.address
        if limit and self._open[caller.key] >= limit:
            return MANY_TABS if caller.person else CROWDED
        return ""

    @contextmanager
    def _place(self, caller: Caller) -> Iterator[None]:
        self._open[caller.key] += 1
        try:
            yield
        finally:
            self._open[caller.key] -= 1
            if not self._open[caller.key]:
                del self._open[caller.key]

    async def _shut(self, receive: Receive, send: Send, why: str) -> None:
        """Not even answered: the browser tries again by itself, later each time."""
        self._note(why)
        await receive()
        await send({"type": "websocket.close", "code": _TOO_MANY})

    def _note(self, why: str) -> None:
        """Count it; a line of the log a minute says how often, however many there are."""
        self.counted[why] += 1
        turned_away(f"socket: {why}")
        now = self._clock()
        if now - self._told.get(why, -_LOG_EVERY) >= _LOG_EVERY:
            self._told[why] = now
            log.warning("socket limit «%s»: %d since the start", why, self.counted[why])


async def _refuse(reason: str, receive: Receive, send: Send) -> None:
    """Open it only to say why it can't be had, in the words of the protocol: the page's bar shows its sentence."""
    await receive()
    await send({"type": "websocket.accept"})
    hello = {"sid": "refused", "upgrades": [], "pingTimeout": 8000, "pingInterval": 8000, "maxPayload": LARGEST_FRAME}
    await send({"type": "websocket.send", "text": f"0{json.dumps(hello)}"})
    await send({"type": "websocket.send", "text": f"44/_event,{json.dumps({'message': reason})}"})
    await send({"type": "websocket.close", "code": _TOO_MANY})


class _Talk:
    """One socket's conversation: what Reflex receives of it, and what it sends."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        bucket: Bucket | None,
        known: Callable[[str], bool],
        note: Callable[[str], None],
    ) -> None:
        self._receive, self._send, self._bucket, self._known, self._note = receive, send, bucket, known, note
        self._greeted = self._over = False
        self._until = asyncio.get_running_loop().time() + GREETS_WITHIN
        self._strange = self._waited = 0

    async def receive(self) -> Message:
        """The next message that is fit to be read; the end where the client goes beyond its limits."""
        while not self._over:
            try:
                message = await self._next()
            except TimeoutError:
                return await self._end("silent", _POLICY)
            if message["type"] != "websocket.receive":
                return message
            said = message.get("text") or message.get("bytes")
            if said is not None and len(said) > LARGEST_FRAME:
                return await self._end("large", _TOO_BIG)
            if not await self._in_turn():
                return await self._end("flood", _POLICY)
            kind = judge(said, self._known)
            if kind is not Frame.STRANGE:
                self._greeted = self._greeted or kind is Frame.GREETING
                return message
            self._strange += 1
            self._note("strange frame")
            if self._strange >= STRANGE_FRAMES:
                return await self._end("strange", _POLICY)
        return {"type": "websocket.disconnect", "code": _POLICY}

    async def send(self, message: Message) -> None:
        """Nothing goes out any more once the end was told."""
        if not self._over:
            await self._send(message)

    async def _next(self) -> Message:
        if self._greeted:
            return await self._receive()
        async with asyncio.timeout_at(self._until):
            return await self._receive()

    async def _in_turn(self) -> bool:
        """Wait until this frame's turn; False for a flood. What waits costs nobody else anything."""
        if self._bucket is None:
            return True
        waits = self._bucket.take()
        if not waits:
            self._waited = 0
            return True
        self._waited += 1
        if self._waited >= IMPATIENT:
            return False
        while waits:
            await asyncio.sleep(waits)
            waits = self._bucket.take()
        return True

    async def _end(self, why: str, code: int) -> Message:
        self._note(why)
        self._over = True
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}
