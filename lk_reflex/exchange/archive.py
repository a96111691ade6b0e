"""ZIP files from outside: what they declare is checked before anything is unpacked."""

from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from lk_reflex.exchange.sheet import Unreadable

#: A package of a town's several years is far below this.
MAX_BYTES = 64 << 30
MAX_BOOK_BYTES = 1 << 30
MAX_MEMBERS = 1_000
#: Tables of figures shrink 5-30 times; what shrinks more than this, and is big, was made to burst.
MAX_RATIO = 100
_SMALL = 16 << 20
_ENCRYPTED = 1


def open_zip(file: Path | IO[bytes]) -> ZipFile:
    """A ZIP whose directory can be read. Raises Unreadable."""
    try:
        return ZipFile(file)
    except (BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise Unreadable("Архив повреждён, обрезан или это не ZIP.") from fault


def check(archive: ZipFile, limit: int = MAX_BYTES) -> list[ZipInfo]:
    """The files inside, once their declared sizes, their number and their ratio are harmless. Raises Unreadable."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MAX_MEMBERS:
        raise Unreadable(f"В архиве больше {MAX_MEMBERS} файлов: это не пакет обмена.")
    if sum(member.file_size for member in members) > limit:
        raise Unreadable(f"Архив распаковывается больше чем в {limit >> 20} МБ и поэтому не принят.")
    for member in members:
        if member.file_size > _SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise Unreadable(f"Файл {member.filename} в архиве сжат подозрительно сильно («zip-бомба») и не принят.")
        if member.flag_bits & _ENCRYPTED:
            raise Unreadable(f"Файл {member.filename} в архиве закрыт паролем. Пришлите архив без пароля.")
    return members


def open_member(archive: ZipFile, member: ZipInfo) -> IO[bytes]:
    """The bytes of one file as a stream, never more than it declared. Raises Unreadable."""
    try:
        return archive.open(member)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError) as fault:
        raise Unreadable(f"Файл {member.filename} в архиве повреждён или сжат неизвестным способом.") from fault
