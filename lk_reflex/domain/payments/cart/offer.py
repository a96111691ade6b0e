"""What a receipt offers to pay, part by part. Pure: figures in, figures out; kopecks throughout."""

from collections.abc import Sequence

from lk_reflex.core.money import spread


def offered(asked: Sequence[int], paid: Sequence[int]) -> list[int]:
    """How much of each part to pay, none negative; together max(0, Σ asked − Σ paid), to the kopeck.

    `asked` is what the receipt says of each part, negative where it is overpaid; `paid` what was paid here since, and
    isn't in those figures. What some parts have too much is shared out over those that are still owed, by their size.
    """
    left = [want - got for want, got in zip(asked, paid, strict=True)]
    return spread(max(0, sum(left)), [max(0, one) for one in left])
