"""The stand-ins of a demonstration that speak HTTP, each on a path of its own under /demo/."""

from pathlib import Path

from starlette.applications import Starlette

from lk_reflex.standins.bank.server import bank_routes
from lk_reflex.standins.bank.setup import Setup
from lk_reflex.standins.esia.server import esia_routes
from lk_reflex.standins.mailbox.pages import mailbox_routes
from lk_reflex.standins.phone import phone_routes
from lk_reflex.standins.push import push_routes
from lk_reflex.standins.tiles.server import Houses, tile_routes

BANK = "/demo/bank"


def stand_ins(folder: Path, *, cabinet: str, houses: Houses = tuple) -> Starlette:
    """The application under /demo/: the mailbox, Госуслуги, the phones, the bank, the map's tiles.

    What they keep lies in `folder`. `cabinet` is where the bank calls back: the cabinet's own address on this machine.
    `houses` are what the map shows.
    """
    bank = Setup(folder / "bank", callback=f"{cabinet}/api/bank/callback", mounted=BANK)
    return Starlette(
        routes=[
            *mailbox_routes(folder / "mail"),
            *phone_routes(folder),
            *push_routes(folder, cabinet=cabinet),
            *esia_routes(folder / "esia"),
            *bank_routes(bank),
            *tile_routes(houses),
        ]
    )
