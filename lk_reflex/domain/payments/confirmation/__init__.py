"""Подтверждение оплаты: the paper that a payer keeps."""
