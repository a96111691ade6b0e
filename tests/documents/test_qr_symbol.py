"""Our own reckoning of a symbol's words gives what qrcode itself gives, and a decoder reads it."""

import base64
import io
import os
import re

import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, QRData, create_data

from lk_reflex.domain.documents.qr.qr_symbol import QUIET, picture, png, svg, symbol
from lk_reflex.domain.documents.qr.qr_words import codewords, version_for


def reference(data: bytes) -> qrcode.QRCode:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=2)
    code.add_data(QRData(data, mode=MODE_8BIT_BYTE, check_data=False), optimize=0)
    code.make()
    return code


def modules(data: bytes) -> list[list[bool]]:
    made = symbol(data)
    digits = len(made.rows) // made.modules
    rows = (made.rows[start : start + digits] for start in range(0, len(made.rows), digits))
    return [[bit == "1" for bit in f"{int(row, 16):0{digits * 4}b}"[: made.modules]] for row in rows]


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=600))
def test_any_bytes_make_the_symbol_that_qrcode_makes(data):
    assert modules(data) == reference(data).modules


@pytest.mark.parametrize("version", range(1, 41))
def test_words_are_those_of_qrcode_in_every_version_filled_to_the_brim_and_not(version):
    full = max(length for length in range(1, 2332) if version_for(length) == version)
    for length in (full, full - 1, full // 2 + 1):
        data = os.urandom(length)
        given = QRData(data, mode=MODE_8BIT_BYTE, check_data=False)
        assert codewords(data, version) == create_data(version, ERROR_CORRECT_M, [given])


def test_more_than_a_symbol_holds_is_refused():
    assert version_for(2331) == 40
    with pytest.raises(ValueError):
        symbol(b"x" * 2332)


@pytest.mark.parametrize("length", [1, 20, 300, 504])
def test_the_picture_for_a_page_is_read_and_has_its_quiet_zone(length):
    text = "ж" * length
    made = symbol(text.encode())
    kind, _, body = picture(made).partition(",")
    image = Image.open(io.BytesIO(base64.b64decode(body)))
    side = made.modules + 2 * QUIET
    assert kind == "data:image/png;base64" and image.size == (side, side)
    (read,) = zxingcpp.read_barcodes(image.convert("L").resize((side * 4, side * 4), Image.Resampling.NEAREST))
    assert read.bytes == text.encode()


@pytest.mark.parametrize("module", [1, 3, 10])
@pytest.mark.parametrize("length", [1, 100, 362])
def test_the_file_to_save_is_read_at_its_own_size(length, module):
    text = "x" * length
    made = symbol(text.encode())
    image = Image.open(io.BytesIO(png(made, module)))
    assert image.size == ((made.modules + 2 * QUIET) * module,) * 2
    (read,) = zxingcpp.read_barcodes(image.convert("L").resize((1000, 1000), Image.Resampling.NEAREST))
    assert read.text == text


@pytest.mark.parametrize("length", [1, 100, 362])
def test_the_drawing_holds_the_same_dark_modules_on_white(length):
    made = symbol(os.urandom(length))
    drawing = svg(made).decode()
    side = made.modules + 2 * QUIET
    image = Image.new("1", (side, side), 1)
    assert f'viewBox="0 0 {side} {side}"' in drawing and f'fill="#fff" d="M0 0h{side}v{side}H0z"' in drawing
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1H\1z", drawing.split("/>")[1]):
        ImageDraw.Draw(image).line([(int(x), int(y)), (int(x) + int(run) - 1, int(y))], fill=0)
    assert image.tobytes() == Image.open(io.BytesIO(png(made))).tobytes()
