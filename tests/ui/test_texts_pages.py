"""Соглашение, политика, согласие: the newest within the page, earlier ones by their day."""

import pytest

from lk_reflex.domain.identity.registering import documents
from lk_reflex.ui.public.texts.state import PAGES, TextsState, newest
from lk_reflex.ui.shared.prose import HEADING, LIST, PARAGRAPH, TITLE, blocks_of

TEXT = """# Имя

Первый абзац
в две строки.

## Часть

- раз;
- два
  и ещё;
- <b>три</b>.

Последний."""


@pytest.fixture
def earlier(monkeypatch, tmp_path):
    """An earlier version of each document."""
    for name in PAGES.values():
        (tmp_path / name).mkdir()
        for day, text in (("2026-11-01", documents.current(name).text), ("2025-09-01", f"# Т\n\nпрежний {name}")):
            (tmp_path / name / f"{day}.md").write_text(text, "utf-8")
    monkeypatch.setattr(documents, "TEXTS", tmp_path)
    documents._all.cache_clear()
    yield
    documents._all.cache_clear()


def test_a_text_is_headings_paragraphs_and_lists_and_nothing_else():
    blocks = blocks_of(TEXT)
    assert [(block.kind, block.text, block.points) for block in blocks] == [
        (TITLE, "Имя", []),
        (PARAGRAPH, "Первый абзац в две строки.", []),
        (HEADING, "Часть", []),
        (LIST, "", ["раз;", "два и ещё;", "<b>три</b>."]),
        (PARAGRAPH, "Последний.", []),
    ]
    assert len({block.key for block in blocks}) == len(blocks)


@pytest.mark.parametrize("path", list(PAGES))
def test_the_newest_text_is_drawn_whole(path):
    text = documents.current(PAGES[path]).text
    words = " ".join(" ".join([block.text, *block.points]) for block in newest(path)).split()
    assert words == [word for word in text.split() if word not in ("#", "##", "-")]


@pytest.mark.parametrize("path", list(PAGES))
async def test_an_earlier_version_is_found_by_its_day(tabs, earlier, path):
    tab = tabs()
    await tab.open(f"{path}?version=2025-09-01")
    assert tab.seen(TextsState)["version"] == "01.09.2025"
    assert [block.text for block in tab.seen(TextsState)["blocks"]] == ["Т", f"прежний {PAGES[path]}"]
    await tab.follow(path)
    assert (tab.seen(TextsState)["version"], tab.seen(TextsState)["blocks"]) == ("", [])


@pytest.mark.parametrize("asked", ["2026-11-01", "2020-01-01", "", "../consent/2025-09-01", "\0", "x" * 5000])
async def test_what_never_was_a_version_shows_the_newest(tabs, earlier, asked):
    tab = tabs()
    await tab.open(f"/terms?version={asked}")
    assert tab.seen(TextsState).get("version", "") == ""
