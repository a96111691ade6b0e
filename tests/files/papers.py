"""PDFs for tests: an honest one, and each kind that isn't taken."""

import zlib
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def paper(pages: int = 1, **encryption: str) -> bytes:
    """Blank pages; with `user_password` encrypted."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if encryption:
        writer.encrypt(**encryption, algorithm="AES-256")
    return _written(writer)


def with_script() -> bytes:
    """JavaScript that runs when the document opens."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    return _written(writer)


def with_launch() -> bytes:
    """An action that would start a program."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")})
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    return _written(writer)


def with_attachment() -> bytes:
    """Another file inside."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_attachment("inner.exe", b"MZ")
    return _written(writer)


def hidden_script() -> bytes:
    """The same action inside a compressed stream of objects: to be found by parsing alone."""
    inner = b"<< /S /Java#53cript /JS (app.alert\\(1\\)) >>"
    return _packed(zlib.compress(b"4 0 " + inner))


def bomb() -> bytes:
    """A kilobyte whose stream of objects unpacks to a hundred megabytes, twice over."""
    inner = zlib.compress(b"4 0 [" + b"0 " * 50_000_000 + b"]", 9)
    return _packed(zlib.compress(inner, 9), b"[/FlateDecode /FlateDecode]")


def _packed(packed: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    """A document whose fourth object is in a stream of objects."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        None,
        b"<< /Type /ObjStm /N 1 /First 4 /Filter %s /Length %d >>\nstream\n" % (filters, len(packed))
        + packed + b"\nendstream",
    ]  # fmt: skip
    out, places = bytearray(b"%PDF-1.5\n"), {}
    for number, body in enumerate(objects, 1):
        if body is not None:
            places[number] = len(out)
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    at = len(out)
    rows = b"".join(
        b"\x02\x00\x00\x00\x05\x00" if number == 4
        else b"\x01" + places[number].to_bytes(4, "big") + b"\x00" if number in places
        else b"\x01" + at.to_bytes(4, "big") + b"\x00" if number == 6
        else b"\x00" * 6
        for number in range(7)
    )  # fmt: skip
    head = b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n" % len(rows)
    return bytes(out) + head + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % at


def deep() -> bytes:
    """Arrays in arrays, a hundred thousand deep."""
    return _classic([b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * 100_000 + b"]" * 100_000 + b" >>",
                     b"<< /Type /Pages /Kids [] /Count 0 >>"])  # fmt: skip


def circle() -> bytes:
    """Pages that are their own children."""
    return _classic([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


def made(catalog: bytes = b"", page: bytes = b"", *others: bytes) -> bytes:
    """One page, with more in the catalog, on the page, and in objects from the fourth on."""
    return _classic([
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] " + page + b" >>",
        *others,
    ])  # fmt: skip


def _classic(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, at)


def _written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
