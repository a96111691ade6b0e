"""What tests need beside Python: programs of the Debian packages, installed by `make test` where they are missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def program(name: str) -> str | None:
    """The path of a program on this machine; servers may stand outside the search path."""
    return shutil.which(name) or next((str(path) for path in (Path("/usr/sbin") / name,) if path.exists()), None)


def apt_install(*packages: str) -> bool:
    """Install from the system's packages; False where there is no apt-get or it refuses."""
    if not shutil.which("apt-get"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    # A package's server must not begin to serve by itself: tests start their own, elsewhere.
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    subprocess.run([*sudo, "apt-get", "update", "-qq"], check=False, env=env)
    way = [*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(way, check=False, env=env, stdout=subprocess.DEVNULL).returncode == 0


def ensure(name: str, package: str) -> None:
    """Exits with a sentence where the program isn't there and can't be installed."""
    if program(name):
        return
    print(f"Для проверок нужен {name}, устанавливаем…", flush=True)
    if not (apt_install(package) and program(name)):
        sys.exit(f"Не удалось установить {name}. Установите пакет {package} и повторите.")
