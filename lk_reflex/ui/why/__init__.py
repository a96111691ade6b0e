"""«Почему изменилась сумма?»: a part of the overview, of the charges and of the accruals."""
