"""Reflex's own settings; the product's are in lk_reflex/settings/."""

import reflex as rx

from lk_reflex.settings import get_settings
from lk_reflex.ui.shared.russian import RussianTexts

_settings = get_settings()

config = rx.Config(
    app_name="lk_reflex",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    backend_port=_settings.port,
    frontend_port=_settings.port,
    api_url=_settings.built_for,
    deploy_url=_settings.built_for,
    cors_allowed_origins=[_settings.site],
    default_color_mode="system",
    plugins=[RussianTexts()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    frontend_compression_formats=["brotli", "gzip"],
    state_manager_mode="redis" if _settings.redis_url.get_secret_value() else "memory",
    redis_url=_settings.redis_url.get_secret_value() or None,
    redis_token_expiration=1800,
)
