"""The cycle collector of a serving process."""

import gc

from lk_reflex.core.collector import collect_rarely


async def test_what_was_imported_is_left_alone_and_cycles_still_go():
    usual = gc.get_threshold()
    try:
        await collect_rarely()
        assert gc.get_freeze_count() > 1000
        assert gc.isenabled()
        ring: list[object] = []
        ring.append(ring)
        del ring
        assert gc.collect() >= 1
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)
