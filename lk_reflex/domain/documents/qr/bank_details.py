"""Whether an organization's bank details can be paid to: complete, and with the check keys that the bank would test."""

from lk_reflex.domain.documents.facts import Payee

_WEIGHTS = (7, 1, 3)


def key_holds(bic: str, account: str, *, correspondent: bool = False) -> bool:
    """The check digit of a bank account, weights 7-1-3 (Bank of Russia, order 515 of 08.09.1997)."""
    at_the_bank_of_russia = correspondent or bic[6:8] == "00" or bic[:2] in {"00", "01"}
    prefix = f"0{bic[4:6]}" if at_the_bank_of_russia else bic[-3:]
    return sum(int(digit) * _WEIGHTS[i % 3] % 10 for i, digit in enumerate(prefix + account)) % 10 == 0


def bank_fault(payee: Payee) -> str:
    """Why no payment code can be printed, as a sentence for the payer with the way out; empty where all is well."""
    if not (payee.name and payee.bank and payee.bank_account and payee.bic):
        return f"Код для оплаты не напечатан: у организации не указаны банковские реквизиты. {_ask(payee)}"
    if not _sound(payee):
        return f"Код для оплаты не напечатан: в банковских реквизитах организации ошибка. {_ask(payee)}"
    return ""


def _sound(payee: Payee) -> bool:
    if not (_digits(payee.bic, 9) and _digits(payee.bank_account, 20)):
        return False
    # A treasury account may have no correspondent one; what is given must hold.
    other = payee.correspondent_account
    if other and not (_digits(other, 20) and key_holds(payee.bic, other, correspondent=True)):
        return False
    return key_holds(payee.bic, payee.bank_account)


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _ask(payee: Payee) -> str:
    return f"Уточните их по телефону {payee.phone}." if payee.phone else "Уточните их в организации."
