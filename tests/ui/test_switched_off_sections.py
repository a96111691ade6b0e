"""A section that an organization does without: gone from the menus, said on its page, refused by its service."""

import pytest

from lk_reflex.core.errors import Refused
from lk_reflex.domain.accounts.linked import chosen_account, linked_accounts
from lk_reflex.domain.accounts.switches import READINGS, SECTIONS, SWITCHES
from lk_reflex.domain.accounts.tables import OrganizationSwitch
from lk_reflex.domain.metering.meters import meters_of
from lk_reflex.domain.metering.reminders.places import ANY_HOUR, places
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.ui import paths
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.staff.organization.state import SERVICES
from tests.cast import NOW


@pytest.fixture
def without(db, cast):
    def turn(*names, is_on=False):
        with db.transaction() as writer:
            for name in names:
                writer.add(OrganizationSwitch(organization_id=cast.organization, name=name, is_on=is_on))

    return turn


def test_every_switch_has_its_section_or_service_and_a_name_for_administrators():
    switched = {section.path.lstrip("/") for section in paths.SECTIONS if not section.always}
    assert switched == set(SECTIONS)
    assert set(SERVICES) == set(SWITCHES)


def test_the_chosen_account_tells_what_it_does_without(db, cast, without):
    assert db.read(chosen_account, cast.owner.actor).off == ()
    without("readings", "documents", "sealing")
    assert db.read(chosen_account, cast.owner.actor).off == ("documents", "readings")
    assert [account.off for account in db.read(linked_accounts, cast.owner.actor)] == [()]


def test_what_was_switched_on_again_is_there(db, cast, without):
    without("readings", is_on=True)
    assert db.read(chosen_account, cast.owner.actor).off == ()


async def test_an_open_cabinet_hears_of_it_with_its_next_page(tabs, cast, without):
    tab = tabs(cast.owner.cookie)
    await tab.open(paths.OVERVIEW)
    assert tab.seen(AccountState).get("off", []) == []
    without("meters")
    await tab.open(paths.PAYMENTS)
    assert tab.seen(AccountState)["off"] == ["/meters"]


def test_no_readings_are_taken_and_nobody_is_reminded(db, cast, without):
    assert len(db.read(places, now=NOW, hours=ANY_HOUR)) == 1
    without(READINGS)
    assert db.read(places, now=NOW, hours=ANY_HOUR) == ()
    assert db.read(meters_of, cast.owner.actor, cast.flat, now=NOW).meters == ()
    with pytest.raises(Refused, match="Через личный кабинет показания здесь не принимаются"):
        db.write(submit, cast.owner.actor, cast.flat, {"m1-1": Entry("5")}, "", "a key of a form", now=NOW)
