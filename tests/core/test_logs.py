import asyncio
import io
import json
import logging
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError

from lk_reflex.core import logs, traces
from lk_reflex.core.db import Database
from lk_reflex.core.executors import on
from lk_reflex.core.threads import Threads

SECRETS = ("anna@example.org", "Здетовецкий", "7515 123456", "hush-hush")


@pytest.fixture
def out():
    """What the root logger writes, as JSON; pytest's own handlers come back afterwards."""
    root, kept = logging.getLogger(), logging.getLogger().handlers[:]
    levels = {name: logging.getLogger(name).level for name in ("", "lk_reflex", "_granian", "mail.log")}
    text = io.StringIO()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "stdout", text)
        logs.configure("web", plain=False)
    yield lambda: [json.loads(line) for line in text.getvalue().splitlines()]
    root.handlers[:] = kept
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_a_line_says_when_where_and_by_which_process(out):
    log = logging.getLogger("lk_reflex.api.paying.pay")
    log.info("order %s: %s", "26112000000001", "paid", extra={"user": 5, "email": 1})
    [line] = out()
    assert (line["level"], line["logger"], line["message"]) == (
        "info",
        "lk_reflex.api.paying.pay",
        "order 26112000000001: paid",
    )
    assert (line["role"], line["user"]) == ("web", 5)
    assert line["time"].endswith("Z")
    assert line["pid"] > 0
    assert "email" not in line


def test_ids_go_along_to_every_kind_of_thread(out):
    ours, threads = logging.getLogger("lk_reflex.test"), Threads(1, "lk-log-test")
    pool = ThreadPoolExecutor(1)

    async def work():
        traces.begin(traces.Trace(event="0a1b2c3d4e5f", handler="state.save"))
        await threads.run(ours.info, "in a reading thread")
        await on(pool, ours.info, "in a pool")
        await asyncio.to_thread(ours.info, "in a thread")
        assert await on(pool, traces.number) == "0A1B2C"

    asyncio.run(work())
    threads.shutdown()
    pool.shutdown()
    assert [(line["message"], line["event"], line["handler"]) for line in out()] == [
        (text, "0a1b2c3d4e5f", "state.save") for text in ("in a reading thread", "in a pool", "in a thread")
    ]
    assert traces.present() is None


def test_a_fault_is_its_type_and_frames_without_its_words(out):
    try:
        try:
            raise ValueError("anna@example.org: Здетовецкий")
        except ValueError as fault:
            raise RuntimeError("паспорт 7515 123456") from fault
    except RuntimeError:
        logging.getLogger("lk_reflex.test").exception("error %s", "0A1B2C")
    [line] = out()
    assert [fault["type"] for fault in line["faults"]] == ["RuntimeError", "ValueError"]
    here = "test_a_fault_is_its_type_and_frames_without_its_words"
    assert all(fault["frames"][-1].startswith("tests/core/test_logs.py:") for fault in line["faults"])
    assert all(fault["frames"][-1].endswith(here) for fault in line["faults"])
    assert not any(secret in json.dumps(line, ensure_ascii=False) for secret in SECRETS)


def test_words_that_name_code_are_told(out):
    for fault in (AttributeError("'NoneType' object has no attribute 'id'"), OSError(28, "No space left", "/x/anna")):
        logging.getLogger("lk_reflex.test").error("fault", exc_info=fault)
    assert [line["faults"][0]["words"] for line in out()] == [
        "'NoneType' object has no attribute 'id'", "No space left",
    ]  # fmt: skip


def test_a_databases_fault_has_its_code_and_no_parameters(out, db: Database):
    with pytest.raises(IntegrityError) as caught, db.engine.begin() as connection:
        row = "INSERT INTO users (email, email_key, role, created_at) VALUES ('anna@example.org', NULL, 'x', NULL)"
        connection.exec_driver_sql(row)
    logging.getLogger("lk_reflex.test").error("fault", exc_info=caught.value)
    [line] = out()
    assert line["faults"][1]["code"] in ("23502", "SQLITE_CONSTRAINT_NOTNULL")
    assert "anna@" not in json.dumps(line)


def test_libraries_say_where_they_spoke_and_not_what(out):
    library = logging.getLogger("reflex_base.event")
    library.warning("Failed to deserialize event data: {'password': 'hush-hush', 'cookie': 'anna@example.org'}")
    library.warning("could not reach %s", "anna@example.org")
    library.info("nobody asked for that")
    logging.getLogger("_granian").warning("Listening at: http://0.0.0.0:3000, said anna@example.org")
    first, second, third = (line["message"] for line in out())
    assert first.startswith("(at tests/core/test_logs.py:")
    assert second.startswith("could not reach %s (at tests/core/test_logs.py:")
    assert third == "Listening at: http://0.0.0.0:3000, said …@…"


def test_what_python_would_write_itself_goes_the_same_way(out, monkeypatch):
    import threading

    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook"),
                         (logging, "raiseExceptions"), (warnings, "showwarning")):  # fmt: skip
        monkeypatch.setattr(module, name, getattr(module, name))
    logs.catch_the_rest()
    thread = threading.Thread(target=lambda: {}["hush-hush"])
    thread.start()
    thread.join()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("about anna@example.org", UserWarning, stacklevel=1)
    logging.captureWarnings(False)
    dead, warned = out()
    assert (dead["level"], dead["faults"][0]["type"]) == ("critical", "KeyError")
    assert warned["message"].startswith("UserWarning at tests/core/test_logs.py:")
    assert not any(secret in json.dumps(line) for line in (dead, warned) for secret in SECRETS)


def test_a_demonstrations_lines_are_for_people():
    lines = logs.Lines("web", plain=True)
    record = logging.LogRecord("lk_reflex.x", logging.WARNING, "/x", 1, "order %s", ("1",), None)
    token = traces.begin(traces.Trace(request="00ff00ff00ff00ff"))
    try:
        assert lines.format(record)[9:] == "WARNING lk_reflex.x: order 1 [request=00ff00ff00ff00ff]"
    finally:
        traces.end(token)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("at /reset/Zm9vYmFyYmF6cXV4MTIzNDU2 it failed", "at /reset/… it failed"),
        ("anna@example.org, 7515123456", "…@…, …"),
        ("resident.readings.state at 12:30, 200 rows", "resident.readings.state at 12:30, 200 rows"),
    ],
)  # fmt: skip
def test_foreign_words_are_scrubbed(said, left):
    assert logs.scrubbed(said) == left


@pytest.mark.parametrize("given", ["", "short", "a\nb-forged-line", "x" * 65, "анна-анна-анна", "a b c d e f g h"])
def test_an_id_that_could_forge_a_line_is_replaced(given):
    assert traces.given_id(given) != given
    assert len(traces.given_id(given)) == 16


def test_an_id_of_a_proxy_stays():
    assert traces.given_id("3f2504e0-4f89-41d3-9a0c-0305e82c3301") == "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
