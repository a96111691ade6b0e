"""`backup keys`: the keys on a sheet of their own, which never lies where the copies do."""

import os
from pathlib import Path

from lk_reflex.core.disk_faults import said
from lk_reflex.core.errors import Refused
from lk_reflex.core.secret import accepted
from lk_reflex.launch.backup.installation import Keys
from lk_reflex.launch.backup.manifest import NAME, copies_in

NO_KEYS = "У этой установки ещё нет ключей: сохранять нечего."
BESIDE = "В этой папке лежат копии данных: {}. Ключи хранят отдельно от них, выберите другое место."
EXISTS = "Файл уже есть: {}. Выберите другое имя, чтобы не потерять прежние ключи."
NO_WRITING = "Не удалось записать {}: {}"
HEAD = (
    "# Ключи личного кабинета. Без них резервная копия не даст ни войти по паролю, ни прочитать паспортные данные;\n"
    "# вместе с копией они открывают всё. Храните отдельно от копий: в сейфе или в хранилище секретов.\n"
)


def write_keys(keys: Keys, to: Path) -> None:
    """Write them as lines of `.env`, for their owner alone. Raises Refused."""
    if not keys.secret or not keys.data:
        raise Refused(NO_KEYS)
    for folder in to.resolve().parents:
        if (folder / NAME).is_file() or copies_in(folder):
            raise Refused(BESIDE.format(folder))
    names = ("LK_SECRET_KEY", "LK_SECRET_KEY_ALSO")
    secrets = [f"{name}={one.decode()}\n" for name, one in zip(names, accepted(keys.secret), strict=False)]
    lines = f"{HEAD}{''.join(secrets)}LK_DATA_KEYS={','.join(keys.data)}\n"
    try:
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(lines)
    except FileExistsError:
        raise Refused(EXISTS.format(to)) from None
    except OSError as fault:
        raise Refused(NO_WRITING.format(to, said(fault))) from None
