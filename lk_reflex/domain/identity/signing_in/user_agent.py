"""A browser's own words, as a person would say them: «Телефон, Android, Chrome»."""

import re

UNKNOWN = "Неизвестное устройство"
#: The first that fits counts: nearly every browser also calls itself Chrome or Safari.
_BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Vivaldi", "Vivaldi"),
    ("SamsungBrowser", "Samsung Internet"),
    ("MiuiBrowser", "Mi Browser"),
    ("CriOS", "Chrome"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "Телефон, iPhone"),
    ("iPad", "Планшет, iPad"),
    ("Android", "Android"),
    ("Windows", "Компьютер, Windows"),
    ("Macintosh", "Компьютер, macOS"),
    ("CrOS", "Компьютер, ChromeOS"),
    ("Linux", "Компьютер, Linux"),
)


def device_words(user_agent: str) -> str:
    """Kind of device, system and browser, as far as the browser tells; never its raw words."""
    known = [word for word in (_system(user_agent), _first(_BROWSERS, user_agent)) if word]
    return ", ".join(known) or UNKNOWN


def _system(user_agent: str) -> str:
    found = _first(_SYSTEMS, user_agent)
    if found != "Android":
        return found
    return "Телефон, Android" if re.search(r"\bMobile\b", user_agent) else "Планшет, Android"


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((words for mark, words in known if mark in user_agent), "")
