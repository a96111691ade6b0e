"""The newest notification that hasn't been read, in one line."""

from lk_reflex.domain.accounts.linked import linked_accounts
from lk_reflex.domain.notifications.lines import newest_unread
from lk_reflex.ui.visit import Visit


def newest_words(visit: Visit) -> str:
    """Its title, with the number of the account concerned where the person has several; empty where all is read."""
    line = visit.read(newest_unread)
    if line is None:
        return ""
    if line.account_id is None:
        return line.title
    numbers = {account.account_id: account.number for account in visit.read(linked_accounts)}
    number = numbers.get(line.account_id)
    return f"{line.title} (лицевой счет {number})" if number and len(numbers) > 1 else line.title
