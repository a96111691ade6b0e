"""Prometheus's own rules engine over what the cabinet really shows: each alert rings when it should, and alone.

A rule that names a figure or a label wrongly is valid and silent, or rings for ever; only playing it tells."""

import os
import re
import subprocess
from datetime import timedelta
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from lk_reflex.core import metrics
from lk_reflex.core.clock import utc_now
from lk_reflex.core.leases import take
from lk_reflex.core.traces import Outcome
from lk_reflex.domain.exchange_log.tables import ImportRun
from tests.api.test_metrics import BEARER, watched  # noqa: F401  (a fixture)
from tests.cast import people
from tests.debian import program
from tests.deploy.install import PROMTOOL
from tests.site import ROOT

RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
DAY, HOUR = 86_400, 3_600
#: What Prometheus writes to each sample that it fetches; a label of ours of that name is put aside.
TARGET = {"job": "lk", "instance": "127.0.0.1:3000"}
Series = dict[str, str]


def still(value: float) -> str:
    """A figure that stays, minute by minute."""
    return f"{value:f}+0x2000"


def growing(step: float, start: float = 0) -> str:
    """A figure that grows by so much each minute."""
    return f"{start:f}+{step:f}x2000"


#: Of a healthy installation, where a test's process can't be one. The clock of a play begins at 0.
HEALTHY: Series = {
    'up{job="lk",instance="127.0.0.1:3000"}': still(1),
    'probe_success{job="lk-ready",instance="http://127.0.0.1:3000/api/health/ready"}': still(1),
    'probe_success{job="lk-address",instance="https://lk.example.org/api/health/ready"}': still(1),
    'probe_ssl_earliest_cert_expiry{job="lk-address",instance="https://lk.example.org"}': still(60 * DAY),
    'lk_backup_last_timestamp_seconds{job="lk",instance="127.0.0.1:3000"}': growing(60),
    'lk_backup_verified_timestamp_seconds{job="lk",instance="127.0.0.1:3000"}': growing(60),
}  # fmt: skip
STEADY = {"lk_strain": 0, "lk_sockets": 10, "lk_sockets_limit": 100, "lk_disk_free_bytes": 50, "lk_disk_bytes": 100}


def fetched(text: str) -> Series:
    """What is shown, as Prometheus keeps it, with nothing going on: figures stay, moments go with the clock."""
    found, asked = dict(HEALTHY), set(re.findall(r"\w+", RULES.read_text("utf-8")))
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name not in asked:
                continue  # thousands of buckets that no rule looks at
            own = {f"exported_{name}" if name in TARGET else name: value for name, value in sample.labels.items()}
            labels = ",".join(f'{name}="{value}"' for name, value in {**own, **TARGET}.items())
            moment = sample.name.endswith("_timestamp_seconds")
            value = STEADY.get(sample.name, sample.value)
            found[f"{sample.name}{{{labels}}}"] = growing(60, 60) if moment else still(value)
    return found


def with_(series: Series, changes: dict[str, str | None]) -> Series:
    """Changes by «name label="value" …», which must fit some series; None: those are gone."""
    found = dict(series)
    for words, values in changes.items():
        name, *labels = words.split()
        fitting = [one for one in series if re.match(rf"{name}\{{", one) and all(label in one for label in labels)]
        assert fitting, words
        for one in fitting:
            found.pop(one)
            if values is not None:
                found[one] = values
    return found


FAILED, FIVE = 'lk_events_total outcome="failed"', 'lk_http_requests_total status="500"'
SLOW_EVENTS = {'lk_event_seconds_bucket le="2.5"': growing(60), 'lk_event_seconds_bucket le="10.0"': growing(60),
               'lk_event_seconds_bucket le="+Inf"': growing(60)}  # fmt: skip
LATE_LOOP = {words.replace("event_seconds", "loop_lag_seconds"): values for words, values in SLOW_EVENTS.items()}
OF_DATABASE = ("lk_job_lease_until_timestamp_seconds", "lk_mail_oldest_seconds", "lk_requests_overdue",
               "lk_import_last_timestamp_seconds")  # fmt: skip
#: What happens; after how many minutes one looks; what rings then.
PLAYS: dict[str, tuple[dict[str, str | None], int, set[str]]] = {
    "nothing": ({}, 14 * 60, set()),
    "a process is gone": ({"up": still(0)}, 3, {"LkWebDown"}),
    "one isn't ready": ({'probe_success job="lk-ready"': still(0)}, 4, {"LkNotReady"}),
    "the address is shut": ({'probe_success job="lk-address"': still(0)}, 5, {"LkAddressDown"}),
    "ten days of certificate": ({"probe_ssl_earliest_cert_expiry": still(10 * DAY)}, 70, {"LkCertificateEnds"}),
    "no database": ({"lk_database_up": still(0), **dict.fromkeys(OF_DATABASE)}, 3, {"LkDatabaseDown"}),
    "no Redis": ({"lk_redis_up": still(0)}, 3, {"LkRedisDown"}),
    "no worker": ({'lk_job_lease_until_timestamp_seconds lease="receipts"': still(60)}, 12, {"LkNoWorker"}),
    "a worker a moment late": ({'lk_job_lease_until_timestamp_seconds lease="receipts"': still(60)}, 3, set()),
    "no cleaning": ({'lk_job_lease_until_timestamp_seconds lease="cleaning"': still(2 * HOUR)}, 375, {"LkJobStuck"}),
    "late mail": ({"lk_mail_oldest_seconds": still(1000)}, 7, {"LkMailLate"}),
    "stuck mail": ({"lk_mail_oldest_seconds": still(7500)}, 7, {"LkMailLate", "LkMailStuck"}),
    "late push": ({"lk_push_overdue_seconds": still(4000)}, 20, {"LkPushLate"}),
    "the bank isn't asked": ({"lk_orders_look_overdue_seconds": still(1000)}, 12, {"LkBankSilent"}),
    "an order in doubt": (
        {'lk_orders_open_oldest_seconds status="checking"': still(8000)}, 12, {"LkOrdersUndecided"}),
    "somebody is at the bank": ({'lk_orders_open_oldest_seconds status="waiting"': still(8000)}, 30, set()),
    "a flag": ({"lk_orders_flagged": still(1)}, 12, {"LkPaymentFlagged"}),
    "a refund in doubt": ({'lk_refunds_open status="unanswered"': still(1)}, 35, {"LkRefundUnanswered"}),
    "never an import": ({"lk_import_last_timestamp_seconds": None}, 65, {"LkNoImport"}),
    "no import for long": ({"lk_import_last_timestamp_seconds": still(-36 * DAY)}, 65, {"LkNoImport"}),
    "a package refused": ({'lk_exchange_tasks_bad_last_day status="refused"': still(1)}, 3, {"LkExchangeFailed"}),
    "a request overdue": ({"lk_requests_overdue": still(2)}, 13 * 60, {"LkRequestsOverdue"}),
    "slow": (SLOW_EVENTS, 12, {"LkSlow"}),
    "strained": ({"lk_strain": still(2)}, 7, {"LkStrained"}),
    "charts are put off": ({"lk_strain": still(1), 'lk_put_off_total rank="charts"': growing(60)}, 30, set()),
    "the door waits": ({'lk_put_off_total rank="entries"': growing(1)}, 5, {"LkReadingsPutOff"}),
    "a late loop": (LATE_LOOP, 12, {"LkLoopLag"}),
    "presses fail, no request ever did": ({FAILED: growing(12), FIVE: None}, 15, {"LkErrors"}),
    "requests fail, no press ever did": ({FIVE: growing(12), FAILED: None}, 15, {"LkErrors"}),
    "put off with 503": ({'lk_http_requests_total status="503"': growing(600)}, 30, set()),
    "many tabs": ({"lk_sockets": still(90)}, 7, {"LkSocketsNearLimit"}),
    "tabs without a limit": ({"lk_sockets": still(90), "lk_sockets_limit": still(0)}, 7, set()),
    "a flood": ({'lk_turned_away_total reason="test"': growing(600)}, 25, {"LkManyTurnedAway"}),
    "a full disk": ({"lk_disk_free_bytes": still(9)}, 7, {"LkDiskFull"}),
    "no copy yet": ({"lk_backup_last_timestamp_seconds": None}, 65, {"LkBackupOld"}),
    "the copy is old": ({"lk_backup_last_timestamp_seconds": still(-27 * HOUR)}, 65, {"LkBackupOld"}),
    "a copy never tried": ({"lk_backup_verified_timestamp_seconds": still(-36 * DAY)}, 65, {"LkBackupUnproven"}),
}  # fmt: skip


@pytest.fixture
def shown(watched, over):  # noqa: F811
    """A working installation's figures, with each counter counted at least once."""
    people(over)
    now = utc_now()
    for job in ("receipts", "cleaning"):
        take(over, job, "worker-1", now=now, length=timedelta(minutes=1))
    with over.transaction() as db:
        db.add(ImportRun(package="п", started_at=now, finished_at=now))
    metrics.LOOP_LAG.observe(0)
    metrics.turned_away("test")
    metrics.event_done("test", Outcome.FAILED, 0.1)
    for status in (200, 500, 503):
        metrics.request_done("/test", "GET", status, 0.1)
    return fetched(watched.get("/api/metrics", headers=BEARER).text)


def played(name: str, series: Series, minutes: int, rings: set[str]) -> dict[str, Any]:
    return {
        "name": name,
        "interval": "1m",
        "input_series": [{"series": one, "values": values} for one, values in series.items()],
        "promql_expr_test": [{
            "expr": 'count by (alertname) (ALERTS{alertstate="firing"}) > bool 0',
            "eval_time": f"{minutes}m",
            "exp_samples": [{"labels": f'{{alertname="{alert}"}}', "value": 1} for alert in sorted(rings)],
        }],
    }  # fmt: skip


def test_each_alert_rings_when_it_should_and_none_beside_it(shown, tmp_path):
    plays = [played(name, with_(shown, changes), *rest) for name, (changes, *rest) in PLAYS.items()]
    script = tmp_path / "plays.yml"
    told = {"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": plays}
    script.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    promtool = program(PROMTOOL)
    assert promtool, f"{PROMTOOL} is missing: make test installs it"
    gentle = {**os.environ, "GOMAXPROCS": "1"}  # other tests run beside, and need the other core
    done = subprocess.run(
        [promtool, "test", "rules", str(script)], capture_output=True, text=True, check=False, env=gentle
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_played():
    named = {rule["alert"] for rule in yaml.safe_load(RULES.read_text("utf-8"))["groups"][0]["rules"]}
    assert set().union(*(rings for _changes, _minutes, rings in PLAYS.values())) == named


def test_no_figure_has_a_label_of_prometheus_own(shown):
    assert not [one for one in shown if "exported_" in one]
