"""The checksum of RBS/BPC callbacks: HMAC-SHA256 over the sorted fields (`protocols.md`, section 2)."""

import hashlib
import hmac
from collections.abc import Mapping

from lk_reflex.integrations.bank.port import Forged, Hint

#: What signs the rest, and the name of the key it was signed with.
UNSIGNED = ("checksum", "sign_alias")


def checksum(fields: Mapping[str, str], key: str) -> str:
    """Upper-case hex of the code over «name;value;» of every field but the checksum's own, sorted by name."""
    text = "".join(f"{name};{fields[name]};" for name in sorted(fields) if name not in UNSIGNED)
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().upper()


class RbsHints:
    """Reads callbacks signed with `key`, the organization's own."""

    def __init__(self, key: str) -> None:
        self._key = key

    def hint(self, fields: Mapping[str, str], body: bytes = b"") -> Hint:
        """What the callback claims; raises Forged where its checksum is missing or another."""
        given = fields.get("checksum", "").strip().upper()
        # Bytes: compare_digest takes no text beyond ASCII.
        if not self._key or not hmac.compare_digest(given.encode(), checksum(fields, self._key).encode()):
            raise Forged("checksum")
        number, bank_id = fields.get("orderNumber", ""), fields.get("mdOrder", "")
        if not number and not bank_id:
            raise Forged("no-order")
        return Hint(number, bank_id, fields.get("operation", ""), fields.get("status") == "1", signed=True)
