"""The command line of backups: `backup --to`, `backup verify`, `backup keys`, `restore --from`, `held-mail`.

Exit codes: 0 done; 1 tried, and something is wrong with the copy, the disk or the database; 2 refused: mend what the
sentence says. What succeeded is noted in `backup.json` of the data folder (`core.backup_mark`), which the metrics read.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lk_reflex.core.backup_mark import note_done
from lk_reflex.core.clock import utc_now
from lk_reflex.core.disk_faults import said
from lk_reflex.core.errors import DomainError, Refused, Unavailable
from lk_reflex.domain.mail.holding import drop_held, held_letters, release_held
from lk_reflex.exchange.export_kinds import kind_of
from lk_reflex.launch.backup.installation import Installation, installation
from lk_reflex.launch.backup.keeping_keys import write_keys
from lk_reflex.launch.backup.making import Made, in_words, make_backup
from lk_reflex.launch.backup.restoring import Restored, Unsound, Wish, restore
from lk_reflex.launch.backup.verifying import Verified, verify
from lk_reflex.settings import SettingsError, get_settings

FAILED, REFUSED = 1, 2
#: Faults named one by one; of more only the number is told.
SHOWN = 20
SEND, DROP = "send", "drop"
app = typer.Typer(invoke_without_command=True, help="Резервные копии: сделать, проверить, сохранить ключи.")


@app.callback()
def backup(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option("--to", help="Папка для копий: на другом диске или сервере")] = None,
    keep: Annotated[int, typer.Option("--keep", min=0, help="Сколько последних копий оставить; 0 — все")] = 0,
) -> None:
    """Сделать резервную копию базы и файлов, не останавливая кабинет. Ключи в неё не входят: backup keys."""
    if context.invoked_subcommand:
        return
    with _sentences():
        if to is None:
            raise Refused("Укажите папку для копий: python -m lk_reflex backup --to ПАПКА")
        place = _place()
        made = make_backup(place, to, keep=keep, now=utc_now(), say=_say)
        _report_made(made)
        if made.manifest.missing:
            _out(f"Файлов, которых нет в хранилище: {len(made.manifest.missing)}. Остальное скопировано.", err=True)
            raise typer.Exit(FAILED)
        note_done(place.data, "backup", now=utc_now())


@app.command("verify")
def verify_(
    folder: Annotated[Path, typer.Argument(help="Копия или папка с копиями: тогда проверяется самая новая")],
) -> None:
    """Восстановить копию в проверочную базу, сверить её с записанным при копировании и убрать за собой."""
    with _sentences():
        place = _place()
        found = verify(place, folder, say=_say)
        _report_verified(found)
        if found.faults:
            raise typer.Exit(FAILED)
        note_done(place.data, "verify", now=utc_now())


@app.command("keys")
def keys(to: Annotated[Path, typer.Option("--to", help="Новый файл, не рядом с копиями")]) -> None:
    """Сохранить ключи установки (LK_SECRET_KEY, LK_DATA_KEYS) отдельно от копий."""
    with _sentences():
        write_keys(_place().keys, to)
        _out(f"Ключи записаны в {to}. Уберите файл туда, где нет копий: в сейф или хранилище секретов.")


def restore_(
    source: Annotated[Path, typer.Option("--from", help="Одна копия: папка lk-ДАТА")],
    aside: Annotated[bool, typer.Option("--aside", help="Прежние базу и файлы отложить в сторону")] = False,
    without_keys: Annotated[bool, typer.Option("--without-keys", help="Прежние ключи утрачены")] = False,
    send_mail: Annotated[bool, typer.Option("--send-mail", help="Не придерживать письма, ждавшие отправки")] = False,
    exported: Annotated[
        list[str] | None,
        typer.Option("--exported", help="ВИД=НОМЕР последней выгрузки, которую принял биллинг: readings=17"),
    ] = None,
) -> None:
    """Восстановить базу и файлы из копии на пустое место. Кабинет и worker должны быть остановлены."""
    with _sentences():
        wish = Wish(aside, without_keys, send_mail, _numbers(exported or ()))
        _report_restored(restore(_place(), source, wish, now=utc_now(), say=_say))


def held_mail(
    deed: Annotated[str, typer.Argument(help="send — отправить, drop — не отправлять; без слова — сколько их")] = "",
) -> None:
    """Письма, придержанные после восстановления: отправить их или нет."""
    with _sentences(), _place().opened() as database:
        if not deed:
            _out(f"Придержано писем: {database.read(held_letters)}")
        elif deed == SEND:
            _out(f"Будет отправлено писем: {database.write(release_held, now=utc_now())}")
        elif deed == DROP:
            _out(f"Не будет отправлено писем: {database.write(drop_held, now=utc_now())}")
        else:
            raise Refused(f"Укажите {SEND} или {DROP}.")


def _report_made(made: Made) -> None:
    files = made.manifest.files
    _out(f"Готово: {made.folder}, {in_words(made.size)} за {made.manifest.seconds:.1f} с.")
    if made.manifest.bucket:
        _out(f"Файлы лежат в корзине {made.manifest.bucket} и не копируются: записан их список ({files['count']}).")
    else:
        _out(f"Файлов: {files['count']} ({in_words(files['size'])}), из них уже были в прошлой копии: {made.linked}.")
    if made.pruned:
        _out(f"Удалено старых копий: {made.pruned}.")
    _out("Ключи в копию не входят. Если они ещё не сохранены отдельно: python -m lk_reflex backup keys --to ФАЙЛ")


def _report_verified(found: Verified) -> None:
    facts = found.manifest.facts
    _out(f"Копия {found.copy.name} ({in_words(_bytes(found))}), проверена за {found.seconds:.1f} с.")
    rows = sum(count for name, count in facts.items() if "." not in name)
    _out(f"Строк в базе: {rows}, файлов: {found.manifest.files['count']}.")
    _faults(found.faults)
    _out("Копия не годится." if found.faults else "Копия восстанавливается, всё сходится.")


def _bytes(found: Verified) -> int:
    return sum(one.stat().st_size for one in found.copy.rglob("*") if one.is_file())


def _report_restored(back: Restored) -> None:
    done = back.done
    _out(f"Восстановлено за {back.seconds:.1f} с. Копия была сделана {back.manifest.moment:%d.%m.%Y в %H:%M} UTC.")
    for place in back.put_aside:
        _out(f"Прежнее отложено: {place}")
    lines = [
        (done.sessions, "Завершено входов: {}. Всем нужно войти заново."),
        (done.letters, "Придержано писем: {}. Часть могла уйти после копии. Отправить или нет: held-mail send | drop"),
        (done.orders, "Недавних оплат, о которых банк будет спрошен ещё раз: {}."),
        (
            len(done.refunds),
            f"Возвратов, которые решает администратор, спросив банк: {{}} ({', '.join(done.refunds)}).",
        ),
        (done.imports, "Загрузок от биллинга, которые продолжит worker: {}."),
    ]
    for count, sentence in lines:
        if count:
            _out(sentence.format(count))
    if done.exports:
        last = ", ".join(f"{kind} № {number}" for kind, number in done.exports.items())
        _out(f"Последние выгрузки: {last}. Если биллинг принял более поздние — docs/ru/backup.md, «Выгрузки».")
    if back.manifest.bucket:
        _out(f"Файлы остаются в корзине {back.manifest.bucket}: проверьте её командой backup verify.")
    _out("Дальше: python -m lk_reflex check, затем кабинет, затем worker.")


def _faults(faults: Sequence[str]) -> None:
    for fault in faults[:SHOWN]:
        _out(fault, err=True)
    if len(faults) > SHOWN:
        _out(f"…и ещё {len(faults) - SHOWN}.", err=True)


def _numbers(given: Sequence[str]) -> dict[str, int]:
    found = {}
    for one in given:
        kind, _, number = one.partition("=")
        if not number.isascii() or not number.isdigit() or int(number) > 1_000_000:
            raise Refused(f"Не понять «{one}»: нужно ВИД=НОМЕР, например readings=17.")
        found[kind_of(kind).name] = int(number)
    return found


def _place() -> Installation:
    return installation(get_settings())


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except SettingsError as fault:
        for sentence in fault.faults:
            _out(sentence, err=True)
        raise typer.Exit(REFUSED) from None
    except DomainError as fault:
        _out(fault.message, err=True)
        if isinstance(fault, Unsound):
            _faults(fault.faults)
        raise typer.Exit(FAILED if isinstance(fault, Unavailable | Unsound) else REFUSED) from None
    except OSError as fault:
        _out(f"Не удалось: {said(fault)}", err=True)
        raise typer.Exit(FAILED) from None


def _say(words: str) -> None:
    _out(words, err=True)


def _out(words: str, *, err: bool = False) -> None:
    typer.echo(words, err=err)
