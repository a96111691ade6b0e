"""The certificate file with which Госуслуги's signatures are checked; replaced under a running cabinet."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificates
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from lk_reflex.integrations.esia.outside import Verifier
from lk_reflex.integrations.esia.port import Misconfigured, Unexpected

log = logging.getLogger(__name__)
RS256: Final = "RS256"
GOST: Final = "GOST3410_2012_256"
#: id-tc26-gost3410-12-256, the public key's algorithm in such a certificate.
_GOST_KEY: Final = "1.2.643.7.1.1.1.1"
_Mark = tuple[int, int, int]
#: Their headers have words of their own («ver», «sbt») beside the standard's.
_REGISTRY: Final = JWSRegistry(algorithms=[RS256], strict_check_header=False)


@dataclass(frozen=True, slots=True)
class _Trusted:
    """What the file holds: RSA keys (several while one replaces another), or keys of GOST for the verifier."""

    mark: _Mark
    rsa: tuple[RSAKey, ...]
    gost: bool


class Certificate:
    """The keys that we believe. Which algorithm is right follows from our file, never from the token."""

    def __init__(self, path: Path, verifier: Verifier | None = None) -> None:
        self.path, self.verifier = path, verifier
        self._kept: _Trusted | None = None

    def check(self, token: str) -> None:
        """Raises Unexpected for a signature that isn't theirs, Misconfigured where we can't tell."""
        trusted, algorithm = self._trusted(), _algorithm(token)
        if algorithm == RS256 and trusted.rsa:
            good = any(_signed_by(key, token) for key in trusted.rsa)
        elif algorithm == GOST and trusted.gost:
            good = self._verified(token)
        else:
            raise Unexpected("token-algorithm")
        if not good:
            raise Unexpected("token-signature")

    def _verified(self, token: str) -> bool:
        if self.verifier is None:
            raise Misconfigured("no-verifier")
        data, _, signature = token.rpartition(".")
        return self.verifier.verifies(data.encode(), _bytes_of(signature), self.path)

    def _trusted(self) -> _Trusted:
        try:
            mark = _mark(self.path)
            if self._kept is None or self._kept.mark != mark:
                self._kept = _read(self.path.read_bytes(), mark)
                log.info("certificate of Госуслуги read: %d RSA keys, GOST %s", len(self._kept.rsa), self._kept.gost)
        except (OSError, ValueError) as fault:
            raise Misconfigured("certificate") from fault
        return self._kept


def _mark(path: Path) -> _Mark:
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(pem: bytes, mark: _Mark) -> _Trusted:
    if b"BEGIN PUBLIC KEY" in pem:
        return _Trusted(mark, tuple(_rsa(load_pem_public_key(pem))), gost=False)
    rsa, gost = [], False
    for certificate in load_pem_x509_certificates(pem):
        if certificate.public_key_algorithm_oid.dotted_string == _GOST_KEY:
            gost = True
            continue
        try:
            rsa += _rsa(certificate.public_key())
        except UnsupportedAlgorithm as fault:
            raise ValueError("an algorithm that nobody uses") from fault
    return _Trusted(mark, tuple(rsa), gost)


def _rsa(key: object) -> Iterator[RSAKey]:
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not RSA")
    yield RSAKey.import_key(key)


def _algorithm(token: str) -> str:
    try:
        header = jws.extract_compact(token.encode(), registry=_REGISTRY).headers()
    except (JoseError, ValueError, AttributeError, TypeError) as fault:
        raise Unexpected("token-form") from fault
    return str(header.get("alg", ""))


def _signed_by(key: RSAKey, token: str) -> bool:
    try:
        jws.deserialize_compact(token, key, registry=_REGISTRY)
    except (JoseError, ValueError):
        return False
    return True


def _bytes_of(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode())
    except ValueError as fault:
        raise Unexpected("token-form") from fault
