"""Bodies on their way: few at once, in time, and their places given back."""

import asyncio

import pytest
from starlette.exceptions import HTTPException

from lk_reflex.api.edge import bodies as module
from lk_reflex.api.edge.bodies import Bodies
from lk_reflex.core.errors import Unavailable


def coming(*messages):
    queue = asyncio.Queue()
    for message in messages:
        queue.put_nowait(message)
    return queue.get


WHOLE = {"type": "http.request", "body": b"x", "more_body": False}
PART = {"type": "http.request", "body": b"x", "more_body": True}


async def test_the_place_is_held_until_the_body_is_there():
    bodies = Bodies(room=2, room_each=1)
    with bodies.arriving("a", 2, coming(PART, WHOLE, {"type": "http.disconnect"})) as receive:
        await receive()
        with pytest.raises(Unavailable), bodies.arriving("a", 1, coming()):
            pass
        with bodies.arriving("b", 1, coming()):
            assert len(bodies) == 2
            with pytest.raises(Unavailable), bodies.arriving("c", 1, coming()):
                pass
        await receive()
        assert len(bodies) == 0  # it is there, and what is made of it needs no place
        assert (await receive())["type"] == "http.disconnect"
    assert len(bodies) == 0


async def test_what_does_not_come_in_time_is_given_up(monkeypatch):
    monkeypatch.setattr(module, "SHORTEST", 0.01)
    bodies = Bodies(room=1, room_each=1)
    with pytest.raises(HTTPException) as fault, bodies.arriving("a", 100, coming(PART)) as receive:
        await receive()
        await receive()
    assert fault.value.status_code == 408 and len(bodies) == 0
