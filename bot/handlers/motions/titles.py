"""What a motion is called. A title that we worded is recorded in the alliance's language, and read in
everybody's own; one that its proposer worded stays as it is."""

from __future__ import annotations

import re

from bot.commands import N_
from bot.context import Context
from bot.messages import Filled, Phrase
from bot.rules.decisions.motions import Motion

WORDED = {  # how we title a motion of a kind, where its proposer says nothing else
    "charter_amendment": N_("Change of Article {number}"),
    "annual_renewal": N_("The alliance goes on for another year"),
    "admission": N_("Admission of {name}"),
    "exclusion": N_("Exclusion of {name}"),
    "election": N_("Election: {role}"),
}


def title_of(ctx: Context, motion: Motion) -> str:
    """A motion's title as its reader calls it."""
    phrase = WORDED.get(motion.kind)
    if phrase is None:
        return motion.title
    ours = ctx.translate_to(phrase, ctx.charter.alliance.language)
    for way in dict.fromkeys((ours, str(phrase))):
        parts = re.split(r"\{\w+\}", way)
        found = re.fullmatch("(.+)".join(map(re.escape, parts)), motion.title)
        if found is not None:
            return Filled(motion.title, phrase, _values(ctx, motion, phrase, found))
    return motion.title


def _values(ctx: Context, motion: Motion, phrase: str, found: re.Match[str]) -> dict[str, str]:
    """What stands in the places of the phrase; an election's role as the charter calls it."""
    names = re.findall(r"\{(\w+)\}", phrase)
    values = dict(zip(names, found.groups(), strict=True))
    role = next((one.title for one in ctx.charter.roles if one.key == motion.role), "")
    if "role" in values and role:
        ours = ctx.translate_to(role, ctx.charter.alliance.language)
        values["role"] = Phrase(role) if values["role"] in (role, ours) else values["role"]
    return values
