"""The picture and the voice of a code: what they are, for whom, and that they say what must be typed."""

import io
import wave
from datetime import timedelta

import pytest
from PIL import Image

from lk_reflex.api.entry import captcha_media
from lk_reflex.api.entry.captcha_media import HEIGHT, VOICES, WIDTH, picture, sound
from lk_reflex.core.clock import utc_now
from lk_reflex.domain.identity.registering.captcha import LIFE, check_captcha, digits_of, new_captcha
from lk_reflex.settings import get_settings


@pytest.fixture
def token(over) -> str:
    return over.write(new_captcha, now=utc_now())


def test_the_picture_is_a_picture_and_is_kept_nowhere(web, token):
    answer = web.get(f"/api/captcha/{token}.png")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["cache-control"] == "no-store"
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
        darkest, lightest = image.getextrema()
    assert darkest < 60, "grey on grey"
    assert lightest == 255


def test_the_voice_is_a_wav_that_lasts_long_enough_to_type_along(web, token):
    answer = web.get(f"/api/captcha/{token}.wav")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert answer.headers["cache-control"] == "no-store"
    with wave.open(io.BytesIO(answer.content)) as said:
        assert (said.getnchannels(), said.getframerate(), said.getsampwidth()) == (1, 8000, 1)
        assert said.getnframes() == len(said.readframes(-1))
        assert 6 < said.getnframes() / said.getframerate() < 14


@pytest.mark.parametrize("kind", ["png", "wav"])
def test_nothing_is_shown_of_a_code_that_is_unknown_used_up_or_old(web, over, token, kind):
    assert web.get(f"/api/captcha/guess.{kind}").status_code == 404
    assert web.get(f"/api/captcha/{'x' * 5000}.{kind}").status_code == 404
    assert web.get(f"/api/captcha/{token}.{kind}").status_code == 200
    key = get_settings().key()
    assert over.write(check_captcha, token, digits_of(token, key), key=key, now=utc_now())
    assert web.get(f"/api/captcha/{token}.{kind}").status_code == 404
    old = over.write(new_captcha, now=utc_now() - LIFE - timedelta(seconds=1))
    assert web.get(f"/api/captcha/{old}.{kind}").status_code == 404


def test_only_these_two_forms_are_had_and_only_by_asking(web, token):
    assert web.get(f"/api/captcha/{token}.txt").status_code == 404
    assert web.get(f"/api/captcha/{token}").status_code == 404
    assert web.post(f"/api/captcha/{token}.png").status_code == 405


def test_a_browser_that_asks_for_parts_gets_parts_of_one_file(web, token):
    whole = web.get(f"/api/captcha/{token}.wav").content
    captcha_media.sound.cache_clear()  # another process would make it anew
    first = web.get(f"/api/captcha/{token}.wav", headers={"range": "bytes=0-1"})
    rest = web.get(f"/api/captcha/{token}.wav", headers={"range": "bytes=2-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.headers["content-range"] == f"bytes 0-1/{len(whole)}"
    assert first.content + rest.content == whole
    beyond = web.get(f"/api/captcha/{token}.wav", headers={"range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond.content) == (416, b"")
    assert web.get(f"/api/captcha/{token}.wav", headers={"range": "lines=1-2"}).content == whole


def test_each_digit_has_voices_of_its_own():
    for digit in "0123456789":
        recordings = [path.read_bytes() for path in sorted((VOICES / digit).glob("*.wav"))]
        assert len(set(recordings)) == 3
        for recording in recordings:
            with wave.open(io.BytesIO(recording)) as said:
                assert (said.getnchannels(), said.getframerate(), said.getsampwidth()) == (1, 8000, 1)


def spoken(digits, seed):
    """How the recordings that went into a voice are told from outside: by what the mixing was given."""
    picked = []
    real = captcha_media._Voice._pick

    def note(self, digit, chance, speed, level):
        if level[0] > 0.5:
            picked.append(digit)
        return real(self, digit, chance, speed, level)

    captcha_media._Voice._pick = note
    try:
        captcha_media.sound.cache_clear()
        sound(digits, seed)
    finally:
        captcha_media._Voice._pick = real
        captcha_media.sound.cache_clear()
    return "".join(picked)


@pytest.mark.parametrize("digits", ["00000", "12345", "98765", "07070"])
def test_the_voice_says_the_digits_in_their_order(digits):
    assert spoken(digits, "any") == digits


def test_the_picture_shows_the_digits_in_their_order(monkeypatch):
    drawn, real = [], captcha_media._Painter._draw_character
    monkeypatch.setattr(
        captcha_media._Painter, "_draw_character", lambda self, char, *how: drawn.append(char) or real(self, char, *how)
    )
    picture("90817", "never asked for before")
    assert "".join(drawn).replace(" ", "") == "90817"


def test_pictures_and_voices_differ_by_code_and_by_seed():
    assert len({sound(code, "same") for code in ("12345", "12346", "54321")}) == 3
    assert len({sound("12345", seed) for seed in ("a", "b", "c")}) == 3
    assert len({picture(code, "same") for code in ("12345", "12346", "54321")}) == 3


def test_the_spoken_digits_stand_out_from_the_murmur_between_them():
    with wave.open(io.BytesIO(sound("12345", "seed"))) as said:
        loud = [abs(level - 128) for level in said.readframes(-1)]
    beep = 4000
    windows = sorted(max(loud[at : at + 400]) for at in range(beep, len(loud) - 400, 400))
    quiet, clear = windows[len(windows) // 4], windows[-len(windows) // 10]
    assert clear > 3 * quiet
