"""Assigning state vars only where they differ: an equal assignment would still travel to the browser."""

from typing import Any

import reflex as rx


def publish(state: rx.State, **values: Any) -> None:
    """Set each var that has another value now."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
