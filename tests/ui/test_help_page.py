"""The instruction's texts hold together, and its page brings the organizations' contacts."""

import pytest
from sqlalchemy import update

from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.ui.public.help.model import named, pieces
from lk_reflex.ui.public.help.state import ContactCard, HelpState, call_address
from lk_reflex.ui.public.help.texts import CHAPTERS, SECTIONS
from lk_reflex.ui.session import SessionState
from tests.browser.help_scenes import SCENES

ALL_SECTIONS = [section for chapter in CHAPTERS for section in chapter.sections]
STEPS = [(at, step) for section in ALL_SECTIONS for at, step in section.all_steps()]


async def test_the_page_names_every_organization_and_its_phone(tabs, db):
    with db.transaction() as writer:
        writer.add(Organization(inn="1", name="ТСН «Двор»"))
        writer.add(Organization(inn="2", name="МУП «ПОВВ»", phone="+7 (351) 214-00-14", address="г. Челябинск"))
    tab = tabs()
    await tab.open("/help")
    assert tab.seen(HelpState)["loaded"]
    assert tab.seen(HelpState)["contacts"] == [
        ContactCard("МУП «ПОВВ»", "+7 (351) 214-00-14", "tel:+73512140014", "г. Челябинск"),
        ContactCard("ТСН «Двор»", "", "", ""),
    ]


async def test_a_strangers_page_says_whom_to_ask_where_there_is_one_organization(tabs, db, cast):
    with db.transaction() as writer:
        writer.change(update(Organization).values(phone="214-00-14"))
    tab = tabs()
    await tab.open("/")
    assert (tab.seen(SessionState)["help_name"], tab.seen(SessionState)["help_phone"]) == ("ПОВВ", "214-00-14")


async def test_of_several_organizations_none_is_named(tabs, db):
    with db.transaction() as writer:
        writer.add(Organization(inn="1", name="ТСН «Двор»", phone="1"))
        writer.add(Organization(inn="2", name="МУП «ПОВВ»", phone="2"))
    tab = tabs()
    await tab.open("/")
    assert (tab.seen(SessionState)["help_name"], tab.seen(SessionState)["help_phone"]) == ("", "")


@pytest.mark.parametrize(
    ("phone", "address"),
    [("214-00-14", "tel:2140014"), ("+7 (351) 393\u00a041-05", "tel:+73513934105"), ("", ""), ("нет", "")],
)
def test_a_phone_can_be_called(phone, address):
    assert call_address(phone) == address


def test_words_of_the_screen_are_told_from_the_products_name():
    text = "В «Личном кабинете» нажмите «Вход», затем «Ещё»."
    assert named(text) == ["Вход", "Ещё"]
    assert "".join(piece for piece, _ in pieces(text)) == text
    assert list(pieces("просто текст")) == [("просто текст", False)]


def test_every_address_on_the_page_is_its_own():
    anchors = [chapter.anchor for chapter in CHAPTERS] + [section.anchor for section in ALL_SECTIONS]
    assert len(anchors) == len(set(anchors))
    assert not {"contents", "contacts", "main", "page-title"} & set(anchors)
    assert {anchor for section in ALL_SECTIONS for anchor in section.see} <= set(SECTIONS)


def test_every_section_says_something_and_speaks_of_a_known_screen():
    assert all([*section.all_steps()] for section in ALL_SECTIONS)
    assert {at for at, _ in STEPS} <= set(SCENES)


def test_the_sentences_are_whole():
    for _, step in STEPS:
        assert step.text == step.text.strip()
        assert step.text[-1] in ".;:", step.text
        assert step.text.count("«") == step.text.count("»"), step.text
        assert "  " not in step.text
