"""Photos as they come from a phone, made into plain pictures: recognised by content, without a place, of sensible size.

Pure but for the processor time and the memory that it takes: a quarter of a second for a phone's photo.
"""

import threading
from io import BytesIO

from PIL import Image, UnidentifiedImageError
from pillow_heif import register_heif_opener

MAX_BYTES = 10 * 1024 * 1024
#: More than any phone's ordinary photo has; a file of a kilobyte may claim billions.
MAX_PIXELS = 50_000_000
#: Of what has to be unpacked whole, and several times over, before it can be made smaller; phones take no such photos.
MAX_WHOLE_PIXELS = 16_000_000
#: A photo with more of them has the memory to itself.
_LARGE = 13_000_000
_ALONE = threading.Lock()
#: Enough to read a dial by.
LONGEST_SIDE = 2000
QUALITY = 82
MEDIA_TYPE = "image/jpeg"
#: EXIF's word for how the camera was held (CIPA DC-008, 4.6.4), and what undoes it.
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")

NO_FILE = "Выберите фотографию счётчика"
EMPTY = "Файл пустой. Выберите другую фотографию"
TOO_LARGE = "Файл больше 10 МБ. Уменьшите фотографию или сделайте новую с меньшим качеством"
NO_PICTURE = "Это не фотография. Подойдут снимки JPEG, PNG, WebP и HEIC"
BROKEN = "Фотография повреждена и не открывается. Сделайте снимок ещё раз"
TOO_MANY_PIXELS = "В снимке слишком много точек. Сделайте его с меньшим разрешением"

register_heif_opener()


class BadPicture(ValueError):
    """What came is no picture that we take; the text is the sentence for the person."""


def make_picture(data: bytes) -> bytes:
    """An upright JPEG of at most LONGEST_SIDE, of pixels alone: no place, no device. Raises BadPicture."""
    if not data:
        raise BadPicture(EMPTY)
    if len(data) > MAX_BYTES:
        raise BadPicture(TOO_LARGE)
    try:
        return _redrawn(data)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BadPicture(TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise BadPicture(NO_PICTURE) from None
    except BadPicture:
        raise
    except Exception:  # noqa: BLE001  a decoder's way of saying that bytes from outside make no sense: any of dozens
        raise BadPicture(BROKEN) from None


def _redrawn(data: bytes) -> bytes:
    with Image.open(BytesIO(data), formats=_FORMATS) as opened:
        pixels = opened.width * opened.height
        if pixels > _allowed(opened):
            raise BadPicture(TOO_MANY_PIXELS)
        if pixels <= _LARGE:
            return _drawn_anew(opened)
        with _ALONE:
            return _drawn_anew(opened)


def _allowed(opened: Image.Image) -> int:
    """How many pixels a picture may have, by what it costs to unpack it: judged by its head alone."""
    by_rows = (
        opened.format in ("JPEG", "MPO") and not opened.info.get("progressive") and not opened.info.get("progression")
    )
    from_phone = opened.format == "HEIF" and opened.mode == "RGB"
    return MAX_PIXELS if by_rows or from_phone else MAX_WHOLE_PIXELS


def _drawn_anew(opened: Image.Image) -> bytes:
    """Smaller first and upright then: each step at full size would cost the whole picture once more."""
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
    orientation = opened.getexif().get(_ORIENTATION, 1)
    small = _on_white(opened)
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    turn = _TURNS.get(orientation)
    upright = small if turn is None else small.transpose(turn)
    # Drawn anew: what stood in the file beside its pixels stays behind.
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """Without its transparency, and itself where it has none: no copy at full size that can be spared."""
    if picture.mode == "RGB" and "transparency" not in picture.info:
        picture.load()
        return picture
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    clear = picture if picture.mode == "RGBA" else picture.convert("RGBA")
    ground = Image.new("RGB", clear.size, "white")
    ground.paste(clear, mask=clear)
    return ground
