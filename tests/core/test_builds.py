"""Finished builds: whole or not there, kept for tabs of earlier days, and dropped in the end."""

import os
import threading

import pytest

from lk_reflex.core.builds import AT_MOST, KEPT, Builds

DAY = 24 * 3600


@pytest.fixture
def kept(tmp_path):
    return Builds(tmp_path / "builds")


@pytest.fixture
def made(tmp_path):
    """What a builder has in its folder; each call makes other files."""

    def make(text: str):
        assets = tmp_path / "web" / "build" / "client" / "assets"
        for old in assets.glob("*"):
            old.unlink()
        assets.mkdir(parents=True, exist_ok=True)
        (assets / f"page-{text}.js").write_text(text)
        (tmp_path / "web" / "routes.json").write_text("[]")
        (tmp_path / "web" / "node_modules").mkdir(exist_ok=True)
        return tmp_path / "web"

    return make


def aged(kept: Builds, name: str, seconds: float) -> None:
    mark = kept.folder / name / "in-service"
    then = mark.stat().st_mtime - seconds
    os.utime(mark, (then, then))


def test_a_build_is_taken_over_with_what_a_server_needs_of_it(kept, made):
    assert (kept.newest(), kept.has("one")) == ("", False)
    kept.keep("one", made("one"))
    folder = kept.serve("one")
    assert kept.has("one") and kept.newest() == "one"
    assert (folder / "build" / "client" / "assets" / "page-one.js").read_text() == "one"
    assert {path.name for path in folder.iterdir()} == {"build", "routes.json", "in-service"}


def test_what_was_broken_off_is_no_build_and_is_made_anew(kept, made):
    (kept.folder / "one.part" / "build").mkdir(parents=True)
    (kept.folder / "one.part" / "in-service").touch()
    (kept.folder / "half" / "build").mkdir(parents=True)
    assert (kept.newest(), kept.has("one"), kept.has("half")) == ("", False, False)
    kept.keep("one", made("one"))
    assert kept.has("one") and not (kept.folder / "one.part").exists()


def test_files_of_an_earlier_build_answer_for_fourteen_days_after_its_end(kept, made):
    kept.keep("one", made("one"))
    aged(kept, "one", 100 * DAY)  # it was in service all the time
    kept.keep("two", made("two"))
    assert kept.find("assets/page-one.js") == kept.folder / "one" / "build" / "client"
    assert kept.find("assets/page-none.js") is None
    aged(kept, "one", KEPT - DAY)
    aged(kept, "two", DAY)
    kept.keep("three", made("three"))
    assert kept.has("one")
    aged(kept, "one", 2 * DAY)
    kept.keep("four", made("four"))
    assert not (kept.folder / "one").exists() and kept.has("two") and kept.find("assets/page-one.js") is None


def test_going_back_makes_an_earlier_build_the_newest_again(kept, made):
    kept.keep("one", made("one"))
    kept.keep("two", made("two"))
    kept.serve("one")
    assert kept.newest() == "one"
    aged(kept, "two", KEPT + DAY)
    kept.keep("three", made("three"))
    assert kept.has("one") and not kept.has("two")


def test_a_machine_that_builds_all_day_keeps_some(kept, made):
    for number in range(AT_MOST + 3):
        kept.keep(f"n{number}", made(f"n{number}"))
    assert sum(kept.has(f"n{number}") for number in range(AT_MOST + 3)) == AT_MOST
    assert kept.newest() == f"n{AT_MOST + 2}"


def test_one_builds_at_a_time(kept):
    entered, order = threading.Event(), []

    def second() -> None:
        entered.set()
        with kept.alone():
            order.append("second")

    thread = threading.Thread(target=second)
    with kept.alone():
        thread.start()
        assert entered.wait(30)
        order.append("first")
    thread.join(30)
    assert order == ["first", "second"]
