"""The editor's page of an edition: what is in it, whom it goes to, what is to be mended, how it stands."""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands import N_
from bot.context import Context
from bot.handlers.newsletter.answers import described, fault_values, item_values
from bot.messages import Button, Reply
from bot.newsletter.approving import changed_it, last_editor
from bot.newsletter.archive import was_out
from bot.newsletter.checking import faults_of
from bot.newsletter.sending import audience_of
from bot.newsletter.standing import NEWSLETTER, batch_of, is_open, phase_of
from bot.newsletter.telling import approve_edition, stop_edition
from bot.rules.newsletter.values import Edition, Item


def drafted(ctx: Context, edition: Edition, says: str = "", lost: Iterable[tuple[Item, str]] = ()) -> Reply:
    """The editor's page, with what was just done about it in a line, and what was left out of it and why."""
    audience = audience_of(ctx, edition) if is_open(edition) else None
    faults = faults_of(ctx, edition) if is_open(edition) else ()
    counts = ctx.store.deliveries.tally(batch_of(edition)) if edition.sent_at else None
    editor = ctx.store.persons.get(last_editor(edition) or 0)
    values = {
        **described(ctx, edition),
        "says": says,
        "items": [item_values(ctx, item) for item in edition.items],
        "faults": fault_values(faults),
        "lost": [{"title": item.title, "why": why} for item, why in lost],
        "chats": audience.chats if audience else 0,
        "people": audience.people if audience else 0,
        "sent": counts.sent if counts else 0,
        "total": counts.total if counts else 0,
        "editor": editor.name if editor and edition.approval == "second" else "",
        "own": changed_it(edition, ctx.person.id),
    }
    return Reply("edition_draft", values, _taps(ctx, edition, blocked=bool(faults)), replace=True)


def _taps(ctx: Context, edition: Edition, *, blocked: bool) -> tuple[Button, ...]:
    number = {"number": str(edition.number)}
    if not is_open(edition):
        return (*_running_taps(ctx, edition), NEWSLETTER)
    second = edition.approval == "second" and changed_it(edition, ctx.person.id)
    held = edition.state == "held" or edition.approval == "second"
    approve = (approve_edition(edition),) if held and edition.state != "approved" else ()
    return (
        *(approve if not blocked and not second else ()),
        Button(N_("Items"), "edition items", number),
        Button(N_("Preview"), "edition preview", number),
        Button(N_("Introduction"), "edition intro", number),
        Button(N_("Another day"), "move edition", number),
        stop_edition(edition),
    )


def _running_taps(ctx: Context, edition: Edition) -> tuple[Button, ...]:
    number = {"number": str(edition.number)}
    match phase_of(ctx, edition):
        case "sending" | "scheduled":
            return (Button(N_("Pause"), "pause edition", number), stop_edition(edition))
        case "held":
            return (Button(N_("Send the rest"), "resume edition", number), stop_edition(edition))
        case "sent":
            return (Button(N_("Correct"), "newsletter correct", number),)
        case "stopped" if was_out(edition):
            return (Button(N_("Correct"), "newsletter correct", number),)
        case "skipped" | "stopped":
            return (Button(N_("Make one anyway"), "make edition", number),)
    return ()
