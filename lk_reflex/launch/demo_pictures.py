"""Small drawn pictures in the place of the photos that people of a demonstration attach."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_SIZE = (640, 440)


def meter_picture(serial: str, reading: str) -> bytes:
    """A water meter's face with its number and figures, as a PNG."""
    picture = Image.new("RGB", _SIZE, "#b9c4c9")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((130, 30, 510, 410), fill="#f7f7f2", outline="#2d5f78", width=16)
    draw.rectangle((200, 150, 440, 215), fill="#10232e")
    draw.text((320, 182), reading, fill="#ffffff", font=_font(44), anchor="mm")
    draw.text((320, 270), f"N {serial}", fill="#10232e", font=_font(26), anchor="mm")
    draw.text((320, 320), "Qn 1.5   m3", fill="#44565f", font=_font(22), anchor="mm")
    return _png(picture)


def paper_picture(serial: str) -> bytes:
    """A paper about a meter: lines, a stamp, the number."""
    picture = Image.new("RGB", _SIZE, "#fbfaf5")
    draw = ImageDraw.Draw(picture)
    draw.text((60, 50), f"N {serial}", fill="#10232e", font=_font(30))
    for line in range(7):
        draw.rectangle((60, 120 + line * 34, 560 - (line % 3) * 70, 128 + line * 34), fill="#9aa7ad")
    draw.ellipse((430, 290, 550, 410), outline="#3557a5", width=6)
    return _png(picture)


def street_picture() -> bytes:
    """Water on a road."""
    picture = Image.new("RGB", _SIZE, "#8fa6b2")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 200, 640, 440), fill="#5d6468")
    draw.rectangle((0, 190, 640, 206), fill="#c9cdc9")
    draw.ellipse((150, 260, 520, 400), fill="#a7c9d8")
    draw.ellipse((300, 285, 380, 320), fill="#2b3338")
    return _png(picture)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
