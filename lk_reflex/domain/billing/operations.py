"""What the name of an accrual's operation tells: billing systems name it as they like."""

from lk_reflex.core.text import fold

#: Beginnings of names; «перерас» as some systems cut it.
RECALCULATIONS = ("перерас", "доначисл", "корректир", "коррекц", "возврат", "сторно", "снятие")


def is_recalculation(operation: str) -> bool:
    """Whether an operation corrects past months («перерасчет», «Перерасчёт по акту», «Снятие»), by its name."""
    return fold(operation).startswith(RECALCULATIONS)
