"""The first visit in Chromium with a processor four times slower and slow 4G: LCP, and bytes of scripts and styles."""

from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.driver import Result
from benchmarks.places import cookie
from benchmarks.servers import Server, build_floor, build_product, product, reflex_floor, running
from tests.browser.install import chromium

FLAGS = ("--no-sandbox", "--disable-dev-shm-usage")
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER = 4
FLOOR_KB = 171
_LCP = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) last = one.startTime })
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(last), 1500);
})"""


def first_visit(*, quick: bool) -> list[Result]:
    """`/` as nobody and `/overview` as a resident against the floor's page, in turns."""
    build_product()
    build_floor()
    rounds = 2 if quick else 5
    seen: dict[str, list[dict[str, Any]]] = {"floor": [], "/": [], "/overview": []}
    with running(product()) as ours, running(reflex_floor()) as floor, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        for _ in range(rounds):
            seen["floor"].append(_visit(browser, floor, "/", ""))
            seen["/"].append(_visit(browser, ours, "/", ""))
            seen["/overview"].append(_visit(browser, ours, "/overview", cookie(7)))
        browser.close()
    results = []
    lcp = median(one["lcp"] for one in seen["floor"])
    size = median(one["bytes"] for one in seen["floor"]) / 1000
    print(f"  floor: {size:.0f} KB of scripts and styles, LCP {lcp:,.0f} ms", flush=True)
    for path in ("/", "/overview"):
        shown, code = (median(one[key] for one in seen[path]) for key in ("lcp", "bytes"))
        results += [
            Result(f"first visit of {path}: LCP", shown, lcp, 1.15, "ms"),
            Result(f"first visit of {path}: JS + CSS", code / 1000, FLOOR_KB, 1.2, "KB"),
        ]
    return results


def _visit(browser: Browser, server: Server, path: str, session: str) -> dict[str, Any]:
    context = browser.new_context(viewport={"width": 412, "height": 823}, device_scale_factor=1.75, is_mobile=True)
    if session:
        context.add_cookies([{"name": "lk_session", "value": session, "url": server.url}])
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW_4G)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    tools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["response"]["url"]}))
    tools.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(f"{server.url}{path}", wait_until="load", timeout=120_000)
    page.wait_for_timeout(3000)
    found = page.evaluate(_LCP)
    context.close()
    return {"lcp": found, "bytes": sum(size for one, size in sizes.items() if _is_code(kinds.get(one, "")))}


def _is_code(url: str) -> bool:
    return url.partition("?")[0].endswith((".js", ".mjs", ".css"))
