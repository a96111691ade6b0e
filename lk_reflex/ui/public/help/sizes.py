"""Width and height of each picture in assets/help/. Written by `make help-pictures`: don't edit."""

from typing import Final

SIZES: Final[dict[str, tuple[int, int]]] = {
    "accruals": (764, 1588),
    "accruals-wide": (1170, 555),
    "cart": (764, 2110),
    "charges": (764, 1369),
    "charges-wide": (1170, 512),
    "forgot": (700, 543),
    "guest": (764, 570),
    "home": (764, 1931),
    "home-wide": (1250, 586),
    "link": (764, 1365),
    "link-found": (764, 1336),
    "meters": (700, 722),
    "meters-wide": (1170, 780),
    "overview": (780, 1520),
    "overview-wide": (1250, 640),
    "payments": (764, 1275),
    "payments-wide": (1170, 607),
    "readings": (764, 1281),
    "readings-taken": (764, 656),
    "readings-wide": (1170, 462),
    "register": (700, 2421),
    "relatives": (700, 1783),
    "settings-email": (764, 846),
    "settings-esia": (764, 528),
}
