"""What staff explain of what they do with money: it stays in an order's journal."""

from lk_reflex.core.errors import Invalid

LONGEST = 500


def explained(text: str, field: str, missing: str) -> str:
    """The text without what no database keeps. Raises Invalid for `field`: `missing` where nothing is said."""
    plain = text.replace("\0", "").strip()
    if not plain:
        raise Invalid({field: missing})
    if len(plain) > LONGEST:
        raise Invalid({field: f"Не больше {LONGEST} знаков, сейчас {len(plain)}"})
    return plain
