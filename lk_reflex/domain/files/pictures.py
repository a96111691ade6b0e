"""Photos as they come from a phone, made into plain pictures: recognised by content, without a place, of sensible size.

Pure but for the processor time that it takes: a quarter of a second for a phone's photo.
"""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

MAX_BYTES = 10 * 1024 * 1024
#: More than any phone's ordinary photo has; a file of a kilobyte may claim billions.
MAX_PIXELS = 50_000_000
#: Enough to read a dial by.
LONGEST_SIDE = 2000
QUALITY = 82
MEDIA_TYPE = "image/jpeg"
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
        if opened.width * opened.height > MAX_PIXELS:
            raise BadPicture(TOO_MANY_PIXELS)
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = _on_white(upright)
    # Drawn anew: what stood in the file beside its pixels stays behind.
    clean = Image.new("RGB", plain.size)
    clean.paste(plain)
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(ground, clear).convert("RGB")
