"""A QR code as the printed page has it: bytes, level M, a fixed mask, drawn as one 1-bit image mask."""

from dataclasses import dataclass
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import QRData
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

#: ГОСТ Р 56042-2014 by way of ISO/IEC 18004: so many empty modules around the symbol.
QUIET = 4
#: The smallest printed module.
MODULE = 0.5 * mm
#: Byte mode, in which UTF-8 goes as it is.
_BYTES = 4
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
    """The smallest symbol that holds these bytes. Raises qrcode's DataOverflowError beyond 2331 bytes."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(QRData(data, mode=_BYTES, check_data=False), optimize=0)
    code.make()
    count = code.modules_count
    spare = -count % 8
    bits = ["".join("1" if dark else "0" for dark in row) + "0" * spare for row in code.modules]
    digits = (count + spare) // 4
    return Symbol(count, "".join(f"{int(row, 2):0{digits}x}" for row in bits))


def module_for(made: Symbol, room: float) -> float:
    """The module with which a symbol fills `room` points, and never less than half a millimetre."""
    return max(MODULE, room / (made.modules + 2 * QUIET))


def draw_symbol(canvas: Canvas, made: Symbol, x: float, y: float, module: float) -> None:
    """Draw it with its quiet zone, the lower left corner of which is at x, y."""
    start, side = QUIET * module, made.modules * module
    canvas.saveState()
    canvas.setFillGray(0)
    canvas.translate(x + start, y + start)
    canvas.scale(side, side)
    # An inline image: reportlab's own way goes through Pillow, a checksum and an object of its own.
    page: Any = canvas
    page._code.append(f"BI /W {made.modules} /H {made.modules} /IM true /BPC 1 /D [1 0] /F /AHx ID\n{made.rows}>\nEI")
    canvas.restoreState()
