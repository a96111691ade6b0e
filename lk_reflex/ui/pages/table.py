"""The one table of pages: a page that isn't here is nowhere."""

from lk_reflex.ui.pages.public import PUBLIC
from lk_reflex.ui.pages.resident import RESIDENT
from lk_reflex.ui.pages.staff import STAFF

PAGES = (*PUBLIC, *RESIDENT, *STAFF)
#: What is opened while other pages are put off.
FIRST = frozenset(page.path for page in PAGES if page.first)
