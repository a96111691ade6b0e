"""«Заявка на ремонт»: what has burst, where, and who is told of it."""
