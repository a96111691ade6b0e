"""What a browser sends as an argument may be of any type: turned into what a handler can use, or into nothing."""


def row_id(value: object) -> int:
    """A row's id out of a string of digits; 0, which is nobody's, out of anything else."""
    known = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16
    return int(value) if known else 0  # pyright: ignore[reportArgumentType]
