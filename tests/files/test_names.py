"""What people call their files: shown and saved without tricks, whatever they are called."""

import pytest

from lk_reflex.domain.files.names import LONGEST, plain_name

JPEG, PAPER = "image/jpeg", "application/pdf"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Мой счётчик.HEIC", "Мой счётчик.jpg"),
        ("../../x", "x.jpg"),
        ("..\\..\\windows\\x.png", "x.jpg"),
        ("/etc/passwd", "passwd.jpg"),
        ("photo.jpg.exe", "photo.jpg"),
        ("фото\u202egpj.exe", "фотоgpj.jpg"),
        ('a"\r\nSet-Cookie: x=1; b.jpg', "a_ Set-Cookie_ x=1_ b.jpg"),
        ("счётчик 🚰👍.jpg", "счётчик 🚰👍.jpg"),
        ("<img src=x onerror=alert(1)>.png", "_img src=x onerror=alert(1)_.jpg"),
        ("", "Файл.jpg"),
        ("...", "Файл.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("\0\0", "Файл.jpg"),
        ("\ud800.jpg", "Файл.jpg"),
        ("con.jpg", "Файл con.jpg"),
        ("%2e%2e%2fx", "_2e_2e_2fx.jpg"),
        ("и\u0306.jpg", "й.jpg"),
    ],
)
def test_a_name_is_made_plain(name, plain):
    assert plain_name(name, JPEG) == plain


@pytest.mark.parametrize("name", ["д" * 300 + ".pdf", "🚰" * 300, "a." * 300])
def test_a_long_name_is_cut_and_keeps_its_ending(name):
    plain = plain_name(name, PAPER)
    assert plain.endswith(".pdf") and len(plain) <= LONGEST + 4
    plain.encode()
