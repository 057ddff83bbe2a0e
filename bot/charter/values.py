"""A charter as frozen values: the questions the bot asks of it, as of a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pydantic import Field

from bot.charter.decisions import DecisionKind, DecisionProfile, Decisions, Part
from bot.charter.expected import month_and_day
from bot.charter.parts import (
    ActivityKind,
    Alliance,
    Article,
    Body,
    Calendar,
    Duty,
    EventKind,
    Indicator,
    MemberOrganisation,
    MembershipClass,
    Objective,
    Preamble,
    Role,
)
from bot.charter.publishing import Announcements, Attention, NewsletterTable, default_newsletter
from bot.rules.indicators import Condition, year_of
from bot.rules.matching import same_sector
from bot.rules.newsletter.values import Newsletter

# left out of a version that says nothing of them
LATER = ("attention_table", "announcements_table", "newsletter_table")


class Charter(Part):
    """One version of an alliance's rules."""

    alliance: Alliance
    organisations: tuple[MemberOrganisation, ...] = Field(min_length=1)
    objectives: tuple[Objective, ...] = Field(min_length=1)
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    bodies: tuple[Body, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = Field(min_length=1)
    classes: tuple[MembershipClass, ...] = Field(min_length=1)
    duties: tuple[Duty, ...] = ()
    decisions: Decisions
    activity_kinds: tuple[ActivityKind, ...] = Field(min_length=1)
    event_kinds: tuple[EventKind, ...] = ()
    attention_table: Attention | None = Field(default=None, alias="attention")
    announcements_table: Announcements | None = Field(default=None, alias="announcements")
    newsletter_table: NewsletterTable | None = Field(default=None, alias="newsletter")
    calendar: Calendar
    preamble: Preamble | None = None
    articles: tuple[Article, ...] = Field(min_length=1)

    def indicator(self, key: str) -> Indicator:
        """The indicator of this key. Raises KeyError if this version has none."""
        return {indicator.key: indicator for indicator in self.indicators}[key]

    def activity_kind(self, key: str) -> ActivityKind:
        """The activity kind of this key. Raises KeyError if this version has none."""
        return {kind.key: kind for kind in self.activity_kinds}[key]

    def event_kind(self, key: str) -> EventKind:
        """The event kind of this key. Raises KeyError if this version has none."""
        return {kind.key: kind for kind in self.event_kinds}[key]

    def role(self, key: str) -> Role:
        """The role of this key. Raises KeyError if this version has none."""
        return {role.key: role for role in self.roles}[key]

    def article(self, number: int) -> Article:
        """The article of this number. Raises KeyError if this version has none."""
        return {article.number: article for article in self.articles}[number]

    def decision(self, kind: DecisionKind) -> DecisionProfile:
        """The rule by which a kind of motion is decided (spec/decisions.md 6)."""
        profile: DecisionProfile = getattr(self.decisions, kind)
        return profile

    @cached_property
    def attention(self) -> Attention:
        """How much of somebody's attention may be taken (spec/engagement.md section 2)."""
        return self.attention_table or Attention()

    @cached_property
    def announcements(self) -> Announcements:
        """How announcements go out (spec/engagement.md section 4)."""
        return self.announcements_table or Announcements()

    @cached_property
    def newsletter(self) -> Newsletter:
        """How the newsletter is made and sent (spec/engagement.md section 3)."""
        return (self.newsletter_table or default_newsletter(self.alliance.short_name)).rule()

    def topics_of(self, sectors: Iterable[str] = (), objectives: Collection[str] = ()) -> tuple[str, ...]:
        """The newsletter's topics (keys) to which something belongs by the sectors of its organisation, or by
        the objectives that it serves, in the order of the file."""
        ours, topics = {same_sector(one) for one in sectors}, self.newsletter_table
        return tuple(
            topic.key
            for topic in (topics.topics if topics else ())
            if ours & {same_sector(one) for one in topic.sectors} or set(topic.objectives) & set(objectives)
        )

    def allows(self, role_key: str, permission: str) -> bool:
        """Whether a role carries a permission. A role that this version no longer knows allows nothing."""
        return any(permission in role.may for role in self.roles if role.key == role_key)

    @property
    def year_starts(self) -> tuple[int, int]:
        """Month and day on which the alliance's year begins."""
        return (1, 1) if self.alliance.year == "calendar" else month_and_day(self.alliance.year)

    def year_of(self, day: date) -> int:
        """The alliance's year a day belongs to, named after the calendar year in which it began."""
        return year_of(day, self.year_starts)

    def conditions(self) -> tuple[Condition, ...]:
        """The indicators as the counting rules take them, in the order of the file."""
        return self._conditions

    @cached_property
    def _conditions(self) -> tuple[Condition, ...]:
        return tuple(self._condition(indicator) for indicator in self.indicators)

    def _condition(self, indicator: Indicator) -> Condition:
        counts = indicator.counts
        return Condition(
            key=indicator.key,
            label=indicator.label,
            article=indicator.article,
            target=indicator.target,
            kinds=counts.kinds,
            least_organisations=counts.least_organisations,
            measure=counts.measure,
            unit=indicator.unit,
            states=counts.states,
            year_starts=self.year_starts,
            smes=counts.smes,
        )

    def to_json(self) -> str:
        """The whole version as canonical JSON: sorted keys, no spaces. `from_json` reads it back."""
        unsaid: dict[str, Any] = {name: True for name in LATER if getattr(self, name) is None}
        unsaid["roles"] = {at: {"words"} for at, role in enumerate(self.roles) if not role.words}
        values = self.model_dump(mode="json", by_alias=True, exclude=unsaid)
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Charter:
        """Read back what `to_json` wrote. Raises pydantic's ValidationError on anything else."""
        return cls.model_validate_json(text)

    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON: equal for equal rules, whatever the file looked like."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Charters:
    """All versions of an alliance's charter, each with the day from which it is in force."""

    versions: tuple[tuple[date, Charter], ...]

    def at(self, day: date) -> Charter:
        """The version in force on a day; of two from the same day the later one listed. Before the first
        one took effect it is the first: an activity of an earlier day still has to be read by some rule.
        Raises LookupError if there is no version at all."""
        if not self.versions:
            raise LookupError("this alliance has no charter yet")
        in_order = sorted(self.versions, key=lambda version: version[0])
        in_force = [charter for since, charter in in_order if since <= day]
        return in_force[-1] if in_force else in_order[0][1]
