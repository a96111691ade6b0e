"""Work that a certified device does for us, as a command or over HTTP: signing, checking signatures."""

import base64
import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from lk_reflex.core.this_machine import leads_here
from lk_reflex.integrations.esia.port import Misconfigured, Silent

COMMAND: Final = "command:"
RSA_KEY: Final = "rsa:"
SECONDS: Final = 15.0


class Signer(Protocol):
    """Makes the signature that stands in `client_secret`."""

    def sign(self, data: bytes) -> bytes:
        """The raw signature. Raises Misconfigured or Silent."""
        ...


class Verifier(Protocol):
    """Checks a signature of an algorithm that no library here knows (GOST R 34.10-2012)."""

    def verifies(self, data: bytes, signature: bytes, certificate: Path) -> bool:
        """Whether the signature is the certificate's. Raises Misconfigured or Silent where it can't tell."""
        ...


@dataclass(frozen=True, slots=True)
class RsaSigner:
    """A key in a file (PKCS #1 v1.5, SHA-256): for the stand-in and for tests alone."""

    key: Path

    def sign(self, data: bytes) -> bytes:
        """Read the key each time: it may be replaced."""
        try:
            key = serialization.load_pem_private_key(self.key.read_bytes(), password=None)
        except (OSError, ValueError) as fault:
            raise Misconfigured("signer-key") from fault
        if not isinstance(key, RSAPrivateKey):
            raise Misconfigured("signer-key")
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Command:
    """A program, run without a shell: `/usr/local/bin/esia-sign --key 7`.

    `{data}`, `{signature}` and `{certificate}` stand for files. A signer that isn't told `{data}` reads it from its
    input, and one that isn't told `{signature}` writes it to its output.
    """

    line: str

    def sign(self, data: bytes) -> bytes:
        """The raw signature as the program gives it."""
        with tempfile.TemporaryDirectory(prefix="lk-esia-") as folder:
            out = Path(folder) / "signature"
            done = self._run(Path(folder), data)
            made = out.read_bytes() if out.exists() else done.stdout
        if done.returncode != 0 or not made:
            raise Misconfigured("signer-command")
        return made

    def verifies(self, data: bytes, signature: bytes, certificate: Path) -> bool:
        """Exit 0 is yes, 1 is no; anything else is a fault of the program."""
        with tempfile.TemporaryDirectory(prefix="lk-esia-") as folder:
            (Path(folder) / "signature").write_bytes(signature)
            done = self._run(Path(folder), data, certificate)
        if done.returncode not in (0, 1):
            raise Misconfigured("verifier-command")
        return done.returncode == 0

    def _run(self, folder: Path, data: bytes, certificate: Path | None = None) -> subprocess.CompletedProcess[bytes]:
        (folder / "data").write_bytes(data)
        places = {
            "{data}": str(folder / "data"),
            "{signature}": str(folder / "signature"),
            "{certificate}": str(certificate or ""),
        }
        try:
            words = [_filled(word, places) for word in shlex.split(self.line)]
            given = None if "{data}" in self.line else data
            return subprocess.run(words, input=given, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as fault:
            raise Silent("outside-timeout") from fault
        except (OSError, ValueError, IndexError) as fault:
            raise Misconfigured("outside-command") from fault


def _filled(word: str, places: dict[str, str]) -> str:
    for mark, path in places.items():
        word = word.replace(mark, path)
    return word


@dataclass(frozen=True, slots=True)
class HttpService:
    """A service in the organization's own network.

    Signing: the data as the body, the raw signature as the answer. Checking: JSON with `data` and `signature` in
    base64 and the `certificate`'s text; 2xx is yes, 422 is no.
    """

    address: str

    def sign(self, data: bytes) -> bytes:
        """The raw signature as the service gives it."""
        answer = self._post(content=data, headers={"Content-Type": "application/octet-stream"})
        if not answer.is_success or not answer.content:
            raise Misconfigured(f"signer-{answer.status_code}")
        return answer.content

    def verifies(self, data: bytes, signature: bytes, certificate: Path) -> bool:
        """Ask the service."""
        pair = {"data": base64.b64encode(data).decode(), "signature": base64.b64encode(signature).decode()}
        answer = self._post(json={**pair, "certificate": certificate.read_text("utf-8")})
        if not answer.is_success and answer.status_code != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise Misconfigured(f"verifier-{answer.status_code}")
        return answer.is_success

    def _post(self, **how: object) -> httpx.Response:
        try:
            # No proxy leads to this machine.
            how = {"timeout": SECONDS, "follow_redirects": False, "trust_env": not leads_here(self.address), **how}
            answer = httpx.post(self.address, **how)  # type: ignore[arg-type]
        except httpx.HTTPError as fault:
            raise Silent("outside-service") from fault
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Silent(f"outside-{answer.status_code}")
        return answer


def signer_of(setting: str) -> Signer:
    """The signer that LK_ESIA_SIGNER names: «command:…», an address, or «rsa:FILE»."""
    return RsaSigner(Path(setting.removeprefix(RSA_KEY))) if setting.startswith(RSA_KEY) else _outside(setting)


def verifier_of(setting: str) -> Verifier | None:
    """The verifier that LK_ESIA_VERIFIER names, or None."""
    return _outside(setting) if setting else None


def _outside(setting: str) -> Command | HttpService:
    if setting.startswith(COMMAND):
        return Command(setting.removeprefix(COMMAND).strip())
    return HttpService(setting)
