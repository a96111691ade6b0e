"""Python's cycle collector in a process that holds the states of a thousand tabs.

A whole collection walks through all of them while everybody waits, a third of a second with a thousand tabs; what it is
for, cycles that nobody holds any longer, is mostly young.
"""

import gc

#: New objects until the young are looked through, and how often that until the older are. By default 700, 10, 10.
THRESHOLDS = (20_000, 20, 100)


async def collect_rarely() -> None:
    """From the start of the server on: what was imported isn't walked through at all, long-lived states seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
