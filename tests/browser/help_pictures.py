"""`make help-pictures`: takes the instruction's pictures from the cabinet itself, signed in as a person would.

The demonstration is new and its day stands still, so the same pages give the same pictures. With names of scenes
after it the module takes those alone: `python -m tests.browser.help_pictures register link`.
"""

import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, expect, sync_playwright

from lk_reflex.core.migrations import ROOT
from lk_reflex.domain.identity.demo import DEMO_PASSWORD
from lk_reflex.ui.public.help.sizes import SIZES
from tests.browser.conftest import ARGS, LOADED, sign_in
from tests.browser.help_scenes import ANNA, SCENES, Account, Scene
from tests.browser.install import chromium
from tests.site import prepare, start

PICTURES = ROOT / "assets" / "help"
SIZES_FILE = ROOT / "lk_reflex" / "ui" / "public" / "help" / "sizes.py"
#: The longest picture, in CSS pixels.
LONGEST = 1300
MARGIN = 12
COLOURS = 64
#: What floats over a page would lie across a picture of its parts.
CALM = """
    *, *::before { animation: none !important; transition: none !important; caret-color: transparent !important; }
    .demo { display: none !important; }
"""
DRAWN = "() => [...document.images].every(one => one.complete && one.naturalWidth > 0)"
UNCOVERED = f"{CALM} .tabs-phone {{ display: none !important; }} .bar {{ position: static !important; }}"


@dataclass(frozen=True)
class Window:
    """Its size for parts of a page, its width for the whole screen, and how many pixels a CSS pixel has."""

    width: int
    height: int
    width_of_screen: int
    scale: float


# What a desktop shows is as wide as the instruction's own column, so that its letters keep their size.
PHONE, DESKTOP = Window(390, 760, 390, 2), Window(1240, 512, 1000, 1.25)


def take(scenes: Collection[Scene]) -> Mapping[str, tuple[int, int]]:
    """Take their pictures anew; returns the sizes by name."""
    sizes: dict[str, tuple[int, int]] = {}
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        PICTURES.mkdir(exist_ok=True)
        visits = [_Visit(browser, base, Path(folder), window) for window in (PHONE, DESKTOP)]
        # What changes something comes last, so that nobody else's picture shows it.
        for scene in sorted(scenes, key=lambda scene: scene.changes):
            for visit, suffix, crop in zip(visits, ("", "-wide"), (scene.crop, scene.wide), strict=True):
                if crop is not None:
                    name = f"{scene.name}{suffix}"
                    sizes[name] = _keep(visit.picture(scene, crop), name)
        browser.close()
    return sizes


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    prepare(folder, "tests.frozen")
    site = start(folder, "tests.frozen")
    try:
        yield site.base
    finally:
        site.stop()


class _Visit:
    """Two people at windows of one size: anna, who has signed in, and somebody who hasn't."""

    def __init__(self, browser: Browser, base: str, folder: Path, window: Window) -> None:
        self.window, self.folder = window, folder
        self.stranger, self.anna = (
            browser.new_context(
                locale="ru-RU",
                viewport={"width": window.width, "height": window.height},
                device_scale_factor=window.scale,
                base_url=base,
            )
            for _ in range(2)
        )
        page = _open(self.anna.new_page(), "/")
        sign_in(page, ANNA, DEMO_PASSWORD)
        page.wait_for_url("**/overview")

    def picture(self, scene: Scene, crop: tuple[str, ...]) -> Image.Image:
        """Go there as a person does, in a new tab that remembers nothing, and take it."""
        page = (self.anna if scene.account else self.stranger).new_page()
        if scene.account:
            _choose(page, scene.account)
        _open(page, scene.path)
        if scene.prepare:
            scene.prepare(page, self.folder)
        shot = self._taken(page, crop)
        page.close()
        return Image.open(BytesIO(shot))

    def _taken(self, page: Page, crop: tuple[str, ...]) -> bytes:
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        page.evaluate("document.fonts.ready")
        page.wait_for_function(DRAWN)
        if crop:
            page.add_style_tag(content=UNCOVERED)
            return page.screenshot(full_page=True, clip=_around(page, crop))
        page.set_viewport_size({"width": self.window.width_of_screen, "height": self.window.height})
        return page.screenshot(style=CALM)


def _open(page: Page, path: str) -> Page:
    page.goto(path)
    page.wait_for_function(LOADED)
    return page


def _choose(page: Page, account: Account) -> None:
    _open(page, "/accounts")
    card = page.locator("main li.card").filter(has_text=account[1])
    if card.get_by_role("button", name="Выбрать").count():
        card.get_by_role("button", name="Выбрать").click()
        page.wait_for_url("**/overview")
        expect(page.get_by_title("Выбор лицевого счета")).to_contain_text(account[1])


def _around(page: Page, crop: tuple[str, ...]) -> FloatRect:
    """What lies between the first element and the last, with a margin, and not longer than so."""
    boxes = [box for selector in crop if (box := page.locator(selector).first.bounding_box())]
    scrolled = page.evaluate("[scrollX, scrollY]")
    left, top = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right = max(box["x"] + box["width"] for box in boxes)
    bottom = min(max(box["y"] + box["height"] for box in boxes), top + LONGEST)
    return {
        "x": max(left - MARGIN, 0) + scrolled[0],
        "y": max(top - MARGIN, 0) + scrolled[1],
        "width": right - left + 2 * MARGIN,
        "height": bottom - top + 2 * MARGIN,
    }


def _keep(picture: Image.Image, name: str) -> tuple[int, int]:
    """Written with few colours and without loss: small, and its letters stay sharp."""
    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    few.save(PICTURES / f"{name}.webp", lossless=True, quality=100, method=6)
    return few.size


def write_sizes(sizes: Mapping[str, tuple[int, int]]) -> None:
    """Tell the page how much room each picture takes."""
    head = SIZES_FILE.read_text("utf-8").partition("SIZES:")[0]
    lines = "".join(f'    "{name}": {size},\n' for name, size in sorted(sizes.items()))
    SIZES_FILE.write_text(f"{head}SIZES: Final[dict[str, tuple[int, int]]] = {{\n{lines}}}\n", "utf-8")


def forget_others(names: Collection[str]) -> None:
    """Remove pictures that no scene has any more."""
    for path in PICTURES.iterdir():
        if path.stem not in names:
            path.unlink()


if __name__ == "__main__":
    asked = [SCENES[name] for name in sys.argv[1:]] or list(SCENES.values())
    taken = take(asked)
    wanted = {file for scene in SCENES.values() for file in scene.files()}
    write_sizes({name: size for name, size in (SIZES | dict(taken)).items() if name in wanted})
    forget_others(wanted)
    weight = sum(path.stat().st_size for path in PICTURES.iterdir())
    print(f"{len(taken)} pictures, {weight / 1024:.0f} KB in all")
