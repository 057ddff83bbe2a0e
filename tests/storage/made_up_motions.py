"""A made-up motion, voters and lines of a ballot book that the storage tests share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from bot.rules.decisions.motions import Candidate, Entry, Motion, Voter
from bot.rules.decisions.values import Majority, Profile, Quorum
from storage.store import Storage, Store
from tests.storage.made_up import NOW, settle

DAY = timedelta(days=1)
RULE = Profile(
    kind="ordinary_resolution",
    title="Ordinary resolution",
    article="5(2)",
    provisional=True,
    discussion_days=5,
    voting_days=5,
    quorum=Quorum("participation", Fraction(14, 25)),
    majority=(
        Majority("qualified", Fraction(2, 3), "votes_cast"),
        Majority("max_against", Fraction(1, 4), "members"),
    ),
)
MOTION = Motion(
    number=0,
    kind="ordinary_resolution",
    title="A stand in Žilina",
    text="The alliance takes a stand at the fair.",
    rule=RULE,
    proposer=1,
    organisation="cimes",
    proposed_at=NOW,
    notice_at=NOW,
    opens_at=NOW + 7 * DAY,
    closes_at=NOW + 14 * DAY,
)
EVERYTHING = replace(
    MOTION,
    kind="election",
    organisation="",
    article=5,
    before="Two-thirds.",
    after="Three quarters.",
    base=2,
    subject="not-yet-here",
    role="chair",
    seats=2,
    candidates=(Candidate("1", "Ana", 1, "cimes"), Candidate("2", "Zoë", withdrawn=True)),
    effect={"z": 1, "a": [1, {"b": "2/3"}]},
    electorate="founders",
    origin="recorded",
    extended_by="mecatech",
    extended_at=NOW + DAY,
    withdrawn_at=NOW + 2 * DAY,
    voided_at=NOW + 3 * DAY,
    void_reason="a wrong roll",
    opened_at=NOW + 7 * DAY,
    roll_hash="r",
    closed_at=NOW + 14 * DAY,
    closing_hash="c",
    outcome={"result": "carried", "counts": {"for": 2}},
    final_at=NOW + 15 * DAY,
    certified_at=NOW + 16 * DAY,
    in_force_on=date(2026, 6, 1),
    review_on=date(2027, 6, 1),
    link="https://minutes.example",
)
CIMES_VOTES = Voter("cimes", "CIMES", "cluster")
MECATECH_VOTES = Voter("mecatech", "Pôle MecaTech", "cluster")


def put(storage: Storage, motion: Motion = MOTION) -> Motion:
    """Ana of CIMES, if nobody is there yet, and a motion of hers."""

    def work(store: Store) -> Motion:
        if not store.organisations.all():
            settle(store)
        return store.motions.add(motion)

    return storage.write_now(work)


def line(motion: int, seq: int, **given: Any) -> Entry:
    """A line of a book; its hashes are no real ones."""
    entry = Entry(
        motion, seq, "cast", "cimes", 1, NOW, "for", "s", "d", "p", "h", f"R-{motion}-{seq}", "slack"
    )
    return replace(entry, **given)


def fill(storage: Storage) -> None:
    """A motion with both on its roll, and two lines in its book."""
    put(storage)

    def work(store: Store) -> None:
        store.ballots.freeze(1, (MECATECH_VOTES, CIMES_VOTES))
        store.ballots.append(line(1, 1, event="opened", organisation="", person=0, receipt="", via=""))
        store.ballots.append(line(1, 2))

    storage.write_now(work)
