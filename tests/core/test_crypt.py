"""What the database holds encrypted: keys, tokens, and the way from an old key to a new one."""

import base64

import pytest

from lk_reflex.core.crypt import BadKeys, Unreadable, Vault, new_key, read_keys

OLD, NEW = "b2xk" * 10 + "b2w=", "bmV3" * 10 + "bmU="
SECRET = "7501 123456"


def test_a_token_says_nothing_of_its_text_and_each_is_another():
    vault = Vault([NEW])
    one, other = vault.seal(SECRET), vault.seal(SECRET)
    assert one != other
    for token in (one, other):
        assert "7501" not in token
        assert SECRET.encode() not in base64.urlsafe_b64decode(token)
        assert vault.open(token) == SECRET


def test_old_tokens_open_beside_the_new_key_and_are_renewed_once():
    old = Vault([OLD]).seal(SECRET)
    both = Vault([NEW, OLD])
    assert both.open(old) == SECRET
    assert both.key_of(old) == Vault([OLD]).key_ids[0]
    renewed = both.renewed(old)
    assert renewed is not None
    assert both.renewed(renewed) is None
    assert Vault([NEW]).open(renewed) == SECRET


@pytest.mark.parametrize("token", ["", "gAAAA", "nonsense", Vault([OLD]).seal(SECRET)], ids=["", "short", "odd", "old"])
def test_what_no_key_opens_is_told_so(token):
    vault = Vault([NEW])
    assert vault.key_of(token) is None
    with pytest.raises(Unreadable):
        vault.open(token)
    with pytest.raises(Unreadable):
        vault.renewed(token)


def test_an_altered_token_opens_with_no_key():
    vault = Vault([NEW])
    token = vault.seal(SECRET)
    place = len(token) // 2
    altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    with pytest.raises(Unreadable):
        vault.open(altered)


def test_keys_are_read_with_spaces_and_without_empty_places():
    assert read_keys(f" {NEW} , {OLD},") == [NEW, OLD]
    assert read_keys("") == []
    assert read_keys(new_key())


@pytest.mark.parametrize("text", ["x", NEW[:-4], NEW + "AAAA", "пароль", f"{NEW},{OLD}x", f"{NEW},{NEW}"], ids=range(6))
def test_what_is_no_key_is_refused_without_being_repeated(text):
    with pytest.raises(BadKeys) as fault:
        read_keys(text)
    assert NEW not in str(fault.value)
    assert text not in str(fault.value)


def test_a_vault_shows_none_of_its_keys_and_no_vault_is_without_one():
    shown = repr(Vault([NEW, OLD]))
    assert NEW[:8] not in shown
    assert OLD[:8] not in shown
    assert len(set(Vault([NEW, OLD]).key_ids)) == 2
    with pytest.raises(BadKeys):
        Vault([])
