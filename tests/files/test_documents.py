"""Files for requests, judged by their content alone: pictures drawn anew, PDFs read through, each refusal in words."""

import struct
import tracemalloc
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image

from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.files import documents, pdf
from lk_reflex.domain.files.documents import ARCHIVE, EMPTY, PAGE, PDF, PROGRAM, SVG, TOO_LARGE, UNKNOWN, take_in
from lk_reflex.domain.files.pdf_reader import Verdict, judge
from lk_reflex.domain.files.pictures import BROKEN, MAX_BYTES, TOO_MANY_PIXELS
from tests.files import papers
from tests.files.photos import bomb, photo


def zipped(name: str = "xl/workbook.xml", size: int = 50_000_000) -> bytes:
    """Tens of kilobytes that unpack to tens of megabytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * size)
    return out.getvalue()


def huge_head() -> bytes:
    """A kilobyte whose head claims four billion points."""
    head = struct.pack(">IIBBBBB", 65_000, 65_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + b"\0\0\3\0IDAT"
        + b"\0" * 900
    )


REFUSED = {
    "empty": (b"", EMPTY),
    "large": (b"\xff\xd8\xff" + b"0" * MAX_BYTES, TOO_LARGE),
    "svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', SVG),
    "page": (b"\xef\xbb\xbf  <!DOCTYPE html><script>alert(1)</script>", PAGE),
    "program": (b"MZ\x90\x00" + b"\0" * 100, PROGRAM),
    "text": ("просто текст".encode(), UNKNOWN),
    "zip": (zipped(), ARCHIVE),
    "docx": (zipped("word/document.xml", 10), ARCHIVE),
    "gif": (photo("GIF"), documents.OTHER_PICTURE),
    "points": (bomb(), TOO_MANY_PIXELS),
    "head": (huge_head(), TOO_MANY_PIXELS),
    "half a picture": (photo()[:300], BROKEN),
    "script in pdf": (papers.with_script(), pdf.ACTIVE),
    "hidden script": (papers.hidden_script(), pdf.ACTIVE),
    "launch": (papers.with_launch(), pdf.ACTIVE),
    "file in pdf": (papers.with_attachment(), pdf.EMBEDDED),
    "locked pdf": (papers.paper(user_password="1"), pdf.ENCRYPTED),
    "long pdf": (papers.paper(pdf.MOST_PAGES + 1), pdf.TOO_LONG),
    "deep pdf": (papers.deep(), pdf.BROKEN),
    "pdf bomb": (papers.bomb(), pdf.TOO_COMPLEX),
    "pdf in a circle": (papers.circle(), pdf.BROKEN),
    "half a pdf": (papers.paper()[:200], pdf.BROKEN),
    "pdf in words": (b"%PDF-1.7 nothing more", pdf.BROKEN),
    "page as pdf": (b"<html><script>alert(1)</script>%PDF-1.7", pdf.BROKEN),
}


@pytest.mark.parametrize("what", REFUSED)
def test_each_is_refused_with_its_own_sentence_and_in_flat_memory(what):
    data, sentence = REFUSED[what]
    tracemalloc.start()
    try:
        with pytest.raises(documents.BadFile) as fault:
            take_in(data, "скан.jpg")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert str(fault.value) == sentence
    assert peak < 3 * len(data) + 8_000_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("name", ["IMG_1.HEIC", "act.pdf", "x.exe", "снимок"])
def test_a_picture_is_known_by_its_content_and_drawn_anew_without_its_place(kind, name):
    taken = take_in(photo(kind, turned=6 if kind == "JPEG" else 1), name)
    assert taken.media_type == "image/jpeg" and taken.name.endswith(".jpg")
    assert b"TattleTale" not in taken.data and not Image.open(BytesIO(taken.data)).getexif()


def test_a_picture_that_is_a_page_too_becomes_a_picture_alone():
    both = photo() + b"<html><script>alert(document.cookie)</script></html>"
    taken = take_in(both, "photo.html")
    assert b"<script" not in taken.data and taken.name == "photo.jpg"


def test_a_pdf_is_kept_as_it_came():
    paper = papers.paper(2)
    taken = take_in(paper, "Акт поверки.PDF")
    assert (taken.media_type, taken.name, taken.data) == (PDF, "Акт поверки.pdf", paper)


def test_a_pdf_is_read_in_a_process_of_its_own_without_our_secrets(monkeypatch):
    seen = {}

    def run(command, **given):
        seen.update(given, command=command)
        raise OSError("no process")

    monkeypatch.setattr("lk_reflex.domain.files.pdf.subprocess.run", run)
    with pytest.raises(Unavailable) as fault:
        take_in(papers.paper(), "x.pdf")
    assert fault.value.message == pdf.BUSY
    assert seen["env"] == {} and seen["timeout"] < 60


@pytest.mark.parametrize(("output", "sentence"), [(b"fit", ""), (b"", pdf.TOO_COMPLEX), (b"?", pdf.TOO_COMPLEX)])
def test_a_reader_that_dies_has_found_nothing_fit(monkeypatch, output, sentence):
    class Done:
        stdout = output

    monkeypatch.setattr("lk_reflex.domain.files.pdf.subprocess.run", lambda *_args, **_given: Done)
    assert pdf.read_through(b"%PDF-") == sentence


SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
LINK = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://lk.example/) >> >>"
#: More of the catalog, of the page, and objects from the fourth on.
UNFIT = {
    "opening twice": (Verdict.BROKEN, b"/OpenAction [3 0 R /Fit] /OpenAction " + SCRIPT),
    "names twice": (Verdict.BROKEN, b"/Names << >> /Names << /JavaScript << /Names [(a) " + SCRIPT + b"] >> >>"),
    "files twice": (Verdict.BROKEN, b"/Names << >> /Names << /EmbeddedFiles << /Names [] >> >>"),
    "kind twice": (Verdict.BROKEN, b"/OpenAction 4 0 R", b"", b"<< /S /GoTo /S /Launch /F (cmd.exe) >>"),
    "kind twice in reverse": (Verdict.ACTIVE, b"/OpenAction 4 0 R", b"", b"<< /S /Launch /S /GoTo /F (cmd.exe) >>"),
    "twice where nothing leads": (Verdict.BROKEN, b"", b"", b"<< /A 1 /A 2 >>"),
    "another file": (Verdict.ACTIVE, b"/OpenAction << /S /GoToR /F (x.pdf) /D [0 /Fit] >>"),
    "another file elsewhere": (Verdict.ACTIVE, b"/OpenAction 4 0 R", b"", b"<< /S 5 0 R /F (x) >>", b"/GoToR"),
    "a file inside": (Verdict.ACTIVE, b"/OpenAction << /S /GoToE /D [0 /Fit] >>"),
    "an address": (Verdict.ACTIVE, b"/OpenAction << /S /URI /URI (http://evil.example/) >>"),
    "an address of a page": (Verdict.ACTIVE, b"", b"/AA << /O << /S /U#52I /URI (http://evil.example/) >> >>"),
    "an address in objects": (Verdict.ACTIVE, b"", b"/AA 4 0 R", b"<< /O 5 0 R >>", b"<< /S /URI /URI (http://e/) >>"),
    "an address next": (Verdict.ACTIVE, b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [4 0 R] >>", b"",
                        b"<< /S /GoTo /D [3 0 R /Fit] /Next << /S /URI /URI (http://e/) >> >>"),
    "an endless chain": (Verdict.TOO_COMPLEX, b"/OpenAction 4 0 R", b"", b"<< /S /Named /N /NextPage /Next 4 0 R >>"),
    "a program elsewhere": (Verdict.ACTIVE, b"/OpenAction 4 0 R", b"", b"<< /S 5 0 R /F (cmd.exe) >>", b"/Launch"),
    "a program by a press": (Verdict.ACTIVE, b"", b"/Annots [<< /Subtype /Link /A << /S /Launch /F (x) >> >>]"),
    "data from a file": (Verdict.ACTIVE, b"", b"", b"<< /S 5 0 R /F (x) >>", b"/ImportData"),
    "a form to be sent": (Verdict.ACTIVE, b"", b"", b"<< /S 5 0 R /F (http://e/) >>", b"/SubmitForm"),
    "an attachment elsewhere": (Verdict.EMBEDDED, b"", b"", b"<< /Subtype 5 0 R /FS (x) >>", b"/FileAttachment"),
}  # fmt: skip
FIT = {
    "a link": (b"", b"/Annots [" + LINK + b"]"),
    "a link in an object": (b"", b"/Annots [4 0 R]", LINK),
    "a place to begin": (b"/OpenAction [3 0 R /Fit]",),
    "an action to begin": (b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /Named /N /FirstPage >> >>",),
    "a font of that name": (b"", b"/Resources << /Font << /AA << /Type /Font /Subtype /Type1 >> >> >>"),
    "the same key twice, apart": (b"/X << /A 1 >> /Y << /A 1 >>",),
}


@pytest.mark.parametrize("what", UNFIT)
def test_what_runs_by_itself_or_is_hidden_from_one_reader_is_unfit(what):
    verdict, *parts = UNFIT[what]
    assert judge(papers.made(*parts), 200) is verdict


@pytest.mark.parametrize("what", FIT)
def test_what_people_press_stays_fit(what):
    assert judge(papers.made(*FIT[what]), 200) is Verdict.FIT


def test_a_key_that_stands_twice_is_refused_in_words_and_one_document_says_nothing_of_the_next():
    with pytest.raises(documents.BadFile) as fault:
        take_in(papers.made(*UNFIT["opening twice"][1:]), "x.pdf")
    assert str(fault.value) == pdf.BROKEN
    judge(papers.made(*UNFIT["opening twice"][1:]), 200)
    assert judge(papers.paper(), 200) is Verdict.FIT


def test_a_long_honest_document_is_fit():
    assert judge(papers.paper(200), 200) is Verdict.FIT
