"""A QR code as rows of bits, whatever draws it: bytes, level M, a fixed mask. Loads no library of PDFs."""

import struct
import zlib
from base64 import b64encode
from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from lk_reflex.domain.documents.qr.qr_words import codewords, version_for

#: ГОСТ Р 56042-2014 by way of ISO/IEC 18004: so many empty modules around the symbol.
QUIET = 4
#: Weighing all eight masks against each other costs four times the rest, and every reader takes any of them.
_MASK = 2


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol: rows of modules as bits, packed to bytes, in hexadecimal; `modules` along a side without the margin."""

    modules: int
    rows: str

    def side(self, module: float) -> float:
        """The side in points with the quiet zone."""
        return (self.modules + 2 * QUIET) * module


def symbol(data: bytes) -> Symbol:
    """The smallest symbol that holds these bytes. Raises ValueError beyond 2331 bytes."""
    version = version_for(len(data))
    code = qrcode.QRCode(version, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    # What `make` would do, with the codewords given.
    code.data_cache = codewords(data, version)
    code.makeImpl(False, _MASK)
    count = code.modules_count
    spare = -count % 8
    bits = ["".join("1" if dark else "0" for dark in row) + "0" * spare for row in code.modules]
    digits = (count + spare) // 4
    return Symbol(count, "".join(f"{int(row, 2):0{digits}x}" for row in bits))


def picture(made: Symbol) -> str:
    """The symbol with its quiet zone as an address for `<img>`: a PNG of one pixel a module, about a kilobyte."""
    side = made.modules + 2 * QUIET
    digits, width = len(made.rows) // made.modules, (side + 7) // 8
    blank = b"\0" + b"\xff" * width
    lines = [blank] * QUIET
    for start in range(0, len(made.rows), digits):
        dark = int(made.rows[start : start + digits], 16) >> (digits * 4 - made.modules)
        bits = ((1 << width * 8) - 1) ^ (dark << (width * 8 - QUIET - made.modules))
        lines.append(b"\0" + bits.to_bytes(width, "big"))
    lines += [blank] * QUIET
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)
    return f"data:image/png;base64,{b64encode(png).decode()}"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
