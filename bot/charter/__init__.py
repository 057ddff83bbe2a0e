"""The charter is data: a file read once into frozen values, versioned afterwards, asked as of a day."""

from bot.charter.decisions import DecisionKind, DecisionProfile, Decisions, Majority, Quorum
from bot.charter.expected import as_fraction, month_and_day
from bot.charter.file import CharterFault, MadeUpPerson, load, load_people
from bot.charter.parts import (
    ActivityKind,
    Alliance,
    Article,
    Body,
    Calendar,
    Counts,
    Duty,
    EventKind,
    Indicator,
    MemberOrganisation,
    MembershipClass,
    Objective,
    Permission,
    QuietPeriod,
    Role,
)
from bot.charter.publishing import Announcements, Attention, NewsletterTable, NewsTopic
from bot.charter.values import Charter, Charters

__all__ = [
    "ActivityKind",
    "Alliance",
    "Announcements",
    "Article",
    "Attention",
    "Body",
    "Calendar",
    "Charter",
    "CharterFault",
    "Charters",
    "Counts",
    "DecisionKind",
    "DecisionProfile",
    "Decisions",
    "Duty",
    "EventKind",
    "Indicator",
    "MadeUpPerson",
    "Majority",
    "MemberOrganisation",
    "MembershipClass",
    "NewsTopic",
    "NewsletterTable",
    "Objective",
    "Permission",
    "QuietPeriod",
    "Quorum",
    "Role",
    "as_fraction",
    "load",
    "load_people",
    "month_and_day",
]
