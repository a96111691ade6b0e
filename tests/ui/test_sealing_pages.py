"""The application for sealing through the real processor: its regulation, its form, the check page, the sending."""

import pytest
from sqlmodel import select

from lk_reflex import wiring
from lk_reflex.core.crypt import Vault, new_key
from lk_reflex.core.db import Database
from lk_reflex.domain.accounts.tables import OrganizationSwitch, OrganizationText
from lk_reflex.domain.accounts.texts import SEALING_REGULATION
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.requests.dictionaries import FIRST
from lk_reflex.domain.requests.drafts import keep_fields, own_draft
from lk_reflex.domain.requests.history import Author
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import move
from lk_reflex.domain.requests.passports.own import masked
from lk_reflex.domain.requests.passports.own import put as put_passport
from lk_reflex.domain.requests.sealing.consents import MISSING, texts
from lk_reflex.domain.requests.sealing.rows import add_meter, open_sealing
from lk_reflex.domain.requests.tables import Request, RequestFile
from lk_reflex.ui.resident.sealing.regulation_state import SealingRegulation
from lk_reflex.ui.resident.sealing.state import KEEP, SEND, SealingState
from tests.cast import NOW

HOSTILE = "<img src=x onerror=alert(1)>"
METER = {
    "application": FIRST["sealing-application"][2].title, "type": FIRST["meter-type"][0].title, "serial": "58416745412",
    "brand": "СВК", "reading": "12,5", "verification_due": "20.11.2030", "place": "Кухня", "installer": "ООО «Тепло»",
}  # fmt: skip
PASSPORT = {
    "series": "75 01", "number": "918273", "issued_on": "12.05.2014", "code": "740-054", "issued_by": "Отделом УФМС",
}  # fmt: skip
CONSENTS = dict.fromkeys(MISSING, "yes") | {f"{name}-version": version for name, version in texts().items()}


@pytest.fixture
def vault(monkeypatch) -> Vault:
    made = Vault([new_key()])
    rooms = (f"ui.resident.sealing.{name}" for name in ("state", "checking", "told"))
    for module in (*rooms, "wiring"):
        monkeypatch.setattr(f"lk_reflex.{module}.vault", lambda: made)
    assert wiring.vault() is made
    return made


@pytest.fixture
def number(db: Database, cast) -> str:
    return db.write(open_sealing, cast.owner.actor, now=NOW)


def form_of(db: Database, cast, number: str) -> dict:
    return db.read(own_draft, cast.owner.actor, number).form


def request_row(writer, number: str) -> Request:
    return writer.session.exec(select(Request).where(Request.number == number)).one()


def status_of(db: Database, number: str) -> str:
    with db.transaction() as writer:
        return request_row(writer, number).status


def fill(db: Database, cast, vault: Vault, number: str, *, acts: bool = True) -> None:
    """Everything that «Отправить» asks for."""
    rows = [row["key"] for row in form_of(db, cast, number)["meters"]]
    fields = {f"{key}.{name}": text for key in rows for name, text in METER.items()}
    fields |= {f"{key}.serial": f"5841674541{place}" for place, key in enumerate(rows)}
    db.write(keep_fields, cast.owner.actor, number, {**fields, "phone": "8 912 345-67-89"}, now=NOW)
    db.write(put_passport, vault, cast.owner.actor, number, PASSPORT, now=NOW)
    with db.transaction() as writer:
        request = request_row(writer, number)
        for slot in [f"{key}:passport" for key in rows] + [f"{key}:act" for key in rows if acts]:
            file = StoredFile(
                key=f"{slot}-{number}".replace(":", "-"), user_id=cast.owner.actor.user_id, purpose="request",
                name="паспорт.pdf", media_type="application/pdf", size=2048, created_at=NOW,
            )  # fmt: skip
            writer.add(file)
            writer.session.flush()
            assert file.id and request.id
            writer.add(RequestFile(request_id=request.id, slot=slot, file_id=file.id))


def seen(tab) -> dict:
    return tab.seen(SealingState)


def leads_to(events) -> str:
    return next((payload["path"] for name, payload in events if name == "_redirect"), "")


async def open_form(tabs, cast, number: str, query: str = ""):
    tab = tabs(cast.owner.cookie)
    await tab.open(f"/services/sealing/{number}{query}")
    return tab


async def check_page(tabs, cast, number: str):
    return await open_form(tabs, cast, number, "?check=1")


def press(tab, **more) -> dict:
    """What the check page's form sends."""
    now = seen(tab)
    return {"form_key": now["form_key"], "version": now["version"], "seen": now["seen"], **CONSENTS, **more}


async def test_the_regulation_names_the_organization_and_opens_a_draft(tabs, db, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open("/services/sealing")
    assert tab.seen(SealingRegulation)["heading"].endswith("опломбировку счётчиков в «Личном кабинете ПОВВ»")
    _, first = await tab.send(SealingRegulation.get_service)
    _, second = await tab.send(SealingRegulation.get_service)
    assert leads_to(first) == leads_to(second)  # two presses are one draft
    assert form_of(db, cast, leads_to(first).rpartition("/")[2])["owner"] == "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ"


async def test_an_organizations_own_regulation_stands_in_the_manuals_place(tabs, db, cast):
    with db.transaction() as writer:
        body = f"## Свои правила\n\n{HOSTILE}"
        writer.add(OrganizationText(organization_id=cast.organization, name=SEALING_REGULATION, body=body))
    tab = tabs(cast.owner.cookie)
    await tab.open("/services/sealing")
    assert [block.text for block in tab.seen(SealingRegulation)["blocks"]] == ["Свои правила", HOSTILE]


async def test_a_service_switched_off_or_without_an_account_gives_a_sentence(tabs, db, cast):
    nobody = tabs(cast.operator.cookie)
    await nobody.open("/services/sealing")
    assert "привяжите лицевой счет" in nobody.seen(SealingRegulation)["refusal"]
    tab = tabs(cast.owner.cookie)
    await tab.open("/services/sealing")
    with db.transaction() as writer:
        writer.add(OrganizationSwitch(organization_id=cast.organization, name="sealing", is_on=False))
    _, events = await tab.send(SealingRegulation.get_service)
    assert not leads_to(events) and "не принимает такие заявки" in tab.seen(SealingRegulation)["refusal"]


async def test_the_form_begins_with_what_is_known_and_one_meter(tabs, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    assert seen(tab)["values"]["owner"] == "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ"
    assert [row.title for row in seen(tab)["rows"]] == ["Счетчик"]
    assert set(seen(tab)["uploaded"]) == {"m1:passport", "m1:act"}
    assert seen(tab)["choices"]["brand"][0] == "СВК"


async def test_what_is_typed_is_kept_at_once_without_an_echo(tabs, db, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    delta, _ = await tab.send(SealingState.type_field, number=number, name="m1.serial", text="584")
    assert form_of(db, cast, number)["meters"][0]["serial"] == "584"
    assert "Черновик сохранён в 15:00" in seen(tab)["saved"]
    assert "584" not in str(delta)
    delta, _ = await tab.send(SealingState.leave_field, number=number, name="m1.serial", text="584")
    assert not delta  # nothing new, nothing said


async def test_a_passport_is_in_no_var_and_comes_back_masked(tabs, db, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    for name, text in PASSPORT.items():
        await tab.send(SealingState.type_field, number=number, name=name, text=text)
    again = await open_form(tabs, cast, number)
    assert seen(again)["passport"] == "•• ••  ••••73" and seen(again)["passport_whole"] is True
    sent = str(tab.wire.sent)
    assert [text for text in PASSPORT.values() if text in sent] == []
    with db.transaction() as writer:
        row = request_row(writer, number)
        assert "918273" not in row.passport + str(row.form)


async def test_an_empty_passport_field_that_is_left_forgets_nothing(tabs, db, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    await tab.send(SealingState.type_field, number=number, name="number", text="918273")
    await tab.send(SealingState.leave_field, number=number, name="number", text="")
    assert "number" in db.read(masked, vault, cast.owner.actor, number).given
    await tab.send(SealingState.type_field, number=number, name="number", text="")  # taken out by hand
    assert "number" not in db.read(masked, vault, cast.owner.actor, number).given


async def test_the_act_is_asked_for_as_the_kind_of_application_wants_it(tabs, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    new, verified = (FIRST["sealing-application"][place].title for place in (0, 2))
    await tab.send(SealingState.type_field, number=number, name="m1.application", text=new)
    assert [row.needs_act for row in seen(tab)["rows"]] == [False]
    await tab.send(SealingState.type_field, number=number, name="m1.application", text=verified)
    assert [row.needs_act for row in seen(tab)["rows"]] == [True]
    assert seen(tab)["rows"][0].application == ""  # the field's beginning: another one would take it from the hand


async def test_meters_are_added_and_an_empty_one_goes_at_once(tabs, db, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    await tab.send(SealingState.add_row)
    await tab.send(SealingState.add_row)
    assert [row.title for row in seen(tab)["rows"]] == ["Счетчик 1 из 3", "Счетчик 2 из 3", "Счетчик 3 из 3"]
    assert seen(tab)["at"] == "m3" and "m3:act" in seen(tab)["uploaded"]
    await tab.send(SealingState.remove_row, key="m2")
    assert [row.key for row in seen(tab)["rows"]] == ["m1", "m3"]


async def test_a_meter_with_anything_in_it_is_asked_about_once_more(tabs, db, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    await tab.send(SealingState.add_row)
    await tab.send(SealingState.type_field, number=number, name="m2.serial", text="7")
    await tab.send(SealingState.remove_row, key="m2")
    assert seen(tab)["removing"] == "m2" and len(form_of(db, cast, number)["meters"]) == 2
    await tab.send(SealingState.keep_row)
    await tab.send(SealingState.remove_row, key="m2")
    await tab.send(SealingState.remove_row, key="m2")
    assert len(form_of(db, cast, number)["meters"]) == 1
    await tab.send(SealingState.type_field, number=number, name="m2.serial", text="late")  # quiet
    assert len(form_of(db, cast, number)["meters"]) == 1


async def test_the_last_meter_stays(tabs, db, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    await tab.send(SealingState.remove_row, key="m1")
    assert len(form_of(db, cast, number)["meters"]) == 1


async def test_saving_keeps_faults_and_all_and_says_where(tabs, db, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    form = {"intent": KEEP, "phone": "нет", "m1.reading": "много", "series": "1"}
    _, events = await tab.send(SealingState.submit, form=form)
    assert form_of(db, cast, number)["phone"] == "нет" and form_of(db, cast, number)["meters"][0]["reading"] == "много"
    assert "series" in db.read(masked, vault, cast.owner.actor, number).given
    assert db.read(own_draft, cast.owner.actor, number).kept and "в черновики" in seen(tab)["kept"]
    assert not seen(tab)["faults"] and not leads_to(events)


async def test_sending_says_all_faults_above_and_at_the_fields(tabs, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    await tab.send(SealingState.add_row)
    _, events = await tab.send(SealingState.submit, form={"intent": SEND, "phone": "нет"})
    now = seen(tab)
    ids = [fault.field_id for fault in now["faults"]]
    assert {"phone", "series", "m1.serial", "file-m1:passport", "file-m2:act"} <= set(ids)
    assert ids.index("series") < ids.index("phone") < ids.index("m1.serial") < ids.index("m2.serial")
    said = {fault.field_id: fault.message for fault in now["faults"]}
    assert said["phone"] == now["errors"]["phone"]
    assert said["m2.serial"] == f"Счетчик 2: {now['errors']['m2.serial']}"
    assert said["file-m2:act"].endswith(now["upload_errors"]["m2:act"])
    assert now["passport_wrong"] and not leads_to(events)


async def test_a_whole_form_goes_to_the_check_page(tabs, db, vault, cast, number):
    fill(db, cast, vault, number)
    tab = await open_form(tabs, cast, number)
    _, events = await tab.send(SealingState.submit, form={"intent": SEND})
    assert leads_to(events) == f"/services/sealing/{number}?check=1"
    await tab.follow(leads_to(events))
    now = seen(tab)
    assert now["checking"] and [section.title for section in now["sections"]] == ["Собственник", "Документ", "Счетчик"]
    lines = {row.label: row.value for section in now["sections"] for row in section.rows}
    assert lines["Серия и номер"] == "•• ••  ••••73" and lines["Заводской номер ПУ"] == "58416745410"
    assert lines["Паспорт на ПУ"].startswith("паспорт.pdf")
    await tab.follow(f"/services/sealing/{number}")  # the browser's Back
    assert not seen(tab)["checking"] and seen(tab)["values"]["phone"] == "8 912 345-67-89"


async def test_the_check_page_of_a_faulty_form_leads_back_to_it(tabs, vault, cast, number):
    tab = tabs(cast.owner.cookie)
    _, events = await tab.open(f"/services/sealing/{number}?check=1")
    assert leads_to(events) == f"/services/sealing/{number}" and seen(tab)["faults"]
    assert not seen(tab)["checking"]


async def test_nothing_goes_without_the_two_consents(tabs, db, vault, cast, number):
    fill(db, cast, vault, number)
    tab = await check_page(tabs, cast, number)
    one = next(iter(MISSING))
    await tab.send(SealingState.send, form=press(tab, **{one: ""}))
    assert [fault.message for fault in seen(tab)["faults"]] == [MISSING[one]]
    assert seen(tab)["consent_errors"][one] == MISSING[one] and status_of(db, number) == "draft"


async def test_five_presses_send_once_and_lead_to_the_request(tabs, db, vault, cast, number):
    fill(db, cast, vault, number)
    tab = await check_page(tabs, cast, number)
    form = press(tab)
    for _ in range(5):
        _, events = await tab.send(SealingState.send, form=form)
        assert leads_to(events) == f"/services/requests/{number}"
    assert status_of(db, number) == "sent"
    back = await open_form(tabs, cast, number)
    assert "уже отправлена" in seen(back)["gone"] and seen(back)["gone_href"] == f"/services/requests/{number}"


async def test_what_another_tab_has_changed_is_looked_at_before_it_goes(tabs, db, vault, cast, number):
    fill(db, cast, vault, number)
    tab = await check_page(tabs, cast, number)
    old = press(tab)
    later = NOW.replace(minute=5)
    db.write(keep_fields, cast.owner.actor, number, {"owner": "Иванова Анна Петровна"}, now=later)
    await tab.send(SealingState.send, form=old)
    assert status_of(db, number) == "draft" and "изменили" in seen(tab)["send_fault"]
    assert seen(tab)["sections"][0].rows[0].value == "Иванова Анна Петровна"
    await tab.send(SealingState.send, form=press(tab))
    assert status_of(db, number) == "sent"


async def test_a_newer_tab_shows_what_an_older_one_has_typed_and_overwrites_nothing_else(tabs, db, vault, cast, number):
    phone = await open_form(tabs, cast, number)
    desk = await open_form(tabs, cast, number)
    await desk.send(SealingState.type_field, number=number, name="wished", text="30.11.2026")
    await phone.send(SealingState.type_field, number=number, name="m1.serial", text="77")
    stale = {"intent": KEEP, "wished": "", "m1.serial": "778", "owner": seen(phone)["values"]["owner"]}
    await phone.send(SealingState.submit, form=stale)
    form = form_of(db, cast, number)
    assert form["wished"] == "30.11.2026" and form["meters"][0]["serial"] == "778"
    third = await open_form(tabs, cast, number)
    assert seen(third)["values"]["wished"] == "30.11.2026" and seen(third)["rows"][0].serial == "778"


async def test_after_a_lost_connection_what_was_typed_meanwhile_is_kept_alone(tabs, db, vault, cast, number):
    tab = await open_form(tabs, cast, number)
    await tab.send(SealingState.type_field, number=number, name="wished", text="30.11.2026")
    other = await open_form(tabs, cast, number)
    await other.send(SealingState.type_field, number=number, name="owner", text="Иванова Анна Петровна")
    connection = seen(tab)["connection"]
    await tab.open(f"/services/sealing/{number}")
    assert seen(tab)["connection"] != connection
    # The field that nobody touched here shows the other tab's name by now; the serial was typed without a connection.
    on_screen = {"wished": "30.11.2026", "m1.serial": "58", "owner": "Иванова Анна Петровна", "series": "75 01"}
    await tab.send(SealingState.catch_up, form=on_screen)
    form = form_of(db, cast, number)
    assert form["meters"][0]["serial"] == "58" and form["owner"] == "Иванова Анна Петровна"
    assert "series" in db.read(masked, vault, cast.owner.actor, number).given
    await other.send(SealingState.type_field, number=number, name="wished", text="")
    await tab.open(f"/services/sealing/{number}")
    await tab.send(SealingState.catch_up, form={**on_screen, "wished": "30.11.2026"})  # kept long ago, changed since
    assert form_of(db, cast, number)["wished"] == ""


async def test_a_correction_shows_the_comment_and_marks_the_fields(tabs, db, vault, cast, number):
    fill(db, cast, vault, number)
    tab = await check_page(tabs, cast, number)
    await tab.send(SealingState.send, form=press(tab))
    with db.transaction() as writer:
        row = request_row(writer, number)
        for becomes in (Status.ACCEPTED, Status.CORRECTING):
            writer.session.refresh(row)
            assert row.id
            move(
                writer, row.id, becomes, version=row.version, author=Author.OPERATOR, site="http://test", now=NOW,
                comment=HOSTILE, fields=["m1.serial", "m1:passport"] if becomes is Status.CORRECTING else [],
            )  # fmt: skip
    tab = await open_form(tabs, cast, number)
    now = seen(tab)
    assert now["asked"] and now["comment"] == HOSTILE
    assert [one.field_id for one in now["named"]] == ["m1.serial", "file-m1:passport"]
    assert "Заводской номер ПУ" in now["named"][0].message and now["marks"]["m1.serial"] and not now["marks"]["phone"]
    await tab.send(SealingState.type_field, number=number, name="m1.serial", text="99887766")
    assert "Исправления сохранены" in now["saved"] or "Исправления сохранены" in seen(tab)["saved"]
    again = await check_page(tabs, cast, number)
    _, events = await again.send(SealingState.send, form=press(again))
    assert leads_to(events) == f"/services/requests/{number}" and status_of(db, number) == "sent"


async def test_a_form_that_another_tab_has_sent_stays_on_the_screen_and_says_so(tabs, db, vault, cast, number):
    fill(db, cast, vault, number)
    old = await open_form(tabs, cast, number)
    tab = await check_page(tabs, cast, number)
    await tab.send(SealingState.send, form=press(tab))
    await old.send(SealingState.type_field, number=number, name="phone", text="1")
    assert "уже отправлена" in seen(old)["closed"] and seen(old)["gone"] == ""
    _, events = await old.send(SealingState.submit, form={"intent": "keep"})
    assert "closed" in str(events), "the sentence takes the focus: the button is a long way below it"
    assert (seen(old)["saved"], seen(old)["gone_href"]) == ("", f"/services/requests/{number}")


async def test_nobody_elses_application_is_found(tabs, db, vault, cast, number):
    for person in (cast.relative, cast.stranger, cast.operator):
        tab = tabs(person.cookie)
        await tab.open(f"/services/sealing/{number}")
        assert "нет" in seen(tab)["gone"] and "ЗДЕТОВЕЦКИЙ" not in str(seen(tab))
        await tab.send(SealingState.type_field, number=number, name="owner", text="чужой")
        await tab.send(SealingState.type_field, number=number, name="series", text="1111")
    assert form_of(db, cast, number)["owner"] == "ЗДЕТОВЕЦКИЙ СЕРГЕЙ ВЛАДИМИРОВИЧ"
    assert not db.read(masked, vault, cast.owner.actor, number).given


@pytest.mark.parametrize("junk", [None, 5, "x", ["a"], {"a": {"b": 1}}])
async def test_junk_changes_nothing(tabs, db, vault, cast, number, junk):
    tab = await open_form(tabs, cast, number)
    before = form_of(db, cast, number)
    for handler in (SealingState.submit, SealingState.send, SealingState.catch_up):
        await tab.send(handler, form=junk)
    for handler in (SealingState.type_field, SealingState.leave_field):
        await tab.send(handler, number=junk, name=junk, text=junk)
    await tab.send(SealingState.remove_row, key=junk)
    assert form_of(db, cast, number) == before


async def test_no_more_than_twenty_meters(tabs, db, vault, cast, number):
    for _ in range(18):
        db.write(add_meter, cast.owner.actor, number, now=NOW)
    tab = await open_form(tabs, cast, number)
    assert seen(tab)["more"]
    await tab.send(SealingState.add_row)
    assert not seen(tab)["more"] and len(seen(tab)["rows"]) == 20
