"""«Почему изменилась сумма?»: the change of every service split into its reasons."""
