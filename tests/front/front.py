"""nginx and Caddy with the configuration that `deploy/` gives operators, over free ports and a certificate of our own.

Nothing of it is written for tests: names, ports and folders are put in place of the installation's, and each of them
has to be there.
"""

import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from tests.city.town import PATIENCE, awaited, free_port
from tests.debian import program
from tests.site import ROOT

#: The cabinet's name; its ports are the usual ones as far as anybody can see.
NAME = "lk.test"
SITE = f"https://{NAME}"
#: A session's cookie, as it is called wherever the cabinet is behind https.
COOKIE = f"__Host-{SESSION_COOKIE}"
DEPLOY = ROOT / "deploy"
PAGES = DEPLOY / "pages" / "_lk"


class Door(httpx.HTTPTransport):
    """Leads https://lk.test and http://lk.test to the proxy's own ports, from an address of this machine's choice."""

    def __init__(self, front: "Front", address: str) -> None:
        super().__init__(verify=front.trust(), local_address=address)
        self.front = front

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        port = self.front.https if request.url.scheme == "https" else self.front.http
        request.extensions = {**request.extensions, "sni_hostname": request.url.host}
        request.url = request.url.copy_with(host="127.0.0.1", port=port)
        return super().handle_request(request)


class Front:
    """A running proxy before `webs`, addresses like `127.0.0.1:3000`."""

    def __init__(self, folder: Path, webs: list[str]) -> None:
        folder.mkdir(parents=True)
        self.folder, self.webs = folder, webs
        self.https, self.http = free_port(), free_port()
        self.log, self.own_log = folder / "lk.log", folder / "own.log"
        certificate(folder)
        self._popen: subprocess.Popen[bytes] | None = None

    def words(self) -> list[str]:
        """The command that serves."""
        raise NotImplementedError

    def env(self) -> dict[str, str]:
        """Its variables."""
        return dict(os.environ)

    def start(self) -> "Front":
        """Serve; waits until it answers."""
        with self.own_log.open("ab") as out:
            self._popen = subprocess.Popen(
                self.words(), cwd=self.folder, env=self.env(), stdout=out, stderr=subprocess.STDOUT
            )
        popen = self._popen
        awaited(lambda: popen.poll() is not None or all(map(listens, (self.https, self.http))), str(self.own_log))
        if popen.poll() is not None:
            raise RuntimeError(self.own_log.read_text())
        return self

    def stop(self) -> None:
        """End it at once: nothing that it holds is needed."""
        if self._popen is not None:
            self._popen.terminate()
            try:
                self._popen.wait(20)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait()

    def trust(self) -> ssl.SSLContext:
        """What a client needs to believe our certificate."""
        return ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))

    def client(self, address: str = "127.0.0.1", headers: dict[str, str] | None = None) -> httpx.Client:
        """A browser's worth of HTTP at that address; close it."""
        own = {"Origin": SITE, "Accept-Encoding": "identity", **(headers or {})}
        return httpx.Client(base_url=SITE, transport=Door(self, address), headers=own, timeout=PATIENCE)

    @contextmanager
    def line(self, address: str = "127.0.0.1", name: str = NAME) -> Iterator[ssl.SSLSocket]:
        """A bare connection behind TLS, for what no client would send."""
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=30, source_address=(address, 0))
        with self.trust().wrap_socket(plain, server_hostname=name) as line:
            yield line


class Nginx(Front):
    """As `docs/ru/install.md` sets it up."""

    def words(self) -> list[str]:
        self.config()
        return [_program("nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"),
                "-e", str(self.folder / "start.log"), "-g", "daemon off;"]  # fmt: skip

    def config(self) -> Path:
        """Write it down for this folder."""
        spools = "".join(
            f"\n    {kind}_temp_path {self.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = _put(DEPLOY / "nginx" / "nginx.conf", {
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "/run/nginx.pid": f"{self.folder}/nginx.pid",
            "http {": f"http {{{spools}",
            "/var/log/nginx/": f"{self.folder}/",
            "/etc/nginx/sites-enabled/*": f"{self.folder}/site.conf",
        })  # fmt: skip
        servers = "".join(f"    server {web} max_fails=0;\n" for web in self.webs)
        site = _put(DEPLOY / "nginx" / "lk.conf", {
            "    server 127.0.0.1:3000 max_fails=0;\n    server 127.0.0.1:3001 max_fails=0;\n": servers,
            "lk.example.org": NAME,
            "    listen [::]:80;\n": "",
            "    listen [::]:80 default_server;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "    listen [::]:443 ssl http2 default_server;\n": "",
            "listen 80": f"listen 127.0.0.1:{self.http}",
            "listen 443": f"listen 127.0.0.1:{self.https}",
            "/etc/lk/tls/": f"{self.folder}/",
            "/var/log/nginx/": f"{self.folder}/",
            "/var/cache/nginx/lk": f"{self.folder}/cache",
            "/var/www/lk": f"{self.folder}/www",
            "/etc/nginx/lk/": f"{self.folder}/lk/",
        })  # fmt: skip
        (self.folder / "lk").mkdir(exist_ok=True)
        (self.folder / "nginx.conf").write_text(main)
        (self.folder / "site.conf").write_text(site)
        (self.folder / "lk" / "proxy.conf").write_text((DEPLOY / "nginx/lk/proxy.conf").read_text())
        page = _put(DEPLOY / "nginx/lk/page.conf", {"/opt/lk/deploy": str(DEPLOY)})
        (self.folder / "lk" / "page.conf").write_text(page)
        return self.folder / "nginx.conf"


class Caddy(Front):
    """With the certificate given, since nobody vouches for this name."""

    def words(self) -> list[str]:
        ports = f"{{\n\thttp_port {self.http}\n\thttps_port {self.https}\n\tadmin off\n"
        config = _put(DEPLOY / "caddy" / "Caddyfile", {"\n{\n": f"\n{ports}"})
        (self.folder / "Caddyfile").write_text(config)
        return [_program("caddy"), "run", "--config", str(self.folder / "Caddyfile"), "--adapter", "caddyfile"]

    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "LK_DOMAIN": NAME,
            "LK_TLS": f"tls {self.folder}/fullchain.pem {self.folder}/privkey.pem",
            "LK_WEB": " ".join(self.webs),
            "LK_LOG": f"file {self.log}",
            "LK_PAGES": str(PAGES.parent),
        }


def certificate(folder: Path) -> None:
    """Write a self-signed certificate of the cabinet's name and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _put(source: Path, places: dict[str, str]) -> str:
    """The file's text with each of these replaced; all of them have to be there."""
    text = source.read_text("utf-8")
    for old, new in places.items():
        assert old in text, f"{source}: «{old}» is gone"
        text = text.replace(old, new)
    return text


def _program(name: str) -> str:
    found = program(name)
    assert found, f"{name} is missing: make test installs it"
    return found


def listens(port: int) -> bool:
    """Whether anybody takes connections at this port of the machine."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
