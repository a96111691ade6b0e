"""Who brings what into which tab, and how much there is room for."""

import pytest

from lk_reflex.core.errors import Refused, Unavailable
from lk_reflex.core.turns import Turns
from lk_reflex.core.uploads import Uploads


def test_only_what_one_session_alone_brings_is_its():
    uploads = Uploads(room=9, room_each=9)
    assert not uploads.brought_by("tab", "anna")
    with uploads.place("tab", "anna"), uploads.place("tab", "anna"), uploads.place("other", "vera"):
        assert uploads.brought_by("tab", "anna")
        assert not uploads.brought_by("tab", "vera")
        with uploads.place("tab", "vera"):
            assert not uploads.brought_by("tab", "anna")
            assert not uploads.brought_by("tab", "vera")
        assert uploads.brought_by("tab", "anna")
    assert not uploads.brought_by("tab", "anna")


def test_there_is_room_for_so_many_and_for_fewer_of_one_session():
    uploads = Uploads(room=3, room_each=2)
    with uploads.place("a", "anna"), uploads.place("b", "anna"):
        with pytest.raises(Unavailable), uploads.place("c", "anna"):
            pass
        with uploads.place("d", "vera"), pytest.raises(Unavailable), uploads.place("e", "boris"):
            pass
        with uploads.place("e", "boris"):
            pass
    with uploads.place("c", "anna"):
        pass


def test_a_turn_ends_with_its_block_however_it_ends():
    turns = Turns("занято")
    with pytest.raises(KeyError), turns.turn(1), turns.turn(2):
        with pytest.raises(Refused) as busy, turns.turn(1):
            pass
        assert busy.value.message == "занято"
        raise KeyError
    with turns.turn(1):
        pass
