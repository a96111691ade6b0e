"""What a process tells about itself: one line an occurrence, and nothing of anybody's in it.

Our own messages are written so that they name numbers and no persons. Words of others aren't: a database repeats
addresses, a library the event that it couldn't read, cookies and all. So of an exception the type and the frames are
told, and of foreign libraries where in their code they spoke.
"""

import json
import logging
import logging.config
import os
import re
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from lk_reflex.core.traces import present

ROOT = f"{Path(__file__).resolve().parents[2]}{os.sep}"
OURS = "lk_reflex"
#: Libraries that speak of files, ports and revisions, never of people.
PLAIN_SPOKEN = ("_granian", "granian", "alembic")
#: What our own lines may carry beside their message.
EXTRAS = ("user", "method", "route", "status", "ms")
#: Their words name code, not data.
_OF_CODE = frozenset({
    "AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "RecursionError", "TypeError",
    "UnboundLocalError", "ZeroDivisionError",
})  # fmt: skip
_CHAIN, _FRAMES, _LONGEST = 4, 25, 2000
_MASKED = (
    (re.compile(r"[^\s@<>\"',;]+@[^\s@<>\"',;]+"), "…@…"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)[\w-]{16,}"), "…"),
    (re.compile(r"\d{5,}"), "…"),
)
_WARNED = re.compile(r"(.+?:\d+): (\w+)")
Raised = tuple[type[BaseException], BaseException, TracebackType | None]


def configuration(role: str, *, plain: bool, stream: str = "ext://sys.stdout", level: str = "INFO") -> dict[str, Any]:
    """For `logging.config.dictConfig`: all loggers of the process, those of libraries too, through one door.

    `role` is the process's («web», «worker», «command»); `plain` is for people's eyes, else each line is JSON.
    """
    through: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Lines, "role": role, "plain": plain}},
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines", "stream": stream}},
        "root": {"handlers": ["out"], "level": "WARNING"},
        "loggers": {
            OURS: {"level": level},
            "_granian": {**through, "level": level},
            "granian.access": {**through, "level": level},
            # Without a level of their own they would get handlers of their own, which repeat events whole.
            "engineio.server": {**through, "level": "ERROR"},
            "socketio.server": {**through, "level": "ERROR"},
            "mail.log": {"level": "ERROR"},  # the stand-in's own: every step of every letter
        },
    }


def configure(role: str, *, plain: bool, stream: str = "ext://sys.stdout", level: str = "INFO") -> None:
    """Set up this process."""
    logging.config.dictConfig(configuration(role, plain=plain, stream=stream, level=level))


def catch_the_rest() -> None:
    """What would be written past the loggers, by Python itself: faults that end a thread or the process, warnings."""
    log = logging.getLogger(OURS)
    # When a line itself can't be written Python would repeat it on the error stream, whole.
    logging.raiseExceptions = False
    logging.captureWarnings(True)

    def of_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log.critical("a thread has ended", exc_info=args.exc_value)

    def of_process(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
        else:
            log.critical("the process ends", exc_info=fault)

    def of_object(args: Any) -> None:
        log.error("a fault that nobody could be told of", exc_info=args.exc_value)

    threading.excepthook, sys.excepthook, sys.unraisablehook = of_thread, of_process, of_object


class Lines(logging.Formatter):
    """Makes the line of a record."""

    def __init__(self, role: str, *, plain: bool = False) -> None:
        super().__init__()
        self._role, self._plain = role, plain

    def format(self, record: logging.LogRecord) -> str:
        """One line; in a demonstration the frames of a fault follow it."""
        told = self._told(record)
        return _for_eyes(told) if self._plain else json.dumps(told, ensure_ascii=False, default=lambda _value: "…")

    def _told(self, record: logging.LogRecord) -> dict[str, Any]:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {
            "time": moment.replace("+00:00", "Z"), "level": record.levelname.lower(), "logger": record.name,
            "message": _message(record)[:_LONGEST], "role": self._role, "pid": record.process,
        }  # fmt: skip
        trace = present()
        if trace is not None:
            ids = (("request", trace.request), ("event", trace.event), ("handler", trace.handler), ("job", trace.job))
            told.update((name, value) for name, value in ids if value)
        if _ours(record.name):
            told.update((name, vars(record)[name]) for name in EXTRAS if name in vars(record))
        if record.exc_info and record.exc_info[1] is not None:
            told["faults"] = [_fault(one) for one in _chain(record.exc_info[1])]
        return told


def scrubbed(text: str) -> str:
    """Somebody else's words without what looks like an address, a token or a number of somebody's."""
    for pattern, instead in _MASKED:
        text = pattern.sub(instead, text)
    return text


def _ours(logger: str) -> bool:
    return logger == OURS or logger.startswith(f"{OURS}.")


def _message(record: logging.LogRecord) -> str:
    if _ours(record.name):
        return record.getMessage()
    if record.name.startswith(PLAIN_SPOKEN):
        return scrubbed(record.getMessage())
    if record.name == "py.warnings" and (warned := _WARNED.match(record.getMessage())):
        return f"{warned[2]} at {_short(warned[1])}"
    where = f"{_short(record.pathname)}:{record.lineno} {record.funcName}"
    # With arguments the text is the library's own; without, they may stand in it already.
    return f"{record.msg} (at {where})" if record.args and isinstance(record.msg, str) else f"(at {where})"


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """The fault, and what it came from."""
    for _ in range(_CHAIN):
        if fault is None:
            return
        yield fault
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def _fault(fault: BaseException) -> dict[str, Any]:
    kind = type(fault)
    told: dict[str, Any] = {"type": kind.__name__ if kind.__module__ == "builtins" else _name(kind)}
    if kind.__module__ == "builtins" and kind.__name__ in _OF_CODE:
        told["words"] = scrubbed(str(fault))[:200]
    if isinstance(fault, OSError) and fault.strerror:
        told["words"] = fault.strerror
    if code := getattr(fault, "sqlstate", None) or getattr(fault, "sqlite_errorname", None):
        told["code"] = str(code)
    return {**told, "frames": _frames(fault.__traceback__)}


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _frames(trace: TracebackType | None) -> list[str]:
    found: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{_short(code.co_filename)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-_FRAMES:]


def _short(path: str) -> str:
    """A path as it stands in the sources; libraries from their own folder on."""
    return path.rpartition("site-packages/")[2].removeprefix(ROOT)


def _for_eyes(told: dict[str, Any]) -> str:
    ids = " ".join(f"{name}={told[name]}" for name in ("request", "event", "handler", "job", *EXTRAS) if name in told)
    line = f"{told['time'][11:19]} {told['level'].upper()} {told['logger']}: {told['message']}"
    lines = [f"{line} [{ids}]" if ids else line]
    for fault in told.get("faults", ()):
        words = " ".join(str(fault[name]) for name in ("type", "words", "code") if name in fault)
        lines += [f"  {words}", *(f"    {frame}" for frame in fault["frames"])]
    return "\n".join(lines)
