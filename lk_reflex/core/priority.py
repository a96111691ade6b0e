"""Work that nobody waits for at this very moment steps back: people who press something have the processor first."""

import os
from typing import Final

#: Of the scheduler's 19: such work gets a tenth of a core that somebody else wants, and all of one that nobody does.
BACK: Final = 10


def step_back() -> None:
    """Lower this process's priority, and with it that of all it starts; said twice it is the same as once."""
    os.setpriority(os.PRIO_PROCESS, 0, max(BACK, os.getpriority(os.PRIO_PROCESS, 0)))
