"""Lighthouse (npm) on a phone: performance, accessibility, best practices of `/` and `/overview`."""

import json
import shutil
import subprocess
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.driver import Result
from benchmarks.first_visit import FLAGS
from benchmarks.places import BENCH, cookie
from benchmarks.servers import build_product, product, running
from tests.browser.install import chromium

DEBUG_PORT = 3311
NODE = BENCH / "node"
BARS = {"performance": 95, "accessibility": 100, "best-practices": 100}


def lighthouse(*, quick: bool) -> list[Result]:
    """The median of several runs; says so and goes on where Lighthouse can't be had."""
    program = NODE / "node_modules" / ".bin" / "lighthouse"
    if not program.exists() and not _install():
        print("  lighthouse: npm couldn't install it")
        return []
    build_product()
    results = []
    with running(product()) as ours, sync_playwright() as playwright:
        for path, session in (("/", ""), ("/overview", cookie(7))):
            profile = BENCH / "profile"
            shutil.rmtree(profile, ignore_errors=True)
            browser = playwright.chromium.launch_persistent_context(
                str(profile), executable_path=chromium(), args=[*FLAGS, f"--remote-debugging-port={DEBUG_PORT}"]
            )
            if session:
                browser.add_cookies([{"name": "lk_session", "value": session, "url": ours.url}])
            scores = [_scores(str(program), f"{ours.url}{path}") for _ in range(1 if quick else 3)]
            browser.close()
            results += [
                Result(f"Lighthouse {path}: {name}", median(one[name] for one in scores), 0, bar, at_most=False)
                for name, bar in BARS.items()
            ]
    return results


def _install() -> bool:
    NODE.mkdir(parents=True, exist_ok=True)
    npm = shutil.which("npm")
    command = [npm or "npm", "install", "--no-audit", "--no-fund", "--silent", "lighthouse"]
    return npm is not None and subprocess.run(command, cwd=NODE, check=False).returncode == 0


def _scores(program: str, url: str) -> dict[str, float]:
    command = [
        program, url, f"--port={DEBUG_PORT}", "--disable-storage-reset", "--quiet", "--output=json",
        f"--only-categories={','.join(BARS)}", "--form-factor=mobile",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=NODE, check=True, capture_output=True, text=True, timeout=300)
    report: dict[str, Any] = json.loads(done.stdout)
    for audit in report["audits"].values():
        if audit.get("score") == 0 and audit.get("scoreDisplayMode") == "binary":
            print(f"  {url}: {audit['title']}", flush=True)
    shown = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    print(f"  {url}: " + ", ".join(f"{name} {report['audits'][name]['displayValue']}" for name in shown), flush=True)
    return {name: round(report["categories"][name]["score"] * 100) for name in BARS}
