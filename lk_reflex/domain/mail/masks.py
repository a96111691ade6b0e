"""An address of mail as somebody else may see it."""


def masked_email(email: str) -> str:
    """«a•••@example.org»: enough to recognise an acquaintance by, too little to write to."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}•••@{host}" if name else "•••"
