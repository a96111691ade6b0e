"""What people do who come through nginx: each habit is one press, and what was said to it.

Each puts the key of its press into `key` before anything could be stored under it.
"""

import asyncio
import re
from contextlib import suppress
from urllib.parse import unquote

from lk_reflex.core.db import SILENT
from lk_reflex.domain.identity.cookies import FLASH_COOKIE, GUEST_COOKIE
from lk_reflex.ui.paths import request_page
from lk_reflex.ui.public.forgot.state import ForgotState
from lk_reflex.ui.public.guest.state import GuestState
from lk_reflex.ui.resident.appeal.state import AppealState
from lk_reflex.ui.resident.readings.state import ReadingsState
from tests.bank import type_card
from tests.city.crowd import Said
from tests.city.lines import HOST, Line, NoAnswer, Way, signed
from tests.city.stock import Guest, Payer, Sender, Writer

#: The guard's own sentence, whatever it is: what was pressed may have been done or not.
FAULT = r'"fault_rx_state_":"[^"]'
_FORM_KEY = re.compile(r'"form_key_rx_state_":"([^"]+)"')


async def sends_readings(way: Way, who: Sender, key: list[str]) -> Said:
    """A resident, over the socket."""
    async with way.tab("/readings", signed(who.cookie)) as tab:
        return await _send(tab, who, f"{ReadingsState.get_full_name()}.submit", key)


async def sends_as_guest(way: Way, who: Guest, key: list[str]) -> Said:
    """Number, house and flat by a form; then the readings."""
    answer, _ = await way.post("/api/guest", "", number=who.number, house=who.house, flat=who.flat)
    found = answer.cookies.get(HOST + GUEST_COOKIE)
    if found is None or not found.value:
        return "refused", str(answer.headers.get("location"))
    async with way.tab("/guest", f"{HOST}{GUEST_COOKIE}={found.value}") as tab:
        return await _send(tab, who, f"{GuestState.get_full_name()}.submit", key)


async def _send(tab: Line, who: Sender | Guest, handler: str, key: list[str]) -> Said:
    found = _FORM_KEY.search(tab.heard)
    if not found:
        raise NoAnswer("no form")
    key.append(found[1])
    fields = [["form_key", found[1]], ["taken_on", ""], *([f"reading-{row}", text] for row, text in who.rows())]
    heard = await tab.call(handler, rf'"answers_rx_state_"|{FAULT}', form={"__reflex_form_data__": fields})
    if '"taken_title_rx_state_":"Показания' in heard:
        return "told", ""
    return ("silent" if re.search(FAULT, heard) else "refused"), heard[-400:]


async def writes(way: Way, who: Writer, key: list[str]) -> Said:
    """An appeal: the form, its check page, «Отправить»."""
    number, name = await asyncio.to_thread(who.draft), AppealState.get_full_name()
    key.append(number)
    async with way.tab(f"/services/appeal/{number}", signed(who.cookie)) as tab:
        form = {"topic": who.topic, "text": "Во дворе не горит фонарь", "phone": "+7 900 000-00-00"}
        await tab.call(f"{name}.check", rf'"_redirect"|"faults_rx_state_":\[\{{|{FAULT}', form=form)
        await tab.go(f"/services/appeal/{number}?check=1")
        heard = await tab.call(f"{name}.send", rf'"_redirect"|"outcome_kind_rx_state_":"bad"|{FAULT}')
    if request_page(number) in heard:
        return "told", ""
    return ("silent" if re.search(FAULT, heard) else "refused"), heard[-400:]


async def pays(way: Way, who: Payer, key: list[str]) -> Said:
    """«Оплатить», and a card at the bank."""
    said = await orders(way, who, key)
    if said[0] == "told":
        with suppress(Exception):  # whatever becomes of the card, the order was taken
            await asyncio.to_thread(type_card, await asyncio.to_thread(who.bank_page))
    return said


async def orders(way: Way, who: Payer, key: list[str]) -> Said:
    """«Оплатить» alone."""
    key.append(who.form)
    answer, text = await way.post("/api/cart/pay", signed(who.cookie), **who.pressed())
    if answer.status == 303:  # the bank is asked still, or it is told why not
        location, note = answer.headers["location"], answer.cookies.get(HOST + FLASH_COOKIE)
        if note is not None and SILENT in unquote(note.value):
            raise NoAnswer(SILENT)  # before the order was taken, or after
        return ("told" if location.startswith("/cart/result/") else "refused"), location
    if answer.status != 200:
        raise NoAnswer(f"{answer.status} {text[:200]}")
    return "told", ""


async def asks_for_a_letter(way: Way, email: str, key: list[str]) -> Said:
    """«Забыли пароль?»."""
    key.append(email)
    async with way.tab("/forgot") as tab:
        ask = f"{ForgotState.get_full_name()}.ask"
        heard = await tab.call(ask, rf'"answers_rx_state_"|{FAULT}', form={"email": email})
    if f'"sent_to_rx_state_":"{email}"' in heard:
        return "told", ""
    return ("silent" if re.search(FAULT, heard) else "refused"), heard[-400:]
