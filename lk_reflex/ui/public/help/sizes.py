"""Width and height of each picture in assets/help/. Written by `make help-pictures`: don't edit."""

from typing import Final

SIZES: Final[dict[str, tuple[int, int]]] = {}
