"""docs/security.md names files that exist, and each requirement of ASVS 5.0.0 of levels 1 and 2 once."""

import re
from pathlib import Path

from tests.site import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
#: By section, how many of its requirements are asked for at levels 1 and 2; where not the first ones, their numbers.
ASKED = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 2, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
_PATH = re.compile(
    r"`((?:lk_reflex|tests|docs|deploy|reflex\.lock)/[^`]*|rxconfig\.py|pyproject\.toml|requirements\.txt)`"
)
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)


def test_every_file_that_it_names_exists():
    named = set(_PATH.findall(PAGE))
    assert len(named) > 80
    assert [name for name in sorted(named) if not Path(ROOT, name).exists()] == []


def test_every_requirement_has_its_line_and_verdict():
    rows = _ROW.findall(PAGE)
    expected = [f"{section}.{place}" for section, count in ASKED.items() for place in range(1, count + 1)]
    assert [number for number, *_ in rows] == expected
    assert {verdict for *_, verdict, _ in rows} == {"**met**", "partly", "**not met**", "n/a"}
    assert [number for number, _, _, verdict, where in rows if verdict == "**met**" and len(where) < 5] == []
    assert f"{len(rows)} requirements" in PAGE
