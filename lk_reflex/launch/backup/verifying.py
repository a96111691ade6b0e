"""Proving that a copy comes back: it does, into a throw-away database, and what must be true of it is looked at."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from lk_reflex.core.migrations import migrate
from lk_reflex.launch.backup.checks import broken_rules, differing_facts
from lk_reflex.launch.backup.copy_checks import damaged_parts, lost_files, require_fitting, wrong_keys
from lk_reflex.launch.backup.facts import facts_of, revision_of
from lk_reflex.launch.backup.installation import Installation
from lk_reflex.launch.backup.manifest import DATABASE, Manifest, newest_copy, read_manifest
from lk_reflex.launch.backup.scratch import brought_back


@dataclass(frozen=True, slots=True)
class Verified:
    """`faults` are sentences; without any the copy has come back as it was."""

    copy: Path
    manifest: Manifest
    faults: list[str]
    seconds: float


def verify(place: Installation, folder: Path, *, say: Callable[[str], None]) -> Verified:
    """Bring a copy (or the newest in a folder) back beside the real database, and look at it. Removes it again.

    Raises Refused where this installation can't take it, Unavailable where database or disk fail.
    """
    began = time.monotonic()
    copy = newest_copy(folder)
    manifest = read_manifest(copy)
    require_fitting(place, manifest)
    say("Сверяем контрольные суммы…")
    faults = damaged_parts(copy, manifest)
    if not any(DATABASE in fault for fault in faults):
        say("Восстанавливаем в проверочную базу…")
        with brought_back(place, copy, manifest) as engine:
            faults += _looked_at(place, copy, manifest, engine)
    faults += wrong_keys(place, manifest)
    return Verified(copy, manifest, faults, time.monotonic() - began)


def _looked_at(place: Installation, copy: Path, manifest: Manifest, engine: Engine) -> list[str]:
    with engine.connect() as seen:
        faults = differing_facts(manifest.facts, facts_of(seen))
        if revision_of(seen) != manifest.revision:
            faults.append(f"Схема базы не {manifest.revision}, как записано в копии")
        faults += lost_files(copy, manifest, place, seen)
    # A copy of an older version comes to this one on the way, as it would in earnest.
    migrate(engine)
    with engine.connect() as seen:
        return [*faults, *broken_rules(seen)]
