"""Photos are known by their content, lose their place, stand upright, and are of sensible size."""

from io import BytesIO

import pytest
from PIL import Image, ImageOps

from lk_reflex.domain.files import pictures
from lk_reflex.domain.files.pictures import BadPicture, make_picture
from tests.files.photos import bomb, photo


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_what_phones_make_becomes_a_plain_jpeg_without_a_place(kind):
    given = photo(kind)
    assert b"TattleTale" in given or opened(given).getexif()  # it was there
    made = make_picture(given)
    picture = opened(made)
    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (60, 40), {})
    assert b"TattleTale" not in made and b"Exif" not in made
    red, _, blue = picture.getpixel((5, 20))
    assert red > 150 > blue


@pytest.mark.parametrize(("turned", "size"), [(1, (60, 40)), (3, (60, 40)), (6, (40, 60)), (8, (40, 60))])
def test_a_photo_stands_upright(turned, size):
    assert opened(make_picture(photo(turned=turned))).size == size


def test_a_large_photo_is_made_smaller():
    assert opened(make_picture(photo(size=(4000, 3000)))).size == (2000, 1500)


def test_what_is_transparent_becomes_white():
    assert opened(make_picture(photo("PNG", mode="RGBA"))).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", pictures.EMPTY),
        (b"x" * (10 * 1024 * 1024 + 1), pictures.TOO_LARGE),
        (b"%PDF-1.7 a document", pictures.NO_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", pictures.NO_PICTURE),
        (b"MZ" + b"\0" * 500, pictures.NO_PICTURE),
        (photo("GIF"), pictures.NO_PICTURE),
        (photo("JPEG", (600, 400))[:900], pictures.BROKEN),
        (photo("PNG", (600, 400))[:200], pictures.BROKEN),
        (photo("WEBP", (600, 400))[:-40], pictures.BROKEN),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, pictures.NO_PICTURE),
        (photo("PNG").replace(b"IDAT", b"IDAX"), pictures.NO_PICTURE),
        (bomb(), pictures.TOO_MANY_PIXELS),
    ],
    ids=["empty", "large", "pdf", "svg", "exe", "gif", "cut jpeg", "cut png", "cut webp", "jpeg head", "bad", "bomb"],
)
def test_every_refusal_has_its_own_sentence(data, sentence):
    with pytest.raises(BadPicture) as refused:
        make_picture(data)
    assert str(refused.value) == sentence


def test_bytes_of_chance_are_refused_and_never_a_fault_of_ours():
    whole = photo("JPEG", (200, 100)), photo("PNG", (200, 100)), photo("HEIF", (200, 100)), photo("WEBP", (200, 100))
    for data in whole:
        for place in range(0, len(data), max(len(data) // 40, 1)):
            broken = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
            try:
                assert opened(make_picture(broken)).format == "JPEG"
            except BadPicture as refused:
                assert str(refused) in (pictures.BROKEN, pictures.NO_PICTURE, pictures.TOO_MANY_PIXELS)


@pytest.mark.parametrize(
    ("kind", "mode", "size", "more", "taken"),
    [
        ("JPEG", "RGB", (8000, 6000), {}, True),
        ("JPEG", "RGB", (8200, 6200), {}, False),
        ("JPEG", "RGB", (4624, 3468), {"progressive": True}, False),
        ("JPEG", "RGB", (4032, 3024), {"progressive": True}, True),
        ("HEIF", "RGB", (4032, 3024), {}, True),
        ("HEIF", "RGBA", (4624, 3468), {}, False),
        ("PNG", "RGBA", (4624, 3468), {}, False),
        ("WEBP", "RGBA", (4624, 3468), {}, False),
        ("WEBP", "RGB", (4032, 3024), {}, True),
    ],
)
def test_what_has_to_be_unpacked_whole_may_have_fewer_points(kind, mode, size, more, taken):
    out = BytesIO()
    Image.new(mode, size).save(out, kind, quality=10, **more)
    if taken:
        assert max(opened(make_picture(out.getvalue())).size) == 2000
        return
    with pytest.raises(BadPicture) as refused:
        make_picture(out.getvalue())
    assert str(refused.value) == pictures.TOO_MANY_PIXELS


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_made_smaller_first_it_stands_as_it_would_have(kind, turned):
    data = photo(kind, turned=turned)
    upright = ImageOps.exif_transpose(opened(data))
    made = opened(make_picture(data))
    width, height = upright.size
    assert made.size == upright.size
    for spot in ((5, 5), (width - 5, height - 5)):
        assert (made.getpixel(spot)[0] > 100) == (upright.getpixel(spot)[0] > 100)
