"""The instruction's words, a file a chapter. A new chapter is a file and its name here."""

from typing import Final

from lk_reflex.ui.public.help.model import Chapter, Section
from lk_reflex.ui.public.help.texts.requests import REQUESTS
from lk_reflex.ui.public.help.texts.services import SERVICES
from lk_reflex.ui.public.help.texts.settings import SETTINGS
from lk_reflex.ui.public.help.texts.start import START

CHAPTERS: Final[tuple[Chapter, ...]] = (START, SERVICES, SETTINGS, REQUESTS)
#: Every section by its anchor.
SECTIONS: Final[dict[str, Section]] = {section.anchor: section for chapter in CHAPTERS for section in chapter.sections}
