"""The installation's secret, and one more that is accepted beside it while one is exchanged for the other."""

from collections.abc import Iterator


class Secret(bytes):
    """What signs. `also` signs nothing any more, or not yet; what it has signed is accepted all the same."""

    also: bytes

    def __new__(cls, newest: bytes, also: bytes = b"") -> "Secret":
        """`also` is empty where there is one secret alone."""
        made = super().__new__(cls, newest)
        made.also = also
        return made


def accepted(key: bytes) -> Iterator[bytes]:
    """Every secret under which something may have been signed, the one that signs first."""
    yield key
    if isinstance(key, Secret) and key.also:
        yield key.also
