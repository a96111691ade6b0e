"""The keys of the stand-in and of its one client, made at the first start and kept in its folder."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

CLIENT_ID = "LKDEMO"
ISSUER = "http://esia.demo/"
_YEARS = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Keys:
    """Files: theirs to sign tokens with, and the client's to sign requests with."""

    folder: Path

    @property
    def server_key(self) -> Path:
        """What tokens are signed with."""
        return self.folder / "server.key"

    @property
    def server_certificate(self) -> Path:
        """What clients check tokens with."""
        return self.folder / "server.crt"

    @property
    def client_key(self) -> Path:
        """What the cabinet of a demonstration signs its requests with."""
        return self.folder / "client.key"

    @property
    def client_certificate(self) -> Path:
        """What the client has registered: its requests are checked with it."""
        return self.folder / "client.crt"

    def client_certificate_hash(self) -> str:
        """By which a request names its certificate."""
        certificate = x509.load_pem_x509_certificate(self.client_certificate.read_bytes())
        return certificate.fingerprint(hashes.SHA256()).hex().upper()


def kept_keys(folder: Path) -> Keys:
    """The keys in that folder; made whole at the first call, even where several processes start at once."""
    keys = Keys(folder)
    if not keys.server_key.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}-") as place:
            made = Path(place) / "made"
            made.mkdir(mode=0o700)
            _make(made / "server.key", made / "server.crt", "ЕСИА: демонстрация")
            _make(made / "client.key", made / "client.crt", "Личный кабинет: демонстрация")
            with suppress(OSError):  # another process was quicker: its folder isn't empty
                made.rename(folder)
    return keys


def _make(key_file: Path, certificate_file: Path, name: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    since = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + _YEARS)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    key_file.touch(mode=0o600)
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
