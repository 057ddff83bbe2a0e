"""Records for the tests of the rules: short to write, and a strategy that makes any of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from bot.rules.indicators import Answered, Condition, Involved, Record, Sme

TODAY = date(2026, 11, 24)
EVENTS = Condition(
    key="cross-cluster-events",
    label="Knowledge exchange",
    article="Art. 2(1)",
    target=2,
    kinds=("workshop", "webinar"),
    least_organisations=2,
)
SMES = Condition(
    key="smes-reached",
    label="SMEs reached",
    article="Art. 2(3)",
    target=20,
    kinds=("workshop", "webinar", "training", "sme-support"),
    measure="smes",
)
POLICY = Condition(
    key="policy-contributions",
    label="Policy voice",
    article="Art. 2(4)",
    target=1,
    kinds=("policy-recommendation", "policy-workshop"),
)


def record(*involved: str, **given: Any) -> Record:
    """A workshop of 24 November 2026. The first organisation hosts; "mecatech confirmed" is an answer, of
    "emc2 attended" somebody came."""
    people = []
    for place, words in enumerate(involved):
        slug, _, answer = words.partition(" ")
        part = answer if answer == "attended" else "cohost" if place else "host"
        answer = "open" if part == "attended" else answer or "open"
        people.append(Involved(slug, part, answer))  # type: ignore[arg-type]
    plain: dict[str, Any] = {
        "id": 1,
        "kind": "workshop",
        "title": "Mould recycling in practice",
        "day": TODAY,
    }
    return Record(**(plain | {"involved": tuple(people)} | given))


NAMES = ("cimes", "emc2", "mecatech", "pool-net")
ANSWERS: tuple[Answered, ...] = ("open", "confirmed", "denied")
GUESTS = (*ANSWERS, "attended")
smes = st.builds(
    Sme,
    name=st.sampled_from(["Acme", "ACME", "Foo GmbH", "Bar", "Zażółć", "株式会社"]),
    country=st.sampled_from(["", "PT", "FR"]),
    registration=st.sampled_from(["", "", "501", "PT 501"]),
    domain=st.sampled_from(["", "acme.example", "https://www.acme.example/home"]),
)


@st.composite
def records(draw: st.DrawFn, most_days: int = 800) -> Record:
    """Any record: an organisation stands in it once, and the host is never the one who denied."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    answers = draw(st.lists(st.sampled_from(GUESTS), min_size=4, max_size=4))
    host = Involved(names[0], "host", draw(st.sampled_from(["open", "confirmed"])))
    cohosts = (_guest(name, answer) for name, answer in zip(names[1:], answers, strict=False))
    return Record(
        id=draw(st.integers(1, 10**6)),
        kind=draw(st.sampled_from(["workshop", "webinar", "sme-support", "policy-workshop", "other"])),
        title="Green hydrogen 101",
        day=date.fromordinal(TODAY.toordinal() + draw(st.integers(-most_days, most_days))),
        involved=(host, *cohosts),
        state=draw(st.sampled_from(["logged", "logged", "confirmed", "questioned", "withdrawn"])),
        smes=tuple(draw(st.lists(smes, max_size=4))),
        sme_number=draw(st.integers(0, 30)),
        sme_basis=draw(st.sampled_from(["", "attested", "estimate"])),
        evidence=draw(st.integers(0, 2)),
    )


def _guest(name: str, answer: str) -> Involved:
    if answer == "attended":
        return Involved(name, "attended")
    return Involved(name, "cohost", answer)  # type: ignore[arg-type]
