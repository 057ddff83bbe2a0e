"""Ballot books for the tests: short to write, and a strategy that makes any of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from bot.rules.decisions.book import canonical, close_book, line, open_book, roll_hash
from bot.rules.decisions.exporting import export
from bot.rules.decisions.motions import Candidate, Entry, Event, Motion, Voter
from bot.rules.decisions.recounting import tally
from bot.rules.decisions.tallying import outcome_json
from bot.rules.decisions.values import Majority, Profile, Quorum

OPENS = datetime(2026, 12, 2, 8, tzinfo=UTC)
CLOSES = datetime(2026, 12, 9, 16, tzinfo=UTC)
HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)
AT_LEAST_HALF = Quorum("participation", HALF)
SLUGS = ("cimes", "mecatech", "emc2", "produtech", "latmac")
Step = tuple[Event, str, str]  # event, organisation, payload


def profile(*majority: Majority, quorum: Quorum = AT_LEAST_HALF, **given: Any) -> Profile:
    values = {"kind": "admission", "title": "Admission", "article": "Art. 4(2)", "provisional": True}
    days = {"discussion_days": 5, "voting_days": 5}
    return Profile(**{**values, **days, **given}, quorum=quorum, majority=majority)


ADMISSION = profile(Majority("qualified", TWO_THIRDS, "votes_cast"))
ELECTION = profile(Majority("plurality"), kind="election")
RULES = (
    ADMISSION,
    ELECTION,
    profile(Majority("simple")),
    profile(Majority("simple"), Majority("max_against", Fraction(1, 4), "members")),
    profile(Majority("ballots_cast"), quorum=Quorum("approval", Fraction(7, 25))),
    profile(Majority("absolute"), quorum=Quorum("participation", HALF, "more_than")),
    profile(Majority("qualified", TWO_THIRDS, "members")),
    profile(Majority("unanimity"), quorum=Quorum()),
    profile(Majority("consent", objections=1), quorum=Quorum(), kind="consent_item"),
    profile(Majority("none"), quorum=Quorum(), kind="consultation"),
)


def motion(rule: Profile = ADMISSION, **given: Any) -> Motion:
    values: dict[str, Any] = {
        **{"number": 7, "kind": rule.kind, "title": "Admit Añil", "text": "We admit “Añil”.\n", "rule": rule},
        **{"proposer": 3, "organisation": "cimes", "subject": "anil", "effect": {"standing": "voting"}},
        **{"proposed_at": OPENS - timedelta(days=9), "notice_at": OPENS - timedelta(days=8)},
        **{"opens_at": OPENS, "closes_at": CLOSES},
    }
    if rule.is_election:
        values["candidates"] = tuple(Candidate(str(key), f"Candidate {key}", key) for key in (1, 2, 3))
        values["seats"] = 2
    return Motion(**{**values, **given})


def roll(*slugs: str) -> tuple[Voter, ...]:
    return tuple(Voter(slug, slug.title(), "cluster") for slug in slugs or SLUGS)


def written(about: Motion, voters: Sequence[Voter], steps: Sequence[Step]) -> tuple[Entry, ...]:
    """An open book: a line a minute, by person 3 for each organisation."""
    entries = [open_book(about, voters, at=about.opens_at, salt="00")]
    for event, organisation, payload in steps:
        minute, salt = about.opens_at + timedelta(minutes=len(entries)), f"{len(entries):032x}"
        what: dict[str, Any] = {"event": event, "organisation": organisation, "payload": payload}
        last = entries[-1]
        entries.append(line(last, motion=about.number, person=3, at=minute, via="slack", salt=salt, **what))
    return tuple(entries)


def closed(
    about: Motion, voters: Sequence[Voter], entries: Sequence[Entry], result: str = ""
) -> tuple[Motion, tuple[Entry, ...]]:
    """The motion and its book once counted; `result` declares another one than the ballots gave."""
    verdict, counts = tally(about.rule, about.seats, about.candidates, voters, entries)
    outcome = json.loads(canonical(outcome_json(verdict, counts)))
    outcome["result"] = result or outcome["result"]
    last = close_book(entries[-1], about, outcome, at=about.closes_at, salt="ff")
    done = replace(about, roll_hash=roll_hash(about.number, voters), closed_at=about.closes_at)
    return replace(done, closing_hash=last.hash, outcome=outcome), (*entries, last)


def recused(voters: Sequence[Voter], entries: Sequence[Entry]) -> tuple[Voter, ...]:
    """The roll as it is kept beside the book: with who is recused or struck."""
    lines = {one.organisation: one for one in reversed(entries) if one.event in ("recused", "struck")}
    return tuple(
        replace(one, recused_at=lines[one.organisation].at, recused_why=lines[one.organisation].payload)
        if one.organisation in lines
        else one
        for one in voters
    )


def exported(
    steps: Sequence[Step], rule: Profile = ADMISSION, after: Sequence[Step] = (), **given: Any
) -> dict[str, Any]:
    """The export of a vote with these steps, closed, and `after` the close closed again."""
    about, voters = motion(rule, **given), roll()
    entries = written(about, voters, steps)
    done, book = closed(about, voters, entries)
    for event, organisation, payload in after:
        what: dict[str, Any] = {"event": event, "organisation": organisation, "payload": payload}
        book = (*book, line(book[-1], motion=about.number, at=CLOSES, salt="ee", **what))
    if after:
        done, book = closed(about, voters, book)
    return export("greenman", "Green Manufacturing", done, recused(voters, book), book)


@st.composite
def exports(draw: st.DrawFn) -> dict[str, Any]:
    """Any honest book, of any rule."""
    rule = draw(st.sampled_from(RULES))
    consent = rule.majority[0].rule == "consent"
    words = ("for", "against") if consent else ("for", "against", "abstain")
    choices = ("1", "2", "3", "1+2", "1+3", "2+3", "none", "abstain") if rule.is_election else words
    organisation = st.sampled_from(SLUGS)
    ballot = st.tuples(
        st.sampled_from(("cast", "replaced", "entered")), organisation, st.sampled_from(choices)
    )
    other = ("withdrawn", "confirmed", "contested", "refused", "struck", "recused")
    change = st.tuples(st.sampled_from(other), organisation, st.text(max_size=5))
    steps: list[Any] = draw(st.lists(st.one_of(ballot, ballot, ballot, change), max_size=16))
    late = st.tuples(st.sampled_from(("struck", "recused", "refused")), organisation, st.just("late"))
    after: list[Any] = draw(st.one_of(st.just([]), st.lists(late, max_size=2)))
    given: dict[str, Any] = {}
    if rule.is_election:
        gone = draw(st.sets(st.sampled_from("123"), max_size=2))
        given["candidates"] = tuple(Candidate(key, f"C{key}", withdrawn=key in gone) for key in "123")
        given["seats"] = draw(st.sampled_from((2, 3)))
    return exported(steps, rule, after, **given)
