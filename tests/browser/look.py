"""What every page is looked at for: axe, sideways scroll, cut things, English words, touch targets; and its picture."""

import re
from collections.abc import Sequence
from pathlib import Path

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.site import KEPT

DESKTOP, PHONE, NARROW = 1280, 390, 320
HEIGHT = {DESKTOP: 900, PHONE: 844, NARROW: 640}
SHOTS = KEPT / "shots"
_RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
#: Latin words that a resident may meet.
_ALLOWED = {"email", "Email", "XLSX", "CSV", "QR", "PDF", "Chrome", "Linux", "JPEG", "PNG", "WebP", "HEIC", "jpg"}
#: Makers of meters, the manual's own word for messages to phones, the ending of a file's name.
_ALLOWED |= {"Itelma", "Valtec", "Zenner", "push", "pdf", "ZIP"}
_EMAIL = re.compile(r"\S+@\S+")
#: A bank's own number of an order.
_BANKS = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LATIN = re.compile(r"[A-Za-z]{2,}")

_READ = """() => {
    const named = ['aria-label', 'title', 'placeholder', 'alt'];
    const said = [...document.querySelectorAll(named.map(name => `[${name}]`).join(','))]
        .filter(one => one.checkVisibility()).flatMap(one => named.map(name => one.getAttribute(name) || ''));
    return [document.title, document.body.innerText, ...said].join('\\n');
}"""

# What sticks out of the screen, or is hidden inside a box that doesn't scroll, or only scrolls sideways; the
# operators' tables may, within their region.
_STICKS_OUT = """() => {
    const found = [], wide = document.documentElement.clientWidth;
    const clipped = one => one && (getComputedStyle(one).clipPath !== 'none' || clipped(one.parentElement));
    const hidden = one => clipped(one)
        || one.closest('.skip, .scrolled, .map, title, details:not([open]) > :not(summary)');
    for (const one of document.querySelectorAll('body *')) {
        if (!one.checkVisibility({visibilityProperty: true}) || hidden(one)) continue;
        const box = one.getBoundingClientRect();
        if (!box.width || !box.height) continue;
        const name = one.tagName.toLowerCase() + '.' + (one.getAttribute('class') || '') + ' «' +
            (one.textContent || '').trim().slice(0, 40) + '»';
        if (box.right > wide + 1 || box.left < -1) found.push('sticks out: ' + name + ' ' + Math.round(box.right));
        else if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth
                 && getComputedStyle(one).overflowX !== 'visible' && one.tagName !== 'INPUT')
            found.push('is cut or scrolls sideways: ' + name);
    }
    return found;
}"""

_SMALL = """([height]) => {
    const found = [], lines = 'p, dd, li, td, caption, figcaption, label';
    for (const one of document.querySelectorAll('a[href], button, input:not([type=hidden]), summary, select')) {
        if (!one.checkVisibility({visibilityProperty: true}) || one.closest('.hidden, .skip')) continue;
        const inText = one.tagName === 'A' && one.closest(lines);
        const tick = ['checkbox', 'radio'].includes(one.type) && one.parentElement;
        const box = (tick || one).getBoundingClientRect();
        if (inText || !box.width) continue;
        if (box.height < height - 0.5) found.push(`${one.tagName.toLowerCase()} «${one.innerText || one.name}» `
            + Math.round(box.width) + '×' + Math.round(box.height));
    }
    return found;
}"""

_FAINT = """() => {
    const number = text => text.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, place) => sum + v * [0.2126, 0.7152, 0.0722][place], 0);
    const ground = one => {
        for (let at = one; at; at = at.parentElement) {
            const colour = number(getComputedStyle(at).backgroundColor);
            if (colour.length < 4 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    const found = [];
    for (const one of document.querySelectorAll('input, select, textarea')) {
        if (['hidden', 'checkbox', 'radio', 'file'].includes(one.type) || !one.checkVisibility()) continue;
        const pair = [light(number(getComputedStyle(one).borderTopColor)), light(ground(one.parentElement))].sort();
        const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        if (ratio < 3 || parseFloat(getComputedStyle(one).borderTopWidth) < 1) found.push(`${one.name} ${ratio}`);
    }
    return found;
}"""


_TINY = """() => {
    const found = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const one = walk.currentNode.parentElement;
        if (!walk.currentNode.textContent.trim() || !one.checkVisibility({visibilityProperty: true})) continue;
        if (one.closest('.hidden, svg, script, style')) continue;
        const size = parseFloat(getComputedStyle(one).fontSize);
        if (size < 13.9 && !one.closest('.count'))
            found.add(`${size}px «${walk.currentNode.textContent.trim().slice(0, 40)}»`);
    }
    return [...found];
}"""


def axe(page: Page) -> str:
    """What axe finds, as text for people; empty where it finds nothing."""
    found: AxeResults = Axe().run(page, options=_RULES)
    return found.generate_report() if found.violations_count else ""


def no_sideways_scroll(page: Page) -> bool:
    """Whether the whole page fits its width."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def sticks_out(page: Page) -> Sequence[str]:
    """Elements that reach over the screen's edge or are cut off inside their box."""
    return page.evaluate(_STICKS_OUT)


def english(page: Page) -> list[str]:
    """Latin words among all that a person sees or hears."""
    text = _BANKS.sub("", _EMAIL.sub("", page.evaluate(_READ)))
    return sorted({word for word in _LATIN.findall(text) if word not in _ALLOWED})


def small_targets(page: Page, height: int = 44) -> Sequence[str]:
    """Things to press that are lower than a finger; links inside a line of text are left out."""
    return page.evaluate(_SMALL, [height])


def faint_borders(page: Page) -> Sequence[str]:
    """Fields whose border has less than 3:1 against what lies around."""
    return page.evaluate(_FAINT)


def tiny_texts(page: Page) -> Sequence[str]:
    """Texts under 14 px; the counters may be smaller."""
    return page.evaluate(_TINY)


def wide(page: Page, width: int) -> None:
    """Make the window so wide, and wait until the page has been laid out anew."""
    page.set_viewport_size({"width": width, "height": HEIGHT[width]})
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def text_size(page: Page, pixels: int) -> None:
    """The size of letters that a person has set in the browser; 16 is usual."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels}})
    session.detach()


def shot(page: Page, name: str, *, whole: bool = True) -> Path:
    """A picture of the page for people to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}-{(page.viewport_size or {}).get('width')}.png"
    page.screenshot(path=path, full_page=whole, animations="disabled")
    return path
