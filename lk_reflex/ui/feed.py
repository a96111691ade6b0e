"""The fifth shared state: the counter of «Уведомления N»."""

import reflex as rx


class FeedState(rx.State):
    """How many lines of the feed the person hasn't read; counted at each page's load.

    It stands alone, so that a process that learns of a new line can tell a tab this one number and nothing else.
    """

    unread: int = 0
