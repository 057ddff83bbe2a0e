"""The parts of a charter file, one class per kind of table."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.charter.decisions import Part
from bot.charter.expected import (
    ArticleReference,
    Country,
    DayOfYear,
    Expected,
    Label,
    LabelPhrase,
    Language,
    Positive,
    Prose,
    ProsePhrase,
    Slug,
    TimeOfDay,
    Title,
    TitlePhrase,
    Whole,
    YearStart,
    Zone,
)
from bot.rules.decisions.amending import tidy
from bot.rules.events.values import Audience
from bot.rules.indicators import Measure, SmeCount, State

Permission = Literal[
    "log_activities",
    "see_activities",
    "edit_activities",
    "confirm_activities",
    "question_activities",
    "see_indicators",
    "close_year",
    "invite",  # to one's own organisation
    "invite_all",  # to any organisation, and to roles of the whole alliance
    "end_roles",
    "answer_events",  # say whether one comes, and what it was like
    "organise_events",  # announce, move and cancel them, and say who came
    "announce",  # write to many at once, and correct or take back what went out
    "edit_wordings",  # use and take back what members would have the bot say
    "edit_newsletter",  # take and leave out items, approve and stop an edition
    "send_news",  # give an item to the newsletter
    "manage_places",  # what a place is for, and what needs repair there
    "see_jobs",  # what runs by the clock, and messages that may not have arrived
    "propose",
    "vote",
    "keep_assembly",  # enters ballots, records decisions, answers objections, calls the General Assembly
]
Need = Literal["organisations", "smes", "evidence"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri"]
Wording = Annotated[
    str,
    Field(max_length=10_000),
    AfterValidator(tidy),
    Expected("a text of up to 10000 characters"),
]


class Alliance(Part):
    """The community itself. `in_force` is the day from which this version holds."""

    slug: Slug
    name: Title
    short_name: Label
    zone: Zone
    language: Language
    year: YearStart
    in_force: date


class MemberOrganisation(Part):
    """An organisation that signed, as it is seeded once; later it lives in the database."""

    slug: Slug
    name: Title
    short_name: Label
    aliases: tuple[Title, ...] = ()
    country: Country
    zone: Zone
    languages: tuple[Language, ...] = Field(min_length=1)
    sectors: tuple[LabelPhrase, ...] = ()
    membership_class: Slug = Field(alias="class")
    signed: date | None = None
    note: Prose | None = None


class Objective(Part):
    """What the alliance is there for; one article paragraph each."""

    key: Slug
    title: TitlePhrase
    article: ArticleReference


class Counts(Part):
    """The condition of an indicator: which activities count, in which states, measured in what; for
    SMEs whether a firm counts once a year or once for each activity."""

    kinds: tuple[Slug, ...] = Field(min_length=1)
    least_organisations: Positive = 1
    states: tuple[State, ...] = Field(default=("logged", "confirmed"), min_length=1)
    measure: Measure = "activities"
    smes: SmeCount = "once_a_year"


class Indicator(Part):
    """A yearly target. `label` is its short name in sentences, `provisional` what the charter leaves open."""

    key: Slug
    title: TitlePhrase
    label: LabelPhrase
    article: ArticleReference
    objective: Slug
    target: Positive
    unit: LabelPhrase
    counts: Counts
    evidence: TitlePhrase
    provisional: tuple[ProsePhrase, ...] = ()


class Body(Part):
    """A body of the alliance; `seats` are the roles that sit in it."""

    key: Slug
    title: TitlePhrase
    article: ArticleReference
    summary: ProsePhrase
    seats: tuple[Slug, ...] = Field(min_length=1)
    decides: bool = False
    meetings_a_year: Whole = 0


class Role(Part):
    """What a person can be, in one organisation or for the whole alliance, and what it allows. `words` are
    typed for it too."""

    key: Slug
    title: LabelPhrase
    words: tuple[Label, ...] = ()
    scope: Literal["organisation", "alliance"]
    summary: ProsePhrase
    article: ArticleReference | None = None
    may: tuple[Permission, ...] = ()
    invites: tuple[Slug, ...] = ()


class MembershipClass(Part):
    """A kind of membership. `founders`: its members bring the charter into force by signing it (Art. 8)."""

    key: Slug
    title: LabelPhrase
    article: ArticleReference
    summary: ProsePhrase
    votes: bool
    founders: bool = False
    provisional: bool = False


class Duty(Part):
    """Something every member organisation owes."""

    key: Slug
    title: TitlePhrase
    article: ArticleReference
    summary: ProsePhrase
    every: Literal["once", "year", "always"]
    provisional: bool = False


class ActivityKind(Part):
    """A kind of activity that can be logged. `words` are typed for it too; `needs` is asked for after."""

    key: Slug
    label: LabelPhrase
    words: tuple[Label, ...] = ()
    needs: tuple[Need, ...] = ()


class EventKind(Part):
    """A kind of event that can be announced: `minutes` and `audience` are what it begins with, `activity` the
    kind of activity it is logged as afterwards (None: there is nothing to log), `assembly` that the Assembly
    meets. `words` are typed for it too."""

    key: Slug
    label: LabelPhrase
    words: tuple[Label, ...] = ()
    activity: Slug | None = None
    minutes: Positive = 60
    audience: Audience = "members"
    assembly: bool = False


class QuietPeriod(Part):
    """Days of each year on which no deadline falls, first and last included."""

    first: DayOfYear
    last: DayOfYear
    why: TitlePhrase


class Calendar(Part):
    """The alliance's cycles and time limits."""

    general_assemblies_a_year: Positive
    renewal_months: Positive
    partnership_agreement_months: Positive
    late_logging_days: Whole
    undo_hours: Whole
    deadline_weekdays: tuple[Weekday, ...] = Field(min_length=1)
    deadline_time: TimeOfDay
    quiet_periods: tuple[QuietPeriod, ...] = ()


class Preamble(Part):
    """What stands before the first article, in our own words."""

    text: Wording


class Article(Part):
    """An article: `summary` is a line about it, `text` the whole of it, restated in our own words, a sentence
    a line ("" in versions that are older than the texts). `motion` last changed it, on the day `since`;
    None for both: it reads as signed."""

    number: Positive
    title: TitlePhrase
    summary: ProsePhrase
    text: Wording = ""
    motion: Positive | None = None
    since: date | None = None
