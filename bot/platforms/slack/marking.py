"""Our small sign on what somebody wrote: a reaction, set beside the answer and never in its place."""

from __future__ import annotations

import structlog

from bot.messages import Mark, Place, Post
from bot.platforms.port import SendFailed
from bot.platforms.slack.outgoing import SlackWeb

log = structlog.get_logger()

SIGN = "ballot_box_with_ballot"
AS_WANTED = frozenset(["already_reacted", "no_reaction", "message_not_found"])


async def set_mark(web: SlackWeb, place: Place, mark: Mark, message_id: str) -> None:
    """Put our sign on a message, or take it away, at the next moment there is: on the one the mark names,
    else on `message_id` in `place`. Tried once. Never raises SendFailed: a sign that cannot be set is a line
    in the log, and nobody waits for it."""
    post = mark.post or Post(place, message_id)
    if not post.message_id:
        return
    method = "reactions.add" if mark.kind == "ballot" else "reactions.remove"
    target = {"channel": post.place.channel, "timestamp": post.message_id, "name": SIGN}
    await web.pacer.beside()
    try:
        await web.call(method, repeatable=True, **target)
    except SendFailed as trouble:
        if trouble.says not in AS_WANTED:
            log.info("slack.not_marked", message_id=post.message_id, reason=trouble.says)
