"""How an alliance writes to its people: how often, announcements, the newsletter (engagement.md 2-4)."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.charter.decisions import Part
from bot.charter.expected import Expected, Label, LabelPhrase, Positive, Slug, TimeOfDay, Title, Whole
from bot.rules.attention import Budget
from bot.rules.newsletter.values import Approval, Newsletter
from bot.rules.newsletter.windows import CLOSES, DAYS, NTH, OPENS


def _in_the_window(hour: str) -> str:
    if not f"{OPENS:%H:%M}" <= hour < f"{CLOSES:%H:%M}":
        raise ValueError
    return hour


SendDay = Annotated[
    str,
    Field(pattern=f"^({'|'.join(NTH)}) ({'|'.join(DAYS)})$"),
    Expected("a day of the month from Tuesday to Thursday, such as 'first tue' or 'last thu'"),
]
SendHour = Annotated[
    TimeOfDay,
    AfterValidator(_in_the_window),
    Expected("a time of day from '09:00' to before '16:00'"),
]


class Announcements(Part):
    """How announcements go out: an alliance of `second_person_from` member organisations or more asks for a
    second person's yes."""

    second_person_from: Positive = 25


class Attention(Part):
    """How much of somebody's attention may be taken: so many messages that nobody asked for `a_day` and
    `a_week`, from `opens` to `closes` where they are (at any hour if not `quiet`); the rest is one digest."""

    a_day: Positive = 1
    a_week: Positive = 3
    digest: TimeOfDay = "09:00"
    opens: TimeOfDay = "08:30"
    closes: TimeOfDay = "18:00"
    quiet: bool = True

    @property
    def budget(self) -> Budget:
        """As the rules of attention take it."""
        return Budget(self.a_day, self.a_week, time.fromisoformat(self.digest))


class NewsTopic(Part):
    """A topic that readers may choose. What is found by itself belongs to it by the `sectors` of its
    organisation, or by the `objectives` that an activity counts for."""

    key: Slug
    label: LabelPhrase
    sectors: tuple[Label, ...] = ()
    objectives: tuple[Slug, ...] = ()


class NewsletterTable(Part):
    """The newsletter, as the file has it."""

    title: Title
    approval: Approval = "shown"
    day: SendDay = "first tue"
    hour: SendHour = "10:00"
    draft_days: Annotated[Positive, Field(le=21), Expected("a whole number from 1 to 21")] = 7
    least_items: Positive = 3
    most_of_one: Positive = 3
    least_words: Whole = 150
    most_words: Positive = 900
    topics: tuple[NewsTopic, ...] = ()

    def rule(self) -> Newsletter:
        """As the rules of the newsletter take it."""
        values = {name: getattr(self, name) for name in type(self).model_fields if name != "topics"}
        return Newsletter(**values, topics={topic.key: topic.label for topic in self.topics})


def default_newsletter(alliance: str) -> NewsletterTable:
    """What holds where an alliance has not said anything of a newsletter: its name, and the rest as usual."""
    return NewsletterTable(title=f"{alliance} News")
