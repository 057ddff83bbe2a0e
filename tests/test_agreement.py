"""The Partnership Agreement: eight questions, a vote of the founders, and the rules that follow from it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from bot.assembly.agreement import agreed, answers_now, days_of
from bot.charter import Charter, load
from bot.handlers.charter.agreement_answers import days_given
from bot.messages import Call, Place, Refusal
from bot.rules.indicators import Condition, Involved, Record, Sme, figure
from storage.organisations import Organisation
from storage.store import Store
from tests.assembly_stage import ballots, becomes_final, in_house, noticed, slack_world, stands
from tests.places_stage import hall_for_votes
from tests.world import CHARTER, MORNING, World, plain

__all__ = ["slack_world"]  # a fixture
NOW = [
    "Quorum: at least half of the members take part",
    "Majority: simple majority of votes cast",
    "Charter changes: two-thirds of votes cast",
    "Notice and voting: 5 working days to discuss, 5 to vote",
    "Who may propose: any member and the coordinator",
    "Proxies: no",
    "What is a year: the calendar year",
    "How SMEs count: once a year, however often it came",
]
AGREED = {
    "quorum": "more_than_half",
    "majority": "absolute",
    "amendment": "three_quarters_cast",
    "days": "7+6",
    "proposers": "members",
    "proxies": "no",
    "year": "08-26",
    "smes": "per_activity",
}


@pytest.fixture(scope="module")
def charter() -> Charter:
    return load(CHARTER)


def test_todays_rules_are_the_suggested_answers(charter: Charter) -> None:
    assert answers_now(charter) == {
        "quorum": "half",
        "majority": "simple",
        "amendment": "two_thirds_cast",
        "days": "5+5",
        "proposers": "members_and_coordinator",
        "proxies": "no",
        "year": "calendar",
        "smes": "once_a_year",
    }


def test_what_is_agreed_reads_back_as_the_answers(charter: Charter) -> None:
    assert answers_now(agreed(charter, AGREED)) == AGREED
    assert answers_now(agreed(charter, answers_now(charter))) == answers_now(charter)
    other = agreed(charter, AGREED)
    assert Charter.from_json(other.to_json()) == other


def test_answers_become_the_rules_of_every_kind_that_they_are_about(charter: Charter) -> None:
    after = agreed(charter, AGREED).decisions
    rules = {kind: profile.rule(kind, 2) for kind, profile in after}

    assert not any(rule.provisional for rule in rules.values())
    shares = {kind: (rule.quorum.share, rule.quorum.compare) for kind, rule in rules.items()}
    more_than_half, two_thirds = (Fraction(1, 2), "more_than"), (Fraction(2, 3), "at_least")
    assert shares == {
        "consultation": (None, "at_least"),
        "consent_item": (None, "at_least"),
        "ordinary_resolution": more_than_half,
        "admission": more_than_half,
        "annual_renewal": more_than_half,
        "charter_amendment": more_than_half,
        "election": more_than_half,
        "exclusion": two_thirds,  # it has a rule of its own
    }
    majorities = {kind: [(one.rule, one.share) for one in rule.majority] for kind, rule in rules.items()}
    assert majorities["ordinary_resolution"] == majorities["annual_renewal"] == [("absolute", None)]
    assert majorities["charter_amendment"] == [("qualified", Fraction(3, 4))]
    assert majorities["admission"] == [("qualified", Fraction(2, 3))]
    assert {kind: (rule.discussion_days, rule.voting_days) for kind, rule in rules.items()} == {
        "consultation": (0, 5),
        "consent_item": (0, 10),
        "ordinary_resolution": (7, 6),
        "admission": (7, 6),
        "annual_renewal": (10, 6),
        "charter_amendment": (10, 6),
        "election": (10, 6),
        "exclusion": (10, 10),
    }
    assert {profile.proposers for _, profile in after} == {("representative", "alternate")}


def test_the_coordinator_may_propose_again_and_no_quorum_is_none(charter: Charter) -> None:
    without = agreed(charter, AGREED)
    again = agreed(
        without, {"proposers": "members_and_coordinator", "quorum": "none", "amendment": "unanimity"}
    )

    proposers = ("representative", "alternate", "coordinator")
    assert {profile.proposers for _, profile in again.decisions} == {proposers}
    assert again.decisions.ordinary_resolution.quorum.rule == "none"
    assert [one.rule for one in again.decisions.charter_amendment.majority] == ["unanimity"]
    assert again.alliance.year == "08-26"  # what nobody answered stays


def test_a_later_agreement_loosens_what_an_earlier_one_set(charter: Charter) -> None:
    strict = agreed(charter, AGREED | {"quorum": "none", "days": "20+20"})
    loose = agreed(strict, {"quorum": "half", "days": "0+5"})
    again = agreed(loose, {"days": "5+5"})

    assert strict.decisions.charter_amendment.voting_days == 20
    by_kind = (
        "ordinary_resolution",
        "admission",
        "annual_renewal",
        "charter_amendment",
        "election",
        "exclusion",
    )
    for before, days in ((loose, (0, 5)), (again, (5, 5))):
        rules = {kind: profile.rule(kind, 2) for kind, profile in before.decisions if kind in by_kind}
        assert {kind: (rule.discussion_days, rule.voting_days) for kind, rule in rules.items()} == {
            "ordinary_resolution": days,
            "admission": days,
            "annual_renewal": (10, 5),
            "charter_amendment": (10, 5),
            "election": (10, 5),
            "exclusion": (10, 10),
        }
        half, two_thirds = Fraction(1, 2), Fraction(2, 3)
        shares = {kind: rule.quorum.share for kind, rule in rules.items()}
        assert shares == dict.fromkeys(by_kind, half) | {"exclusion": two_thirds}
    assert answers_now(again)["days"] == "5+5"


def test_a_rule_of_the_alliances_own_stays_where_nobody_answers(charter: Charter) -> None:
    own = charter.decisions.ordinary_resolution.quorum.model_copy(update={"share": "3/5"})
    profile = charter.decisions.ordinary_resolution.model_copy(update={"quorum": own})
    decisions = charter.decisions.model_copy(update={"ordinary_resolution": profile})
    mine = charter.model_copy(update={"decisions": decisions})

    assert answers_now(mine)["quorum"] == "other"
    assert agreed(mine, answers_now(mine)).decisions.ordinary_resolution.quorum == own


@pytest.mark.parametrize(
    ("text", "days"), [("5 and 5", "5+5"), ("10+5", "10+5"), ("0 / 3", "0+3"), ("7 days, then 60.", "7+60")]
)
def test_days_as_people_write_them(text: str, days: str) -> None:
    assert days_given(text) == days
    assert days_of(days) == tuple(int(one) for one in days.split("+"))


@pytest.mark.parametrize("text", ["5", "five and five", "5 and 0", "61 and 5", "5 and 61", "1 2 3", "500 5"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(Refusal):
        days_given(text)


def test_a_firm_counts_once_a_year_or_once_for_each_activity() -> None:
    pumps, moulds = Sme("Pumps SA", "PT"), Sme("Moulds Lda", "PT")

    def record(number: int, *smes: Sme, state: Any = "logged") -> Record:
        host = (Involved("pool-net", "host"),)
        return Record(number, "training", f"T{number}", MORNING.date(), host, state, smes)

    records = [record(1, pumps, pumps, moulds), record(2, pumps, state="confirmed")]
    year = Condition("smes", "SMEs", "Art. 2(3)", 20, ("training",), measure="smes")
    each = Condition("smes", "SMEs", "Art. 2(3)", 20, ("training",), measure="smes", smes="per_activity")

    once, more = (figure(one, records, 2026, MORNING.date()) for one in (year, each))

    assert (once.value, once.confirmed, once.logged, once.named) == (2, 1, 1, 2)
    assert (more.value, more.confirmed, more.logged, more.named) == (3, 1, 2, 3)
    assert once.contacts == more.contacts == 3


async def later_member(world: World) -> None:
    """Somebody who joined later and did not found the alliance."""

    def join(store: Store) -> None:
        store.organisations.add(
            Organisation("nordic", "Nordic Robotics", "Nordic", country="LV", member_class="member")
        )

    await world.storage.write(join)


async def fills_in(world: World, somebody: Any) -> Any:
    """The page: on Slack one form, on Telegram a tap for each line; then the preview."""
    heard = await somebody.types("/propose agreement")
    if world.platform == "slack":
        form = somebody.user.form
        assert [one["label"]["text"] for one in form.inputs] == [line.partition(":")[0] for line in NOW]
        return await somebody.gives(quorum="more_than_half", days="7 and 6", year="in_force")
    assert heard.lines == [
        "The Partnership Agreement in eight questions. This is what holds today.",
        *NOW,
        "Tap one to change it. Everything else stays as suggested until somebody asks for it.",
    ]
    assert heard.buttons == [*(line.partition(":")[0] for line in NOW), "Use these", "Cancel"]
    heard = await somebody.taps("Quorum")
    assert heard.first == "How many members take part at least, so that a vote is valid?"
    assert heard.buttons == ["At least half", "More than half", "Two-thirds", "No quorum", "Cancel"]
    heard = await somebody.taps("More than half")
    assert heard.lines[1] == "Quorum: more than half of the members take part"
    await somebody.taps("What is a year")
    await somebody.taps("From day in force")
    await somebody.taps("Notice and voting")
    heard = await somebody.says("soon")
    assert heard.first.startswith("I couldn't read soon as two numbers of days.")
    heard = await somebody.says("7 and 6")
    assert heard.lines[4] == "Notice and voting: 7 working days to discuss, 6 to vote"
    heard = await somebody.taps("Proxies")
    assert heard.first == "May one member vote for another? Proxies are for a later round."
    await somebody.taps("No proxies")
    return await somebody.taps("Use these")


async def test_the_founders_agree_and_the_rules_change(world: World) -> None:
    await later_member(world)
    marie = await world.member("Marie", "cimes")
    giulia = await world.member("Giulia", "", "coordinator")
    hall = await hall_for_votes(world, marie)
    heard = await marie.types("/agreement")
    assert heard.lines == [
        "There is no Partnership Agreement here yet. The founders draft and adopt it (Preamble).",
        "It was planned for Thu 26 Feb.",
        "Until then this holds, as suggested:",
        *NOW,
    ]
    assert heard.buttons == ["Start the agreement"]
    running = await noticed(world, "admission", subject="nordic")

    heard = await fills_in(world, marie)
    assert heard.lines == [
        "This is what the founders will see and vote on:",
        "Partnership Agreement",
        "Quorum: more than half of the members take part (until now at least half of the members take part)",
        "Majority: simple majority of votes cast, as until now",
        "Charter changes: two-thirds of votes cast, as until now",
        "Notice and voting: 7 working days to discuss, 6 to vote "
        "(until now 5 working days to discuss, 5 to vote)",
        "Who may propose: any member and the coordinator, as until now",
        "Proxies: no, as until now",
        "What is a year: from 26 Aug on (until now the calendar year)",
        "How SMEs count: once a year, however often it came, as until now",
        "Rule, provisional: two-thirds of votes cast, at least half take part (Preamble leaves it open).",
        "Voting opens Fri 11 Dec, 09:00 and closes Thu 17 Dec, 17:00 in Paris.",
        "7 founders vote on it.",
    ]
    assert heard.buttons == ["Send the notice", "Change it", "Cancel"]
    heard = await marie.taps("Send the notice")
    assert heard.lines == [
        "✓ Notice is given: motion 2, Partnership Agreement.",
        "Voting opens Fri 11 Dec, 09:00 and closes Thu 17 Dec, 17:00 in Paris.",
        "The founders vote on it: CIMES, Clust-ER MECH, EMC2, EVOLUMA, Green-Tech Cluster, MecaTech and "
        "Pool-Net.",
    ]
    await world.settled()
    card = marie.reads_on(marie.finds("Motion 2: Partnership Agreement", hall))
    assert card.first == "🗳 Motion 2: Partnership Agreement"
    assert card.lines[2:] == [
        "- Quorum: more than half of the members take part",
        *(f"- {line}" for line in NOW[1:3]),
        "- Notice and voting: 7 working days to discuss, 6 to vote",
        *(f"- {line}" for line in NOW[4:6]),
        "- What is a year: from 26 Aug on",
        f"- {NOW[7]}",
        "Everything else stays as the rules of the charter suggest until now.",
        "Rule, provisional: two-thirds of votes cast, at least half take part (Preamble leaves it open).",
        "Voting opens Fri 11 Dec, 09:00 and closes Thu 17 Dec, 17:00 in Brussels.",
    ]
    heard = await giulia.types("/propose agreement")
    assert heard.first.startswith("The Partnership Agreement is before the founders already: motion 2.")
    heard = await marie.types("/agreement")
    assert heard.first == "The Partnership Agreement is before the founders: motion 2."
    assert heard.buttons == ["Motion 2"]

    world.clock.pass_(days=18)
    await world.happens()
    assert [voter.organisation for voter in (await stands(world, 2)).roll].count("nordic") == 0
    await ballots(world, 2, cimes="for", mecatech="for", emc2="for", evoluma="for", pool_net="against")
    motion = await becomes_final(world, 2)
    assert (motion.result, motion.certified_at is not None) == ("carried", True)

    heard = await marie.types("/agreement")
    assert heard.lines == [
        "The Partnership Agreement holds since Tue 22 Dec (motion 2).",
        "Quorum: more than half of the members take part",
        *NOW[1:3],
        "Notice and voting: 7 working days to discuss, 6 to vote",
        *NOW[4:6],
        "What is a year: from 26 Aug on",
        NOW[7],
        "Still a suggestion, as the charter leaves it open:",
        "Member (Art. 4)",
        "Keep the profile on the European Cluster Collaboration Platform current (Art. 4)",
        "Take an active part (Art. 4)",
    ]
    assert heard.buttons == ["Motion 2", "Propose a change"]
    old, new = (
        (await stands(world, running)).motion.rule,
        (await stands(world, await noticed(world))).motion.rule,
    )
    assert (old.version, old.provisional, old.quorum.compare, old.discussion_days) == (1, True, "at_least", 5)
    assert (new.version, new.provisional, new.quorum.compare, new.discussion_days) == (
        2,
        False,
        "more_than",
        7,
    )
    year = await in_house(world, lambda ctx: ctx.charter.alliance.year)
    assert year == "08-26"


async def test_who_may_start_it_and_who_may_not(world: World) -> None:
    await later_member(world)
    nora = await world.member("Nora", "nordic")
    ada = await world.member("Ada", "cimes", "member")
    giulia = await world.member("Giulia", "", "coordinator")

    heard = await nora.types("/propose agreement")
    assert heard.first.startswith("The founding members draft the Partnership Agreement (Preamble).")
    assert (await nora.types("/agreement")).buttons == []
    heard = await ada.types("/propose agreement")
    assert heard.first.startswith("Your role here doesn't include proposing motions")

    await giulia.types("/propose agreement")
    if world.platform == "slack":
        heard = await giulia.gives(days="9")
        assert list(giulia.user.errors) == ["days"]
        heard = await giulia.gives(days="5 and 5")
    else:
        heard = await giulia.taps("Use these")
    assert "Quorum: at least half of the members take part, as until now" in heard.lines
    await giulia.taps("Change it")
    if world.platform == "slack":
        heard = await giulia.gives(majority="absolute")
    else:
        await giulia.taps("Majority")
        await giulia.taps("Absolute majority")
        heard = await giulia.taps("Use these")
    changed = "Majority: absolute majority of all members (until now simple majority of votes cast)"
    assert changed in heard.lines
    heard = await giulia.taps("Send the notice")
    motion = (await stands(world, 1)).motion
    assert (motion.organisation, motion.electorate, motion.rule.article) == ("", "founders", "Preamble")
    assert motion.text.splitlines()[1] == "- Majority: absolute majority of all members"


async def test_its_words_stand_and_a_yes_is_one_to_what_was_seen(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    await marie.types("/propose agreement")
    await marie.gives(quorum="two_thirds")
    slack_world.clock.pass_(days=3, hours=8)  # a Friday evening
    heard = await marie.taps("Send the notice")
    assert heard.first == "Something has changed meanwhile. This is what the founders will see now:"
    assert heard.lines[-2] == "Voting opens Thu 17 Dec, 09:00 and closes Wed 23 Dec, 17:00 in Paris."
    assert (
        await marie.taps("Send the notice")
    ).first == "✓ Notice is given: motion 1, Partnership Agreement."

    no = (
        "The words of motion 1 say what takes effect, so they stand. Withdraw it and propose it anew. "
        "Nothing has changed."
    )
    for name in ("edit motion", "edit amendment"):
        answer = await slack_world.dispatch.receive(
            Call(
                name,
                marie.account,
                Place("slack", "", marie.account.user),
                slack_world.clock.now(),
                command=name,
                arguments={"number": "1", "text": "No quorum.", "after": "No quorum."},
            )
        )
        assert answer.message is not None
        assert plain(answer.message.text) == no
        assert [key.label for key in answer.message.keys] == ["Read it", "Withdraw"]


async def test_one_that_was_decided_elsewhere_is_recorded_and_its_answers_entered(slack_world: World) -> None:
    giulia = await slack_world.member("Giulia", "", "coordinator")
    await slack_world.passes(days=1)
    heard = await giulia.taps("It was decided: 1")
    assert heard.lines == [
        "✓ Noted as decided:",
        "The Partnership Agreement, planned for Thu 26 Feb (Preamble)",
        "Record it with its day, and everybody can look it up.",
        "The agreement's answers can be entered, too. Until then the suggestions hold.",
        "And what of this one?",
        "The alliance's renewal, planned for Wed 26 Aug (Art. 8)",
    ]
    assert heard.buttons == ["Record it", "The agreement", "It was decided", "Not yet", "Ask me in January"]
    on_agenda = "The Partnership Agreement, not adopted yet (Preamble)"
    assert on_agenda in (await giulia.types("/agenda")).text
    await giulia.types("/record decision Partnership Agreement on 12 May text We agreed.")
    await giulia.taps("Record it")
    await slack_world.passes(days=8)

    heard = await giulia.types("/agreement")
    assert heard.lines == [
        "The Partnership Agreement is recorded as decided: motion 1. Its answers aren't in my rules yet.",
        "A founder or the coordinator can enter them; then the founders confirm them.",
        "Until then this holds, as suggested:",
        *NOW,
    ]
    assert heard.buttons == ["Motion 1", "Enter its answers"]
    assert (await giulia.types("/founding")).lines[-1] == (
        "The Partnership Agreement is recorded as decided: motion 1."
    )
    assert on_agenda not in (await giulia.types("/agenda")).text
    await giulia.types("/agreement")
    await giulia.taps("Enter its answers")
    assert giulia.user.form.inputs[0]["block_id"] == "quorum"
