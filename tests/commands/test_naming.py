"""Organisations are found as people call them; doubt becomes a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import Known, OneEvent, OneMotion, OneOrganisation, OnePerson, Organisations, Reading
from bot.commands.organisations import find, split
from bot.messages import Ask, Choice, Refusal
from tests.commands.alliance import ORGANISATIONS, reading

NOW = reading()


def members(text: str) -> tuple[str, ...]:
    return Organisations().read(text, NOW, "with")


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("mecatech", "mecatech"),
        ("Pole Mecatech ASBL", "mecatech"),
        ("MECATECH", "mecatech"),
        ("poolnet", "pool-net"),
        ("Pool Net", "pool-net"),
        ("Clust-ER MECH", "clust-er-mech"),
        ("Pôle EMC2", "emc2"),
        ("pole emc2", "emc2"),
        ("green tech", "green-tech"),
        ("Smart Technology", "green-tech"),
        ("mecatch", "mecatech"),
        ("cimess", "cimes"),
        ("evolum", "evoluma"),
        ("Portuguese Tooling & Plastics Network", "pool-net"),
    ],
)
def test_one_organisation(text: str, slug: str) -> None:
    assert OneOrganisation().read(text, NOW, "organisation") == slug


JOINTS = [
    ", ",
    ",",
    " and ",
    " & ",
    "&",
    "+",
    " e ",
    " et ",
    " und ",
    " i ",
    " y ",
    " un ",
    " și ",
    ", and ",
    " ",
]


@pytest.mark.parametrize("joint", JOINTS)
def test_joining_words(joint: str) -> None:
    assert members(joint.join(["MecaTech", "CIMES", "EMC2"])) == ("mecatech", "cimes", "emc2")


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Green and Smart Technology Cluster and CIMES", ("green-tech", "cimes")),
        ("Clust-ER Meccatronica e Motoristica e CIMES", ("clust-er-mech", "cimes")),
        ("CIMES, Associação Pool-Net - Portuguese Tooling & Plastics Network", ("cimes", "pool-net")),
        ("CIMES, cimes and Creating Integrated Mechanical Systems Auvergne-Rhône-Alpes", ("cimes",)),
        ('"Clust-ER MECH", "Pool-Net"', ("clust-er-mech", "pool-net")),
        ("CIMES.", ("cimes",)),
    ],
)
def test_names_are_not_cut_inside(text: str, slugs: tuple[str, ...]) -> None:
    assert members(text) == slugs


def test_two_as_likely_are_asked_about() -> None:
    with pytest.raises(Ask) as ask:
        members("CIMES, pole and Foobar, MecaTech")
    assert (ask.value.option, ask.value.template, ask.value.free) == ("with", "organisation_which", False)
    assert ask.value.values == {"text": "pole"}
    assert ask.value.choices == (
        Choice("Pôle EMC2", {"with": "CIMES,emc2,Foobar,MecaTech"}),
        Choice("Pôle MecaTech ASBL", {"with": "CIMES,mecatech,Foobar,MecaTech"}),
    )


def test_nobody_of_that_name_is_a_polite_no_with_suggestions() -> None:
    with pytest.raises(Refusal) as no:
        members("CIMES, Mekatek")
    assert (no.value.code, no.value.option) == ("organisation_unknown", "with")
    assert no.value.values == {"text": "Mekatek", "suggestions": ["Pôle MecaTech ASBL"]}
    with pytest.raises(Refusal) as no:
        OneOrganisation().read("Foobar", NOW, "organisation")
    assert no.value.values == {"text": "Foobar", "suggestions": []}


@pytest.mark.parametrize(
    "text",
    ["people", "industry", "the cluster", "green steel", "smart people", "network partners", "a", "it"],
)
def test_common_words_are_no_sign_of_an_organisation(text: str) -> None:
    assert not Organisations().follows(text, NOW)


def test_a_list_out_of_measure_is_refused() -> None:
    with pytest.raises(Refusal) as no:
        members("CIMES and " * 300)
    assert (no.value.code, no.value.values) == ("text_too_long", {"most": 2000, "length": 3000})


def test_people_events_and_motions() -> None:
    now = Reading(
        NOW.now,
        persons=(Known("3", ("Ana", "Ana of Pool-Net")), Known("4", ("Anna",)), Known("5", ("Marie",))),
        events=(Known("12", ("LCA clinic",)),),
        motions=(Known("7", ("Renewal notice",)),),
    )
    assert OnePerson().read("ana", now, "who") == "3"
    assert OnePerson().read("mari", now, "who") == "5"
    assert OneEvent().read("lca clinic", now, "event") == "12"
    assert [
        OneMotion().read(text, now, "motion") for text in ("7", "#7", "motion 7", "no. 7", "renewal")
    ] == ["7"] * 5
    assert OneMotion().read("8", now, "motion") == "8"  # whether there is one is for the handler to say
    two = Reading(NOW.now, persons=(Known("1", ("Ann Bo",)), Known("2", ("Ann Ka",))))
    with pytest.raises(Ask, match="person_which"):
        OnePerson().read("Ann", two, "who")
    for kind, code in (
        (OnePerson(), "person_unknown"),
        (OneEvent(), "event_unknown"),
        (OneMotion(), "motion_unknown"),
    ):
        with pytest.raises(Refusal, match=code):
            kind.read("Zzyzx", now, "it")


def test_names_on_buttons_fit() -> None:
    assert all(len(label) <= 20 for _, label in Organisations().offered(NOW))
    assert OneOrganisation().offered(
        Reading(NOW.now, organisations=(Known("x", ("A name that is far too long",)),))
    ) == (("x", "A name that is far…"),)


@given(st.text(max_size=60))
def test_no_text_breaks_naming(text: str) -> None:
    found = find(text, ORGANISATIONS)
    assert not (found.value and found.several)
    assert all(piece for piece in split(text, ORGANISATIONS) if piece.strip())


@given(st.lists(st.sampled_from(ORGANISATIONS), min_size=1, unique=True), st.data())
def test_any_list_of_names_is_understood(some: list[Known], data: st.DataObject) -> None:
    names = [data.draw(st.sampled_from((one.value, *one.names))) for one in some]
    assert members(", ".join(names)) == tuple(one.value for one in some)
