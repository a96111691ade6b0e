"""A code as a picture and as a voice. Both follow from the digits and a seed: a browser may ask for parts of a file."""

import random
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from captcha.audio import BEEP, SILENCE, AudioCaptcha, change_sound, change_speed, mix_wave, patch_wave_header
from captcha.image import ImageCaptcha

VOICES = Path(__file__).parents[2] / "voices" / "ru"
WIDTH, HEIGHT = 240, 80
#: The library makes dark inks transparent, so it draws in grey, and the grey is made dark afterwards.
_GREY, _PAPER = (128, 128, 128), (255, 255, 255)
_DARKER = [max(0, min(255, (level - 118) * 2)) for level in range(256)]
_RATE = 8000
#: Seconds between two digits: long enough to type one.
_PAUSES = (0.9, 1.4)


class _Painter(ImageCaptcha):
    """Digits that lean, shake and touch, yet don't cover each other."""

    character_rotate = (-22, 22)
    word_offset_dx = 0.12


class _Voice(AudioCaptcha):
    """The library's own mixing, drawn from a seed and with a background that an old person can listen through."""

    def __init__(self) -> None:
        super().__init__(str(VOICES))
        self.load()

    def say(self, digits: str, chance: random.Random) -> bytes:
        spoken = bytearray()
        for digit in digits:
            spoken += self._pick(digit, chance, (0.95, 1.15), (0.9, 1.1)) + _still(chance.uniform(*_PAUSES))
        whole = _still(0.5) + spoken
        for place in range(0, len(whole) - _RATE, _RATE // 2):
            murmur = self._pick(chance.choice("0123456789"), chance, (0.8, 1.4), (0.08, 0.16))[::-1]
            end = min(place + len(murmur), len(whole))
            whole[place:end] = mix_wave(murmur[: end - place], whole[place:end])
        return bytes(patch_wave_header(BEEP + SILENCE + whole))

    def _pick(
        self, digit: str, chance: random.Random, speed: tuple[float, float], level: tuple[float, float]
    ) -> bytearray:
        voice = chance.choice(self._cache[digit])
        return change_sound(change_speed(voice, chance.uniform(*speed)), chance.uniform(*level))


def _still(seconds: float) -> bytearray:
    return bytearray([128]) * round(seconds * _RATE)


@lru_cache(maxsize=1)
def _voice() -> _Voice:
    return _Voice()


@lru_cache(maxsize=1)
def _painter() -> _Painter:
    return _Painter(WIDTH, HEIGHT, font_sizes=(46, 52, 58))


@lru_cache(maxsize=32)
def picture(digits: str, _seed: str) -> bytes:
    """A PNG of the digits, dark on white; another one for each code, the same one for a code asked for again."""
    image = _painter().generate_image(digits, bg_color=_PAPER, fg_color=_GREY).convert("L").point(_DARKER)
    out = BytesIO()
    image.save(out, "png")
    return out.getvalue()


@lru_cache(maxsize=32)
def sound(digits: str, seed: str) -> bytes:
    """A WAV in which a Russian voice says the digits one by one."""
    return _voice().say(digits, random.Random(seed))  # noqa: S311  no secret: the digits are said aloud
