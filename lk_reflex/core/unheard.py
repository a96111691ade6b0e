"""Work on a thread whose end is nobody's answer: what goes wrong there is at least written down."""

import logging
import traceback
from collections.abc import Callable
from typing import ParamSpec

from lk_reflex.core.errors import DomainError

log = logging.getLogger(__name__)
P = ParamSpec("P")


def unheard(about: str, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Do the work; `about` begins the line in the log if it raises. Nothing is raised from here."""
    try:
        work(*args, **kwargs)
    except DomainError as fault:
        log.warning("%s: %s", about, fault.message)
    except Exception as fault:  # noqa: BLE001  the outer edge of a thread
        # Without the fault's own words: a database repeats addresses and texts in them.
        where = "".join(traceback.format_tb(fault.__traceback__))
        log.error("%s: %s\n%s", about, type(fault).__name__, where)
