"""Reflex's own script speaks Russian; a new Reflex that has reworded itself stops the build."""

from pathlib import Path

import pytest
import reflex_base

from lk_reflex.ui.shared.russian import translated

SCRIPT = Path(reflex_base.__file__).parent / ".templates" / "web" / "utils" / "state.js"


def test_its_own_bar_of_a_new_version_never_comes_and_has_no_english():
    script = translated(SCRIPT.read_text("utf-8"))
    assert "A new version of this app" not in script
    assert script.count("showNewVersionBanner") == 1  # where it is made; nobody calls it


def test_doing_it_twice_changes_nothing_more():
    once = translated(SCRIPT.read_text("utf-8"))
    assert translated(once) == once


def test_other_words_stop_the_build():
    with pytest.raises(RuntimeError, match="changed its text"):
        translated(SCRIPT.read_text("utf-8").replace("A new version of this app", "There is a newer app"))
