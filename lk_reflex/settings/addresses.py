"""What addresses follow from the settings: of the cabinet itself, of its database, mail and tiles."""

import ipaddress
from contextlib import suppress
from urllib.parse import urlsplit

from lk_reflex.core.this_machine import this_machine
from lk_reflex.settings.fields import Fields
from lk_reflex.settings.map import STAND_IN, tile_host


class Addresses(Fields):
    """The settings with the addresses that nobody has to spell out."""

    @property
    def db_url(self) -> str:
        """The database's address; SQLite in the data folder unless set. A bare postgresql:// gets our driver."""
        url = self.database_url.get_secret_value()
        if not url:
            return f"sqlite:///{self.data_dir.resolve() / 'lk.db'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
            "postgres://", "postgresql+psycopg://", 1
        )

    @property
    def listens_at(self) -> str:
        """Where `serve` waits for requests: whoever reaches a process past the proxy can claim any address."""
        return self.listen or ("0.0.0.0" if self.preview else "127.0.0.1")  # noqa: S104  a demonstration is to be seen

    @property
    def site(self) -> str:
        """The address under which people open the cabinet, without a trailing slash."""
        return (self.public_url or self._named()).rstrip("/")

    @property
    def own_url(self) -> str:
        """The address by which this machine reaches what it serves itself, past any proxy, without a slash."""
        address = ipaddress.ip_address(self.listens_at)
        if address.is_unspecified:
            address = ipaddress.ip_address("::1" if address.version == 6 else "127.0.0.1")
        return f"http://{f'[{address}]' if address.version == 6 else address}:{self.port}"

    def _named(self) -> str:
        """That of a demonstration that was told of none: nobody answers by another name than the one it listens at."""
        own = self.own_url
        usual = urlsplit(own).hostname in ("127.0.0.1", "::1")
        return f"http://localhost:{self.port}" if usual else own

    @property
    def built_for(self) -> str:
        """The address that the pages know: by any name of this machine a browser reaches `localhost` by that name."""
        url = urlsplit(self.site)
        with suppress(ValueError):
            # Behind https Reflex's pages would leave the port out.
            if url.scheme == "http" and url.port and this_machine(url.hostname):
                return f"http://localhost:{url.port}"
        return self.site

    @property
    def mail_host(self) -> str:
        """What ends the letters' Message-IDs: the host of the cabinet's address."""
        return urlsplit(self.site).hostname or "localhost"

    @property
    def mail_sender(self) -> str:
        """Who letters come from: «Личный кабинет <no-reply@lk.example.org>»."""
        return self.mail_from or "Личный кабинет абонента <no-reply@example.org>"

    @property
    def tiles(self) -> str:
        """Where the maps' tiles come from, with {z}, {x} and {y}; empty where there is no map."""
        return self.map_tiles or (STAND_IN if self.preview else "")

    @property
    def tile_host(self) -> str:
        """Another server that pages load tiles from; empty where none does."""
        return tile_host(self.tiles)
