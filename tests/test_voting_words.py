"""A voting word under a motion's card is a ballot, with a small mark; anything else is discussion (4.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from storage.store import Store
from tests.assembly_stage import closes, noticed, opened, stands
from tests.both_platforms import book_of, card_lines, is_proved, receipt_of, votes_hall
from tests.lanes_stage import read_by
from tests.places_stage import on_telegram, stage
from tests.world import World

__all__ = ["stage"]  # a fixture

TITLE = "A joint newsletter"


async def speaks(world: World, somebody: Any, language: str) -> None:
    """Somebody chose their language."""

    def choose(store: Store) -> None:
        person = store.accounts.identify(somebody.account).person
        assert person is not None
        store.persons.change(person.id, language=language)

    await world.storage.write(choose)


def stamped(world: World, moment: Any) -> None:
    """The platform stamps what people do from now on with this moment."""
    world.slack.world.seconds = moment.timestamp  # type: ignore[method-assign]
    world.slack.world._last_ts = 0
    world.telegram.now = moment.timestamp


async def test_a_voting_word_is_a_ballot_with_a_mark_and_a_private_answer(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    ana, jan = await world.member("Ana", "pool-net"), await world.member("Jan", "evoluma")
    await speaks(world, marie, "fr")
    await speaks(world, jan, "pl")
    hall = await votes_hall(marie, luc, ana, jan)
    number = await opened(world)
    card = luc.finds(TITLE, hall)

    for somebody, word, name, choice, until in (
        (luc, "yes", "MecaTech", "For", "17:00 in Brussels"),
        (marie, "Oui!", "CIMES", "For", "17:00 in Paris"),
        (jan, "TAK", "EVOLUMA", "For", "17:00 in Warsaw"),
        (ana, "Abstain.", "Pool-Net", "Abstain", "16:00 in Lisbon"),
    ):
        heard = await somebody.says(word, hall, reply_to=card)
        receipt = await receipt_of(world, number)
        assert heard.lines == [
            f"🗳 Recorded for {name}: {choice}, motion 1.",
            f"You can change it until Wed 2 Dec, {until}. Receipt {receipt}.",
        ]
        assert heard.buttons == ["Change", "Add a reason", "Wasn't a vote"]
        assert luc.sees_marks(somebody.wrote(hall)) == ["ballot"]
    assert len(luc.posts(hall)) == 1  # what was answered was for each alone

    await luc.says("no", hall, reply_to=card)
    second = luc.wrote(hall)
    assert luc.reads().first == "🗳 Changed for MecaTech from For to Against, motion 1."
    await luc.says("against", hall, reply_to=card)
    assert luc.reads().first == "🗳 It stays for MecaTech: Against, motion 1."
    assert (await stands(world, number)).ballots["mecatech"] == "against"

    heard = await ana.taps("Wasn't a vote")
    assert heard.lines == [
        "Pool-Net's vote on motion 1 is taken back: it counts no more.",
        "You can vote until Wed 2 Dec, 16:00 in Lisbon.",
    ]
    assert heard.buttons == ["For", "Against", "Abstain"]
    assert luc.sees_marks(ana.wrote(hall)) == []
    assert luc.sees_marks(second) == ["ballot"]
    assert await book_of(world, number) == [
        "cast mecatech for",
        "cast cimes for",
        "cast evoluma for",
        "cast pool-net abstain",
        "replaced mecatech against",
        "withdrawn pool-net ",
    ]
    await world.settled()
    assert card_lines(luc, hall, TITLE)[4:6] == [
        "Open until Wed 2 Dec, 17:00 in Brussels. 3 of 7 have voted. 1 more organisation makes it valid.",
        "So far: 2 for · 1 against · 0 abstained.",
    ]
    assert len(luc.posts(hall)) == 1
    await closes(world, number)
    await is_proved(world, number)


async def test_discussion_is_left_alone(world: World) -> None:
    luc, jan = await world.member("Luc", "mecatech"), await world.member("Jan", "evoluma")
    paul, zoe = await world.member("Paul", "cimes", "cluster-manager"), world.stranger("Zoe")
    giulia = await world.member("Giulia", "", "coordinator")
    await speaks(world, jan, "pl")
    hall = await votes_hall(luc, jan, paul, zoe, giulia)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    people = (luc, jan, paul, giulia)
    before = [read_by(one) for one in people]
    for somebody, words in (
        (luc, "yes but only if we all pay"),
        (luc, "yes?"),
        (luc, "@Luc yes"),
        (luc, '"yes"'),
        (luc, "yes yes"),
        (luc, "👍"),
        (luc, "oui"),  # is not a language of his
        (jan, "no"),  # which is "yeah" in Polish
        (jan, "No!"),
        (paul, "yes"),  # has no vote
        (giulia, "yes"),
        (zoe, "yes"),  # nobody knows her
    ):
        heard = await somebody.says(words, hall, reply_to=card)
        assert (heard.text, heard.alert) == ("", ""), words
        assert luc.sees_marks(somebody.wrote(hall)) == [], words
    assert await book_of(world, number) == []
    assert len(luc.posts(hall)) == 1
    assert [read_by(one) for one in people] == before


async def test_what_is_said_to_a_colleague_or_beside_the_card_is_no_vote(world: World) -> None:
    luc, jan = await world.member("Luc", "mecatech"), await world.member("Jan", "evoluma")
    hall = await votes_hall(luc, jan)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await jan.says("Shall we meet in May?", hall)
    before, told = await world.received(), read_by(luc)
    await luc.says("yes", hall, reply_to=jan.wrote(hall))
    await luc.says("yes", hall)
    await jan.says("Is it dear?", hall, reply_to=card)
    if world.platform == "telegram":  # on Slack whoever answers in a thread answers its first post
        await luc.says("no", hall, reply_to=jan.wrote(hall))
    assert luc.sees_marks(luc.wrote(hall)) == []
    assert (await book_of(world, number), read_by(luc)) == ([], told)
    assert await world.received() - before <= 1


async def test_of_discussion_nothing_is_written_down(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    await opened(world)
    before = await world.received()
    await luc.says("I wonder what it costs", hall, reply_to=luc.finds(TITLE, hall))
    assert await world.received() == before


async def test_a_word_before_voting_opens_is_no_vote_yet(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await noticed(world)
    heard = await luc.says("yes", hall, reply_to=luc.finds(TITLE, hall))
    assert heard.lines == [
        "Voting on motion 1 opens Thu 3 Dec, 09:00 in Brussels. "
        "Your word isn't a vote yet; nothing is recorded."
    ]
    assert luc.sees_marks(luc.wrote(hall)) == []
    assert len(luc.posts(hall)) == 1
    await world.passes(days=9)
    assert (await stands(world, number)).ballots == {}


async def test_where_votes_are_sealed_words_are_public_and_never_taken(world: World) -> None:
    luc, noor = await world.member("Luc", "mecatech"), await world.member("Noor", "green-tech")
    hall = await votes_hall(luc, noor)
    number = await opened(world, "exclusion")
    title, card = "EMC2 leaves", luc.finds("EMC2 leaves", hall)
    sealed = "Who voted how is shown after the close. Replies here are public and are not votes."
    assert card_lines(luc, hall, title)[-2:] == [
        "Open until Wed 9 Dec, 17:00 in Brussels. 0 of 6 have voted. 4 more organisations make it valid.",
        sealed,
    ]
    heard = await luc.says("no", hall, reply_to=card)
    assert heard.lines == [
        "Replies in the group are public, so I didn't take that as a vote on motion 1.",
        "Here you can vote; it's shown after the close.",
    ]
    assert heard.buttons == ["For", "Against", "Abstain"]
    assert luc.sees_marks(luc.wrote(hall)) == []
    assert await book_of(world, number) == ["recused emc2 subject"]
    heard = await luc.taps("Against")
    assert heard.first == "🗳 Recorded for MecaTech: Against, motion 1."
    await world.settled()
    assert card_lines(noor, hall, title)[-2:] == [
        "Open until Wed 9 Dec, 17:00 in Brussels. 1 of 6 have voted. 3 more organisations make it valid.",
        sealed,
    ]
    assert len(noor.posts(hall)) == 1
    heard = await noor.says("Does anybody know why?", hall, reply_to=card)
    assert heard.text == ""


async def test_where_votes_are_sealed_a_word_of_who_takes_no_part_is_left_alone(world: World) -> None:
    eva = await world.member("Eva", "emc2")
    hall = await votes_hall(eva)
    await opened(world, "exclusion")
    heard = await eva.says("no", hall, reply_to=eva.finds("EMC2 leaves", hall))
    assert (heard.text, heard.buttons) == ("", [])


async def test_a_word_of_who_votes_for_two_is_asked_about(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await world.grants(marie, "representative", "emc2")
    hall = await votes_hall(marie)
    number = await opened(world)
    for name, slug in (("EMC2", "emc2"), ("CIMES", "cimes")):
        heard = await marie.says("yes", hall, reply_to=marie.finds(TITLE, hall))
        assert heard.lines == ["For on motion 1: for which of your organisations?"]
        assert marie.sees_marks(marie.wrote(hall)) == []
        heard = await marie.taps(name)
        assert heard.first == f"🗳 Recorded for {name}: For, motion 1."
        assert (await stands(world, number)).ballots[slug] == "for"


async def test_who_abstains_for_one_of_two_can_do_so(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await world.grants(marie, "representative", "emc2")
    hall = await votes_hall(marie)
    number = await opened(world)
    heard = await marie.says("abstain", hall, reply_to=marie.finds(TITLE, hall))
    assert heard.lines == ["Abstain on motion 1: for which of your organisations?"]
    await marie.taps("EMC2")
    assert (await stands(world, number)).ballots == {"emc2": "abstain"}


async def test_a_word_that_comes_late_is_refused_and_the_earlier_vote_stands(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await luc.says("yes", hall, reply_to=card)
    world.clock.at = (await stands(world, number)).motion.closes_at + timedelta(seconds=1)
    await luc.says("no", hall, reply_to=card)
    heard = luc.reads()
    assert heard.lines == [
        "Voting on motion 1 closed a minute ago, Wed 2 Dec, 17:00 in Brussels, so this one isn't counted.",
        "MecaTech's earlier vote (For) stands.",
    ]
    assert luc.sees_marks(luc.wrote(hall)) == []
    assert len(luc.posts(hall)) == 1
    assert await book_of(world, number) == ["cast mecatech for", "refused mecatech late"]


async def test_a_word_sent_in_time_that_arrives_when_all_is_counted_is_answered(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    closes_at = (await stands(world, number)).motion.closes_at
    world.clock.at = closes_at + timedelta(minutes=3)  # the bot was down, the platform brings it again
    stamped(world, closes_at - timedelta(seconds=5))
    await luc.says("yes", hall, reply_to=card)
    assert luc.reads().first.startswith("Voting on motion 1 closed 3 minutes ago")
    assert await book_of(world, number) == ["closed", "refused mecatech late"]


@on_telegram
async def test_a_word_that_is_no_choice_here_is_answered_aside(stage: World) -> None:
    luc = await stage.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    await opened(stage, "consent_item")
    await luc.says("abstain", hall, reply_to=luc.finds("The minutes of May", hall))
    assert len(luc.posts(hall)) == 1


@on_telegram
async def test_a_word_sent_a_moment_before_voting_opens_is_answered_aside(stage: World) -> None:
    luc = await stage.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await noticed(stage)
    opens_at = (await stands(stage, number)).motion.opens_at
    stage.clock.at = opens_at + timedelta(seconds=1)
    stamped(stage, opens_at - timedelta(seconds=1))
    await luc.says("yes", hall, reply_to=luc.finds(TITLE, hall))
    assert len(luc.posts(hall)) == 1


async def test_a_word_that_the_platform_brings_twice_is_one_ballot(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    if world.platform == "slack":
        await luc.says("yes", hall, reply_to=card)
        await world.slack.redeliver(list(world.slack.delivery.sent)[-1])
    else:
        await luc.user.says("yes", hall, reply_to=card, wait=False)
        update = world.telegram.updates[-1]
        await world.settled()
        await world.telegram.redeliver(update)
    await world.settled()
    assert await book_of(world, number) == ["cast mecatech for"]
    assert luc.sees_marks(luc.wrote(hall)) == ["ballot"]


async def test_a_word_that_is_edited_or_deleted_changes_nothing(world: World) -> None:
    luc, marie = await world.member("Luc", "mecatech"), await world.member("Marie", "cimes")
    hall = await votes_hall(luc, marie)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await luc.says("yes", hall, reply_to=card)
    await luc.edits(luc.wrote(hall), "no")
    await marie.says("I am not sure", hall, reply_to=card)
    await marie.edits(marie.wrote(hall), "yes")
    await luc.deletes(luc.wrote(hall))
    await world.settled()
    assert await book_of(world, number) == ["cast mecatech for"]


async def test_taking_back_a_word_takes_back_no_other_vote(world: World) -> None:
    luc, noor = await world.member("Luc", "mecatech"), await world.member("Noor", "mecatech", "alternate")
    hall = await votes_hall(luc, noor)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    heard = await luc.says("yes", hall, reply_to=card)
    await noor.taps("Against", on=card)
    await luc.taps("Wasn't a vote", on=heard.raw)
    assert luc.sees_marks(luc.wrote(hall)) == []
    assert (await stands(world, number)).ballots == {"mecatech": "against"}


async def test_a_word_that_was_no_vote_leaves_the_vote_before_it(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await luc.taps("For", on=card)
    await luc.says("no", hall, reply_to=card)
    await luc.taps("Wasn't a vote")
    assert (await stands(world, number)).ballots == {"mecatech": "for"}


async def test_where_votes_are_sealed_a_word_that_comes_late_is_shown_no_taps(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world, "exclusion")
    card = luc.finds("EMC2 leaves", hall)
    world.clock.at = (await stands(world, number)).motion.closes_at + timedelta(seconds=10)
    heard = await luc.says("no", hall, reply_to=card)
    assert not {"For", "Against", "Abstain"} & set(heard.buttons)


async def test_a_voting_word_in_reply_to_our_notice_is_a_ballot(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    number = await opened(world)
    await world.settled()
    notice = luc.reads()
    assert TITLE in notice.text
    heard = await luc.says("what does it cost?", reply_to=notice.raw)
    assert heard.first.startswith('I don\'t know "what does it cost?"'), "nobody is left without an answer"
    heard = await luc.says("yes", reply_to=notice.raw)
    assert heard.first == "🗳 Recorded for MecaTech: For, motion 1."
    assert (await stands(world, number)).ballots == {"mecatech": "for"}
