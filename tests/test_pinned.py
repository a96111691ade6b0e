"""What is installed is what was locked: each line has its hash, and pip is told to take nothing without one."""

import re

import pytest

from tests.site import ROOT


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_library_has_a_version_and_a_hash(name):
    wanted = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    assert len(wanted) > 20
    loose = [
        one.split()[0]
        for one in wanted
        if not re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", one, re.DOTALL)
    ]
    assert loose == []


def test_make_takes_nothing_without_a_hash():
    lines = [line for line in (ROOT / "Makefile").read_text().splitlines() if "pip install" in line and " -r " in line]
    assert lines and all("--require-hashes" in line for line in lines)
