"""What `/api/metrics` shows: the counts of each process under its number, and once what they share."""

import json
import os
import platform
import shutil
from collections.abc import Iterable, Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily

from lk_reflex.core.backup_mark import last_done
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.metrics import REGISTRY
from lk_reflex.core.remembered import Remembered
from lk_reflex.core.strain import Strain
from lk_reflex.domain.administration.figures import MEANING, Figure, figures
from lk_reflex.settings import get_settings
from lk_reflex.ui.live import open_tabs
from lk_reflex.wiring import database, drawing_processes, gauge, state_store, uploads, waiting_for_threads

#: Prometheus asks every 15 seconds or so; who asks more often gets the database's figures of before.
KEPT_SECONDS = 5.0
_BACKUPS = {"backup": "lk_backup_last_timestamp_seconds", "verify": "lk_backup_verified_timestamp_seconds"}


class Given(CollectorRegistry):
    """For `generate_latest`: what was collected already."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        super().__init__()
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        """As it was given."""
        return self._metrics


class Present:
    """What isn't counted but looked at when somebody asks."""

    def collect(self) -> Iterator[Metric]:
        """Of this process."""
        known, signed_in = open_tabs().counted()
        tabs = GaugeMetricFamily("lk_tabs", "Tabs connected, by whether somebody has signed in there",
                                 labels=["signed_in"])  # fmt: skip
        tabs.add_metric(["yes"], signed_in)
        tabs.add_metric(["no"], known - signed_in)
        yield tabs
        waiting = GaugeMetricFamily("lk_threads_waiting", "Work that waits for a thread, by pool", labels=["pool"])
        for pool, number in waiting_for_threads().items():
            waiting.add_metric([pool], number)
        yield waiting
        yield GaugeMetricFamily(
            "lk_sockets_limit", "How many sockets are let in; 0: any number", get_settings().sockets
        )
        yield GaugeMetricFamily("lk_drawings", "PDFs being drawn or waiting for it", drawing_processes().under_way)
        yield GaugeMetricFamily("lk_uploads", "Files on their way in", uploads().under_way)
        yield GaugeMetricFamily(
            "lk_redis_up", "Whether Redis answers, or none is needed", float(not state_store().away)
        )
        yield GaugeMetricFamily(
            "lk_strain", "What is put off: 0 nothing, 1 charts, 2 pages, 3 who comes, 4 all", gauge().level
        )
        yield GaugeMetricFamily("lk_strain_delay_seconds", "How far the process was behind last", gauge().delay)
        put_off = Metric("lk_put_off", "Put off for want of time, by rank", "counter")
        for rank in list(Strain)[1:-1]:  # from the start on, or the first ones go unseen
            put_off.add_sample("lk_put_off_total", {"rank": rank.name.lower()}, gauge().put_off[rank])
        yield put_off


REGISTRY.register(Present())


def own_text() -> str:
    """This process's figures, for its siblings."""
    families = [
        [metric.name, metric.documentation, metric.type,
         [[sample.name, sample.labels, sample.value] for sample in metric.samples]]
        for metric in REGISTRY.collect()
    ]  # fmt: skip
    return json.dumps({"process": str(os.getpid()), "families": families})


def joined(texts: Iterable[str]) -> list[Metric]:
    """One family of each name, every sample under its process's number."""
    found: dict[str, Metric] = {}
    for told in map(json.loads, texts):
        for name, documentation, kind, samples in told["families"]:
            metric = found.setdefault(name, Metric(name, documentation, kind))
            for sample, labels, value in samples:
                metric.add_sample(sample, {**labels, "process": told["process"]}, value)
    return list(found.values())


async def of_database() -> list[Metric]:
    """Its figures, a few seconds old at most; without it only that it is away."""
    found = await _figures.get()
    up = GaugeMetricFamily("lk_database_up", "Whether the database answers", float(found is not None))
    return [up, *_families(found or [])]


async def _asked() -> list[Figure] | None:
    try:
        return await database().in_reading_thread(database().read, figures, now=utc_now())
    except Unavailable:
        return None


_figures = Remembered(_asked, KEPT_SECONDS)


def _families(found: Iterable[Figure]) -> Iterator[Metric]:
    families: dict[str, GaugeMetricFamily] = {}
    for one in found:
        meaning, label = MEANING[one.name]
        family = families.setdefault(one.name, GaugeMetricFamily(one.name, meaning, labels=[label] if label else []))
        family.add_metric([one.label] if label else [], one.value)
    yield from families.values()


def of_machine() -> Iterator[Metric]:
    """What this installation is, the room on its disk, and its backups."""
    build = {"build": os.environ.get("LK_BUILD", ""), "reflex": version("reflex"), "python": platform.python_version()}
    family = GaugeMetricFamily("lk_build_info", "What runs here", labels=list(build))
    family.add_metric(list(build.values()), 1)
    yield family
    folder = get_settings().data_dir.resolve()
    room = shutil.disk_usage(folder)
    yield GaugeMetricFamily("lk_disk_free_bytes", "Room left where the data folder lies", room.free)
    yield GaugeMetricFamily("lk_disk_bytes", "Room in all there", room.total)
    done = last_done(folder)
    for deed in sorted(done.keys() & _BACKUPS):
        yield GaugeMetricFamily(_BACKUPS[deed], f"When «{deed}» last succeeded", done[deed].timestamp())
