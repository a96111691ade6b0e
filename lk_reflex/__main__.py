"""The command line: `python -m lk_reflex run`, `worker`, `check`, `import`, `export`, `print`, `profile`, `staff`…"""

import functools
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from lk_reflex.core import logs
from lk_reflex.core.errors import DomainError, Invalid
from lk_reflex.core.priority import step_back
from lk_reflex.exchange import commands
from lk_reflex.launch.backup import commands as backups
from lk_reflex.settings import Settings, SettingsError, get_settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Личный кабинет абонента", pretty_exceptions_enable=False
)
#: How `staff add` asks for the password once more.
AGAIN = "Пароль ещё раз"
DEMO_LOGIN = "Под таким именем в демонстрации входит кто угодно: рабочий режим с ним не откроется. Нужен другой адрес."
staff = typer.Typer(no_args_is_help=True, help="Сотрудники")
app.add_typer(staff, name="staff")
profile = typer.Typer(no_args_is_help=True, help="Профили внешних реестров: банка и системы «Город»")
app.add_typer(profile, name="profile")


def _settings() -> Settings:
    try:
        return get_settings()
    except SettingsError as fault:
        for sentence in fault.faults:
            typer.echo(sentence, err=True)
        raise typer.Exit(2) from None


def _over_current_schema(command: Callable[..., None]) -> Callable[..., None]:
    """The command, after the database has been brought to this version's schema."""

    @functools.wraps(command)
    def prepared(*args: Any, **kwargs: Any) -> None:
        from lk_reflex.launch.schema import require_schema

        try:
            require_schema(_settings())
        except DomainError as fault:
            _refuse(fault.message)
        command(*args, **kwargs)

    return prepared


app.command("import")(_over_current_schema(commands.import_))
app.command("export")(_over_current_schema(commands.export))
app.command("print")(_over_current_schema(commands.print_))
app.command("demo")(commands.demo)
app.add_typer(backups.app, name="backup")
app.command("restore")(backups.restore_)
app.command("held-mail")(_over_current_schema(backups.held_mail))
profile.command("put")(_over_current_schema(commands.profile_put))
profile.command("list")(_over_current_schema(commands.profile_list))
profile.command("show")(_over_current_schema(commands.profile_show))


@app.command()
def run() -> None:
    """Подготовить базу и страницы, если что-то изменилось, и открыть кабинет на одном порту."""
    from lk_reflex.launch.run import run_cabinet

    run_cabinet(_settings())


@app.command()
@_over_current_schema
def serve(
    workers: Annotated[int, typer.Option(min=0, max=64, help="Сколько процессов; 0 — как в LK_WORKERS")] = 0,
) -> None:
    """Открыть кабинет: база и страницы уже должны быть готовы."""
    from lk_reflex.launch.environment import prepare_environment
    from lk_reflex.launch.serve import serve as serve_cabinet
    from lk_reflex.settings.serving import worker_faults
    from lk_reflex.wiring import database

    settings = _settings()
    workers = workers or settings.workers
    if faults := worker_faults(settings, workers):
        _refuse(*faults)
    # The serving process opens its own: connections and threads don't survive a fork.
    database().close()
    database.cache_clear()
    prepare_environment(settings)
    serve_cabinet(settings, workers=workers)


@app.command()
@_over_current_schema
def worker(beside: Annotated[int, typer.Option(hidden=True)] = 0) -> None:
    """Отправлять письма и убирать устаревшее: служба рядом с кабинетом; их может быть несколько."""
    from lk_reflex.launch.worker import run_worker

    run_worker(_settings(), beside=beside)


@app.command()
def fill_demo() -> None:
    """Загрузить демонстрационные данные (один раз; только в режиме preview)."""
    from lk_reflex.launch.demo import fill_demo as fill

    settings = _settings()
    if not settings.preview:
        _refuse("Демонстрационные данные бывают только в режиме preview.")
    fill(settings, say=typer.echo)


@app.command()
def build() -> None:
    """Собрать страницы, если они изменились."""
    from lk_reflex.launch.run import build_pages

    build_pages(_settings())


@app.command()
def migrate() -> None:
    """Довести базу данных до схемы этой версии; можно прервать и повторить, второй запуск подождёт первого."""
    from lk_reflex.launch.schema import bring_up

    _settings()
    try:
        bring_up()
    except DomainError as fault:
        _refuse(fault.message)


@app.command()
def check() -> None:
    """Показать настройки (секреты скрыты) и проверить соединения."""
    from lk_reflex.launch.check import report

    settings = _settings()
    lines, good = report(settings)
    for line in lines:
        typer.echo(line)
    raise typer.Exit(0 if good else 1)


@app.command("rotate-keys")
@_over_current_schema
def rotate_keys() -> None:
    """Перешифровать паспорта и адреса телефонов новым ключом: первым в LK_DATA_KEYS; можно прервать и повторить."""
    from lk_reflex.launch.keys import rotate
    from lk_reflex.wiring import database, vault

    _settings()
    rotate(database(), vault(), say=typer.echo)


@staff.command("add")
@_over_current_schema
def staff_add(
    email: str,
    role: Annotated[str, typer.Option(help="operator или admin")],
    # Its type says bool, but what stands under it, click, takes the words, too.
    password: Annotated[str, typer.Option(prompt="Пароль", hide_input=True, confirmation_prompt=AGAIN)],  # pyright: ignore
) -> None:
    """Завести сотрудника или дать ему новый пароль. Новый оператор работает со всеми организациями."""
    from lk_reflex.core.clock import utc_now
    from lk_reflex.domain.administration.people import give_first_duties
    from lk_reflex.domain.identity.demo import is_demo_login
    from lk_reflex.domain.identity.passwords.hashing import hash_password
    from lk_reflex.domain.identity.users import check_new_user, put_user
    from lk_reflex.wiring import database

    settings = _settings()
    if not settings.preview and is_demo_login(email):
        _refuse(DEMO_LOGIN)
    try:
        check_new_user(email, role, password)
        hashed = hash_password(password, settings.key())
        user_id = database().write(put_user, email, role, hashed, site=settings.site, now=utc_now())
        database().write(give_first_duties, user_id)
    except Invalid as fault:
        _refuse(*fault.fields.values())
    except DomainError as fault:
        _refuse(fault.message)
    typer.echo(f"{email}: {role}")


def _refuse(*sentences: str) -> None:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(2)


#: Commands whose work takes long and may take longer: the cabinet beside them is asked by people.
_BESIDE_THE_CABINET = ("import", "export", "print", "backup")


def _log_beside_what_is_said() -> None:
    """What a command itself says is for people, on its output; the log goes past it."""
    try:
        plain = get_settings().log_plain
    except SettingsError:
        plain = True  # the command is about to say so
    logs.configure("command", plain=plain, stream="ext://sys.stderr", level="WARNING")


def main() -> None:
    """Entry point."""
    from lk_reflex.wiring import database

    _log_beside_what_is_said()
    if sys.argv[1:2] and sys.argv[1] in _BESIDE_THE_CABINET:
        step_back()
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        # SQLite folds its write-ahead log into the file only when the last connection is closed properly.
        if database.cache_info().currsize:
            database().close()


if __name__ == "__main__":
    main()
