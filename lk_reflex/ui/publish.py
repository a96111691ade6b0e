"""Assigning state vars only where they differ: an equal assignment would still travel to the browser."""

from typing import Any

import reflex as rx


def publish(state: rx.State, **values: Any) -> None:
    """Set each var that has another value now."""
    # Read past the descriptors: comparing through Reflex's proxies of lists costs more than a whole query.
    known = vars(state)
    for name, value in values.items():
        if name not in known or known[name] != value:
            setattr(state, name, value)
