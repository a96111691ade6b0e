"""A QR code as rows of bits, whatever draws it: bytes, level M, a fixed mask. Loads no library of PDFs."""

import re
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
_DARK = re.compile("1+")


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
    return f"data:image/png;base64,{b64encode(png(made)).decode()}"


def png(made: Symbol, module: int = 1) -> bytes:
    """The symbol with its quiet zone as black on white, `module` pixels a module."""
    side = (made.modules + 2 * QUIET) * module
    width = (side + 7) // 8
    blank = b"\0" + b"\xff" * width
    lines = [blank] * (QUIET * module)
    for bits in _bits(made):
        dark = int("".join(bit * module for bit in bits), 2) << (width * 8 - (QUIET + made.modules) * module)
        lines += [b"\0" + (((1 << width * 8) - 1) ^ dark).to_bytes(width, "big")] * module
    lines += [blank] * (QUIET * module)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def svg(made: Symbol) -> bytes:
    """The same as a drawing of one unit a module: sharp at any size, and white in dark colours, too."""
    side = made.modules + 2 * QUIET
    runs = (
        f"M{QUIET + run.start()} {QUIET + line}h{run.end() - run.start()}v1H{QUIET + run.start()}z"
        for line, bits in enumerate(_bits(made))
        for run in _DARK.finditer(bits)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{"".join(runs)}"/></svg>'
    ).encode()


def _bits(made: Symbol) -> list[str]:
    """The rows as «1» for dark and «0» for light."""
    digits = len(made.rows) // made.modules
    rows = (made.rows[start : start + digits] for start in range(0, len(made.rows), digits))
    return [f"{int(row, 16):0{digits * 4}b}"[: made.modules] for row in rows]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
