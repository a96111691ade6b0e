"""What the process writes into its log while a block runs, as a production would have it."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from lk_reflex.core import logs

_TOUCHED = ("", logs.OURS, "_granian", "granian.access", "mail.log", "engineio.server", "socketio.server")
#: What every line must have, whoever has written it.
NEEDED = frozenset({"time", "level", "logger", "message", "role", "pid"})


@contextmanager
def logged(role: str = "web") -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Yields what gives the lines so far. Afterwards the test runner's own handlers are back."""
    kept = {name: (one.level, one.handlers[:], one.propagate) for name in _TOUCHED if (one := logging.getLogger(name))}
    text = io.StringIO()
    with patch.object(sys, "stdout", text):
        logs.configure(role, plain=False)
    try:
        yield lambda: parsed(text.getvalue())
    finally:
        for name, (level, handlers, propagate) in kept.items():
            logger = logging.getLogger(name)
            logger.level, logger.handlers[:], logger.propagate = level, handlers, propagate
            logger.manager._clear_cache()  # type: ignore[attr-defined]


def parsed(text: str) -> list[dict[str, Any]]:
    """Each line, which must be JSON and whole."""
    lines = [json.loads(line) for line in text.splitlines()]
    assert all(line.keys() >= NEEDED for line in lines)
    return lines
