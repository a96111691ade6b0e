"""The two maps: one to pick a place on, and one to look at. Without tiles there is a sentence in their place."""

from typing import Any

import reflex as rx

from lk_reflex.settings import get_settings
from lk_reflex.ui.map.leaflet import CircleMarker, ClickLayer, MapContainer, TileLayer, ZoomControl

NO_MAP = "Карта недоступна, введите адрес"
NO_MAP_TO_SEE = "Карта недоступна"
NEARER, FARTHER = "Приблизить карту", "Отдалить карту"
#: A house with its neighbours; streets; a town.
HOUSE_ZOOM, STREET_ZOOM, TOWN_ZOOM = 17, 15, 13
_FARTHEST, _NEAREST = 5, 19


def picking_map(
    latitude: Any, longitude: Any, *, shown: Any, centre: Any, zoom: Any, key: Any, on_click: Any
) -> rx.Component:
    """A map to click on: the handler is given latitude and longitude in degrees.

    `latitude`, `longitude` are the place that is marked, where `shown`; `centre` and `zoom` hold as long as `key`
    does: give it another value and the map goes there. The map is never the only way: the address can be typed.
    """
    marker = rx.cond(shown, _marker(latitude, longitude))
    return _map(ClickLayer.create(on_click=on_click), marker, centre=centre, zoom=zoom, key=key, without=NO_MAP)


def request_map(latitude: Any, longitude: Any) -> rx.Component:
    """A map to look at, around one place: `rx.cond(State.placed, request_map(State.latitude, State.longitude))`."""
    return _map(
        _marker(latitude, longitude),
        centre=rx.Var.create([latitude, longitude]),
        zoom=HOUSE_ZOOM - 1,
        key=rx.Var.create(f"{latitude}:{longitude}"),
        without=NO_MAP_TO_SEE,
    )


def _map(*layers: rx.Component, centre: Any, zoom: Any, key: Any, without: str) -> rx.Component:
    settings = get_settings()
    # Behind the tiles: what is seen where they don't come.
    ground = rx.el.p(without, class_name="map-none", custom_attrs={"aria-hidden": "true"} if settings.tiles else {})
    if not settings.tiles:
        return rx.el.div(ground, class_name="map without")
    drawn = MapContainer.create(
        TileLayer.create(
            url=settings.tiles, min_zoom=_FARTHEST, max_zoom=_NEAREST, referrer_policy="strict-origin-when-cross-origin"
        ),
        ZoomControl.create(zoom_in_title=NEARER, zoom_out_title=FARTHER),
        *layers,
        center=centre,
        zoom=zoom,
        min_zoom=_FARTHEST,
        max_zoom=_NEAREST,
        zoom_control=False,
        attribution_control=False,
        # A page that is scrolled over the map goes on being scrolled.
        scroll_wheel_zoom=False,
        double_click_zoom=False,
        # A stop of the Tab key without a name; the buttons have theirs.
        keyboard=False,
        key=key,
    )
    whose = [rx.el.p(settings.map_attribution, class_name="map-whose")] if settings.map_attribution else []
    return rx.el.div(rx.el.div(ground, drawn, class_name="map"), *whose)


def _marker(latitude: Any, longitude: Any) -> rx.Component:
    return CircleMarker.create(
        center=rx.Var.create([latitude, longitude]),
        radius=10,
        interactive=False,
        class_name="map-mark",
    )
