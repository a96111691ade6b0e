"""The serving process: pages that lie where nothing can be written, as in an image, and signals."""

import os
from pathlib import Path

import pytest
from granian.server import Server

from lk_reflex.core.bell import Bell
from lk_reflex.launch import serve as serving
from lk_reflex.launch.serve import writable
from lk_reflex.settings import get_settings
from tests.site import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "0123abcd"
    (made / "build" / "client").mkdir(parents=True)
    (made / "build" / "client" / "index.html").write_text("<html>")
    (made / "routes.json").write_text("[]")
    return made


def test_a_build_that_may_be_written_to_is_served_where_it_lies(folder: Path):
    assert writable(folder) == folder


def test_a_build_that_may_not_is_led_to_from_a_place_that_may(folder: Path, monkeypatch: pytest.MonkeyPatch):
    # Root may write anywhere but on a disk mounted for reading, and a test mounts none.
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    monkeypatch.setenv("TMPDIR", str(folder.parent))
    monkeypatch.setattr("tempfile.tempdir", None)
    place = writable(folder)
    assert place != folder and (place / "build" / "client" / "index.html").read_text() == "<html>"
    assert (place / "routes.json").read_text() == "[]"
    (place / "backend").mkdir()
    assert not (folder / "backend").exists()


def test_a_signal_may_come_in_the_midst_of_anothers_handler(monkeypatch: pytest.MonkeyPatch):
    seen: list[Server] = []
    monkeypatch.setattr(Server, "serve", lambda self: seen.append(self))
    for name in ("choose_build", "end_gently"):
        monkeypatch.setattr(serving, name, lambda *_: None)
    for name in ("__REFLEX_SKIP_COMPILE", "__REFLEX_MOUNT_FRONTEND_COMPILED_APP"):
        monkeypatch.setenv(name, "true")
    monkeypatch.chdir(ROOT)
    serving.serve(get_settings())
    [server] = seen
    assert isinstance(server.main_loop_interrupt, Bell) and not server.main_loop_interrupt.is_set()
    server.signal_handler_interrupt()  # what Granian does at SIGTERM
    assert server.main_loop_interrupt.is_set()
