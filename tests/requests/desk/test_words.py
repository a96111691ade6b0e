"""What is stored and what is typed become the same words."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from lk_reflex.domain.requests.desk.words import (
    LONGEST_WORD,
    MOST_TYPED,
    MOST_WORDS,
    index_words,
    stored_words,
    typed_words,
)
from lk_reflex.domain.requests.tables import RequestWord
from tests.requests.desk.requests import put_request


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("261123-482-913", ("261123482913",)),
        ("261123 482 913", ("261123482913",)),
        ("№ 261123‑482‑913", ("261123482913",)),
        ("Заявка 261123482913", ("261123482913",)),
        ("8 (912) 345-67-89", ("79123456789",)),
        ("л/с 0012345", ("12345",)),
        ("00 123 45", ("12345",)),
        ("г. Озёрск, УЛ. МИРА, д. 10 корп. 1, кв. 5", ("озерск", "мира", "10к1", "5")),
        ("мира 10 а", ("мира", "10а")),
        ("Мира 10-A", ("мира", "10а")),
        ("Римского-Корсакова", ("римского", "корсакова")),
        ("О’Нил", ("онил",)),
        ("Cмирнов", ("смирнов",)),
        ("A-12345", ("а12345",)),
        ("д", ("д",)),
        ("%", ()),
        ("_", ("_",)),
        ("\\ ' \" ; --", ()),
        ("\0", ()),
        ("ива\0нов", ("иванов",)),
    ],
)
def test_what_is_typed_becomes_words(typed, words):
    assert typed_words(typed) == words


def test_a_long_text_is_cut_to_a_few_words():
    assert len(typed_words("слово и ещё одно " * 1000)) <= MOST_TYPED
    assert all(len(word) <= LONGEST_WORD for word in typed_words("ж" * 10_000))


@pytest.mark.parametrize("typed", ["+7 912 345-67-89", "8 912 345 67 89", "89123456789", "9123456789", "7912345"])
def test_a_phone_is_found_however_it_is_spelled(typed):
    stored = set(stored_words("+7 (912) 345-67-89"))
    assert all(any(word.startswith(part) for word in stored) for part in typed_words(typed))


@pytest.mark.parametrize("typed", ["10 А", "10а", "10-а", "д. 10 литера А", "Кыштымская 10А кв 1010"])
def test_a_house_is_found_however_it_is_spelled(typed):
    stored = set(stored_words("УЛ. КЫШТЫМСКАЯ, д. 10А, кв. 1010"))
    assert all(any(word.startswith(part) for word in stored) for part in typed_words(typed))


def test_new_words_replace_the_old_ones(db, cast):
    request_id = put_request(db, cast, words=("Иванов Пётр", "ул. Мира"))
    with db.transaction() as writer:
        index_words(writer, request_id, ["Петров", *(f"слово{place}x" for place in range(200))])
    with db.transaction() as reader:
        query = select(col(RequestWord.word)).where(col(RequestWord.request_id) == request_id)
        words = set(reader.connection.execute(query).scalars())
    assert "петров" in words
    assert "иванов" not in words
    assert len(words) == MOST_WORDS
