"""Makes sure that there is a Chromium for the journeys: the machine's own, the system's package, or Playwright's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of a Chromium on this machine; LK_CHROMIUM names one explicitly."""
    named = os.environ.get("LK_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def playwrights_own() -> str | None:
    """The path of the browser that Playwright downloaded, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Install one where there is none; exits with a sentence if that isn't possible."""
    if chromium() or playwrights_own():
        return
    print("Chromium для проверок не найден, устанавливаем…", flush=True)
    ways = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    if shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        ways.insert(0, [*sudo, "apt-get", "install", "-y", "-qq", "chromium"])
        subprocess.run([*sudo, "apt-get", "update", "-qq"], check=False)
    for way in ways:
        done = subprocess.run(way, check=False, stdout=subprocess.DEVNULL)
        if done.returncode == 0 and (chromium() or playwrights_own()):
            return
    sys.exit("Не удалось установить Chromium. Установите его или укажите путь в LK_CHROMIUM.")


if __name__ == "__main__":
    install()
