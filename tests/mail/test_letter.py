from html.parser import HTMLParser

from lk_reflex.domain.mail.letter import SIGNATURE, Facts, Letter, Link

LINK = Link("Сменить пароль", "https://lk.example.org/reset/a-b_c?x=1&y=2")
LETTER = Letter(
    "Смена пароля", ("Первый абзац.", "Второй."), LINK, ("После ссылки.",), (Facts("ЛС 1", (("ХВС", "6,5 м³"),)),)
)


class Seen(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data):
        self.text += data


def test_both_forms_say_the_same_and_hold_the_whole_link():
    plain, seen = LETTER.plain(), Seen(LETTER.html())
    for text in (
        "Первый абзац.",
        "Второй.",
        "ЛС 1",
        "ХВС",
        "6,5 м³",
        "После ссылки.",
        LINK.words,
        LINK.address,
        SIGNATURE,
    ):
        assert text in plain
        assert text in seen.text
    assert seen.links == [LINK.address, LINK.address]
    assert f"\n{LINK.address}\n" in plain  # on a line of its own: no mail program breaks it


def test_what_comes_from_people_and_billing_stays_text():
    evil = '</p><script>alert("1")</script><img src=x onerror=1>&amp;'
    html = Letter(evil, (evil,), Link(evil, f"https://a.org/{evil}"), (evil,), (Facts(evil, ((evil, evil),)),)).html()
    seen = Seen(html)
    assert not {"script", "img"} & set(seen.tags)
    assert seen.text.count(evil) == 9  # the title twice
    assert seen.links[0] == f"https://a.org/{evil}"


def test_it_fetches_nothing_from_anywhere():
    html = LETTER.html()
    assert "src=" not in html and "url(" not in html and "<link" not in html and "@import" not in html


def test_braces_in_a_text_are_no_placeholders():
    assert "{body} {0}" in Letter("{subject}", ("{body} {0}",)).html()
