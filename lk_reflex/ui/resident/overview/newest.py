"""The newest notification that hasn't been read, in one line."""

from lk_reflex.domain.accounts.linked import linked_accounts
from lk_reflex.domain.notifications.lines import newest_unread
from lk_reflex.ui.visit import Visit


def newest_words(visit: Visit) -> str:
    """Its title, with the account's number where another one than the chosen is concerned; empty where all is read."""
    line = visit.read(newest_unread)
    if line is None:
        return ""
    if line.account_id in (None, visit.actor.chosen_account_id):
        return line.title
    numbers = {account.account_id: account.number for account in visit.read(linked_accounts)}
    number = numbers.get(line.account_id)
    return f"{line.title} (лицевой счет {number})" if number else line.title
