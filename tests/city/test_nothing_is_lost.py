"""A city behind nginx, whose parts die: each is killed under load and begun again, Redis forgets all, doors are tried.

One started city for all of it: two web processes, two workers, PostgreSQL, Redis, mail, a bank and nginx in front.
"""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, suppress
from functools import partial
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from sqlalchemy import text

from lk_reflex.domain.accounts.guest_entry import OF_ACCOUNT
from lk_reflex.domain.accounts.link_limits import SURNAME_ACCOUNT
from lk_reflex.domain.identity.attempts import SIGN_IN_PAIR
from lk_reflex.ui.gate import ANEW
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.session import SessionState
from tests.bank import BankServer, free_port, type_card
from tests.city import books, customers
from tests.city.crowd import SAID, Crowd
from tests.city.lines import Way
from tests.city.people import Resident, Residents, settle
from tests.city.stock import Stock, stock_of
from tests.city.tabs import at, line_to, numbers, others, refused, tabs_at, until
from tests.city.town import PATIENCE, City, Proc, awaited, ready
from tests.family import family
from tests.front.front import NAME, SITE, Front, Nginx

#: Of those who come once; more than are ever needed, since nobody knows how long a kill takes.
ONCE = 60
ACCOUNTS = 260
#: With what every refusal for too many tries ends.
AGAIN = "Попробуйте снова через"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BankServer]:
    """Not begun yet: the city's processes ask for its address before."""
    server = BankServer(free_port(), tmp_path_factory.mktemp("bank"))
    yield server
    server.stop(kill=True)


@pytest.fixture(scope="module")
def city(bank: BankServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("city")
    gateways = folder / "banks.toml"
    own = {"LK_PUBLIC_URL": SITE, "LK_TRUSTED_PROXY_HOPS": "1", "LK_BANKS": str(gateways)}
    running = City(folder, extra=own).start(partial(_settle, bank=bank, gateways=gateways))
    try:
        bank.words = ["--callback", f"{running.webs[1].base}/api/bank/callback", "--pause", "0.5", "--patience", "5"]
        bank.start()
        yield running
    finally:
        running.stop()


def _settle(city: City, *, bank: BankServer, gateways: Path) -> None:
    settle(city, ACCOUNTS)
    with city.database.engine.begin() as connection:
        inns = connection.execute(text("UPDATE organizations SET takes_payments = true RETURNING inn")).scalars().all()
    lines = []
    for inn in inns:
        gateway = bank.gateway("rbs", inn)
        values = {name: getattr(gateway, name) for name in gateway.__slots__}
        lines += [f'["{inn}"]', *(f"{name} = {json.dumps(value)}" for name, value in values.items() if value)]
    gateways.write_text("\n".join(lines))


@pytest.fixture(scope="module")
def residents(city: City) -> Residents:
    return Residents(city)


@pytest.fixture(scope="module")
def stock(city: City, residents: Residents) -> Stock:
    return stock_of(city, residents, once=ONCE)


@pytest.fixture(scope="module")
def nginx(city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    front = Nginx(tmp_path_factory.mktemp("nginx") / "own", [f"127.0.0.1:{web.port}" for web in city.webs]).start()
    yield front
    _kill(front)


def _kill(front: Front) -> None:
    """With its children: they would go on serving."""
    master = front._popen
    assert master is not None
    for member in (master.pid, *family(master.pid)):
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)
    master.wait()


@pytest.fixture(scope="module")
def way(nginx: Front) -> Way:
    return Way(nginx)


def test_whatever_is_killed_under_load_what_people_were_told_is_kept(city, nginx, way, stock, bank):
    crowd = Crowd(way)
    kills: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "web": (lambda: city.kill("web", 1), lambda: city.begin("web", 1)),
        "worker": (lambda: city.kill("worker", 0), lambda: city.begin("worker", 0)),
        "redis": (lambda: city.kill("redis"), lambda: city.begin("redis")),
        "postgres": (lambda: city.kill("postgres"), lambda: city.begin("postgres")),
        "nginx": (lambda: _kill(nginx), nginx.start),
    }
    habits = {
        customers.sends_readings: stock.senders,
        customers.sends_as_guest: stock.guests,
        customers.writes: stock.writers,
        customers.pays: stock.payers,
        customers.asks_for_a_letter: stock.forgetful,
    }
    with crowd.busy(habits):
        _each_is_told(crowd, "the beginning")
        for killed, (kill, begin) in kills.items():
            crowd.killed += 1
            awaited(lambda: crowd.pressing or crowd.pressed(), f"nobody presses before {killed}")
            kill()
            awaited(crowd.pressed, f"nobody presses after {killed}")
            begin()  # by the thread that stays: what another began would end with it
            crowd.killed += 1
            _each_is_told(crowd, killed)
    print(*((one.kind, one.at, one.saw[-300:]) for one in crowd.presses if one.outcome != "told"), sep="\n")
    print({habit.__name__: {said: len(crowd.of(habit, said)) for said in SAID} for habit in habits})
    books.settled(city, bank.ledger)
    books.presses_are_kept(city, crowd)
    books.readings_are_whole(city)
    books.requests_moved_once(city)
    assert books.money_agrees(city, bank.ledger) > 0
    assert books.letters_came(city) > 0
    for web in city.webs:
        assert ready(web)


def _each_is_told(crowd: Crowd, after: str) -> None:
    """The service has come back: each kind of press that was begun since was confirmed."""
    for habit in books.PLACES:
        told = partial(crowd.of, habit, "told", since=crowd.killed)
        awaited(told, f"{habit.__name__}: no answer after {after}")


async def test_scenario_15_redis_goes_away_and_forgets_while_people_are_on_line(city, way, residents, stock, bank):
    anna, vera = residents(), residents()
    async with AsyncExitStack() as open_lines:
        tabs = [await open_lines.enter_async_context(at(city, web, who)) for who in (anna, vera) for web in (0, 1)]
        before, during = next(stock.payers), next(stock.payers)
        assert (await customers.orders(way, before, []))[0] == "told"
        city.kill("redis")
        for tab in tabs:  # nobody is left waiting: each line ends, and the next one is told why
            await tab.over()
        for web, tab in enumerate(tabs[:2]):
            await until(partial(refused, city, web, tab), f"nobody is told at process {web}")
    # What needs no tab goes on: pages, payments begun and ended, the bank's own word, and readiness for all of it.
    for base in city.bases:
        said = await asyncio.to_thread(httpx.get, f"{base}/api/health/ready")
        assert (said.status_code, said.json()["tabs"], said.json()["database"]) == (200, "away", "ok")
    assert (await customers.pays(way, during, []))[0] == "told"
    await asyncio.to_thread(type_card, before.bank_page())
    await until(lambda: {books.status(city, before.form), books.status(city, during.form)} == {"paid"}, "not paid")
    city.begin("redis")
    for web in city.webs:
        await asyncio.to_thread(awaited, lambda web=web: tabs_at(web) == "ok", "Redis is back, and nobody sees it")
    async with AsyncExitStack() as open_lines:
        places = zip((anna, anna, vera, vera), (0, 1, 0, 1), tabs, strict=True)
        pairs = [(who, web, tab.token) for who, web, tab in places]
        again = [await open_lines.enter_async_context(at(city, web, who, token)) for who, web, token in pairs]
        with city.redis as redis:
            await until(lambda: not redis.keys("*_lock"), "an answer is still being kept")
            redis.flushall()
        name = f"{AccountsState.get_full_name()}.choose"
        for (who, _web, _token), tab in zip(pairs, again, strict=True):
            told = await tab.call(name, "fault_rx_state_", key=str(who.account))
            assert ANEW in told and who.email in told  # the page is read anew, and the press is to be repeated
            assert "_redirect" in await tab.call(name, "_redirect", key=str(who.account))
            assert not others(city, who, (anna, vera)) & set(re.findall(r"[\w.@]+", told))
    await _half_forgotten(city, anna, vera)


async def _half_forgotten(city: City, anna: Resident, vera: Resident) -> None:
    """Of a tab's states the one that says whose they are goes first: the next at that tab sees nothing of the rest."""
    async with at(city, 0, anna) as tab:
        token = tab.token
        # A page that the next one doesn't open, so that nothing of theirs takes its place.
        assert set(numbers(city, anna)) <= set(re.findall(r"\d+", await tab.go("/accounts")))
    with city.redis as redis:
        held = (f"token_manager_socket_record_{token}", f"{token}_lock")
        await until(lambda: not redis.exists(*held), "the tab is still open")
        assert redis.delete(f"{token}_{SessionState.get_full_name()}") == 1
    async with at(city, 1, vera, token) as tab:
        assert vera.email in tab.heard
        assert not others(city, vera, (anna, vera)) & set(re.findall(r"[\w.@]+", tab.heard))


async def test_limits_hold_over_both_processes_whichever_is_asked(city, residents):
    ways: Iterator[str] = cycle(city.bases)

    def posted(path: str, address: str, **form: str) -> str:
        """What a form says that was refused, at one process after the other; as nginx hands it on."""
        headers = {"Host": NAME, "Origin": SITE, "X-Forwarded-For": address}
        answer = httpx.post(f"{next(ways)}{path}", data=form, headers=headers, timeout=PATIENCE)
        return unquote(answer.headers["set-cookie"])

    pair = {"login": "nikto@example.org", "password": "ne-tot-parol-2026"}
    tries = [
        await asyncio.to_thread(posted, "/api/sign-in", "203.0.113.7", **pair) for _ in range(SIGN_IN_PAIR.free + 2)
    ]
    assert [AGAIN in told for told in tries] == [False] * SIGN_IN_PAIR.free + [True] * 2
    number = numbers(city, residents())[0]
    # From everywhere, so that it is the account's own limit.
    tries = [
        await asyncio.to_thread(posted, "/api/guest", f"198.51.{place}.1", number=number, house="999", flat="1")
        for place in range(OF_ACCOUNT.free + 2)
    ]
    assert [AGAIN in told for told in tries] == [False] * OF_ACCOUNT.free + [True] * 2
    told = await _surnames_tried(city, residents)
    assert [AGAIN in one for one in told] == [False] * (SURNAME_ACCOUNT.free - 1) + [True] * 2


async def _surnames_tried(city: City, residents: Residents) -> list[str]:
    """What two tabs of one person at both processes are told of wrong surnames for an account of somebody else."""
    who, account = residents(), residents.account()
    place = books.rows(city, "SELECT a.number, b.house, a.flat FROM accounts a JOIN buildings b ON b.id = a.building_id"
                             f" WHERE a.id = {account}")[0]  # fmt: skip
    name, told = AccountsState.get_full_name(), []
    async with at(city, 0, who) as one, at(city, 1, who) as other:
        for tab in (one, other):
            await tab.go("/accounts")
            await tab.call(f"{name}.find", '"found_rx_state_"', form=place._asdict())
        for _, tab in zip(range(SURNAME_ACCOUNT.free + 1), cycle((one, other)), strict=False):
            told.append(await tab.call(f"{name}.link", "_set_focus", form={"surname": "Посторонний"}))
    return told


async def test_several_processes_of_one_command_are_made_of_one_build_replaced_and_ended_gently(city, residents):
    port, who, built = free_port(), residents(), sorted(city.builds.iterdir())
    words = [sys.executable, "-m", "lk_reflex", "serve", "--workers", "2"]
    serving = city._begin(f"several-{port}", words, {**city.env(port), "LK_DRAIN_SECONDS": "600"}, port)
    try:
        await asyncio.to_thread(awaited, lambda: ready(serving), str(serving.log), serving)
        await until(lambda: serving.log.read_text("utf-8").count("Started worker-") == 2, "there aren't two")
        os.kill(min(_serving(serving)), signal.SIGKILL)
        # One that is told to end while it begins doesn't hear that.
        await until(lambda: serving.log.read_text("utf-8").count("Started worker-") == 3, "nobody comes in its place")
        async with line_to(serving.base, who) as tab:
            with city.database.engine.begin() as held:  # so that whoever signs in is in hand for as long as we like
                held.execute(text("LOCK TABLE attempts IN ACCESS EXCLUSIVE MODE"))
                in_hand = asyncio.create_task(asyncio.to_thread(_sign_in, serving.base))
                await until(lambda: books.rows(city, _WAITS_FOR_LOCK) != [], "nobody signs in")
                serving.popen.terminate()
                await until(lambda: _readiness(serving.base) == (503, "draining"), "it doesn't say that it ends")
                assert not in_hand.done() and serving.alive()
            assert (await in_hand).status_code == 303
            await tab.over()
        assert await asyncio.to_thread(serving.popen.wait, PATIENCE) == 0
    finally:
        serving.kill()
    assert sorted(city.builds.iterdir()) == built


_WAITS_FOR_LOCK = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def _serving(main: Proc) -> set[int]:
    """The processes that it has forked."""
    words = {process: Path(f"/proc/{process}/cmdline") for process in family(main.popen.pid)}
    return {process for process, path in words.items() if path.exists() and b"serve" in path.read_bytes()}


def _sign_in(base: str) -> httpx.Response:
    form, headers = {"login": "nikto@example.org", "password": "ne-tot-parol-2026"}, {"Host": NAME, "Origin": SITE}
    return httpx.post(f"{base}/api/sign-in", data=form, headers=headers, timeout=PATIENCE)


def _readiness(base: str) -> tuple[int, str]:
    with suppress(httpx.HTTPError):
        said = httpx.get(f"{base}/api/health/ready", timeout=PATIENCE)
        return said.status_code, said.json()["status"]
    return 0, ""
