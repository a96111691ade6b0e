"""Leaflet's parts as components; the browser loads them apart from the page, when there is a map to draw."""

from typing import Any

import reflex as rx

#: The whole world: what takes the clicks.
_WORLD = [[-85.0, -180.0], [85.0, 180.0]]


class _Leaflet(rx.NoSSRComponent):
    """Needs a window, so nothing of it is drawn at the build."""

    library = "react-leaflet@5.0.0"
    lib_dependencies: list[str] = ["leaflet@1.9.4"]

    def add_imports(self) -> dict[str, Any]:
        """Its stylesheet, from the package."""
        return {"": ["leaflet/dist/leaflet.css"]}


class MapContainer(_Leaflet):
    """The map; `center` and `zoom` hold at its first drawing, so another place is another `key`."""

    tag = "MapContainer"
    center: rx.Var[list[float]]
    zoom: rx.Var[int]
    min_zoom: rx.Var[int]
    max_zoom: rx.Var[int]
    zoom_control: rx.Var[bool]
    attribution_control: rx.Var[bool]
    scroll_wheel_zoom: rx.Var[bool]
    double_click_zoom: rx.Var[bool]
    keyboard: rx.Var[bool]


class TileLayer(_Leaflet):
    """The pictures. To another server goes only where we are from."""

    tag = "TileLayer"
    url: rx.Var[str]
    min_zoom: rx.Var[int]
    max_zoom: rx.Var[int]
    referrer_policy: rx.Var[str]


class ZoomControl(_Leaflet):
    """«+» and «−», with Russian names."""

    tag = "ZoomControl"
    zoom_in_title: rx.Var[str]
    zoom_out_title: rx.Var[str]


class CircleMarker(_Leaflet):
    """A place. Its colours are the stylesheet's, by `class_name`."""

    tag = "CircleMarker"
    center: rx.Var[list[float]]
    radius: rx.Var[int]
    interactive: rx.Var[bool]


def _clicked(event: rx.Var) -> tuple[rx.Var[float], rx.Var[float]]:
    where = [rx.Var(f"{event!s}.latlng.{part}", _var_type=float).guess_type() for part in ("lat", "lng")]
    return where[0], where[1]


class ClickLayer(_Leaflet):
    """A transparent rectangle over the whole world: what a click has hit, without a hook."""

    tag = "Rectangle"
    bounds: rx.Var[list[list[float]]]
    stroke: rx.Var[bool]
    fill_opacity: rx.Var[float]
    on_click: rx.EventHandler[_clicked]

    @classmethod
    def create(cls, *children: Any, **props: Any) -> rx.Component:
        """`ClickLayer.create(on_click=State.pick)`: the handler is given latitude and longitude in degrees."""
        props.setdefault("bounds", _WORLD)
        return super().create(*children, **{"stroke": False, "fill_opacity": 0.0, **props})

    def _render(self, props: dict[str, Any] | None = None) -> Any:
        # Leaflet's layers take their handlers together, under a name of their own.
        tag = super()._render(props)
        chain = self.event_triggers.get("on_click")
        if chain is None:
            return tag
        handlers = rx.Var("({click: " + str(rx.Var.create(chain)) + "})")
        return tag.remove_props("on_click", "onClick").add_props(event_handlers=handlers)
