"""The alerts speak of figures that there are, and the book of operators knows each of them."""

import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from lk_reflex.api.seen.exposed import _BACKUPS, Present, joined, own_text
from lk_reflex.core import metrics
from lk_reflex.core.traces import Outcome
from lk_reflex.domain.administration.figures import MEANING

ROOT = Path(__file__).resolve().parents[1]
RULES = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
BOOK = (ROOT / "docs/ru/runbook.md").read_text("utf-8")
#: Of Prometheus itself and of its blackbox_exporter.
THEIRS = {"up", "probe_success", "probe_ssl_earliest_cert_expiry"}
_WORDS = {"time", "max", "min", "sum", "rate", "absent", "histogram_quantile", "by", "or", "and", "le", "for",
          "vector"}  # fmt: skip


def known() -> set[str]:
    """The names of all series that are ever shown."""
    metrics.event_done("test", Outcome.OK, 0.1)
    metrics.request_done("/test", "GET", 200, 0.1)
    metrics.turned_away("test")
    series = {sample.name for family in joined([own_text()]) for sample in family.samples}
    own = {"lk_database_up", "lk_build_info", "lk_disk_free_bytes", "lk_disk_bytes"}
    return series | set(MEANING) | set(_BACKUPS.values()) | own | THEIRS


def named_in(text: str) -> set[str]:
    return set(re.findall(r"\b(?:lk_\w+|process_\w+)", text))


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_a_rule_asks_for_what_is_shown(rule):
    bare = re.sub(r'\{[^}]*\}|"[^"]*"|\[\w+\]|by \([^)]*\)', " ", rule["expr"])
    asked = {word for word in re.findall(r"[a-z_][a-z0-9_]*", bare) if word not in _WORDS}
    assert asked
    assert asked <= known()
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["runbook"] == f"docs/ru/runbook.md#{rule['alert'].lower()}"


def test_each_alert_has_its_chapter_and_each_chapter_its_alert():
    chapters = re.findall(r"^### (Lk\w+)$", BOOK, re.MULTILINE)
    assert chapters == [rule["alert"] for rule in RULES]
    for part in re.split(r"^### (?=Lk)", BOOK.partition("## С чем приходят люди")[0], flags=re.MULTILINE)[1:]:
        assert all(f"**{what}:**" in part for what in ("Люди видят", "Смотреть", "Делать", "Звать")), part[:40]


def test_the_book_names_no_figure_that_there_isnt():
    assert named_in(BOOK) - {"lk_reflex"} <= known()


def test_links_within_the_book_lead_somewhere():
    headings = re.findall(r"^#+ (.+)$", BOOK, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", BOOK)) <= anchors
    files = {ROOT / "docs/ru" / name for name in re.findall(r"\]\(([\w-]+\.md)\)", BOOK)}
    assert [str(file) for file in files if not file.exists()] == []


def test_what_is_shown_is_prometheus_own_format():
    from prometheus_client import generate_latest

    from lk_reflex.api.seen.exposed import Given

    text = generate_latest(Given(joined([own_text()]))).decode()
    names = [family.name for family in text_string_to_metric_families(text)]
    assert len(names) == len(set(names))
    assert {metric.name for metric in Present().collect()} <= set(names)
