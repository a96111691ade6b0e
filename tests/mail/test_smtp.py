"""The SMTP client against a real server: what it sends, how it secures itself, what each refusal means."""

import datetime
import ssl
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lk_reflex.integrations.mail.message import compose, one_line, parse_sender
from lk_reflex.integrations.mail.port import Denied, Message, Permanent, Temporary, Unreachable
from lk_reflex.integrations.mail.server import PLAIN, STARTTLS, TLS, MailServer, parse_server
from lk_reflex.integrations.mail.smtp import SmtpMailer
from tests.cast import NOW

SENDER = parse_sender("Личный кабинет <no-reply@lk.example.org>")
LETTER = Message("ab12@lk.example.org", "anna@example.org", "Активация аккаунта", "Текст — «да»\n", "<p>да</p>", NOW)


class Taker:
    """Keeps letters; answers to a step of the dialogue as it is told."""

    def __init__(self):
        self.letters, self.answers, self.sessions, self.options = [], {}, set(), []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.sessions.add(session.peer)
        session.host_name = hostname
        self.name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "mail" in self.answers:
            return self.answers["mail"]
        envelope.mail_from = address
        self.options = options
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "rcpt" in self.answers:
            return self.answers["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answers.get("data") == "cut":
            server.transport.abort()
            return "250 too late"
        if "data" in self.answers:
            return self.answers["data"]
        self.letters.append(envelope)
        return "250 OK"


class Anywhere(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def taker():
    return Taker()


@pytest.fixture
def serve(taker):
    """Starts a server that speaks as it is told."""
    running = []

    def start(**options) -> int:
        controller = Anywhere(taker, "127.0.0.1", 0, **options)
        controller.start()
        running.append(controller)
        return controller.port

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def mailer(serve):
    return SmtpMailer(MailServer("127.0.0.1", serve(enable_SMTPUTF8=True), PLAIN), SENDER, name="lk.example.org")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for «localhost» and its key, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(today).not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


def sent(taker):
    (envelope,) = taker.letters
    return envelope, message_from_bytes(envelope.content, policy=default)


def to(recipient: str, **changed) -> Message:
    facts = {name: getattr(LETTER, name) for name in Message.__slots__}
    return Message(**{**facts, "recipient": recipient, **changed})


def test_a_letter_arrives_as_text_and_html_with_the_headers_of_a_machine(mailer, taker):
    mailer.send(LETTER)
    mailer.close()
    envelope, mail = sent(taker)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@lk.example.org", ["anna@example.org"])
    assert envelope.content.isascii()
    assert str(mail["From"]) == "Личный кабинет <no-reply@lk.example.org>"
    assert (str(mail["To"]), str(mail["Subject"])) == ("anna@example.org", "Активация аккаунта")
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<ab12@lk.example.org>", "auto-generated")
    assert mail["Date"].datetime == NOW
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().replace("\r", "") for part in mail.iter_parts()] == ["Текст — «да»\n", "<p>да</p>\n"]
    assert taker.name == "lk.example.org"


def test_letters_in_a_row_share_a_connection_and_a_new_one_is_made_after_a_close(mailer, taker):
    for _ in range(3):
        mailer.send(LETTER)
    assert len(taker.sessions) == 1
    mailer.close()
    mailer.send(LETTER)
    mailer.close()
    assert (len(taker.sessions), len(taker.letters)) == (2, 4)


@pytest.mark.parametrize(
    ("step", "answer", "fault", "reason"),
    [
        ("rcpt", "550 5.1.1 anna@example.org unknown", Permanent, "550 5.1.1"),
        ("rcpt", "553 no such user anna@example.org", Permanent, "553"),
        ("rcpt", "450 4.2.1 greylisted", Temporary, "450 4.2.1"),
        ("rcpt", "554 5.7.1 relay access denied", Denied, "554 5.7.1"),
        ("rcpt", "530 sign in first", Denied, "530"),
        ("data", "552 5.3.4 too big", Permanent, "552 5.3.4"),
        ("data", "554 5.7.1 looks like spam", Denied, "554 5.7.1"),
        ("data", "451 4.3.0 try later", Temporary, "451 4.3.0"),
        ("data", "cut", Temporary, "SMTPServerDisconnected"),
        ("rcpt", "421 4.3.2 shutting down", Temporary, "421 4.3.2"),
        ("mail", "550 5.7.1 this sender isn't yours", Unreachable, "SMTPSenderRefused 550"),
        ("mail", "451 4.3.0 not now", Unreachable, "SMTPSenderRefused 451"),
    ],
)
def test_each_refusal_means_what_it_is_about_and_the_next_letter_goes(mailer, taker, step, answer, fault, reason):
    taker.answers[step] = answer
    with pytest.raises(fault) as refused:
        mailer.send(LETTER)
    assert type(refused.value) is fault
    assert refused.value.reason == reason
    assert "anna" not in str(refused.value)
    taker.answers.clear()
    mailer.send(LETTER)
    mailer.close()
    assert len(taker.letters) == 1


def test_a_server_that_is_away_or_silent_is_unreachable(serve):
    port = serve()
    for server in (MailServer("127.0.0.1", 1, PLAIN), MailServer("no-such-host.invalid", 25, PLAIN)):
        with pytest.raises(Unreachable):
            SmtpMailer(server, SENDER, name="h", timeout=2).send(LETTER)
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent_server = MailServer("127.0.0.1", silent.getsockname()[1], PLAIN)
        with pytest.raises(Unreachable) as fault:
            SmtpMailer(silent_server, SENDER, name="h", timeout=0.3).check()
        assert fault.value.reason == "SMTPServerDisconnected"
    SmtpMailer(MailServer("127.0.0.1", port, PLAIN), SENDER, name="h").check()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it is around the whole connection
@pytest.mark.parametrize("security", [STARTTLS, TLS])
def test_an_encrypted_server_takes_the_password_and_the_letter(serve, taker, certificate, monkeypatch, security):
    context, authority = certificate
    seen = []

    def authenticate(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password, session.ssl is not None or security == TLS))
        return AuthResult(success=data.password == b"p/@:w", handled=False)

    tls = {"tls_context": context} if security == STARTTLS else {"ssl_context": context}
    port = serve(authenticator=authenticate, auth_required=True, auth_require_tls=security == STARTTLS, **tls)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    scheme = "smtp" if security == STARTTLS else "smtps"
    server = parse_server(f"{scheme}://lk%40example.org:p%2F%40%3Aw@localhost:{port}")
    mailer = SmtpMailer(server, SENDER, name="h")
    mailer.send(LETTER)
    mailer.close()
    assert seen == [(b"lk@example.org", b"p/@:w", True)]
    assert len(taker.letters) == 1
    wrong = SmtpMailer(parse_server(f"{scheme}://lk:no@localhost:{port}"), SENDER, name="h")
    with pytest.raises(Unreachable) as fault:
        wrong.send(LETTER)
    assert fault.value.reason == "SMTPAuthenticationError 535"


def test_a_stranger_with_another_certificate_gets_neither_password_nor_letter(serve, taker, certificate):
    context, _ = certificate  # not trusted here
    for security, tls in ((STARTTLS, {"tls_context": context}), (TLS, {"ssl_context": context})):
        server = MailServer("localhost", serve(**tls), security, "lk", "secret")
        with pytest.raises(Unreachable) as fault:
            SmtpMailer(server, SENDER, name="h").send(LETTER)
        assert fault.value.reason == "SSLCertVerificationError"
    assert taker.letters == []


def test_a_server_without_starttls_gets_nothing_at_all(serve, taker):
    server = MailServer("127.0.0.1", serve(), STARTTLS, "lk", "secret")
    with pytest.raises(Unreachable) as fault:
        SmtpMailer(server, SENDER, name="h").send(LETTER)
    assert fault.value.reason == "SMTPNotSupportedError"
    assert taker.letters == []


def test_a_domain_in_cyrillic_needs_no_extension_of_the_server(serve, taker):
    mailer = SmtpMailer(MailServer("127.0.0.1", serve(enable_SMTPUTF8=False), PLAIN), SENDER, name="h")
    mailer.send(to("anna@почта.рф"))
    mailer.close()
    assert sent(taker)[0].rcpt_tos == ["anna@xn--80a1acny.xn--p1ai"]


def test_a_name_in_cyrillic_goes_where_the_server_can_and_is_refused_elsewhere(serve, mailer, taker):
    mailer.send(to("анна@example.org"))
    mailer.close()
    envelope, mail = sent(taker)
    assert envelope.rcpt_tos == ["анна@example.org"]
    assert "SMTPUTF8" in taker.options
    assert str(mail["To"]) == "анна@example.org"
    old = SmtpMailer(MailServer("127.0.0.1", serve(enable_SMTPUTF8=False), PLAIN), SENDER, name="h")
    with pytest.raises(Permanent):
        old.send(to("анна@example.org"))
    old.close()
    assert len(taker.letters) == 1


@pytest.mark.parametrize(
    "recipient",
    ["anna@example.org\r\nBcc: all@example.org", "anna@example.org\nRCPT TO:<x@example.org>", "anna", "", "a b@c.org",
     "<anna@example.org>", "anna@example.org, boris@example.org"],
)  # fmt: skip
def test_an_address_that_is_none_never_reaches_the_server(mailer, taker, recipient):
    with pytest.raises(Permanent):
        mailer.send(to(recipient))
    mailer.close()
    assert taker.letters == []


@pytest.mark.parametrize("subject", ["Тема\r\nBcc: all@example.org", "Тема\x00\x0b\u2028Bcc: x", "я" * 3000, ""])
def test_no_words_break_out_of_a_header(mailer, taker, subject):
    mailer.send(to("anna@example.org", subject=subject, identity="a\r\nX: y@h"))
    mailer.close()
    envelope, mail = sent(taker)
    assert envelope.rcpt_tos == ["anna@example.org"]
    assert mail["Bcc"] is None and mail["X"] is None
    assert str(mail["Subject"]) == one_line(subject)
    assert max(map(len, envelope.content.split(b"\r\n"))) < 998


@pytest.mark.parametrize(
    "name",
    [
        "Кабинет, <b>", "Lichny kabinet", 'Кабинет "ПОВВ"',
        "Личный кабинет абонента муниципального унитарного предприятия «ПОВВ» города Челябинска",
    ],
)  # fmt: skip
def test_a_senders_name_arrives_as_it_is_and_adds_no_header(name):
    quoted = name.replace('"', '\\"')
    sender = parse_sender(f'"{quoted}" <no-reply@lk.example.org>')
    raw = compose(LETTER, sender, "anna@example.org")
    # With the library's older reader: its newer one puts spaces between a name's encoded words.
    encoded, address = parseaddr(message_from_bytes(raw)["From"])
    assert (str(make_header(decode_header(encoded))), address) == (name, "no-reply@lk.example.org")
    assert max(map(len, raw.split(b"\r\n"))) < 998
