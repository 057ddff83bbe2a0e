"""Votes as people type them: without the number, with a reason, in a sentence (spec/decisions.md 4.2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules.decisions.casting import choice_meant, words_known
from bot.templating.catalogues import Catalogues
from storage.store import Storage
from tests.assembly_stage import FEE, ballots, closes, noticed, opened, slack_world, stands
from tests.both_platforms import book_of
from tests.test_languages import written
from tests.world import World

__all__ = ["slack_world"]  # a fixture

TITLE = "A joint newsletter"
UNTIL = "Open until Wed 2 Dec, 17:00 in Brussels."


@pytest.mark.parametrize(
    ("words", "language", "choice"),
    [
        ("I'm for", "en", "for"),
        ("im for", "en", "for"),
        ("sorry i meant against", "en", "against"),
        ("je vote pour", "fr", "for"),
        ("Ich stimme dafür.", "de", "for"),
        ("głosuję za", "pl", "for"),
        ("we abstain", "lv", "abstain"),
        ("oui", "en", "for"),
        ("yes but only if we all pay", "en", ""),
        ("for or against?", "en", ""),
        ("not for", "en", ""),
        ("thanks for this", "en", ""),
        ("no", "pl", ""),
        ("nu", "de", ""),
        ("", "en", ""),
    ],
)
def test_a_sentence_that_only_says_a_vote(words: str, language: str, choice: str) -> None:
    assert choice_meant(words, language) == choice


def test_a_word_of_any_language_is_a_vote_unless_it_is_another_word_in_ones_own() -> None:
    assert {words_known(one)["oui"] for one in ("en", "fr", "pl")} == {"for"}
    assert (words_known("pl")["no"], words_known("it")["no"]) == ("", "against")
    assert (words_known("de")["da"], words_known("ro")["da"]) == ("", "for")


async def test_a_choice_alone_is_a_vote_where_only_one_can_be_meant(slack_world: World) -> None:
    luc, giulia = (
        await slack_world.member("Luc", "mecatech"),
        await slack_world.member("Giulia", "", "coordinator"),
    )
    ola = await slack_world.member("Ola", "evoluma", "cluster-manager")
    soon = await noticed(slack_world, title="What comes next")
    assert (await luc.types("/vote")).lines == [
        "No vote waits for you.",
        "Voting on motion 1, What comes next, opens Thu 3 Dec, 09:00 in Brussels.",
    ]
    heard = await luc.types("/vote yes")
    assert heard.first.startswith("Voting on motion 1 opens Thu 3 Dec")
    number = await opened(slack_world)
    assert (soon, number) == (1, 2)

    heard = await luc.types("/vote yes")  # perhaps the one that is announced
    assert heard.lines[:2] == [f"🗳 Motion 2: {TITLE}, for MecaTech", "Shall I record For?"]
    assert heard.buttons == ["Yes, For", "Against", "Abstain"]
    assert await book_of(slack_world, number) == []
    heard = await luc.taps("Yes, For")
    assert heard.first == "🗳 Recorded for MecaTech: For, motion 2."
    heard = await luc.types("/vote yes on the joint newsletter")
    assert heard.lines[:2] == [f"🗳 Motion 2: {TITLE}, for MecaTech", "Shall I record For?"]
    assert "Reason" not in heard.text
    heard = await luc.types("/vote for motion 2")
    assert heard.first == "🗳 It stays for MecaTech: For, motion 2."

    for line in ("/vote yes", "/vote 2 yes"):
        heard = await ola.types(line)
        assert heard.first == "I couldn't take that as a vote on motion 2: nobody votes for EVOLUMA yet."
        assert heard.buttons == ["Invite a colleague", "Read it"]
    assert giulia


async def test_the_only_motion_there_is_takes_a_word_in_any_language(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    number = await opened(slack_world)
    for line, first in (
        ("/vote ja", "🗳 Recorded for MecaTech: For, motion 1."),
        ("/vote contre", "🗳 Changed for MecaTech from For to Against, motion 1."),
        ("/vote for", "🗳 Changed for MecaTech from Against to For, motion 1."),
    ):
        assert (await luc.types(line)).first == first
    heard = await luc.says("I vote against")
    assert heard.first == "🗳 Changed for MecaTech from For to Against, motion 1."

    heard = await luc.types("/vote maybe")
    assert (heard.first, heard.buttons[:3]) == (
        'I don\'t know "maybe". Which one do you mean?',
        ["For", "Against", "Abstain"],
    )
    heard = await luc.taps("For")
    assert heard.first == "🗳 Changed for MecaTech from Against to For, motion 1."
    assert (await stands(slack_world, number)).ballots == {"mecatech": "for"}


async def test_a_reason_beside_the_choice_is_kept_and_asked_about(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    number = await opened(slack_world)
    heard = await luc.types("/vote 1 no, too long")
    assert heard.lines[:3] == [
        f"🗳 Motion 1: {TITLE}, for MecaTech",
        "Shall I record Against?",
        "Reason: too long",
    ]
    assert await book_of(slack_world, number) == []
    await luc.taps("Yes, Against")
    assert await book_of(slack_world, number) == ["cast mecatech against"]
    said = await slack_world.storage.read(lambda store: store.ballots.explanations(number))
    assert [one.text for one in said] == ["too long"]


async def test_of_several_votes_the_choice_waits_for_its_motion(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    first, second = await opened(slack_world), await opened(slack_world, title="A summer school")
    heard = await luc.types("/vote no")
    assert heard.lines == [
        "On which motion do you vote Against?",
        f"Motion 1: {TITLE}, until Wed 2 Dec, 17:00 in Brussels",
        "Motion 2: A summer school, until Wed 2 Dec, 17:00 in Brussels",
    ]
    assert heard.buttons == ["1: Against", "2: Against", "All motions"]
    await luc.taps("2: Against")
    assert (await stands(slack_world, second)).ballots == {"mecatech": "against"}
    assert (await stands(slack_world, first)).ballots == {}


async def test_who_votes_for_two_is_asked_for_which(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    await slack_world.grants(marie, "representative", "emc2")
    number = await opened(slack_world)
    heard = await marie.types("/vote yes")
    assert (heard.first, heard.buttons) == ("For which organisation?", ["CIMES", "EMC2", "Cancel"])
    heard = await marie.taps("EMC2")
    assert heard.first == "🗳 Recorded for EMC2: For, motion 1."
    assert (await stands(slack_world, number)).ballots == {"emc2": "for"}


async def test_a_sentence_in_reply_to_the_notice_is_asked_about(slack_world: World) -> None:
    luc, marie = await slack_world.member("Luc", "mecatech"), await slack_world.member("Marie", "cimes")
    number = await noticed(slack_world, "charter_amendment", told=True)
    await slack_world.passes(days=20)
    notice = luc.reads()
    assert notice.first == "🗳 Voting is open on motion 1: A small membership fee"
    assert [f"− {FEE[0]}", f"＋ {FEE[1]}"] == notice.lines[2:4]
    heard = await luc.says("sorry, I'm against", reply_to=notice.raw)
    assert heard.lines[1] == "Shall I record Against?"
    assert heard.buttons == ["Yes, Against", "For", "Abstain"]
    assert await book_of(slack_world, number) == []
    heard = await luc.says("against", reply_to=notice.raw)
    assert heard.first == "🗳 Recorded for MecaTech: Against, motion 1."
    heard = await luc.says("for now I wonder what it costs", reply_to=notice.raw)
    assert heard.first.startswith("I don't know")
    assert marie


async def test_what_too_few_took_part_in_is_never_told_as_adopted(slack_world: World) -> None:
    luc, ana = await slack_world.member("Luc", "mecatech"), await slack_world.member("Ana", "pool-net")
    number = await opened(slack_world, "charter_amendment", proposer=ana, organisation="pool-net")
    await ballots(slack_world, number, mecatech="for", cimes="for")
    await closes(slack_world, number)
    result = ana.reads()
    assert result.first.startswith("Too few took part in motion 1: A small membership fee.")
    assert "✓" not in result.text
    assert "Second call" in result.buttons
    await slack_world.passes(days=7)
    assert luc.reads().lines[:3] == [
        "Too few took part in motion 1: A small membership fee. It can be put to the vote once more.",
        "Quorum: 2 of 7 took part, 4 needed",
        "The result is final.",
    ]


async def test_a_title_that_we_worded_is_read_in_everybodys_language(sqlite_url: str, tmp_path: Path) -> None:
    storage = Storage(sqlite_url)
    spoken = Catalogues(
        written(tmp_path / "po", "pt", {"Change of Article {number}": "Alteração do artigo {number}"})
    )
    async with World("telegram", storage, catalogues=spoken) as world:
        luc, ana = await world.member("Luc", "mecatech"), await world.member("Ana", "pool-net")
        await ana.types("/language português")
        await opened(world, "charter_amendment", title="Change of Article 7")
        assert (await luc.types("/motion 1")).first == "🗳 Motion 1: Change of Article 7"
        assert (await ana.types("/motion 1")).first == "🗳 Motion 1: Alteração do artigo 7"
        assert "Alteração do artigo 7" in (await ana.types("/vote")).text
        await opened(world, "charter_amendment", title="Artigo 7, finalmente")
        assert (await luc.types("/motion 2")).first == "🗳 Motion 2: Artigo 7, finalmente"
    storage.close_now()
