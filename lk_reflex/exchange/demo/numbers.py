"""Whole numbers as billing's files spell them."""


def kopecks(value: int) -> str:
    """«-485,28»."""
    return f"-{-value // 100},{-value % 100:02d}" if value < 0 else f"{value // 100},{value % 100:02d}"


def thousandths(value: int) -> str:
    """«12,345»."""
    return f"{value // 1000},{value % 1000:03d}"


def brief(value: int) -> str:
    """Thousandths without trailing zeros: «16,2», «8»."""
    return thousandths(value).rstrip("0").rstrip(",")


def millionths(value: int) -> str:
    """«0,0366», «4,85»: without trailing zeros."""
    return f"{value // 10**6},{value % 10**6:06d}".rstrip("0").rstrip(",")
