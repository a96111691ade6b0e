"""The fourth shared state: the counter of «Корзина N»."""

import reflex as rx


class CartState(rx.State):
    """How many receipts lie in the person's cart."""

    count: int = 0
