"""The settings of Госуслуги: all of them or none, and only what production may have."""

import re
from pathlib import Path

from lk_reflex.settings.fields import Fields
from lk_reflex.settings.rules import given, https, variable

#: What signing in through Госуслуги takes, all or nothing; beside it there are an issuer and a verifier.
_ESIA = {
    "esia_url": "адрес Госуслуг (https://esia.gosuslugi.ru)",
    "esia_client_id": "мнемоника системы, выданная при подключении",
    "esia_signer": "чем подписывать запросы: «command:…» или адрес службы подписи https://…",
    "esia_certificate": "путь к файлу с сертификатом, которым Госуслуги подписывают ответы",
    "esia_certificate_hash": "хэш нашего сертификата, зарегистрированного в Госуслугах",
}
#: A key in a file signs for the stand-in and in tests only: production needs a certified device behind these.
_SERVICES = ("command:", "https://", "http://")
_HEX = re.compile("[0-9A-Fa-f]{64}")


def esia_missing(settings: Fields) -> list[str]:
    """The settings of Госуслуги that are empty."""
    return [name for name in _ESIA if not given(settings, name)]


def esia_faults(settings: Fields) -> list[str]:
    """What is wrong with the settings of Госуслуги: none at all are as good as all of them."""
    missing = esia_missing(settings)
    if len(missing) == len(_ESIA) and not settings.esia_issuer and not given(settings, "esia_verifier"):
        return []
    faults = [f"{variable(name)}: для входа через Госуслуги нужен параметр: {_ESIA[name]}." for name in missing]
    if settings.esia_url and not https(settings.esia_url) and not settings.preview:
        faults.append("LK_ESIA_URL: нужен адрес Госуслуг, начинающийся с https://.")
    signer, verifier = given(settings, "esia_signer"), given(settings, "esia_verifier")
    if signer and not signer.startswith((*_SERVICES, "rsa:") if settings.preview else _SERVICES):
        faults.append(f"LK_ESIA_SIGNER: нужна {_ESIA['esia_signer'].removeprefix('чем подписывать запросы: ')}.")
    if verifier and not verifier.startswith(_SERVICES):
        faults.append("LK_ESIA_VERIFIER: нужна «command:…» или адрес службы проверки подписи https://….")
    if settings.esia_certificate and not Path(settings.esia_certificate).is_file():
        faults.append(f"LK_ESIA_CERTIFICATE: нет файла «{settings.esia_certificate}».")
    if settings.esia_certificate_hash and not _HEX.fullmatch(settings.esia_certificate_hash):
        faults.append("LK_ESIA_CERTIFICATE_HASH: нужен хэш сертификата: 64 шестнадцатеричных знака.")
    return faults
