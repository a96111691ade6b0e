"""`.env.example` and docs/ru/settings.md name every setting and no other; what the example says is accepted."""

import re
from pathlib import Path

import pytest

from lk_reflex.settings import Settings, load_settings
from lk_reflex.settings.rules import variable
from tests.site import ROOT

EXAMPLE, BOOK = ROOT / ".env.example", ROOT / "docs" / "ru" / "settings.md"
SETTINGS = {variable(name) for name in Settings.model_fields}
_LINE = re.compile(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
#: What a reader puts where the example has words in angle brackets.
FILLED = {
    "<имя-кабинета>": "lk.example.org", "<пароль-базы>": "parol", "<пароль-redis>": "parol",
    "<секретный-ключ>": "0123456789abcdef" * 4, "<ключ-данных>": "a2V5" * 10 + "a2U=", "<имя>": "lk",
    "<пароль>": "parol", "<почтовый-сервер>": "mail.example.org",
}  # fmt: skip


def filled() -> str:
    text = EXAMPLE.read_text("utf-8")
    for place, value in FILLED.items():
        text = text.replace(place, value)
    return text


def test_the_example_has_every_setting_and_none_that_is_not_there():
    named = [name for name, _ in _LINE.findall(EXAMPLE.read_text("utf-8"))]
    assert len(named) == len(set(named))
    of_compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text("utf-8"))) - SETTINGS
    assert set(named) == SETTINGS | of_compose


def test_each_line_of_the_example_is_explained_in_russian_above_it():
    paragraphs = re.split(r"\n\s*\n", EXAMPLE.read_text("utf-8"))
    for paragraph in paragraphs:
        if _LINE.search(paragraph):
            first = paragraph.strip().splitlines()[0]
            assert first.startswith("# ") and re.search("[а-яё]{3}", first), paragraph


def test_the_filled_example_starts_a_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    text = filled()
    assert "<" not in re.sub(r"(?m)^#.*$|<no-reply@.*>", "", text)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(text, "utf-8")
    settings = load_settings()
    assert not settings.preview and settings.site == "https://lk.example.org"
    assert settings.mail_sender == "Личный кабинет <no-reply@lk.example.org>"


def test_what_stands_behind_a_hash_is_the_default_or_a_value_of_the_right_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(re.sub(r"(?m)^#(?=[A-Z][A-Z0-9_]*=.)", "", filled()), "utf-8")
    settings = Settings()  # pyright: ignore[reportCallIssue]
    assert settings.port == 3000 and settings.s3_bucket == "lk"


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_the_book_tells_of_each_what_it_is_its_default_and_when_to_change_it(name):
    rows = [line for line in BOOK.read_text("utf-8").splitlines() if line.startswith(f"| `{name}` |")]
    assert len(rows) == 1
    cells = [cell.strip() for cell in rows[0].strip("|").split(" | ")]
    assert len(cells) == 5 and not {"", "—"} & {cells[1], cells[2], cells[4]}


def test_the_book_invents_none():
    assert set(re.findall(r"^\| `([A-Z_0-9]+)` \|", BOOK.read_text("utf-8"), re.MULTILINE)) == SETTINGS
