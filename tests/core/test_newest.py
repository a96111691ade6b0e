"""Only the newest of a kind waits; one thread at a time; a failure holds up nobody."""

import threading

import pytest

from lk_reflex.core.newest import Newest

DEADLINE = 60


class Line:
    """What would be done on threads, one by one, when told to."""

    def __init__(self) -> None:
        self.jobs = []

    def run(self) -> None:
        self.jobs.pop(0)()


def test_the_newest_takes_the_place_of_what_waits_under_its_key():
    line, done = Line(), []
    newest = Newest(line.jobs.append)
    for key, what in (("a", 1), ("b", 2), ("a", 3)):
        newest.put(key, lambda what=what: done.append(what))
    assert len(line.jobs) == 1  # one thread, whatever comes
    line.run()
    assert done == [3, 2]
    newest.put("a", lambda: done.append(4))
    line.run()
    assert done == [3, 2, 4]


def test_a_failure_is_raised_on_its_thread_and_the_others_go_on():
    line, done = Line(), []
    newest = Newest(line.jobs.append)
    newest.put("bad", lambda: 1 / 0)
    newest.put("good", lambda: done.append("good"))
    with pytest.raises(ZeroDivisionError):
        line.run()
    line.run()
    assert done == ["good"]
    newest.put("next", lambda: done.append("next"))
    line.run()
    assert done == ["good", "next"]


def test_what_comes_while_one_is_done_is_done_too():
    begun, may_end, done = threading.Event(), threading.Event(), []
    newest = Newest(lambda job: threading.Thread(target=job, daemon=True).start())
    all_done = threading.Event()

    def first() -> None:
        begun.set()
        assert may_end.wait(DEADLINE)
        done.append("first")

    newest.put("a", first)
    assert begun.wait(DEADLINE)
    newest.put("a", lambda: done.append("lost"))
    newest.put("a", lambda: (done.append("second"), all_done.set()))
    may_end.set()
    assert all_done.wait(DEADLINE)
    assert done == ["first", "second"]
