"""Commands: declared once by a typed function, read from typed text, filled, written back, shown as forms."""

from bot.commands.checking import SLACK_RESERVED, DeclarationError
from bot.commands.choosing import OneOf
from bot.commands.days import spoken_day, warm
from bot.commands.declared import Command, Option
from bot.commands.declaring import REGISTRY, TODAY, Registry, command
from bot.commands.filling import fill, form_fields, write
from bot.commands.kinds import Day, FileRef, Kind, Link, LongText, Moment, Number, Text
from bot.commands.lead_words import shown_lead
from bot.commands.naming import OneEvent, OneMotion, OneOrganisation, OnePerson, Organisations
from bot.commands.reading import takes_a_line
from bot.commands.tongues import read
from bot.commands.values import Known, OneChoice, Reading, Typed, one_line, words_of
from bot.messages import N_

__all__ = [
    "N_", "REGISTRY", "SLACK_RESERVED", "TODAY", "Command", "Day", "DeclarationError", "FileRef", "Kind",
    "Known", "Link", "LongText", "Moment", "Number", "OneChoice", "OneEvent", "OneMotion", "OneOf",
    "OneOrganisation", "OnePerson", "Option", "Organisations", "Reading", "Registry", "Text", "Typed",
    "command", "fill", "form_fields", "one_line", "read", "shown_lead", "spoken_day", "takes_a_line", "warm",
    "words_of", "write",
]  # fmt: skip
