"""Files in an S3-compatible store, where several machines serve one cabinet: one bucket, private, its own names."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from lk_reflex.integrations.storage.port import Stored, StoreFault, is_key

#: In seconds: whoever uploads waits for it, and a thread of few.
CONNECT, ANSWER, TRIES = 3, 20, 2
_NONE = frozenset({"NoSuchKey", "404"})


class _Open:
    def __init__(self, body: Any, size: int) -> None:
        self._body, self.size = body, size

    def read(self, most: int) -> bytes:
        with _plain_faults():
            try:
                return self._body.read(most)
            except (OSError, ValueError, AttributeError) as fault:  # closed meanwhile
                raise StoreFault("read") from fault

    def close(self) -> None:
        with suppress(Exception):
            self._body.close()


class S3Store:
    """`url` is the store's own, «https://s3.example.org»; the bucket must be there already."""

    def __init__(self, url: str, bucket: str, key: str, secret: str, region: str) -> None:
        self._bucket = bucket
        self._client: Any = _session().create_client(
            "s3",
            endpoint_url=url,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(
                connect_timeout=CONNECT,
                read_timeout=ANSWER,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                signature_version="s3v4",
                # Stores of others than Amazon know neither hosts by bucket nor its newest checksums.
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, key: str, data: bytes) -> None:
        """Keep them whole or not at all. Raises StoreFault."""
        with _plain_faults():
            self._client.put_object(
                Bucket=self._bucket, Key=_checked(key), Body=data, ContentType="application/octet-stream",
                ContentDisposition="attachment",
            )  # fmt: skip

    def get(self, key: str) -> bytes | None:
        """The bytes, or None where there are none by that name. Raises StoreFault."""
        with _plain_faults():
            found = self._found(key)
            return None if found is None else found["Body"].read()

    def open(self, key: str) -> Stored | None:
        """The same to be read piece by piece: a connection is held until it is closed. Raises StoreFault."""
        with _plain_faults():
            found = self._found(key)
            return None if found is None else _Open(found["Body"], int(found["ContentLength"]))

    def remove(self, key: str) -> None:
        """Forget them; a repeat is quiet. Raises StoreFault."""
        with _plain_faults():
            self._client.delete_object(Bucket=self._bucket, Key=_checked(key))

    def check(self) -> None:
        """Whether the store answers and the bucket is there. Raises StoreFault."""
        with _plain_faults():
            self._client.head_bucket(Bucket=self._bucket)

    def _found(self, key: str) -> Any:
        if not is_key(key):
            return None
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as fault:
            if _code(fault) in _NONE:
                return None
            raise


@contextmanager
def _plain_faults() -> Iterator[None]:
    try:
        yield
    except ClientError as fault:
        raise StoreFault(_code(fault)) from fault
    except BotoCoreError as fault:
        raise StoreFault(type(fault).__name__) from fault


def _session() -> Session:
    """Without what the machine's own files say of other stores and other keys."""
    session = Session()
    for name in ("config_file", "credentials_file"):
        session.set_config_variable(name, "/dev/null")
    return session


def _checked(key: str) -> str:
    if not is_key(key):
        raise StoreFault("not a name of ours")
    return key


def _code(fault: ClientError) -> str:
    return str(fault.response.get("Error", {}).get("Code", "error"))
