"""Commands of the exchange, plain functions for the command line: they print, and leave with an exit code."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from lk_reflex.core import clock
from lk_reflex.core.db import Database
from lk_reflex.core.errors import DomainError, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.documents.print_run import receipts_to_print
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.export_kinds import kind_of
from lk_reflex.exchange.exporter import export as export_batch
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.printing import print_receipts
from lk_reflex.exchange.progress import OnStderr
from lk_reflex.exchange.registers import profiles
from lk_reflex.exchange.registers.desk import CHARGES, as_toml, take_register, write_register
from lk_reflex.exchange.registers.options import read_profile
from lk_reflex.settings import SettingsError, get_settings

#: Exit codes: the package has faults; the command can't be carried out; stopped by the person.
FAULTY, REFUSED, STOPPED = 1, 2, 130


def import_(
    path: Annotated[Path, typer.Argument(help="Папка, архив ZIP или книга XLSX с таблицами обмена; или реестр")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Только проверить, ничего не менять")] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Взять годные строки, остальные записать рядом с пакетом")
    ] = False,
    profile: Annotated[
        str, typer.Option("--profile", help="Файл — реестр банка или системы «Город» по этому профилю")
    ] = "",
    month: Annotated[str, typer.Option("--month", help="Месяц реестра «Город», ГГГГ-ММ или ММ.ГГГГ")] = "",
) -> None:
    """Загрузить пакет биллинга или реестр по профилю: всё или ничего, с отчётом и контрольными суммами."""
    with _sentences("Загрузка прервана. База не изменена."), _database() as db:
        how: Any = {"dry_run": dry_run, "skip_bad_rows": skip_bad_rows, "progress": OnStderr()}
        if profile:
            report = take_register(db, path, profile, _month(month), **how)
        elif month:
            raise Refused("Месяц указывают только для реестра: добавьте --profile.")
        else:
            report = import_package(db, path, **how)
        for line in report.lines():
            typer.echo(line)
        if report.faults.count and not report.imported:
            raise typer.Exit(FAULTY)


def export(
    kind: Annotated[str, typer.Argument(help="readings, payments или requests; charges — только с профилем")],
    out: Annotated[Path, typer.Option("--out", help="Файл CSV или XLSX; с профилем — реестр")],
    number: Annotated[int | None, typer.Option("--number", help="Повторить выгрузку с этим номером")] = None,
    profile: Annotated[str, typer.Option("--profile", help="Записать реестр банка или «Город» по этому профилю")] = "",
    month: Annotated[str, typer.Option("--month", help="Месяц реестра «Город», ГГГГ-ММ или ММ.ГГГГ")] = "",
) -> None:
    """Выгрузить для биллинга то, что ещё не выгружалось, или записать реестр по профилю."""
    stopped = "Выгрузка прервана. Следующая начнётся с неё, под тем же номером."
    with _sentences("Запись реестра прервана." if profile else stopped), _database() as db:
        if profile:
            if number is not None:
                raise Refused("Реестры не нумеруются: уберите --number.")
            typer.echo(write_register(db, kind, out, profile, _month(month)))
            return
        if month:
            raise Refused("Месяц указывают только для реестра: добавьте --profile.")
        if kind == CHARGES:
            raise Refused("Реестр начислений пишется по профилю: добавьте --profile.")
        done = export_batch(db, kind, out, number=number)
        typer.echo(done.message if done else kind_of(kind).nothing)


def profile_put(file: Annotated[Path, typer.Argument(help="Файл TOML; образцы в docs/exchange.md")]) -> None:
    """Сохранить профиль внешнего реестра; прежний с тем же именем заменяется."""
    with _sentences("Профиль не сохранён."), _database() as db:
        given, options = read_profile(file)
        db.write(profiles.put, given, options, now=clock.utc_now())
        typer.echo(f"Профиль «{given.name}» сохранён: {profiles.KINDS[given.register_kind]}, ИНН {given.organization}.")


def profile_list() -> None:
    """Показать сохранённые профили."""
    with _sentences("Остановлено."), _database() as db:
        found = db.read(profiles.list_profiles)
        for one in found:
            typer.echo(f"{one.name}: {profiles.KINDS[one.register]}, {one.organization} (ИНН {one.inn})")
        if not found:
            typer.echo("Профилей нет. Сохраните первый: profile put ФАЙЛ.")


def profile_show(name: Annotated[str, typer.Argument(help="Имя профиля")]) -> None:
    """Показать профиль со всеми параметрами: его можно сохранить в файл и изменить."""
    with _sentences("Остановлено."), _database() as db:
        for line in as_toml(db.read(profiles.find, name)):
            typer.echo(line)


def demo(
    out: Annotated[Path, typer.Option("--out", help="Папка для пакета")],
    accounts: Annotated[int, typer.Option("--accounts", min=1, help="Сколько лицевых счетов")] = 200,
    months: Annotated[int, typer.Option("--months", min=1, max=240, help="Сколько месяцев")] = 24,
    seed: Annotated[int, typer.Option("--seed", help="Другое число — другой город")] = 1,
    until: Annotated[str, typer.Option("--until", help="Последний месяц, ММ.ГГГГ")] = "",
) -> None:
    """Записать пакет вымышленных данных; при тех же параметрах и дате — тот же самый."""
    with _sentences("Запись пакета прервана."):
        span = make_demo(out, accounts=accounts, months=months, today=_today(), until=_month(until), seed=seed)
        typer.echo(f"Пакет записан в {out}: {span.start.title} — {span.until.title}")


def print_(
    month: Annotated[str, typer.Option("--month", help="Месяц, ГГГГ-ММ")],
    out: Annotated[Path, typer.Option("--out", help="Файл PDF или папка: тогда по файлу на квитанцию")],
    building: Annotated[str, typer.Option("--building", help="Код дома")] = "",
    organization: Annotated[str, typer.Option("--organization", help="ИНН организации")] = "",
    processes: Annotated[int, typer.Option("--processes", min=0, help="Сколько процессов; 0 — по числу ядер")] = 0,
) -> None:
    """Напечатать квитанции за месяц: всех лицевых счетов дома, организации или организации в этом доме."""
    wanted = _month(month)
    if wanted is None or not (building or organization):
        raise typer.BadParameter("укажите месяц и дом (--building), организацию (--organization) или то и другое")
    with _sentences("Печать прервана. Ничего не записано."):
        with _database() as db:
            receipts = db.read(receipts_to_print, wanted, building=building, inn=organization)
        settings, title = get_settings(), f"Квитанции за {wanted.upper}"
        count = print_receipts(
            settings.db_url, receipts, out,
            site=settings.site, title=title, progress=OnStderr(unit="квитанций"), processes=processes,
        )  # fmt: skip
        typer.echo(f"Квитанций за {wanted.title}: {count}, записано в {out}")


def _today() -> date:
    return clock.local_date(clock.utc_now(), get_settings().time_zone)


def _month(text: str) -> Month | None:
    try:
        return None if not text else Month.parse(text) if "-" in text else Month.parse_dotted(text)
    except ValueError:
        raise typer.BadParameter(f"«{text}» — не месяц вида ММ.ГГГГ или ГГГГ-ММ") from None


@contextmanager
def _database(make: Callable[[str], Database] = Database) -> Iterator[Database]:
    db = make(get_settings().db_url)
    try:
        yield db
    finally:
        db.close()


@contextmanager
def _sentences(stopped: str) -> Iterator[None]:
    """Expected troubles as one sentence on stderr instead of a traceback."""
    try:
        yield
    except (DomainError, SettingsError, OSError) as fault:
        print(fault, file=sys.stderr)  # noqa: T201  this is the command line
        raise typer.Exit(REFUSED) from fault
    except KeyboardInterrupt:
        print(stopped, file=sys.stderr)  # noqa: T201  this is the command line
        raise typer.Exit(STOPPED) from None
