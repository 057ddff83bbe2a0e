"""For whom an announcement is: parts add up within a kind and cut across kinds, also as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.broadcasts.segments import (
    EVERYBODY,
    Candidate,
    Known,
    Read,
    fits,
    for_everybody,
    read_segments,
)
from bot.rules.broadcasts.values import Segment, SegmentKind

ANA = Candidate(
    5,
    frozenset({"pool-net"}),
    frozenset({"PT"}),
    frozenset({"tooling", "plastics"}),
    frozenset({"representative"}),
    frozenset({"assembly"}),
    frozenset({"12"}),
)
NOBODYS = Candidate(7, events=frozenset({"12"}))  # no organisation, only an event
KNOWN = Known(
    {"CIMES": "cimes", "Pool-Net": "pool-net", "Clust-ER MECH": "clust-er-mech", "Plastics Valley": "valley"},
    {"France": "FR", "Frankreich": "FR", "Portugal": "PT", "Italy": "IT", "India": "IN", "Latvia": "LV"},
    {"Assembly of Members": "assembly", "Coordination Team": "coordination-team"},
    {
        "Representative": "representative",
        "Coordinator of the Alliance": "coordinator",
        "Coordinator of Actions": "action-coordinator",
        "Colleague": "member",
        "Cluster manager": "cluster-manager",
    },
    {one: one for one in ("plastics", "mechanical engineering", "énergie")},
)
FRANCE, PORTUGAL, PLASTICS = Segment("country", "FR"), Segment("country", "PT"), Segment("sector", "plastics")
ALL, EVENT = Segment("all"), Segment("event", "12")
REPRESENTATIVES = Segment("role", "representative")
KINDS: tuple[tuple[SegmentKind, str, str], ...] = (
    ("country", "PT", "FR"),
    ("sector", "plastics", "robotics"),
    ("role", "representative", "advisor"),
    ("body", "assembly", "advisory-council"),
    ("organisation", "pool-net", "cimes"),
    ("event", "12", "13"),
)
segments = st.builds(
    lambda kind, first: Segment(kind[0], kind[1] if first else kind[2]), st.sampled_from(KINDS), st.booleans()
)


@pytest.mark.parametrize(("kind", "hers", "another"), KINDS)
def test_everybody_is_known_by_each_kind(kind: SegmentKind, hers: str, another: str) -> None:
    assert fits(ANA, [Segment(kind, hers)])
    assert not fits(ANA, [Segment(kind, another)])
    assert not fits(Candidate(8), [Segment(kind, hers)])


def test_parts_of_one_kind_add_up_and_kinds_cut_across() -> None:
    assert fits(ANA, [FRANCE, PORTUGAL])
    assert fits(ANA, [FRANCE, PORTUGAL, PLASTICS])
    assert not fits(ANA, [FRANCE, PLASTICS])
    assert fits(ANA, [ALL])
    assert not fits(ANA, [ALL, FRANCE])


def test_no_part_is_nobody_and_an_event_is_enough() -> None:
    assert not fits(ANA, [])
    assert fits(NOBODYS, [EVENT])
    assert not fits(NOBODYS, [EVENT, PORTUGAL])


def test_only_what_is_for_all_is_for_everybody() -> None:
    assert for_everybody([ALL])
    assert not for_everybody([FRANCE])
    assert not for_everybody([])


def test_a_sector_is_the_same_however_it_is_written() -> None:
    assert fits(ANA, [Segment("sector", "PLASTICS")])
    there = Candidate(9, sectors=frozenset({"génie mécanique"}))
    assert fits(there, [Segment("sector", "Genie Mecanique")])


@given(st.lists(segments, max_size=6), segments)
def test_a_part_more_of_a_kind_already_named_never_loses_anybody(some: list[Segment], more: Segment) -> None:
    same_kind = any(one.kind == more.kind for one in some)
    if same_kind and fits(ANA, some):
        assert fits(ANA, [*some, more])
    if not same_kind and some and fits(ANA, [*some, more]):
        assert fits(ANA, some)
    assert fits(ANA, [*some, more]) == fits(ANA, [more, *reversed(some)])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("everybody", (ALL,)),
        ("All members", (ALL,)),
        ("tout le monde", (ALL,)),
        ("France", (FRANCE,)),
        ("frankreich", (FRANCE,)),
        ("FR and plastics", (FRANCE, PLASTICS)),
        ("fr & PLASTIC", (FRANCE, PLASTICS)),
        ("representatives in Portugal", (REPRESENTATIVES, PORTUGAL)),
        ("REPRESENTATIVES IN PORTUGAL", (REPRESENTATIVES, PORTUGAL)),
        ("people in IN", (Segment("country", "IN"),)),
        ("only CIMES", (Segment("organisation", "cimes"),)),
        ("nur Frankreich", (FRANCE,)),
        ("CIMES, Pool-Net", (Segment("organisation", "cimes"), Segment("organisation", "pool-net"))),
        ("cluster mech", ()),  # not how it is called here
        ("clust-er mech", (Segment("organisation", "clust-er-mech"),)),
        ("those who go to 12", (EVENT,)),
        ("event 12", (EVENT,)),
        ("#12", (EVENT,)),
        ("ceux qui vont à 12", (EVENT,)),
        ("events 12 and 14", (EVENT, Segment("event", "14"))),
        ("the Assembly", (Segment("body", "assembly"),)),
        ("Assembly of Members", (Segment("body", "assembly"),)),
        ("coordinators", (Segment("role", "coordinator"), Segment("role", "action-coordinator"))),
        ("coordinators of actions", (Segment("role", "action-coordinator"),)),
        ("action-coordinators", (Segment("role", "action-coordinator"),)),
        ("cluster managers", (Segment("role", "cluster-manager"),)),
        ("colleagues of the members in Latvia", (Segment("role", "member"), Segment("country", "LV"))),
        ("Energie and france, France", (Segment("sector", "énergie"), FRANCE)),
        ("Plastics Valley", (Segment("organisation", "valley"),)),  # the longest name
    ],
)
def test_a_typed_audience(typed: str, meant: tuple[Segment, ...]) -> None:
    found = read_segments(typed, KNOWN)
    assert found.segments == meant
    assert bool(found.unclear) == (not meant)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("everybody except France", Read((FRANCE,), ("except",))),
        ("event 1234567890", Read((), ("1234567890",))),  # no event has so many digits
        ("France, not CIMES", Read((FRANCE, Segment("organisation", "cimes")), ("not",))),
        ("Franse and the big plastics", Read((PLASTICS,), ("Franse", "big"))),
        ("our old friends in Portugal", Read((PORTUGAL,), ("our old friends",))),
        ("12 people", Read((ALL,), ("12",))),  # no event is said
        ("12", Read((), ("12",))),
        ("and the", Read(())),
        ("", Read(())),
    ],
)
def test_words_that_are_not_understood_are_given_back(typed: str, found: Read) -> None:
    assert read_segments(typed, KNOWN) == found


def test_a_title_of_the_alliances_own_never_means_everybody() -> None:
    """The role of a colleague has the key "member", which people type for everybody."""
    assert read_segments("members", KNOWN).segments == (ALL,)
    assert {name for name in EVERYBODY if read_segments(name, KNOWN).segments != (ALL,)} == set()


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read(text: str) -> None:
    found = read_segments(text, KNOWN)
    assert len(set(found.segments)) == len(found.segments)
    assert all(word and word.split()[0] in text for word in found.unclear)


names = st.sampled_from(
    [*KNOWN.organisations, *(one for one in KNOWN.countries), *KNOWN.bodies, *KNOWN.roles]
)


@given(st.lists(names, min_size=1, max_size=4), st.sampled_from([", ", " and ", " & ", " / ", "; "]))
def test_every_name_is_understood_beside_every_other(several: list[str], between: str) -> None:
    found = read_segments(between.join(several), KNOWN)
    alone = [read_segments(name, KNOWN).segments for name in several]
    assert found.unclear == ()
    assert found.segments == tuple(dict.fromkeys(one for some in alone for one in some))
