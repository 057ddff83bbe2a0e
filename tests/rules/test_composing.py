"""What goes into an edition: nothing twice, not too much of one, in one order, or no edition at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.newsletter.checks import Fault, Limits, faults, leads_somewhere
from bot.rules.newsletter.composing import ORDER, compose, same, words_in, words_of
from bot.rules.newsletter.values import Edition, Item, Newsletter

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
NEWS = Newsletter("News", least_items=3, most_of_one=3, least_words=20, most_words=100)
TITLES = (
    "Moulds",
    "Hydrogen",
    "Lasers",
    "Robots",
    "Welding",
    "Solar roofs",
    "Batteries",
    "Recycling",
    "Paints",
)
MEMBERS = ("pool-net", "cimes", "emc2", "evoluma")


def item(title: str, **more: Any) -> Item:
    """An item of ten words."""
    plain: dict[str, Any] = {
        "title": title,
        "text": "nine words " * 4 + "more",
        "at": NOW - timedelta(days=3),
    }
    return Item(**(plain | more))


def titles(items: tuple[Item, ...]) -> list[str]:
    return [one.title for one in items]


def test_decisions_first_then_what_is_soon_then_what_is_new() -> None:
    there = [
        item("Call", kind="call", key="1", source="activity"),
        item("Practice", kind="practice", id=2),
        item("Old news", id=3, at=NOW - timedelta(days=20)),
        item("New news", id=4),
        item("Later event", source="event", key="8", kind="event", at=NOW + timedelta(days=20)),
        item("Sooner event", source="event", key="9", kind="event", at=NOW + timedelta(days=2)),
        item("Our own event", id=5, kind="event"),
        item("Decision", source="motion", key="7", kind="decision"),
    ]
    composed = compose(there, NEWS, NOW)
    assert titles(composed.items) == [
        "Decision", "Sooner event", "Later event", "Our own event", "New news", "Old news", "Practice",
        "Call",
    ]  # fmt: skip
    assert composed.left_out == ()
    assert (composed.worth, composed.why, composed.words) == (True, "", sum(map(words_of, there)))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"used_in": 4}, "told"),
        ({"dropped_at": NOW}, "dropped"),
        ({"embargo": date(2026, 12, 2)}, "embargo"),
        ({"embargo": date(2026, 12, 1)}, None),
        ({"source": "event", "key": "9", "at": NOW}, "over"),
        ({"source": "event", "key": "9", "at": NOW + timedelta(hours=1)}, None),
        ({"organisation": "gone"}, "no member"),
        ({"organisation": ""}, None),
        ({"text": "word " * 101}, "no room"),
    ],
)
def test_what_an_edition_cannot_hold(changed: dict[str, Any], why: str | None) -> None:
    one = item("Moulds", **changed)
    composed = compose([one], NEWS, NOW, MEMBERS)
    assert [reason for _, reason in composed.left_out] == ([why] if why else [])
    assert bool(composed.items) == (why is None)


def test_the_embargo_ends_by_the_alliances_clock() -> None:
    late = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)  # the 2nd in Brussels
    held = [item("Moulds", embargo=date(2026, 12, 2))]
    assert compose(held, NEWS, late).items
    assert not compose(held, NEWS, late, zone="Europe/Lisbon").items


def test_three_of_one_organisation_and_as_many_as_it_likes_of_the_alliance() -> None:
    ours = [item(title, id=at, organisation="cimes") for at, title in enumerate(TITLES[:5], 1)]
    everybodys = [item(title, id=at) for at, title in enumerate(TITLES[5:], 6)]
    composed = compose([*ours, *everybodys], replace(NEWS, most_words=900), NOW)
    assert len(composed.items) == 3 + len(everybodys)
    assert Counter(why for _, why in composed.left_out) == {"of one": 2}


def test_what_has_no_room_makes_room_for_what_is_shorter() -> None:
    there = [item("Moulds", id=1, kind="decision"), item("Hydrogen", id=2, text="word " * 95)]
    short = item("Lasers", id=3, kind="call", text="A call")
    composed = compose([*there, short], NEWS, NOW)
    assert titles(composed.items) == ["Moulds", "Lasers"]
    assert [(one.title, why) for one, why in composed.left_out] == [("Hydrogen", "no room")]


@pytest.mark.parametrize(
    ("number", "text", "why"),
    [
        (3, "seven words are in here, or six", ""),
        (2, "seven words are in here, or six", "items"),
        (3, "few words", "words"),
        (0, "", "items"),
    ],
)
def test_nothing_worth_sending_is_no_edition(number: int, text: str, why: str) -> None:
    there = [item(title, id=at, text=text) for at, title in enumerate(TITLES[:number], 1)]
    composed = compose(there, NEWS, NOW)
    assert (composed.worth, composed.why) == (why == "", why)


def test_the_same_thing_stands_there_once_in_a_members_words() -> None:
    logged = item("Mould recycling in practice", source="activity", key="12", organisation="pool-net")
    sent = item("Mould recycling, in practice", id=4, organisation="pool-net", text="What we learned")
    composed = compose([logged, sent, item("Lasers", id=5)], NEWS, NOW)
    assert titles(composed.items) == ["Lasers", "Mould recycling, in practice"]
    assert composed.left_out == ((logged, "same"),)


def test_the_same_thing_does_not_come_back_when_its_other_half_cannot_come() -> None:
    held = item("Mould recycling", id=4, embargo=date(2027, 1, 1))
    found = item("Mould recycling", source="activity", key="12")
    assert compose([held, found], NEWS, NOW).items == (found,)


LINK = "https://a.org/b"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"source": "event", "key": "9"}, {"source": "event", "key": "9", "title": "Renamed"}, True),
        ({"source": "event", "key": "9"}, {"source": "activity", "key": "9", "title": "Another"}, False),
        ({"id": 1}, {"id": 1, "title": "Renamed"}, True),
        ({}, {"title": "Mould recyling in practise"}, True),
        ({}, {"title": "Mould making in Portugal"}, False),
        ({"title": "Workshop 1 on moulds"}, {"title": "Workshop 2 on moulds"}, False),
        ({"organisation": "cimes"}, {"organisation": "emc2"}, False),
        ({"organisation": "cimes", "link": LINK}, {"organisation": "emc2", "link": LINK}, True),
        ({"link": LINK}, {"link": LINK + "c"}, False),
        ({"link": LINK}, {}, True),
        ({"link": LINK}, {"link": LINK, "title": "Partners for Interreg"}, False),
    ],
)
def test_what_says_the_same(one: dict[str, Any], other: dict[str, Any], alike: bool) -> None:
    first, second = (item("Mould recycling in practice", id=0, **{}), item("Mould recycling in practice"))
    first, second = replace(first, **one), replace(second, **other)
    assert same(first, second) is alike
    assert same(second, first) is alike


def test_words_are_what_people_read() -> None:
    assert words_in("**Bold** words, [a link](https://a.org/x_(y) 'title') and https://b.org") == 5
    assert words_in("Wei\u00dfblech \u2013 2.5 %, state-of-the-art, it's") == 4
    assert words_of(item("Two words", text="")) == 2


items = st.builds(
    lambda title, kind, source, key, by, days, size: Item(
        title=title,
        kind=kind,
        source=source,
        key="" if source == "member" else key,
        id=int(key) if source == "member" else 0,
        organisation=by,
        at=NOW + timedelta(days=days),
        text="word " * size,
    ),
    st.sampled_from(TITLES),
    st.sampled_from(ORDER),
    st.sampled_from(["member", "activity", "event", "motion"]),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from(["", "gone", *MEMBERS]),
    st.integers(-30, 30),
    st.integers(0, 40),
)


@given(st.lists(items, max_size=12), st.randoms(use_true_random=False))
def test_an_edition_keeps_to_its_limits_in_any_order(there: list[Item], luck: Any) -> None:
    composed = compose(there, NEWS, NOW, MEMBERS)
    of_one = Counter(one.organisation for one in composed.items if one.organisation)
    assert max(of_one.values(), default=0) <= NEWS.most_of_one
    assert composed.words == sum(map(words_of, composed.items)) <= NEWS.most_words
    assert len(composed.items) + len(composed.left_out) == len(there)
    assert not any(same(one, two) for at, one in enumerate(composed.items) for two in composed.items[:at])
    assert [ORDER.index(one.kind) for one in composed.items] == sorted(
        ORDER.index(one.kind) for one in composed.items
    )
    assert composed.worth == (len(composed.items) >= 3 and composed.words >= 20)
    assert not any(one.organisation == "gone" for one in composed.items)
    shuffled = list(there)
    luck.shuffle(shuffled)
    assert compose(shuffled, NEWS, NOW, MEMBERS).items == composed.items


# ---- what has to be mended before it is approved ----

EDITION = Edition(
    number=5,
    slug="2026-12",
    title="Green Manufacturing News",
    intro="Hello. [All of it](https://a.org/5) is here.",
    items=(item("Moulds", id=1, link=LINK, media=4), item("Lasers", id=2, text="At www.a.org or b@c.org.")),
    created_at=NOW,
    collected_since=NOW,
    collected_until=NOW,
    send_at=NOW,
)
LIMITS = Limits(alts={4: "A press with its cover open"}, day=NOW.date(), most_words=100)


def test_an_edition_without_faults() -> None:
    assert faults(EDITION, LIMITS) == ()


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"consent": ""}, Fault("consent", 1, "Moulds")),
        ({"link": "a.org/b"}, Fault("link", 1, "a.org/b")),
        ({"link": "https://localhost/b"}, Fault("link", 1, "https://localhost/b")),
        ({"text": "[here](javascript:alert(1))"}, Fault("link", 1, "javascript:alert(1)")),
        ({"text": "[here]() it is"}, Fault("link", 1, "")),
        ({"text": "[here](/up) it is"}, Fault("link", 1, "/up")),
        ({"text": "![](https://a.org/x.png)"}, Fault("alt", 1, "Moulds")),
        ({"embargo": date(2026, 12, 2)}, Fault("embargo", 1, "2026-12-02")),
        ({"used_in": 4}, Fault("told", 1, "Moulds")),
        ({"dropped_at": NOW}, Fault("told", 1, "Moulds")),
        ({"title": " "}, Fault("title", 1, " ")),
        ({"title": "x" * 151}, Fault("title", 1, "x" * 151)),
        ({"text": "x" * 3001}, Fault("long item", 1, "3001")),
        ({"text": "word " * 90}, Fault("long", 0, "103")),
    ],
)
def test_what_blocks_an_item(changed: dict[str, Any], fault: Fault) -> None:
    first, second = EDITION.items
    mended = replace(EDITION, items=(replace(first, **changed), second))
    assert faults(mended, LIMITS) == (fault,)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"items": ()}, Fault("empty")),
        ({"title": ""}, Fault("title")),
        ({"intro": "See http://nowhere"}, Fault("link", 0, "http://nowhere")),
    ],
)
def test_what_blocks_the_edition_itself(changed: dict[str, Any], fault: Fault) -> None:
    assert faults(replace(EDITION, **changed), LIMITS) == (fault,)


def test_a_picture_needs_words_and_what_stood_in_this_edition_does_not_block_it() -> None:
    assert faults(EDITION, replace(LIMITS, alts={4: " "})) == (Fault("alt", 1, "Moulds"),)
    assert faults(EDITION, replace(LIMITS, alts={})) == ()
    taken = tuple(replace(one, used_in=5) for one in EDITION.items)
    assert faults(replace(EDITION, items=taken), LIMITS) == ()


def test_everything_that_blocks_is_told_at_once() -> None:
    worst = replace(EDITION, title="", items=(item("", link="x", consent="", used_in=1),))
    assert [fault.what for fault in faults(worst, LIMITS)] == ["title", "consent", "link", "title", "told"]


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("https://a.org", True),
        ("HTTP://Müller.Example.de:8080/x?y#z", True),
        ("mailto:a@b.org?subject=x", True),
        ("mailto:a", False),
        ("mailto:@b.org", False),
        ("ftp://a.org", False),
        ("tel:+351", False),
        ("https://", False),
        ("https://a", False),
        ("https://a .org", False),
        ("https://user:secret@a.org", False),
        ("http://[", False),
        ("//a.org", False),
        ("", False),
    ],
)
def test_where_a_link_leads(link: str, leads: bool) -> None:
    assert leads_somewhere(link) is leads
