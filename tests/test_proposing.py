"""Proposing to the Assembly: what people see before, what goes out, and when (spec/decisions.md 1, 3, 6)."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.in_force import charter_of
from storage.store import Store
from tests.places_stage import hall_for_votes
from tests.world import Heard, World

SENTENCE = "Each year, at the General Assembly, the Assembly decides whether it goes on."
NEW_SENTENCE = "Each year, by the end of March, the Assembly decides whether it goes on."
HOLIDAYS = "Public holidays on the way don't count: Tue 1 Dec (PT), Tue 8 Dec (IT, PT)."
TO_CIMES = "It goes to 1 organisation. No place is set up for votes yet."
NOBODY = "Nobody votes here yet for Clust-ER MECH, EMC2, EVOLUMA, Green-Tech Cluster, MecaTech and Pool-Net."
LONG_DATES = "Voting opens Fri 11 Dec, 09:00 and closes Thu 17 Dec, 17:00 in Paris."
DATES = "Voting opens Thu 3 Dec, 09:00 and closes Thu 10 Dec, 17:00 in Paris."
SURE = ["Send the notice", "Change it", "Cancel"]


async def answers(world: World, somebody: Any, **given: str) -> Heard:
    """What is asked, in a form on Slack and one by one on Telegram."""
    assert world.platform == "telegram" or somebody.user.modal
    heard: Heard = await somebody.gives(**given)
    return heard


async def motions(world: World) -> list[Any]:
    """Every motion, by number."""
    return list(await world.storage.read(lambda store: store.motions.all()))


async def test_what_can_be_proposed_and_by_which_rule(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/propose")
    assert heard.lines == [
        "What do you want to put to the members?",
        "Resolution: what the alliance does or says. "
        "Working days: 5 to discuss, 5 to vote; a simple majority of votes cast.",
        "Change the charter: a new wording of an article. "
        "Working days: 10 to discuss, 5 to vote; two-thirds of votes cast.",
        "No-objection item: small things, adopted unless a member objects. "
        "Working days: 10 to vote; no objection.",
        "Consultation: what members think; it binds nobody. "
        "Working days: 5 to vote; advice only, nothing is decided.",
        "Election: who holds a role of the alliance. Working days: 10 to discuss, 5 to vote; the most votes.",
        "New member: a cluster that wants to join. "
        "Working days: 5 to discuss, 5 to vote; two-thirds of votes cast.",
        "Renewal: the alliance goes on for another year. "
        "Working days: 10 to discuss, 5 to vote; a simple majority of votes cast.",
        "Exclusion: a member is to leave. "
        "Working days: 10 to discuss, 10 to vote; two-thirds of all members.",
    ]
    assert heard.buttons == [
        "Resolution", "Change the charter", "No-objection item", "Consultation", "Election", "New member",
        "Renewal", "Exclusion",
    ]  # fmt: skip

    ana = await world.member("Ana", "", "advisor")
    no = "Your role here doesn't include proposing motions, so I left it."
    for line in ("/propose", "/propose resolution Fees", "/propose renewal"):
        assert (await ana.types(line)).first.startswith(no), line
    assert await motions(world) == []


async def test_a_resolution_is_seen_changed_and_sent(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    hall = await hall_for_votes(world, marie)
    await marie.types("/propose resolution A joint newsletter")
    heard = await answers(world, marie, text="We write a newsletter.\nTwice a year.")
    nobody = "Nobody votes here yet for Clust-ER MECH, EMC2, EVOLUMA, Green-Tech Cluster and Pool-Net."
    assert heard.lines == [
        "This is what people will see:",
        "🗳 A joint newsletter",
        "Ordinary resolution · Art. 5(1) · proposed by CIMES",
        "We write a newsletter.",
        "Twice a year.",
        "Rule, provisional: a simple majority of votes cast, at least half take part "
        "(Art. 5(1) leaves it open).",
        DATES,
        "Its days count from Tue 24 Nov.",
        HOLIDAYS,
        "It goes to 2 organisations and 1 place.",
        nobody,
    ]
    assert heard.buttons == SURE

    heard = await marie.taps("Change it")
    if world.platform == "telegram":
        assert heard.lines == ["What do you want to change? Nothing is sent yet."]
        assert heard.buttons == ["Title", "Text", "Review day", "Link", "Cancel"]
        await marie.taps("Review day")
        await marie.says("1 March 2020")
        await marie.says("1 June 2027")
        await marie.taps("Change it")
        await marie.taps("Title")
        heard = await marie.says("A newsletter for all")
    else:
        heard = await marie.gives(title="A newsletter for all", review="2027-06-01")
    assert heard.lines[1] == "🗳 A newsletter for all"
    assert await motions(world) == []

    heard = await marie.taps("Send the notice")
    assert heard.lines == [
        "✓ Notice is given: motion 1, A newsletter for all.",
        DATES,
        "It went to 2 organisations and 1 place.",
        nobody,
    ]
    assert heard.buttons == ["See it", "Edit", "Withdraw"]
    await world.settled()
    assert luc.reads().first == "CIMES proposes motion 1: A newsletter for all"
    card = marie.reads_on(marie.finds("A newsletter for all", hall))
    assert card.first == "🗳 Motion 1: A newsletter for all"
    assert card.lines[-1] == DATES.replace("in Paris", "in Brussels")  # the alliance's zone
    [kept] = await motions(world)
    assert (kept.text, str(kept.review_on), kept.organisation) == (
        "We write a newsletter.\nTwice a year.", "2027-06-01", "cimes",
    )  # fmt: skip


async def test_one_sentence_of_the_charter_is_put_to_the_vote(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/propose amendment")
    assert heard.first == "Which article is to change?"
    assert heard.lines[8] == "8 · Start, duration, changes"
    heard = await marie.taps("Article 8")
    if world.platform == "telegram":
        assert heard.first == "Article 8, Start, duration, changes, reads now:"
        assert heard.lines[-1] == "How do you want to change it?"
        heard = await marie.taps("Replace a sentence")
        assert heard.lines[4] == f"4 · {SENTENCE}"
        assert heard.buttons == ["1", "2", "3", "4", "5", "6", "Cancel"]
        heard = await marie.taps("4")
        assert heard.lines == ["In Article 8 it reads now:", f"− {SENTENCE}", "How is this sentence to read?"]
        heard = await marie.says(SENTENCE)
        assert heard.first == "Article 8 reads like this already, so there is nothing to decide."
        heard = await marie.says(NEW_SENTENCE)
        assert heard.lines == ["Why? A line or two that everybody reads."]
        heard = await marie.says("Boards plan ahead.")
    else:
        given = {one["block_id"]: one["element"].get("initial_value") for one in marie.user.form.inputs}
        assert given["title"] == "Change of Article 8"
        heard = await marie.gives(
            after=given["after"].replace(SENTENCE, NEW_SENTENCE), why="Boards plan ahead."
        )
    assert heard.lines == [
        "This is what people will see:",
        "🗳 Change of Article 8",
        "Change of the charter · Art. 8 · proposed by CIMES",
        "Boards plan ahead.",
        f"− {SENTENCE}",
        f"＋ {NEW_SENTENCE}",
        "Rule, provisional: two-thirds of votes cast, at least half take part (Art. 8 leaves it open).",
        LONG_DATES,
        "Its days count from Tue 24 Nov.",
        HOLIDAYS,
        TO_CIMES,
        NOBODY,
    ]
    heard = await marie.taps("Send the notice")
    assert heard.lines == [
        "✓ Notice is given: motion 1, Change of Article 8.",
        LONG_DATES,
        "It went to 1 organisation. No place is set up for votes, so no card stands anywhere yet.",
        NOBODY,
    ]
    assert heard.buttons == ["See it", "Places", "Edit", "Withdraw"]
    [kept] = await motions(world)
    assert (kept.article, kept.base, kept.before.replace(SENTENCE, NEW_SENTENCE)) == (8, 1, kept.after)


async def test_an_article_gains_and_loses_a_sentence(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    assert "42" in (await marie.types("/propose amendment 42")).first
    if world.platform == "slack":
        await marie.types("/propose amendment 7")
        article = charter_of((await world.storage.read(lambda store: store.charters.versions()))[0]).article(
            7
        )
        await marie.gives(after=article.text)  # as it reads already
        assert marie.user.errors == {
            "after": "Article 7 reads like this already, so there is nothing to decide."
        }
        return
    await marie.types("/propose amendment 7")
    await marie.taps("Replace a sentence")
    await marie.taps("2")
    await marie.taps("Take it out")
    heard = await marie.taps("Leave empty")
    assert heard.lines[3] == "− There is no membership fee at the outset."
    assert heard.lines[4].startswith("Rule, provisional")
    await marie.taps("Change it")
    await marie.taps("New wording")
    await marie.taps("Add a sentence")
    heard = await marie.says("A fee takes two-thirds of the votes.")
    assert heard.lines[3:5] == ["＋ A fee takes two-thirds of the votes.", heard.lines[4]]
    await marie.taps("Change it")
    await marie.taps("New wording")
    await marie.taps("Whole text")
    heard = await marie.says("Taking part costs nothing.")
    assert "＋ Taking part costs nothing." in heard.lines


async def test_an_election_says_honestly_what_is_secret(world: World) -> None:
    marie, carla = await world.member("Marie", "cimes"), await world.member("Carla", "", "coordinator")
    await world.grants(carla, "representative", "emc2")
    await world.member("Olga", "", "advisor")
    heard = await marie.types("/propose election")
    assert heard.first == "Which role is it about?" or marie.user.modal
    await marie.types("/propose election coordinator months 24")
    if world.platform == "telegram":
        assert (
            marie.reads().first == "Who stands for Coordinator of the Alliance? Names, with commas between."
        )
        heard = await marie.says("carla, Olga")
        assert heard.lines == [
            "Olga acts for no member here. "
            "The Coordinator of the Alliance is chosen from within the Assembly (Art. 5).",
            "The rest is kept. Who else stands?",
        ]
        heard = await marie.says("carla, Anna Berg")
    else:
        heard = await marie.gives(candidates="carla, Anna Berg")
    assert heard.lines == [
        "This is what people will see:",
        "🗳 Election: Coordinator of the Alliance",
        "Election · Art. 5(2) · proposed by CIMES",
        "For 24 months.",
        "1 · Carla (EMC2)",
        "2 · Anna Berg",
        "Rule, provisional: the most votes, at least half take part (Art. 5(2) leaves it open).",
        LONG_DATES,
        "Its days count from Tue 24 Nov.",
        HOLIDAYS,
        "The rule asks for a secret ballot. "
        "That isn't possible here yet: who voted how is shown after the close.",
        "With 7 members even a secret ballot could show who chose what.",
        "I don't know Anna Berg yet. Whoever is elected gets the role when they come in.",
        "It goes to 2 organisations. No place is set up for votes yet.",
        "Nobody votes here yet for Clust-ER MECH, EVOLUMA, Green-Tech Cluster, MecaTech and Pool-Net.",
    ]
    await marie.taps("Send the notice")
    [kept] = await motions(world)
    assert [(one.key, one.name, one.person > 0, one.organisation) for one in kept.candidates] == [
        ("1", "Carla", True, "emc2"), ("2", "Anna Berg", False, ""),
    ]  # fmt: skip
    assert (kept.role, kept.seats, kept.effect) == ("coordinator", 1, {"term_months": 24})


async def test_a_cluster_applies_without_a_vote_on_itself(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/propose admission Baltic Mechatronics called CIMES country Lithuania")
    assert heard.first == "CIMES is a member already. Nothing is sent."
    heard = await marie.types("/propose admission Iberian Robotics called IBR country Spainn")
    no = 'I know no country called "Spainn". Its name in English works, or its two letters.'
    assert heard.first == no
    heard = await marie.types("/propose admission Iberian Robotics called IBR country Spain")
    assert heard.first == "Which city's time does IBR live by?"
    assert heard.buttons[:3] == ["Ceuta", "Canary", "Madrid"]
    heard = await marie.taps("Madrid")
    assert heard.lines[1:4] == [
        "🗳 Admission of Iberian Robotics",
        "Admission of a member · Art. 4 · proposed by CIMES · IBR",
        "Iberian Robotics (IBR), Spain.",
    ]
    assert (await marie.taps("Send the notice")).lines[1] == DATES
    applicant = await world.storage.read(lambda store: store.organisations.get("ibr"))
    assert applicant is not None
    assert (applicant.standing, applicant.member_class, applicant.zone, applicant.language) == (
        "applicant", "member", "Europe/Madrid", "es",
    )  # fmt: skip
    await world.passes(days=10)
    roll = await world.storage.read(lambda store: store.ballots.roll(1))
    assert "ibr" not in {voter.organisation for voter in roll}
    assert len(roll) == 7


async def test_what_needs_no_discussion_opens_with_its_notice(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    heard = await marie.types("/propose consultation Summer school saying Shall we hold one in 2027?")
    assert heard.lines[5:7] == [
        "Voting opens with the notice and closes Wed 2 Dec, 17:00 in Paris.",
        "Its days count from Tue 24 Nov.",
    ]
    heard = await marie.taps("Send the notice")
    assert heard.lines[:2] == [
        "✓ Notice is given: motion 1, Summer school.",
        "Voting is open until Wed 2 Dec, 17:00 in Paris.",
    ]
    assert heard.buttons == ["See it", "Places"]
    await world.settled()
    assert luc.reads().buttons[:3] == ["For", "Against", "Abstain"]

    await marie.types("/propose consent The minutes of May saying They are adopted as sent.")
    assert (await marie.taps("Send the notice")).first == "✓ Notice is given: motion 2, The minutes of May."
    heard = await marie.types("/propose renewal")
    assert heard.lines[1:3] == [
        "🗳 The alliance goes on for another year",
        "Renewal for another year · Art. 8 · proposed by CIMES",
    ]
    assert (await marie.taps("Send the notice")).lines[1] == LONG_DATES
    assert [one.number for one in await motions(world)] == [1, 2, 3]


async def test_an_exclusion_is_told_to_whom_it_is_about(world: World) -> None:
    carla, ewa = await world.member("Carla", "", "coordinator"), await world.member("Ewa", "evoluma")
    heard = await carla.types("/propose exclusion EVOLUMA because It asked to leave.")
    assert heard.lines[2] == "Exclusion of a member · Art. 5(1) · proposed by Green Manufacturing · EVOLUMA"
    assert heard.lines[5] == "Voting opens Fri 11 Dec, 09:00 and closes Thu 7 Jan 2027, 17:00 in Brussels."
    assert heard.lines[8:10] == [
        "Quiet days don't count either: turn of the year.",
        "Ballots are sealed: who voted how is shown after the close.",
    ]
    await carla.taps("Send the notice")
    await world.settled()
    assert ewa.reads().first == "Green Manufacturing proposes motion 1: Exclusion of EVOLUMA"
    assert [one.organisation for one in await motions(world)] == [""]


async def test_who_wears_several_hats_is_asked_for_whom(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await world.grants(marie, "representative", "emc2")
    await world.grants(marie, "coordinator", "")
    heard = await marie.types("/propose renewal")
    assert heard.lines == ["For whom do you propose it?"]
    assert heard.buttons == ["CIMES", "EMC2", "Green Manufacturing", "Cancel"]
    heard = await marie.taps("Green Manufacturing")
    assert heard.lines[2] == "Renewal for another year · Art. 8 · proposed by Green Manufacturing"
    await marie.types("/propose renewal")
    assert (await marie.taps("EMC2")).lines[2].endswith("proposed by EMC2")


async def test_the_charter_says_who_may_propose_what(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    def only_the_coordinator(store: Store) -> None:
        charter = charter_of(store.charters.versions()[0])
        renewal = charter.decisions.annual_renewal.model_copy(update={"proposers": ("coordinator",)})
        decisions = charter.decisions.model_copy(update={"annual_renewal": renewal})
        charter = charter.model_copy(update={"decisions": decisions})
        day = world.clock.now().date()
        store.charters.add(charter.fingerprint(), charter.to_json(), day, world.clock.now())

    await world.storage.write(only_the_coordinator)
    assert (await marie.types("/propose renewal")).lines == [
        '"Renewal for another year" is proposed by these roles of a member or the alliance: '
        "Coordinator of the Alliance. Nothing has changed."
    ]
    assert "Renewal" not in (await marie.types("/propose")).buttons


async def test_a_yes_is_one_to_what_was_seen(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/propose resolution Fees saying There are none.")
    world.clock.pass_(days=3, hours=8)  # a Friday evening
    heard = await marie.taps("Send the notice")
    assert heard.first == "Something has changed meanwhile. This is what people will see now:"
    assert heard.lines[5:7] == [
        "Voting opens Thu 10 Dec, 09:00 and closes Wed 16 Dec, 17:00 in Paris.",
        "Its days count from Mon 30 Nov.",
    ]
    assert await motions(world) == []
    assert (await marie.taps("Send the notice")).first == "✓ Notice is given: motion 1, Fees."


async def test_two_at_once_are_two_motions(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    await marie.types("/propose resolution Fees saying There are none.")
    await luc.types("/propose resolution Fairs saying We go to one.")
    await asyncio.gather(marie.taps("Send the notice"), luc.taps("Send the notice"))
    kept = await motions(world)
    assert [one.number for one in kept] == [1, 2]
    assert {one.title for one in kept} == {"Fees", "Fairs"}


async def applied(world: World, slug: str = "noro") -> Any:
    """What is known of an applicant."""
    return await world.storage.read(lambda store: store.organisations.get(slug))


async def test_an_applicant_is_decided_about_once_and_known_as_before_once_withdrawn(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    await marie.types("/propose admission Nordic Robotics called NoRo country Finland")
    heard = await marie.taps("Send the notice")
    assert not any("NoRo" in line for line in heard.lines)
    heard = await luc.types("/propose admission Nordic Robotics called NRX country Sweden")
    assert heard.lines == [
        "Motion 1 is about that already: Admission of Nordic Robotics. A second one waits until it is final. "
        "Nothing is sent."
    ]
    assert heard.buttons == ["See it"]
    before = await applied(world)
    assert (before.short_name, before.country) == ("NoRo", "FI")

    await marie.taps("Withdraw")
    await marie.taps("Withdraw it")
    heard = await luc.types("/propose admission Nordic Robotics called NRX country Sweden")
    nobody = "Nobody votes here yet for Clust-ER MECH, EMC2, EVOLUMA, Green-Tech Cluster and Pool-Net."
    assert heard.lines[-2:] == ["It goes to 2 organisations. No place is set up for votes yet.", nobody]
    assert await applied(world) == before
    await luc.taps("Send the notice")
    assert ((await applied(world)).short_name, (await applied(world)).country) == ("NRX", "SE")
    await luc.taps("Withdraw")
    await luc.taps("Withdraw it")
    assert await applied(world) == before


async def test_a_short_name_alone_makes_nobody_another(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    gone = await world.storage.write(lambda store: store.organisations.change("emc2", standing="left"))
    heard = await marie.types("/propose admission Baltic Mechatronics called EMC2 country Latvia")
    assert heard.lines == [
        f'"EMC2" is {gone.name} here. Is {gone.name} the one you mean?',
        "If not, how else is Baltic Mechatronics called in short?",
    ]
    assert heard.buttons == ["It's the same one", "Cancel"]
    heard = await marie.says("BMC")
    assert "Baltic Mechatronics (BMC), Latvia." in heard.lines
    await marie.types("/propose admission Baltic Mechatronics called EMC2 country Latvia")
    heard = await marie.taps("It's the same one")
    assert "Baltic Mechatronics (EMC2), Latvia." in heard.lines
    assert await applied(world, "emc2") == gone
    await marie.taps("Send the notice")
    assert ((await applied(world, "emc2")).name, len(await motions(world))) == ("Baltic Mechatronics", 1)
    await marie.taps("Withdraw")
    await marie.taps("Withdraw it")
    assert await applied(world, "emc2") == gone


async def test_a_second_motion_about_the_same_waits(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    titles = {
        "renewal": "The alliance goes on for another year",
        "election coordinator candidates marie, Anna Berg,  anna berg, Marie": (
            "Election: Coordinator of the Alliance"
        ),
        "exclusion EVOLUMA because It asked to leave.": "Exclusion of EVOLUMA",
    }
    for number, (line, title) in enumerate(titles.items(), 1):
        await marie.types(f"/propose {line}")
        await luc.types(f"/propose {line}")
        await marie.taps("Send the notice")
        no = (
            f"Motion {number} is about that already: {title}. A second one waits until it is final. "
            "Nothing is sent."
        )
        assert (await luc.taps("Send the notice")).lines == [no]
        assert (await luc.types(f"/propose {line}")).lines == [no]
    kept = await motions(world)
    assert [(one.key, one.name) for one in kept[1].candidates] == [("1", "Marie"), ("2", "Anna Berg")]
    await marie.types("/propose election action-coordinator candidates Luc")
    assert (await marie.taps("Send the notice")).first.startswith("✓ Notice is given: motion 4")
