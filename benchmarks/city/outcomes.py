"""What the clients have been through, and whether the database agrees with what they were told."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, text

from lk_reflex.core.db import Database

_STORED = text(
    "SELECT s.key, count(r.id) FROM submissions s LEFT JOIN sent_readings r ON r.submission_id = s.id "
    "WHERE s.key IN :keys GROUP BY s.key"
).bindparams(bindparam("keys", expanding=True))


SIGN_IN = "sign-in"


@dataclass
class Seen:
    """`told`: the keys of forms whose readings were confirmed, with how many; `sending`: of all that were pressed."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sheds: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    told: dict[str, int] = field(default_factory=dict)
    sending: set[str] = field(default_factory=set)

    def took(self, kind: str, seconds: float) -> None:
        self.times[kind].append(seconds)

    def shed(self, kind: str) -> None:
        self.sheds[kind] += 1

    def failed(self, kind: str, fault: BaseException) -> None:
        self.errors[f"{kind}: {type(fault).__name__} {str(fault)[:120]}"] += 1

    def refused(self, answer: str) -> None:
        place = answer.find('"message":"')
        self.refusals[answer[place + 11 : place + 131] if place >= 0 else answer[:120]] += 1

    def summary(self) -> dict[str, Any]:
        """By kind: how many, p50, p95 and p99 in milliseconds, how many were asked to come again."""
        kinds = sorted({*self.times, *self.sheds})
        return {
            "kinds": {kind: {**_percentiles(self.times[kind]), "shed": self.sheds[kind]} for kind in kinds},
            # Without sign-ins: bcrypt alone takes a quarter of a second, on purpose.
            "all": _percentiles([one for kind, times in self.times.items() if kind != SIGN_IN for one in times]),
            "readings": _percentiles(self.times["reading"]),
            "sheds": sum(self.sheds.values()),
            "errors": dict(self.errors.most_common(5)),
            "refusals": dict(self.refusals.most_common(3)),
            "told": self.told,
            "sending": sorted(self.sending),
        }


def _percentiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    if not ordered:
        return {"count": 0, "p50": 0.0, "p95": 0.0, "p99": 0.0}
    at = {f"p{share}": ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1000 for share in (50, 95, 99)}
    return {"count": len(ordered), **at}


@dataclass(frozen=True)
class Count:
    """`lost`: confirmed and not there; `short`: confirmed with more readings than are there.

    `unheard`: there, though the answer never came (the same press again would have been taken once).
    """

    told: int
    stored: int
    lost: int
    short: int
    unheard: int


def counted(db: Database, told: dict[str, int], sending: set[str]) -> Count:
    """Hold what clients were told against what is stored."""
    stored: dict[str, int] = {}
    keys = sorted({*told, *sending})
    with db.engine.connect() as connection:
        for start in range(0, len(keys), 500):
            rows = connection.execute(_STORED, {"keys": keys[start : start + 500]})
            stored.update({row[0]: row[1] for row in rows})
    return Count(
        told=len(told),
        stored=len(stored),
        lost=sum(key not in stored for key in told),
        short=sum(stored.get(key, 0) < count for key, count in told.items() if key in stored),
        unheard=sum(key not in told for key in stored),
    )
