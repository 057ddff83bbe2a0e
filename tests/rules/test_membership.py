"""Codes, the rest after wrong ones, and who may invite or end whom (spec/engagement.md section 6)."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charter import Charter, load
from bot.rules.membership import (
    ALPHABET,
    INVITATION_LASTS,
    INVITATION_LETTERS,
    LINK_LETTERS,
    WRONG_TRIES,
    Hat,
    RoleRule,
    bare,
    code_hash,
    first_name,
    may_end,
    may_invite,
    new_code,
    new_link_code,
    resting,
    role_on_entry,
    shown,
    usable,
)

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
CHARTER = Path(__file__).parents[2] / "charters" / "green-manufacturing.toml"


@cache
def rules() -> dict[str, RoleRule]:
    charter: Charter = load(CHARTER)
    return {
        role.key: RoleRule(role.key, role.scope, frozenset(role.may), frozenset(role.invites))
        for role in charter.roles
    }


def test_an_invitation_code_carries_at_least_128_random_bits() -> None:
    assert INVITATION_LETTERS * math.log2(len(ALPHABET)) >= 128
    code = new_code()
    assert len(code) == INVITATION_LETTERS
    assert set(code) <= set(ALPHABET)


def test_codes_are_never_dealt_twice() -> None:
    assert len({new_code() for _ in range(500)}) == 500


def test_a_link_code_is_two_groups_of_four() -> None:
    code = new_link_code()
    assert len(code) == LINK_LETTERS
    assert shown(code) == f"{code[:4]}-{code[4:]}"


def test_an_invitation_code_is_shown_in_groups_of_four_and_fits_a_start_link() -> None:
    code = new_code()
    assert [len(group) for group in shown(code).split("-")] == [4] * 7
    assert len(code) <= 64  # what Telegram takes in a start link


codes = st.text(ALPHABET, min_size=INVITATION_LETTERS, max_size=INVITATION_LETTERS)


@given(codes, st.sampled_from(["-", " ", "", " - ", "\u2011", "–", "\n"]), st.booleans())
def test_however_it_is_typed_it_is_the_same_code(code: str, between: str, small: bool) -> None:
    typed = between.join(code[at : at + 4] for at in range(0, len(code), 4))
    assert code_hash(f" {typed.lower() if small else typed}\n") == code_hash(code)
    assert bare(shown(code)) == code


@given(codes, codes)
def test_two_codes_have_two_hashes_and_the_hash_does_not_show_the_code(one: str, other: str) -> None:
    assert (code_hash(one) == code_hash(other)) == (one == other)
    assert one not in code_hash(one).upper()


@given(st.text(st.characters()))
def test_any_text_at_all_can_be_tried_as_a_code(text: str) -> None:
    assert len(code_hash(text)) == 64


@pytest.mark.parametrize(
    ("uses_left", "days_old", "revoked", "good"),
    [
        (1, 0, False, True),
        (1, 29, False, True),
        (1, 30, False, False),  # thirty days, and not a moment more
        (0, 1, False, False),
        (1, 1, True, False),
    ],
)
def test_an_invitation_lets_in_until_it_is_used_expired_or_called_back(
    uses_left: int, days_old: int, revoked: bool, good: bool
) -> None:
    expires_at = NOW - timedelta(days=days_old) + INVITATION_LASTS
    assert usable(uses_left, expires_at, NOW if revoked else None, NOW) is good


def test_five_wrong_codes_are_followed_by_a_rest() -> None:
    assert [resting(tries) for tries in range(WRONG_TRIES + 2)] == [False] * 5 + [True] * 2


@pytest.mark.parametrize(
    ("hat", "role", "organisation", "may"),
    [
        (Hat("representative", "pool-net"), "representative", "pool-net", True),
        (Hat("representative", "pool-net"), "member", "pool-net", True),
        (Hat("representative", "pool-net"), "member", "cimes", False),
        (Hat("representative", "pool-net"), "coordinator", "", False),
        (Hat("cluster-manager", "cimes"), "alternate", "cimes", True),
        (Hat("member", "pool-net"), "member", "pool-net", False),
        (Hat("coordinator", ""), "representative", "pool-net", True),
        (Hat("coordinator", ""), "coordinator", "", True),
        (Hat("coordinator", ""), "advisor", "", True),
        (Hat("coordinator", ""), "coordinator", "pool-net", False),  # held for the alliance, not for one
        (Hat("coordinator", ""), "representative", "", False),
        (Hat("advisor", ""), "advisor", "", False),
        (Hat("coordinator", ""), "treasurer", "", False),
        (Hat("treasurer", "pool-net"), "member", "pool-net", False),
    ],
)
def test_who_may_invite_whom(hat: Hat, role: str, organisation: str, may: bool) -> None:
    assert may_invite([hat], role, organisation, rules()) is may


@pytest.mark.parametrize(
    ("hat", "organisation", "may"),
    [
        (Hat("representative", "pool-net"), "pool-net", True),
        (Hat("representative", "pool-net"), "cimes", False),
        (Hat("representative", "pool-net"), "", False),  # nobody ends the coordinator from one organisation
        (Hat("member", "pool-net"), "pool-net", False),
        (Hat("coordinator", ""), "pool-net", True),
        (Hat("coordinator", ""), "", True),
        (Hat("advisor", ""), "pool-net", False),
    ],
)
def test_who_may_end_a_role(hat: Hat, organisation: str, may: bool) -> None:
    assert may_end([hat], organisation, rules()) is may


def hats() -> st.SearchStrategy[list[Hat]]:
    roles = ["representative", "alternate", "cluster-manager", "member", "coordinator", "advisor"]
    return st.lists(st.builds(Hat, st.sampled_from(roles), st.sampled_from(["", "pool-net", "cimes"])))


@given(hats(), hats(), st.sampled_from(["member", "coordinator"]), st.sampled_from(["", "pool-net"]))
def test_one_more_hat_never_takes_a_right_away(
    worn: list[Hat], more: list[Hat], role: str, organisation: str
) -> None:
    assert may_invite(worn + more, role, organisation, rules()) >= may_invite(
        worn, role, organisation, rules()
    )
    assert may_end(worn + more, organisation, rules()) >= may_end(worn, organisation, rules())
    assert not may_invite([], role, organisation, rules())


def test_the_first_of_an_organisation_represents_it_the_next_are_colleagues() -> None:
    assert [role_on_entry(people) for people in (0, 1, 7)] == ["representative", "member", "member"]


@pytest.mark.parametrize(
    ("name", "greeted"), [("Ana Maria Sousa", "Ana"), ("Jānis", "Jānis"), ("", ""), ("  ", "  ")]
)
def test_greetings_use_the_first_name(name: str, greeted: str) -> None:
    assert first_name(name) == greeted
