"""The one table of pages: a page that isn't here is nowhere."""

from lk_reflex.ui.pages.public import PUBLIC
from lk_reflex.ui.pages.resident import RESIDENT
from lk_reflex.ui.pages.staff import STAFF

PAGES = (*PUBLIC, *RESIDENT, *STAFF)
#: From which strain on each of them is put off.
RANKS = {page.path: page.rank for page in PAGES}
