"""Marked places at which a test may kill the process: what was done before them must be enough to go on."""

import os
import signal

#: «name» kills at the first arrival, «name:3» at the third. Set by tests only; production doesn't read it.
VARIABLE = "LK_FAILPOINT"
_armed = True
_arrivals: dict[str, int] = {}


def disarm() -> None:
    """For good: this process is production's, whatever its settings were read from."""
    global _armed
    _armed = False


def failpoint(name: str) -> None:
    """Die here as by `kill -9` if the environment says so; else nothing."""
    wanted, _, at = os.environ.get(VARIABLE, "").partition(":")
    if wanted != name or not _armed:
        return
    _arrivals[name] = _arrivals.get(name, 0) + 1
    if _arrivals[name] == int(at or 1):
        os.kill(os.getpid(), signal.SIGKILL)
