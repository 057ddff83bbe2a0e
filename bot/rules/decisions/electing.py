"""Who is elected: relative majority of the ballots that organisations gave (spec/decisions.md 2 and 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.messages import Refusal
from bot.rules.decisions.majorities import quorum_condition
from bot.rules.decisions.motions import Candidate
from bot.rules.decisions.values import (
    ABSTAIN,
    NONE_OF_THESE,
    Counts,
    Elected,
    ElectionVerdict,
    Profile,
    Result,
    SeatResult,
)

LONGEST_CHOICE = 40  # characters of what was chosen that are read back
_BETWEEN = "+"


def elect(
    profile: Profile, members: int, seats: int, candidates: Sequence[Candidate], ballots: Mapping[str, str]
) -> ElectionVerdict:
    """Who fills the seats, from the current choice of each organisation (slug → choice).

    The candidates with most votes do. Each needs one vote at least and more votes than there are ballots for
    "none of these", opposed or not; with no more candidates than seats they are elected unopposed. A tie
    across the last seat leaves those who share it tied, whatever the profile's tie rule, and whoever has more
    is elected. A missed quorum elects nobody. A candidate who withdrew is not listed; votes for them are not
    counted, while the ballot still counts as cast.

    The candidates come with most votes first, equal ones as they stood on the ballot. The result is "carried"
    only when every seat is filled: with more seats than candidates it is "not_carried", and those elected are
    elected. Raises ValueError for a choice that no ballot of this election can hold.
    """
    votes, none_of_these, abstain = _votes(seats, candidates, ballots)
    quorum = quorum_condition(profile.quorum, turnout(members, ballots))
    missed = quorum is not None and not quorum.holds
    standing = [one.key for one in candidates if not one.withdrawn]
    results = {} if missed else _seat_results(seats, standing, votes, none_of_these)
    fared = tuple(
        Elected(key, votes[key], results.get(key, "not_elected"))
        for key in sorted(standing, key=lambda key: -votes[key])
    )
    filled = sum(one.result in ("elected", "elected_unopposed") for one in fared)
    tied = any(one.result == "tied_at_cutoff" for one in fared)
    result = "inquorate" if missed else _result(filled, seats, tied)
    return ElectionVerdict(result, quorum, fared, seats, filled, none_of_these, abstain)


def turnout(members: int, ballots: Mapping[str, str]) -> Counts:
    """How many took part in an election, from the current choice of each organisation: as "for" a ballot that
    names somebody, as "against" one for none of these. An abstention takes part."""
    counted = Counter(ballots.values())
    abstain, against = counted[ABSTAIN], counted[NONE_OF_THESE]
    return Counts(members, counted.total() - abstain - against, against, abstain)


def read_election_choice(seats: int, candidates: Sequence[Candidate], choice: str) -> str:
    """An election's choice as it is kept: each candidate's key once, in the order of the ballot ("3+1" →
    "1+3"); fewer than there are seats are fine. "none" and "abstain" stand alone.

    Raises Refusal("choice_not_offered", "choice", choice=…) for anybody else or who withdrew, and
    Refusal("too_many_chosen", "choice", chosen=…, seats=…) for more than there are seats.
    """
    parts = {part.strip() for part in choice.strip().casefold().split(_BETWEEN)}
    if parts in ({ABSTAIN}, {NONE_OF_THESE}):
        return parts.pop()
    standing = [one.key for one in candidates if not one.withdrawn]
    if not parts <= set(standing):
        raise Refusal("choice_not_offered", "choice", choice=choice.strip()[:LONGEST_CHOICE])
    if len(parts) > seats:
        raise Refusal("too_many_chosen", "choice", chosen=len(parts), seats=seats)
    return _BETWEEN.join(key for key in standing if key in parts)


def _votes(
    seats: int, candidates: Sequence[Candidate], ballots: Mapping[str, str]
) -> tuple[Counter[str], int, int]:
    """Votes by candidate, ballots for none of these, abstentions."""
    keys = {one.key for one in candidates}
    votes: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for choice in ballots.values():
        if choice in (ABSTAIN, NONE_OF_THESE):
            alone[choice] += 1
            continue
        chosen = set(choice.split(_BETWEEN))
        if not chosen <= keys or len(chosen) > seats:
            raise ValueError(f"no ballot of this election holds {choice!r}")
        votes.update(chosen)
    return votes, alone[NONE_OF_THESE], alone[ABSTAIN]


def _seat_results(
    seats: int, standing: Sequence[str], votes: Mapping[str, int], none_of_these: int
) -> dict[str, SeatResult]:
    """How those fared who have enough votes to be elected at all."""
    enough = [key for key in standing if votes[key] > none_of_these]  # one vote at least: 1 > 0
    if len(enough) <= seats:
        won: SeatResult = "elected_unopposed" if len(standing) <= seats else "elected"
        return dict.fromkeys(enough, won)
    cutoff = sorted((votes[key] for key in enough), reverse=True)[seats - 1]
    reached = [key for key in enough if votes[key] >= cutoff]
    last: SeatResult = "elected" if len(reached) == seats else "tied_at_cutoff"
    return {key: "elected" if votes[key] > cutoff else last for key in reached}


def _result(filled: int, seats: int, tied: bool) -> Result:
    if tied:
        return "tied"
    return "carried" if filled == seats else "not_carried"
