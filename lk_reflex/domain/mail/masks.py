"""An address of mail and an account's number as somebody else may see them."""

#: So many of an account's last digits tell its owner which it is, and a stranger nothing.
_SHOWN_DIGITS = 4


def masked_email(email: str) -> str:
    """«a•••@example.org»: enough to recognise an acquaintance by, too little to write to."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}•••@{host}" if name else "•••"


def masked_number(number: str) -> str:
    """«••••7899»: a letter may come to a wrong mailbox, and a link to a wrong person."""
    return "••••" + number[-_SHOWN_DIGITS:] if len(number) > _SHOWN_DIGITS else "••••"
