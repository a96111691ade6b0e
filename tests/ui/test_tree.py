"""A tab's states are made when they are needed, and nothing of them is missed."""

import gc
from weakref import ref

import pytest
import reflex as rx
from reflex.istate.manager.token import BaseStateToken

from lk_reflex.ui import paths
from lk_reflex.ui.public.guest.state import GuestState
from lk_reflex.ui.resident.charges.state import ChargesState
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.tree import StatesInMemory, complete, thin_out


def _every() -> set[str]:
    return {state.get_full_name() for state in rx.State.get_substates()}


def _token() -> BaseStateToken:
    return BaseStateToken(ident="tab", cls=rx.State)


def _kept(tab) -> set[str]:
    manager = tab.processor._root_context.state_manager
    (root,) = manager.states.values()
    return {below.get_full_name() for below in root.substates.values()}


async def test_a_new_tab_keeps_only_what_its_page_uses(tabs, cast):
    tab = tabs(cast.owner.cookie)
    delta, _ = await tab.open(paths.OVERVIEW, new=True)
    kept = _kept(tab)
    assert {OverviewState.get_full_name(), SessionState.get_full_name()} <= kept
    assert ChargesState.get_full_name() not in kept
    assert len(kept) < len(_every()) / 3
    assert delta.keys() - {rx.State.get_full_name()} <= kept


async def test_a_connection_of_a_page_that_was_open_sends_every_state(tabs, cast):
    tab = tabs(cast.owner.cookie)
    delta, _ = await tab.open(paths.OVERVIEW)
    assert delta.keys() >= _every()  # what it showed of a state that is gone here would stay on the screen
    await tab.follow(paths.OVERVIEW)
    assert len(_kept(tab)) < len(_every()) / 3


async def test_following_a_link_keeps_what_was_written_before(tabs, cast):
    tab = tabs(cast.owner.cookie)
    await tab.open(paths.OVERVIEW, new=True)
    shown = dict(tab.seen(OverviewState))
    await tab.follow(paths.CHARGES)
    assert {OverviewState.get_full_name(), ChargesState.get_full_name()} <= _kept(tab)
    await tab.open(paths.CHARGES)
    assert tab.seen(OverviewState) == shown


async def test_a_state_is_made_by_whoever_asks_first(app):
    manager = StatesInMemory()
    root = await manager.get_state(_token())
    assert not root.substates
    guest = await root.get_state(GuestState)
    assert guest is root.get_substate(GuestState._get_substate_path())
    assert list(root.substates.values()) == [guest]
    assert guest.parent_state is root
    assert await manager.get_state(_token()) is root
    await manager.close()


async def test_thinning_drops_only_what_nobody_wrote_to(app):
    manager = StatesInMemory()
    root = await manager.get_state(_token())
    complete(root)
    assert {below.get_full_name() for below in root.substates.values()} == _every()
    session = await root.get_state(SessionState)
    session.fault = "written"
    thin_out(root)
    assert list(root.substates.values()) == [session]
    assert (await root.get_state(SessionState)).fault == "written"
    await manager.close()


async def test_a_state_that_nobody_has_is_no_state(app):
    manager = StatesInMemory()
    root = await manager.get_state(_token())
    assert "of_nobody" not in root.substates
    with pytest.raises(KeyError):
        root.substates["of_nobody"]
    await manager.close()


async def test_what_is_dropped_is_gone_without_the_collector(app):
    manager = StatesInMemory()
    root = await manager.get_state(_token())
    complete(root)
    (await root.get_state(SessionState)).fault = "written"
    dropped, kept, all_of_it = (
        ref(state) for state in (await root.get_state(GuestState), await root.get_state(SessionState), root)
    )
    gc.disable()
    try:
        thin_out(root)
        assert dropped() is None and kept() is not None
        del root
        manager._purge_token(_token())
        assert (kept(), all_of_it()) == (None, None)
    finally:
        gc.enable()
        await manager.close()


def test_no_state_is_reckoned_out_of_others(app):
    """Reading such a var while the tree is walked would make states in the midst of the walk."""
    assert {state.get_full_name() for state in rx.State.get_substates() if state.computed_vars} == set()
