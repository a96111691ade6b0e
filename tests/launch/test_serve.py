"""Serving pages that lie where nothing can be written, as in an image."""

import os
from pathlib import Path

import pytest

from lk_reflex.launch.serve import writable


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
