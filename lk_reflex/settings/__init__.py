"""Typed settings from the environment and `.env`; production refuses what only a demonstration may have."""

from lk_reflex.settings.loading import SettingsError, get_settings, load_settings
from lk_reflex.settings.model import Settings

__all__ = ("Settings", "SettingsError", "get_settings", "load_settings")
