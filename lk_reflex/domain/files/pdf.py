"""A PDF from outside, read through in a process of its own, which has little memory and little time, and ends.

Reading it here would be at its writer's mercy: a kilobyte may unpack to gigabytes, or lead in circles.
"""

import subprocess
import sys
from pathlib import Path

from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.files.pdf_reader import SECONDS, Verdict

MOST_PAGES = 200
ENCRYPTED = "Документ PDF закрыт паролем. Снимите пароль и приложите файл снова"
BROKEN = "Документ PDF повреждён и не открывается. Сохраните его заново или приложите снимки страниц"
ACTIVE = (
    "В документе PDF есть программа (JavaScript) или команда, которая выполняется сама, такие файлы не принимаются. "
    "Напечатайте документ в PDF заново или приложите снимки страниц"
)
EMBEDDED = (
    "В документ PDF вложены другие файлы, такие документы не принимаются. "
    "Напечатайте документ в PDF заново, а вложения приложите отдельно"
)
TOO_LONG = f"В документе PDF больше {MOST_PAGES} страниц. Приложите только нужные страницы"
TOO_COMPLEX = "Документ PDF слишком сложный и не читается. Приложите снимки страниц"
BUSY = "Сейчас не получилось проверить документ PDF. Повторите через минуту"

_SENTENCES = {
    Verdict.FIT: "",
    Verdict.ENCRYPTED: ENCRYPTED,
    Verdict.BROKEN: BROKEN,
    Verdict.ACTIVE: ACTIVE,
    Verdict.EMBEDDED: EMBEDDED,
    Verdict.TOO_LONG: TOO_LONG,
    Verdict.TOO_COMPLEX: TOO_COMPLEX,
}
_ROOT = Path(__file__).parents[3]
#: What starting takes on a machine with much to do, in seconds beside the reading itself.
_PATIENCE = 20


def read_through(data: bytes) -> str:
    """What is wrong with a PDF, as a sentence; empty where it is fit. Raises Unavailable where no process starts."""
    command = [sys.executable, "-m", "lk_reflex.domain.files.pdf_reader", str(MOST_PAGES)]
    try:
        # The environment has secrets, and who reads what strangers have made shall not.
        done = subprocess.run(  # noqa: S603  our own command; the document comes by its input
            command, input=data, capture_output=True, timeout=SECONDS + _PATIENCE, cwd=_ROOT, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        return TOO_COMPLEX
    except OSError:
        raise Unavailable(BUSY) from None
    try:
        return _SENTENCES[Verdict(done.stdout.decode("ascii", "replace"))]
    except ValueError:
        return TOO_COMPLEX  # killed by its limits of memory or time before it could say so
