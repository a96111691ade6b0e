"""What `python -m lk_reflex check` prints: settings with secrets masked, whether database, mail and banks answer."""

from lk_reflex.core.migrations import Standing, standing
from lk_reflex.integrations.mail.port import MailFault
from lk_reflex.integrations.storage.port import StoreFault, StoreFull
from lk_reflex.launch.check_banks import bank_lines
from lk_reflex.launch.keys import key_lines
from lk_reflex.settings import Settings
from lk_reflex.wiring import database, file_store, mailer


def report(settings: Settings) -> tuple[list[str], bool]:
    """Lines for people, and whether everything is as it should be."""
    lines = [f"{name} = {value}" for name, value in settings.masked().items()]
    state, good = _database()
    post, sends = _mail(settings)
    gateways, paying = bank_lines(settings)
    keys, readable = key_lines(settings)
    files, kept = _files()
    whole = [*lines, *keys, f"Файлы: {files}", f"База данных: {state}", f"Почта: {post}", *gateways]
    return whole, good and sends and paying and readable and kept


def _database() -> tuple[str, bool]:
    try:
        stands = standing(database().engine)
    except Exception as fault:  # noqa: BLE001  any reason is an answer here
        return f"не отвечает ({type(fault).__name__})", False
    return f"отвечает, {_STANDINGS[stands]}", stands.fits


_STANDINGS = {
    Standing.CURRENT: "схема этой версии",
    Standing.NEWER: "схема новее, но совместима: идёт обновление или откат",
    Standing.OLDER: "но схема старше этой версии: выполните python -m lk_reflex migrate",
    Standing.FOREIGN: "но схема новее и не совместима: запустите ту версию, которой база обновлена",
}


def _files() -> tuple[str, bool]:
    try:
        file_store().check()
    except StoreFull:
        return "в хранилище почти нет места", False
    except StoreFault as fault:
        return f"хранилище не отвечает ({fault})", False
    return "хранилище отвечает", True


def _mail(settings: Settings) -> tuple[str, bool]:
    if not settings.smtp_url.get_secret_value():
        return "своя, письма никуда не уходят", True
    try:
        mailer(settings).check()
    except MailFault as fault:
        return f"сервер не отвечает ({fault.reason})", False
    return "сервер отвечает", True
