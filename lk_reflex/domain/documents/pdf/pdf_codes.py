"""A QR code as the printed page has it, drawn as one 1-bit image mask."""

from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from lk_reflex.domain.documents.qr.qr_symbol import QUIET, Symbol

#: The smallest printed module.
MODULE = 0.5 * mm


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
