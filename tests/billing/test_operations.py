"""Which operations correct past months: one rule for the paper and for the explanation."""

import pytest

from lk_reflex.domain.billing.operations import is_recalculation


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("перерасчет", True), ("Перерасчёт по акту № 7", True), ("ПЕРЕРАС.", True), ("Доначисление", True),
        ("Корректировка", True), ("Возврат за отсутствие", True), ("Сторно", True), ("Снятие за качество", True),
        ("начисление", False), ("", False), ("Льгота", False), ("Начисление по нормативу", False),
    ],
)  # fmt: skip
def test_is_told_by_the_operations_name(operation, expected):
    assert is_recalculation(operation) is expected
