"""The demonstration's mailbox: whatever is sent to it over SMTP can be read, and nothing in it does any harm."""

import smtplib
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from starlette.applications import Starlette

from lk_reflex.domain.mail.letter import Letter, Link
from lk_reflex.integrations.mail.message import parse_sender
from lk_reflex.integrations.mail.port import Message
from lk_reflex.integrations.mail.server import parse_server
from lk_reflex.integrations.mail.smtp import SmtpMailer
from lk_reflex.standins.mailbox.listener import LARGEST, Listener
from lk_reflex.standins.mailbox.pages import mailbox_routes
from lk_reflex.standins.mailbox.store import SHOWN, Mailbox
from tests.api.conftest import TestClient
from tests.cast import NOW

SENDER = parse_sender("Личный кабинет <no-reply@example.org>")
LINK = "https://lk.example.org/activate/kKj-8_s?x=1&y=2"
LETTER = Letter("Активация аккаунта", ("Здравствуйте!",), Link("Активировать", LINK))


@pytest.fixture
def mailbox(tmp_path) -> Mailbox:
    return Mailbox(tmp_path / "mail")


@pytest.fixture
def post(mailbox):
    """Sends letters to the listener as the cabinet does."""
    listener = Listener(mailbox)
    listener.start()
    mailer = SmtpMailer(parse_server(f"smtp+plain://127.0.0.1:{listener.port}"), SENDER, name="localhost")

    def send(recipient, letter=LETTER, html=None):
        text = html if html is not None else letter.html()
        mailer.send(Message("ab@localhost", recipient, letter.subject, letter.plain(), text, NOW))

    send.port = listener.port
    yield send
    mailer.close()
    listener.stop()


@pytest.fixture
def web(mailbox, tmp_path):
    with TestClient(Starlette(routes=[*mailbox_routes(tmp_path / "mail")])) as client:
        yield client


class Seen(HTMLParser):
    """The links, frames and texts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links, self.frames, self.tags, self.text = [], [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag == "iframe":
            self.frames.append(dict(attrs))

    def handle_data(self, data):
        self.text += data


def test_a_letter_is_kept_as_it_came(post, mailbox):
    post("anna@example.org")
    (letter,) = mailbox.letters()
    assert (letter.recipient, letter.subject) == ("anna@example.org", "Активация аккаунта")
    assert letter.sender == "Личный кабинет <no-reply@example.org>"
    assert letter.plain.replace("\r", "") == LETTER.plain()
    assert letter.html.replace("\r", "") == LETTER.html()
    assert mailbox.letter(letter.key) == letter


def test_it_listens_to_this_machine_alone_and_refuses_what_is_too_large(post, mailbox):
    with smtplib.SMTP("127.0.0.1", post.port) as client, pytest.raises(smtplib.SMTPException):
        client.sendmail("a@b.org", ["c@d.org"], b"Subject: x\r\n\r\n" + b"x" * 900 * (LARGEST // 900 + 2))
    assert mailbox.letters() == []


def test_every_recipient_of_a_letter_gets_a_copy(post, mailbox):
    with smtplib.SMTP("127.0.0.1", post.port) as client:
        client.sendmail("a@b.org", ["c@d.org", "анна@e.org"], b"Subject: x\r\n\r\nx", ["SMTPUTF8"])
    assert {letter.recipient for letter in mailbox.letters()} == {"c@d.org", "анна@e.org"}


def test_the_newest_stands_first_and_a_search_finds_by_recipient(mailbox):
    for number in range(SHOWN + 5):
        mailbox.put(f"p{number}@Example.org", b"Subject: s%d\r\n\r\nx" % number, NOW + timedelta(milliseconds=number))
    assert [letter.subject for letter in mailbox.letters()] == [f"s{n}" for n in range(SHOWN + 4, 4, -1)]
    assert [letter.recipient for letter in mailbox.letters(" P3@example ")] == ["p3@Example.org"]
    assert mailbox.letters("nobody") == []


@pytest.mark.parametrize(
    "key", ["", "..", "../secret.key", "x", "1795375046.M786321Q37b581bb.demo", "a/b", "a\0b", "%2e"]
)
def test_a_key_that_is_none_finds_nothing(mailbox, tmp_path, key):
    (tmp_path / "secret.key").write_text("secret")
    mailbox.put("a@b.org", b"Subject: x\r\n\r\nx", NOW)
    assert mailbox.letter(key) is None


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"Subject: =?x?q?a?=\r\nContent-Type: text/plain; charset=none\r\n\r\n\xff", b"\r\n\r\n"]
)
def test_no_letter_is_so_broken_that_the_others_can_not_be_read(mailbox, web, raw):
    mailbox.put("broken@example.org", raw, NOW)
    mailbox.put("anna@example.org", b"Subject: good\r\n\r\nx", NOW)
    assert {letter.recipient for letter in mailbox.letters()} == {"broken@example.org", "anna@example.org"}
    for letter in mailbox.letters():
        assert web.get(f"/demo/mail/{letter.key}").status_code == 200


def test_the_list_says_so_while_it_is_empty(web):
    assert "Писем пока нет" in web.get("/demo/mail").text
    assert "Писем на такой адрес нет" in web.get("/demo/mail?to=x").text


def test_from_the_list_to_the_link_in_a_letter(web, post):
    post("anna@example.org")
    post("boris@example.org")
    listed = Seen(web.get("/demo/mail?to=anna").text)
    assert "anna@example.org" in listed.text and "boris@example.org" not in listed.text
    (way,) = [link for link in listed.links if link.startswith("/demo/mail/")]
    shown = Seen(web.get(way).text)
    assert "Активация аккаунта" in shown.text and "Здравствуйте!" in shown.text
    assert LINK in shown.links
    (frame,) = shown.frames
    assert LINK in Seen(frame["srcdoc"]).links


def test_a_letters_markup_stays_in_a_frame_that_may_run_and_post_nothing(web, post):
    evil = '<script>alert(1)</script><form action="/api/sign-out" method="post"></form>"></iframe><script>2</script>'
    letter = Letter('<script>alert("тема")</script>', ('</div><script>alert(1)</script> <img src=x onerror="1">',))
    post("anna@example.org", letter, html=evil)
    list_page = web.get("/demo/mail").text
    (way,) = [link for link in Seen(list_page).links if link.startswith("/demo/mail/")]
    page = web.get(way).text
    for html in (list_page, page):
        assert "script" not in Seen(html).tags and "img" not in Seen(html).tags
    (frame,) = Seen(page).frames
    assert frame["sandbox"] == "allow-top-navigation-by-user-activation"
    assert evil in frame["srcdoc"].replace("\r\n", "")
    assert 'value="&quot;&gt;&lt;b' in web.get('/demo/mail?to="><b').text


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (f"Нажмите {LINK}.", [LINK]),
        ("http://localhost:3000/reset/a-b_c\nДальше", ["http://localhost:3000/reset/a-b_c"]),
        ("(см. https://a.org/x), «https://a.org/я»", ["https://a.org/x", "https://a.org/я"]),
        ("javascript:alert(1) data:text/html,x www.a.org", []),
        ('https://a.org/"onclick="x', ["https://a.org/"]),
    ],
)
def test_addresses_in_the_text_can_be_pressed_and_nothing_else(web, post, text, links):
    post("anna@example.org", Letter("т", (text,)), html="")
    (way,) = [link for link in Seen(web.get("/demo/mail").text).links if link.startswith("/demo/mail/")]
    shown = Seen(web.get(way).text)
    assert [link for link in shown.links if not link.startswith("/")] == links


def test_a_letter_that_is_not_there_is_said_to_be_so(web):
    answer = web.get("/demo/mail/nothing")
    assert (answer.status_code, "Такого письма нет" in answer.text) == (404, True)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_pages_only_show(web, method):
    assert getattr(web, method)("/demo/mail").status_code == 405
