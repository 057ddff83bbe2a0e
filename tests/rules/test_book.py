"""The ballot book: chain, receipts, which ballot stands, who counts (docs/ballot-book.md)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.decisions.book import (
    ALPHABET,
    ballots,
    current,
    genesis,
    line,
    members,
    new_salt,
    normal_receipt,
    receipt,
    roll_hash,
    verify,
)
from bot.rules.decisions.motions import Entry, Voter
from tests.rules.made_up_books import OPENS, Step, closed, motion, roll, written

VOTERS = roll()
FIRST = genesis(7, roll_hash(7, VOTERS))
STEPS: list[Step] = [
    ("cast", "cimes", "for"),
    ("refused", "emc2", "too late"),
    ("recused", "latmac", "a seller"),
]


def book(*steps: Step) -> tuple[Entry, ...]:
    return written(motion(), VOTERS, steps)


BOOK = closed(motion(), VOTERS, book(*STEPS))[1]


def test_a_line_is_bound_as_the_page_says() -> None:
    first, cast = BOOK[:2]
    assert (cast.seq, cast.previous, first.previous) == (2, first.hash, FIRST)
    assert cast.digest == hashlib.sha256(f"{cast.salt}\nfor".encode()).hexdigest()
    text = f'[7,2,"cast","cimes",3,"2026-12-02T08:01:00.000000Z","{cast.digest}","{first.hash}"]'
    assert cast.hash == hashlib.sha256(text.encode()).hexdigest()


def test_a_moment_is_the_same_in_every_zone_and_needs_one() -> None:
    last, here = BOOK[0], {"motion": 7, "event": "cast", "payload": "for", "salt": "a"}
    brussels = OPENS.astimezone(timezone(timedelta(hours=1)))
    assert line(last, at=OPENS, **here).hash == line(last, at=brussels, **here).hash  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no zone"):
        line(last, at=datetime(2026, 12, 2), **here)  # type: ignore[arg-type]  # noqa: DTZ001


def test_an_honest_book_fits_whole_and_while_it_grows() -> None:
    assert [verify(BOOK[:length], FIRST) for length in range(len(BOOK) + 1)] == [None] * (len(BOOK) + 1)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"motion": 8}, "its hash does not fit the line"),
        ({"seq": 9}, "line 2 is missing before it"),
        ({"seq": 1}, "it stands after line 1"),
        ({"event": "entered"}, "its hash does not fit the line"),
        ({"organisation": "emc2"}, "its hash does not fit the line"),
        ({"person": 4}, "its hash does not fit the line"),
        ({"at": OPENS}, "its hash does not fit the line"),
        ({"payload": "against"}, "its digest does not fit what it says"),
        ({"salt": "2"}, "its digest does not fit what it says"),
        ({"digest": "a" * 64}, "its digest does not fit what it says"),
        ({"previous": "a" * 64}, "its hash does not fit the line"),
        ({"hash": "a" * 64}, "its hash does not fit the line"),
        ({"receipt": "AAAA-AA"}, "its receipt does not fit its hash"),
    ],
)
def test_every_column_of_a_line_is_covered(changed: dict[str, Any], what: str) -> None:
    found = verify((BOOK[0], replace(BOOK[1], **changed), *BOOK[2:]), FIRST)
    assert str(found) == f"line {changed.get('seq', 2)}: {what}"


def test_a_line_that_is_gone_swapped_or_rewritten_is_named() -> None:
    assert str(verify((BOOK[0], *BOOK[2:]), FIRST)) == "line 3: line 2 is missing before it"
    assert str(verify((BOOK[0], BOOK[2], BOOK[1], BOOK[3]), FIRST)) == "line 3: line 2 is missing before it"
    assert str(verify((*BOOK[:2], *BOOK[1:]), FIRST)) == "line 2: it stands after line 2"
    other = line(BOOK[0], motion=7, event="cast", organisation="cimes", at=OPENS, payload="against", salt="1")
    assert verify((BOOK[0], other), FIRST) is None
    assert str(verify((BOOK[0], other, *BOOK[2:]), FIRST)) == "line 3: it does not follow the line before it"
    assert str(verify(BOOK, genesis(8, "")) or "") == "line 1: it does not follow the line before it"


@pytest.mark.parametrize(
    ("steps", "standing"),
    [
        ([("cast", "cimes", "for"), ("replaced", "cimes", "against")], {"cimes": "against"}),
        ([("cast", "cimes", "for"), ("cast", "emc2", "abstain")], {"cimes": "for", "emc2": "abstain"}),
        ([("cast", "cimes", "for"), ("withdrawn", "cimes", "")], {}),
        ([("cast", "cimes", "for"), ("withdrawn", "cimes", ""), ("cast", "cimes", "for")], {"cimes": "for"}),
        ([("entered", "cimes", "for"), ("confirmed", "cimes", "")], {"cimes": "for"}),
        ([("entered", "cimes", "for"), ("contested", "cimes", "we did not")], {}),
        ([("cast", "cimes", "for"), ("refused", "cimes", "against")], {"cimes": "for"}),
        ([("cast", "cimes", "for"), ("struck", "cimes", "left")], {}),
        ([("cast", "cimes", "for"), ("recused", "cimes", "a seller")], {}),
        ([("recused", "cimes", "a seller"), ("cast", "cimes", "for")], {}),
        ([("struck", "cimes", "left"), ("cast", "cimes", "for")], {}),
    ],
)
def test_the_ballot_that_stands(steps: list[Step], standing: dict[str, str]) -> None:
    assert ballots(book(*steps)) == standing


def test_after_the_close_a_ballot_can_only_be_lost() -> None:
    _, closed_book = closed(motion(), VOTERS, book(("cast", "cimes", "for"), ("cast", "emc2", "against")))
    at, later = closed_book[-1].at, list(closed_book)
    for event, organisation in (("cast", "latmac"), ("withdrawn", "emc2"), ("struck", "cimes")):
        what: dict[str, Any] = {"event": event, "organisation": organisation, "payload": "for"}
        later.append(line(later[-1], motion=7, at=at, salt="0", **what))
    assert ballots(later) == {"emc2": "against"}
    assert [entry.seq for entry in current(later).values()] == [3]
    assert members(VOTERS, later) == 4


def test_a_recusal_and_a_striking_lower_n_for_good() -> None:
    assert members(VOTERS, book()) == 5
    out = [("recused", "cimes", "a seller"), ("recused", "cimes", "again"), ("struck", "emc2", "left")]
    assert members(VOTERS, book(*out)) == 3  # type: ignore[arg-type]
    assert members(VOTERS, book(*out, ("cast", "emc2", "for"), ("cast", "cimes", "for"))) == 3  # type: ignore[arg-type]
    assert members(VOTERS, book(("recused", "stranger", ""))) == 5


def test_the_roll_hash_knows_names_and_classes_not_order_nor_recusals() -> None:
    whole = roll_hash(7, VOTERS)
    assert roll_hash(7, VOTERS[::-1]) == whole
    assert roll_hash(7, [replace(one, recused_at=OPENS, recused_why="a seller") for one in VOTERS]) == whole
    others = [roll_hash(8, VOTERS), roll_hash(7, VOTERS[1:]), roll_hash(7, [Voter("cimes", "Cimes", "firm")])]
    others += [roll_hash(7, (replace(VOTERS[0], name="CIMES"), *VOTERS[1:]))]
    others += [roll_hash(7, (replace(VOTERS[0], member_class="firm"), *VOTERS[1:]))]
    assert len({whole, *others}) == 6


def test_receipts_are_given_for_what_a_member_did_and_read_as_typed() -> None:
    assert [bool(entry.receipt) for entry in BOOK] == [False, True, False, True, False]
    assert BOOK[1].receipt == receipt(BOOK[1].hash)
    code = receipt("f" * 64)
    assert (code[4], len(code), set(code) - {"-"} <= set(ALPHABET)) == ("-", 7, True)
    typed = [code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} ", code.replace("-", "\u2013")]
    assert {normal_receipt(text) for text in typed} == {code}
    assert [normal_receipt(text) for text in ("", "K7Q4", "K7Q4-M33", "O7Q4-M3", "для-ми")] == [""] * 5


@given(st.integers(min_value=0, max_value=2**256 - 1))
def test_every_receipt_reads_back(number: int) -> None:
    code = receipt(f"{number:064x}")
    assert normal_receipt(code) == code


def test_salts_are_long_and_never_the_same() -> None:
    salts = {new_salt() for _ in range(50)}
    assert (len(salts), {len(salt) for salt in salts}) == (50, {32})


def test_the_zone_of_a_stored_moment_does_not_matter_to_the_book() -> None:
    east = timezone(timedelta(hours=3))
    assert verify([replace(entry, at=entry.at.astimezone(east)) for entry in BOOK], FIRST) is None
