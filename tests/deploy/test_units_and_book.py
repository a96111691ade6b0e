"""What the installation's book says to type is there, and systemd takes the units."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from lk_reflex.__main__ import app
from lk_reflex.settings import Settings, load_settings
from lk_reflex.settings.rules import variable
from tests.site import ROOT

BOOK = (ROOT / "docs" / "ru" / "install.md").read_text("utf-8")
BLOCKS = re.findall(r"```(?:sh|text)\n(.*?)```", BOOK, re.DOTALL)
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
#: A machine where the cabinet isn't installed has not got this.
_NOT_HERE = re.compile(r"^.*(/opt/lk/.venv/bin/python is not executable|RequiresMountsFor).*$", re.MULTILINE)


def commands() -> set[tuple[str, ...]]:
    """Words after `lk` (or `python -m lk_reflex`) in the book, the units and compose's examples."""
    text = "\n".join([*BLOCKS, *(unit.read_text("utf-8") for unit in UNITS)])
    return {
        tuple(found.split()[:2])
        for found in re.findall(r"(?:sudo lk|lk_reflex|--rm web) ([a-z][^\n#]*)", text.replace(" -v ", " "))
    }


@pytest.mark.parametrize("words", sorted(commands()))
def test_every_command_of_the_book_and_the_units_is_one_of_ours(words):
    known = get_command(app).commands  # pyright: ignore[reportAttributeAccessIssue]
    assert words[0] in known
    inner = getattr(known[words[0]], "commands", {})
    if inner and not words[-1].startswith("-"):
        assert words[1] in inner


def test_every_file_that_the_book_takes_from_the_program_is_there():
    named = set(re.findall(r"/opt/lk/([\w./*@-]+)", "\n".join(BLOCKS))) - {".env"}
    named = {name for name in named if not name.startswith(".venv")}
    assert {"deploy/lk", ".env.example", "deploy/nginx/lk.conf"} <= named
    assert not [name for name in named if not list(ROOT.glob(name))]


def test_every_link_of_the_book_leads_somewhere():
    headings = {
        re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in re.findall(r"(?m)^#+ (.*)$", BOOK)
    }
    for anchor in re.findall(r"\]\(#([^)]*)\)", BOOK):
        assert anchor in headings


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="на этой машине нет systemd")
def test_systemd_takes_the_units():
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, UNITS)], capture_output=True, text=True, check=False
    )
    assert not _NOT_HERE.sub("", done.stdout + done.stderr).strip()


@pytest.mark.parametrize("name", ["lk-web@.service", "lk-worker.service", "lk-backup.service"])
def test_a_unit_runs_as_nobody_in_particular_and_writes_into_its_own_folder_alone(name):
    lines = (ROOT / "deploy" / "systemd" / name).read_text("utf-8").splitlines()
    wanted = {"User=lk", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectHome=yes"}
    assert wanted <= set(lines)
    assert not [line for line in lines if re.search("(?i)password|secret|key=", line)]


def test_the_image_holds_no_secret():
    text = (ROOT / "Dockerfile").read_text("utf-8")
    final = text[text.rindex("FROM ") :]
    assert "USER lk" in final and not re.search("(?i)(SECRET|PASSWORD|DATA_KEYS|TOKEN)", final)
    assert (ROOT / ".dockerignore").read_text("utf-8").splitlines()[1] == "*"


def test_the_image_is_built_with_settings_that_a_production_accepts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    text = (ROOT / "Dockerfile").read_text("utf-8")
    line = next(part for part in re.split(r"(?<!\\)\n", text) if part.startswith("RUN LK_MODE="))
    given = dict(re.findall(r"\b(LK_[A-Z_]+)=(\S+)", line))
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    for name, value in {**given, "LK_PUBLIC_URL": "https://lk.example.org", "LK_DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert load_settings().mode == "production"


def typed() -> list[str]:
    """The commands of the installation, each as one line."""
    return "\n".join(BLOCKS).replace("\\\n", " ").splitlines()


def test_prometheus_asks_the_processes_that_the_book_starts():
    asked = set(re.findall(r"127\.0\.0\.1:(3\d{3})", (ROOT / "deploy/prometheus/prometheus.yml").read_text("utf-8")))
    enabled = next(line for line in typed() if "enable --now lk-web" in line)
    assert asked == set(re.findall(r"lk-web@(\d+)", enabled))


def test_prometheus_asks_all_that_the_alerts_are_about():
    asked = set(re.findall(r"job_name: (\S+)", (ROOT / "deploy/prometheus/prometheus.yml").read_text("utf-8")))
    assert set(re.findall(r'job="([^"]+)"', (ROOT / "deploy/prometheus/alerts.yml").read_text("utf-8"))) == asked


def test_the_alerts_of_both_kinds_have_somebody_to_write_to():
    told = yaml.safe_load((ROOT / "deploy/prometheus/alertmanager.yml").read_text("utf-8"))
    used = {told["route"]["receiver"], *(route["receiver"] for route in told["route"]["routes"])}
    assert used == {receiver["name"] for receiver in told["receivers"]}
    assert all(receiver["email_configs"][0]["to"].startswith("<") for receiver in told["receivers"])


def test_a_schedule_finds_the_program_where_the_book_puts_it():
    put = re.search(r"install -m 755 /opt/lk/deploy/lk (\S+)/lk\n", BOOK)
    assert put is not None
    schedule = (ROOT / "docs" / "ru" / "exchange.md").read_text("utf-8").split("## Расписание")[1].split("```")[1]
    path = re.search(r"(?m)^PATH=(\S+)$", schedule)
    assert path is not None and put[1] in path[1].split(":")


def test_no_secret_is_among_the_words_of_a_command_that_sudo_writes_down():
    assert any(re.search("_PASSWORD", line) for line in typed())
    assert not [line for line in typed() if re.search(r"\bsudo\b.*(?:_PASSWORD|openssl rand)", line)]


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "ru").glob("*.md")), ids=lambda path: path.stem)
def test_a_journal_is_read_by_one_who_may(path: Path):
    assert not re.findall(r"(?<!sudo )\bjournalctl -\S+.*", path.read_text("utf-8"))
