"""Scenario 36: a copy made while people work comes back on a clean place, and has all that anybody was promised."""

import pytest

from lk_reflex.launch.backup.making import make_backup
from lk_reflex.launch.backup.restoring import Wish, restore
from lk_reflex.launch.backup.verifying import verify
from tests.backup.crowd import FILE, Crowd, kept
from tests.billing.paper import february_2018
from tests.cast import NOW
from tests.payments.world import World, check_books


@pytest.fixture
def crowd(db, cast, place):
    working = Crowd(db, place.files, cast, World(db, cast, february_2018(db, cast.flat)))
    yield working
    working.stop()


def test_a_copy_made_under_load_comes_back_with_all_that_was_promised(crowd, place, clean, tmp_path, said):
    crowd.start()
    promised = crowd.await_promises(3)
    made = make_backup(place, tmp_path / "copies", keep=0, now=NOW, say=said.append)
    crowd.await_more()  # they went on working, and go on
    crowd.stop()
    assert crowd.faults == []

    found = verify(place, tmp_path / "copies", say=said.append)
    assert found.faults == []
    back = restore(clean, made.folder, Wish(), now=NOW, say=said.append)
    assert back.manifest.facts["orders.captured"] > 0
    with clean.opened() as database:
        assert [one for one in promised if not database.read(kept, one)] == []
        check_books(database)
        for kind, key in promised:
            if kind == FILE:
                assert clean.files.get(key) == place.files.get(key) is not None
    measured = (
        f"copied in {made.manifest.seconds} s, verified in {found.seconds:.1f} s, restored in {back.seconds:.1f} s"
    )
    print(f"{place.kind}: {made.size} bytes, {len(promised)} promises; {measured}")  # -rP shows it
