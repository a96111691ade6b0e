"""What the operating system refuses, in the words of whoever reads the answer of a command."""

import errno
from typing import Final

_WORDS: Final = {
    errno.EACCES: "нет прав",
    errno.EPERM: "нет прав",
    errno.ENOENT: "нет такого файла или папки",
    errno.ENOTDIR: "на пути стоит файл, а не папка",
    errno.EISDIR: "это папка, а не файл",
    errno.EEXIST: "такой файл уже есть",
    errno.ENOSPC: "на диске нет места",
    errno.EDQUOT: "исчерпана квота на диске",
    errno.EROFS: "диск доступен только для чтения",
    errno.EIO: "ошибка чтения или записи на диске",
    errno.ENAMETOOLONG: "слишком длинное имя",
    errno.EFBIG: "файл слишком велик для этого диска",
    errno.EMFILE: "открыто слишком много файлов",
    errno.EBUSY: "занято другой программой",
}


def said(fault: OSError) -> str:
    """«нет прав»; the system's own words for what is rare."""
    return _WORDS.get(fault.errno or 0) or fault.strerror or type(fault).__name__
