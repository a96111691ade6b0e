"""Requests of the demonstration: typed, sent, answered and rated by the real services, on days that are past."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.clock import DEFAULT_ZONE, format_date, zone
from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Database
from lk_reflex.domain.accounts.linked import chosen_account
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.domain.requests.appeal.sending import send_appeal
from lk_reflex.domain.requests.attaching import add_file
from lk_reflex.domain.requests.desk.deeds import move_request
from lk_reflex.domain.requests.drafts import keep_fields, open_draft
from lk_reflex.domain.requests.emergency.opening import open_emergency
from lk_reflex.domain.requests.emergency.sending import send_emergency
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.passports.own import put
from lk_reflex.domain.requests.rating import rate
from lk_reflex.domain.requests.sealing.consents import texts
from lk_reflex.domain.requests.sealing.rows import add_meter, open_sealing
from lk_reflex.domain.requests.sealing.sending import send_sealing
from lk_reflex.domain.requests.tables import Request
from lk_reflex.domain.requests.telling import FEED_KIND, MESSAGE, MOVED, SENT
from lk_reflex.domain.requests.thread import answer, say
from lk_reflex.integrations.storage.port import FileStore
from lk_reflex.launch.demo_pictures import meter_picture, paper_picture, street_picture

ANNA, BORIS, VERA = "anna@example.org", "boris@example.org", "vera@example.org"
OPERATOR, COLLEAGUE = "operator@example.org", "operator2@example.org"
_HERE: Final = Client("127.0.0.1", "демонстрация")
_PHONE: Final = "+7 912 345-67-89"
#: What is told of older days has been read, and its letters came long ago.
_NEWS: Final = timedelta(hours=36)
_PERSON = select(col(User.id), col(User.role)).where(col(User.email_key) == bindparam("email"))
_VERSION = select(col(Request.version)).where(col(Request.number) == bindparam("number"))
_PASSPORT: Final = {
    "series": "75 01", "number": "482 913", "issued_on": "12.05.2014", "code": "740-054",
    "issued_by": "Отделом УФМС России по Челябинской области",
}  # fmt: skip
_NEW_METER: Final = "Ввод в эксплуатацию нового прибора учета"
_VERIFIED: Final = "Опломбировка после поверки"

Deed = Callable[["_Demo", str], None]


@dataclass(frozen=True)
class _Step:
    """What somebody does on a day, so many before today."""

    days: int
    hour: int
    deed: Deed


@dataclass(frozen=True)
class _Plan:
    """One request: who opens and sends it, and what happens to it then."""

    who: str
    days: int
    make: Callable[["_Demo", Actor], str]
    steps: tuple[_Step, ...] = field(default=())


@dataclass
class _Demo:
    """The services, and a clock that goes through the days."""

    base: Database
    store: FileStore
    vault: Vault
    site: str
    today: date
    now: datetime

    def at(self, days: int, hour: int) -> None:
        moment = datetime.combine(self.today - timedelta(days=days), time(hour, 24), tzinfo=zone(DEFAULT_ZONE))
        self.now = max(self.now + timedelta(minutes=3), moment)

    def actor(self, email: str) -> Actor:
        """Somebody at this moment, as a session would have it."""
        row = self.base.read(lambda db: db.rows(_PERSON, email=email)[0])
        actor = Actor(row.id, row.role, email, 0, self.now, None, self.now)
        account = self.base.read(chosen_account, actor)
        return Actor(row.id, row.role, email, 0, self.now, account.account_id if account else None, self.now)

    def version(self, number: str) -> int:
        return int(self.base.read(lambda db: db.value(_VERSION, number=number)) or 0)

    def attach(self, actor: Actor, number: str, slot: str, name: str, data: bytes) -> None:
        add_file(self.base, self.store, actor, number, slot, name, data, now=self.now)

    def press(self, number: str) -> dict[str, Any]:
        """What comes with each sending."""
        return {"version": self.version(number), "once_key": f"demo {number}", "site": self.site, "now": self.now}


def make_demo_requests(
    base: Database, store: FileStore, vault: Vault, *, site: str, today: date, now: datetime
) -> None:
    """Requests of every kind and in every status; most are the first person's, so that every page has its contents."""
    demo = _Demo(base, store, vault, site, today, datetime.combine(today - timedelta(days=400), time(), now.tzinfo))
    made: dict[int, str] = {}
    for days, hour, place, deed in sorted(_calendar(), key=lambda step: (-step[0], step[1], step[2])):
        demo.at(days, hour)
        if deed is None:
            plan = _PLANS[place]
            made[place] = plan.make(demo, demo.actor(plan.who))
        else:
            deed(demo, made[place])
    _forget_news(base, before=now - _NEWS)


def _calendar() -> Iterable[tuple[int, int, int, Deed | None]]:
    """Everything that happens, by day and hour: requests stand in the order in which they came."""
    for place, plan in enumerate(_PLANS):
        yield plan.days, 9, place, None
        for step in plan.steps:
            yield step.days, step.hour, place, step.deed


def _forget_news(base: Database, *, before: datetime) -> None:
    old = update(Notification).where(
        col(Notification.kind) == FEED_KIND, col(Notification.created_at) < before, col(Notification.read_at).is_(None)
    )
    base.write(lambda db: db.change(old.values(read_at=col(Notification.created_at))))
    letters = update(OutgoingMail).where(
        col(OutgoingMail.kind).in_((SENT, MOVED, MESSAGE)), col(OutgoingMail.created_at) < before,
        col(OutgoingMail.settled_at).is_(None),
    )  # fmt: skip
    base.write(lambda db: db.change(letters.values(settled_at=col(OutgoingMail.created_at), plain="", html="")))


def _appeal(topic: str, text: str) -> Callable[[_Demo, Actor], str]:
    def make(demo: _Demo, actor: Actor) -> str:
        account = demo.base.read(chosen_account, actor)
        assert account is not None
        form = {"topic": topic, "text": text, "phone": _PHONE}
        number = demo.base.write(
            open_draft, actor, Kind.APPEAL, organization_id=account.organization_id, account_id=account.account_id,
            now=demo.now,
        )  # fmt: skip
        demo.base.write(keep_fields, actor, number, form, now=demo.now)
        return demo.base.write(send_appeal, actor, number, **demo.press(number))

    return make


def _emergency(
    name: str, address: str, damage: str, text: str, where: tuple[float, float]
) -> Callable[[_Demo, Actor], str]:
    def make(demo: _Demo, actor: Actor) -> str:
        number = demo.base.write(open_emergency, actor, now=demo.now)
        form = {
            "address": address, "damage": damage, "description": text, "phone": _PHONE, "latitude": where[0],
            "longitude": where[1], "name": name, "organization": "МУП «ПОВВ»",
        }  # fmt: skip
        demo.base.write(keep_fields, actor, number, form, now=demo.now)
        demo.attach(actor, number, "photo", "двор.png", street_picture())
        return demo.base.write(
            send_emergency, actor, number, consented=True, client=_HERE, **demo.press(number)
        )  # fmt: skip

    return make


def _sealing(*serials: str, application: str = _NEW_METER, sent: bool = True) -> Callable[[_Demo, Actor], str]:
    def make(demo: _Demo, actor: Actor) -> str:
        number = demo.base.write(open_sealing, actor, now=demo.now)
        demo.base.write(keep_fields, actor, number, {"phone": _PHONE}, now=demo.now, kept=not sent)
        demo.base.write(put, demo.vault, actor, number, _PASSPORT if sent else {"series": "75 01"}, now=demo.now)
        for place, serial in enumerate(serials):
            key = "m1" if place == 0 else demo.base.write(add_meter, actor, number, now=demo.now)
            _meter(demo, actor, number, key, serial, application, whole=sent)
        if not sent:
            return number
        return demo.base.write(
            send_sealing, demo.vault, actor, number, consents=texts(), address=_HERE.address, **demo.press(number)
        )

    return make


def _meter(demo: _Demo, actor: Actor, number: str, key: str, serial: str, application: str, *, whole: bool) -> None:
    form = {"application": application, "serial": serial, "type": "Холодная вода (ХВС)"}
    if whole:
        due = format_date(demo.today + timedelta(days=6 * 365))
        form |= {"brand": "Бетар", "reading": "12,345", "verification_due": due, "place": "Санузел",
                 "installer": "ООО «Водоучёт», договор 118"}  # fmt: skip
    demo.base.write(keep_fields, actor, number, {f"{key}.{name}": text for name, text in form.items()}, now=demo.now)
    demo.attach(actor, number, f"{key}:passport", f"паспорт {serial}.png", meter_picture(serial, "00012.345"))
    if application == _VERIFIED:
        demo.attach(actor, number, f"{key}:act", f"поверка {serial}.png", paper_picture(serial))


def _move(becomes: Status, comment: str = "", *fields: str, who: str = OPERATOR) -> Deed:
    def deed(demo: _Demo, number: str) -> None:
        demo.base.write(
            move_request, demo.actor(who), number, becomes, version=demo.version(number), comment=comment,
            fields=fields, site=demo.site, now=demo.now,
        )  # fmt: skip

    return deed


def _answer(text: str, who: str = OPERATOR) -> Deed:
    return lambda demo, number: _quiet(
        demo.base.write(answer, demo.actor(who), number, text, now=demo.now, site=demo.site)
    )


def _say(text: str, who: str = ANNA) -> Deed:
    return lambda demo, number: _quiet(
        demo.base.write(say, demo.actor(who), number, text, now=demo.now, site=demo.site)
    )


def _rate(mark: int, comment: str, who: str = ANNA) -> Deed:
    return lambda demo, number: demo.base.write(rate, demo.actor(who), number, mark, comment, now=demo.now)


def _quiet(_said: object) -> None:
    """A deed tells nothing."""


_PLANS: Final = (
    _Plan(
        ANNA, 64, _sealing("34230774", application=_VERIFIED),
        (
            _Step(63, 10, _move(Status.ACCEPTED)),
            _Step(62, 11, _move(Status.WORKING, "Мастер придёт в пятницу с 10 до 12 часов")),
            _Step(61, 12, _say("А можно после 17 часов?")),
            _Step(61, 15, _answer("Да, перенесли на пятницу, 17:30. Мастер позвонит за полчаса.")),
            _Step(60, 17, _move(Status.DONE, "Счётчик опломбирован, акт выдан")),
            _Step(59, 19, _rate(5, "Приехали вовремя, спасибо")),
        ),
    ),
    _Plan(
        ANNA, 48, _sealing("00000001"),
        (
            _Step(47, 10, _move(Status.ACCEPTED, who=COLLEAGUE)),
            _Step(46, 12, _move(Status.REFUSED, "Прибора с таким заводским номером нет в паспорте", who=COLLEAGUE)),
        ),
    ),
    _Plan(ANNA, 34, _appeal("Нарушение благоустройства", "нарушение благоустройства: во дворе после раскопок не "
                            "убрали грунт и не восстановили газон")),
    _Plan(
        ANNA, 20, _emergency("Анна Ковалёва", "УЛ. КЫШТЫМСКАЯ, 10", "Открытый или провалившийся люк",
                             "Сдвинута крышка люка у подъезда", (55.190412, 61.347205)),
        (
            _Step(20, 10, _move(Status.ACCEPTED)),
            _Step(20, 11, _move(Status.WORKING)),
            _Step(19, 9, _move(Status.DONE, "Крышка люка закреплена")),
        ),
    ),
    _Plan(
        ANNA, 7, _sealing("58416745412", "58416745413"),
        (
            _Step(6, 10, _move(Status.ACCEPTED)),
            _Step(1, 16, _move(Status.CORRECTING, "На снимке паспорта не видно номера, а телефон не отвечает. "
                               "Приложите другой снимок и проверьте телефон.", "phone", "m1:passport")),
        ),
    ),
    _Plan(BORIS, 5, _appeal("Начисления и перерасчёт", "Почему за прошлый месяц начислили больше обычного?"),
          (_Step(4, 12, _move(Status.ACCEPTED, who=COLLEAGUE)),)),
    _Plan(ANNA, 4, _sealing("77120455", application=_VERIFIED), (_Step(3, 11, _move(Status.ACCEPTED)),)),
    _Plan(
        ANNA, 2, _emergency("Анна Ковалёва", "УЛ. КЫШТЫМСКАЯ, 10, двор", "Течь воды на поверхность",
                            "Вода идёт из-под асфальта у арки", (55.190711, 61.347980)),
        (
            _Step(2, 10, _move(Status.ACCEPTED)),
            _Step(2, 11, _move(Status.WORKING, "Бригада выехала")),
            _Step(1, 12, _answer("Перекрыли участок, ищем место течи. Вода идёт сильнее или слабее?")),
            _Step(1, 13, _say("Слабее, но лужа осталась.")),
        ),
    ),
    _Plan(VERA, 2, _emergency("Вера", "УЛ. ЛИНЕЙНАЯ, 24", "Нет холодной воды", "С утра нет воды на всей улице",
                              (55.104377, 61.618812))),
    _Plan(ANNA, 1, _appeal("Качество воды", "течь воды во дворе, у третьего подъезда")),
    _Plan(ANNA, 1, _sealing("11223344", sent=False)),
)  # fmt: skip
