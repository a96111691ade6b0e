"""Photos for tests, drawn here: every kind that phones make, with a place in them, and every way to be broken."""

from io import BytesIO

from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener()
#: Latitude and orientation, as a phone writes them.
GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, turned: int = 1, mode: str = "RGB") -> bytes:
    """Red at the left, blue at the right; with a place, where the format keeps one."""
    picture = Image.new(mode, size, (200, 0, 0) if mode == "RGB" else (0, 0, 0, 0))
    if mode == "RGB":
        picture.paste((0, 0, 200), (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = turned, "TattleTale"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (55.0, 11.0, 25.0)
    out = BytesIO()
    picture.save(out, kind, **({"exif": exif.tobytes()} if kind != "GIF" else {}))
    return out.getvalue()


def bomb() -> bytes:
    """A few kilobytes that unpack to hundreds of millions of points."""
    out = BytesIO()
    Image.new("1", (16_000, 16_000)).save(out, "PNG")
    return out.getvalue()
