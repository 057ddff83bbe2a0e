"""The Partnership Agreement's eight answers, as rules of a charter, and the record of one that was decided
elsewhere (Preamble; spec/decisions.md 6 and 4.10)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bot.charter.decisions import DecisionKind, DecisionProfile, Decisions, Majority, Quorum
from bot.charter.parts import Indicator
from bot.charter.values import Charter
from bot.commands import N_
from bot.commands.values import fold
from bot.context import Context
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import phase

Days = tuple[int, int]  # working days: discussion, voting

TITLE = N_("Partnership Agreement")
QUESTIONS = ("quorum", "majority", "amendment", "days", "proposers", "proxies", "year", "smes")
QUORUMS = {
    "half": Quorum(rule="participation", share="1/2"),
    "more_than_half": Quorum(rule="participation", share="1/2", compare="more_than"),
    "two_thirds": Quorum(rule="participation", share="2/3"),
    "none": Quorum(rule="none"),
}
MAJORITIES = {
    "simple": Majority(rule="simple"),
    "absolute": Majority(rule="absolute"),
    "two_thirds": Majority(rule="qualified", share="2/3", base="votes_cast"),
}
AMENDMENT_MAJORITIES = {
    "two_thirds_cast": Majority(rule="qualified", share="2/3", base="votes_cast"),
    "two_thirds_members": Majority(rule="qualified", share="2/3", base="members"),
    "three_quarters_cast": Majority(rule="qualified", share="3/4", base="votes_cast"),
    "unanimity": Majority(rule="unanimity"),
}
OTHER = "other"  # what stands now is none of the suggestions: it stays as it is
BY_MAJORITY: tuple[DecisionKind, ...] = ("ordinary_resolution", "annual_renewal")
BY_DAYS: tuple[DecisionKind, ...] = ("ordinary_resolution", "admission")
LEAST: Mapping[str, Days] = {  # of the other kinds that are discussed first (spec/decisions.md 6)
    "annual_renewal": (10, 5),
    "charter_amendment": (10, 5),
    "election": (10, 5),
    "exclusion": (10, 10),
}
BY_QUORUM: tuple[str, ...] = (*BY_DAYS, "annual_renewal", "charter_amendment", "election")


def agreed(charter: Charter, answers: Mapping[str, Any]) -> Charter:
    """The charter with the Partnership Agreement's answers as its rules, none of them provisional any more.

    The quorum is that of every kind of motion that decides by votes, but for exclusion; the days are those
    of a resolution and an admission, and of the other kinds that are discussed unless `LEAST` says more.
    What an agreement before set makes no difference: a later one may loosen it. A question without an
    answer stays as it is."""
    changes: dict[str, Any] = {
        kind: _profile(charter, kind, profile, answers) for kind, profile in charter.decisions
    }
    year = str(answers.get("year", charter.alliance.year))
    return charter.model_copy(
        update={
            "decisions": Decisions(**changes),
            "alliance": charter.alliance.model_copy(update={"year": year}),
            "indicators": tuple(_indicator(one, answers) for one in charter.indicators),
        }
    )


def answers_now(charter: Charter) -> dict[str, str]:
    """How a charter's rules answer the eight questions today; "other" where by none of the suggestions."""
    ordinary, amendment = charter.decisions.ordinary_resolution, charter.decisions.charter_amendment
    coordinators = _coordinators(charter)
    return {
        "quorum": _named(QUORUMS, ordinary.quorum),
        "majority": _named(MAJORITIES, *ordinary.majority),
        "amendment": _named(AMENDMENT_MAJORITIES, *amendment.majority),
        "days": f"{ordinary.discussion_days}+{ordinary.voting_days}",
        "proposers": "members_and_coordinator" if coordinators & {*ordinary.proposers} else "members",
        "proxies": "no",  # no rule gives anybody a proxy's vote yet
        "year": charter.alliance.year,
        "smes": next((one.counts.smes for one in charter.indicators if one.counts.measure == "smes"), OTHER),
    }


def days_of(answer: str) -> Days:
    """The working days of discussion and voting in an answer such as "5+5". Raises ValueError if it has
    none of both, or more than a hundred."""
    discussion, voting = (int(days) for days in answer.split("+"))
    if not (0 <= discussion <= 100 and 1 <= voting <= 100):
        raise ValueError(answer)
    return discussion, voting


def recorded_agreement(ctx: Context) -> Motion | None:
    """The newest record of a Partnership Agreement that was decided elsewhere, known by its title in any of
    the languages; None while there is none. Its answers are no rules here until they are entered (4.10)."""
    titles = {fold(ctx.translate_to(TITLE, language)) for language in ctx.languages}
    recorded = (one for one in ctx.store.motions.all() if one.origin == "recorded")
    found = [one for one in recorded if fold(one.title.strip()) in titles]
    return next((one for one in reversed(found) if phase(one, ctx.now) in ("closed", "final")), None)


def _profile(
    charter: Charter, kind: str, profile: DecisionProfile, answers: Mapping[str, Any]
) -> DecisionProfile:
    new: dict[str, Any] = {"provisional": False}
    quorum = QUORUMS.get(answers.get("quorum", OTHER))
    if quorum is not None and kind in BY_QUORUM and profile.quorum.rule != "approval":
        new["quorum"] = quorum
    majority = MAJORITIES.get(answers.get("majority", OTHER)) if kind in BY_MAJORITY else None
    if kind == "charter_amendment":
        majority = AMENDMENT_MAJORITIES.get(answers.get("amendment", OTHER))
    if majority is not None:
        new["majority"] = (majority,)
    if "days" in answers and kind in (*BY_DAYS, *LEAST):
        new |= _days(kind, days_of(answers["days"]))
    if "proposers" in answers:
        new["proposers"] = _proposers(charter, profile, answers["proposers"])
    return profile.model_copy(update=new)


def _days(kind: str, days: Days) -> dict[str, int]:
    discussion, voting = (max(pair) for pair in zip(days, LEAST.get(kind, days), strict=True))
    return {"discussion_days": discussion, "voting_days": voting}


def _proposers(charter: Charter, profile: DecisionProfile, answer: str) -> tuple[str, ...]:
    """Any member may propose, always (Art. 8); whether the coordinator may is what is asked."""
    coordinators = _coordinators(charter)
    members = tuple(role for role in profile.proposers if role not in coordinators)
    asked = tuple(role.key for role in charter.roles if role.key in coordinators)
    return members + asked if answer == "members_and_coordinator" else members or profile.proposers


def _coordinators(charter: Charter) -> frozenset[str]:
    return frozenset(
        role.key for role in charter.roles if role.scope == "alliance" and "keep_assembly" in role.may
    )


def _indicator(indicator: Indicator, answers: Mapping[str, Any]) -> Indicator:
    if indicator.counts.measure != "smes" or answers.get("smes", OTHER) == OTHER:
        return indicator
    counts = indicator.counts.model_copy(update={"smes": answers["smes"]})
    return indicator.model_copy(update={"counts": counts})


def _named(known: Mapping[str, Quorum] | Mapping[str, Majority], *found: Quorum | Majority) -> str:
    return next((name for name, one in known.items() if [_plain(one)] == [_plain(a) for a in found]), OTHER)


def _plain(one: Quorum | Majority) -> dict[str, Any]:
    values = one.model_dump()
    return values | {"share": None if one.share is None else Fraction(one.share)}
