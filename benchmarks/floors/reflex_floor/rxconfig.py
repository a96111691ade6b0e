"""The floor's Reflex settings: nothing that Reflex doesn't need."""

import os

import reflex as rx

_site = f"http://127.0.0.1:{os.environ['PORT']}"
config = rx.Config(
    app_name="floor",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    backend_port=int(os.environ["PORT"]),
    frontend_port=int(os.environ["PORT"]),
    api_url=_site,
    deploy_url=_site,
    plugins=[],
    disable_plugins=[rx.plugins.SitemapPlugin],
    frontend_compression_formats=["brotli", "gzip"],
    state_manager_mode="memory",
)
