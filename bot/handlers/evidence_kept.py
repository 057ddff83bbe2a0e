"""Files that were sent together, kept until it is said which activity they prove. A platform brings an album
picture by picture: the first one is answered, the others join it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.context import Context
from bot.messages import File
from storage.buttons import Stored
from storage.drafts import Draft

COMMAND = "add files"
REMEMBERED = timedelta(days=2)  # that pictures belong together: a platform brings them again for a day


def keep_files(ctx: Context, files: Sequence[File], album: str = "", activity: int = 0) -> str:
    """Keep these, and those of the same `album` that follow; `activity` is what they prove, 0 if that is
    asked. Returns the token by which `files_behind` finds them. Raises Duplicate where another process began
    it."""
    kept = {"files": _written(files), "activity": str(activity)}
    draft = ctx.store.drafts.put(ctx.account_id, ctx.place, COMMAND, kept, "", "aside", ctx.now)
    if album:
        together = Stored(_note(ctx, album), COMMAND, {"draft": draft.token}, None, ctx.now + REMEMBERED)
        ctx.store.buttons.add_all([together])  # a note that nobody taps
    return draft.token


def joins(ctx: Context, album: str, file: File) -> int | None:
    """Whether a picture belongs to an album that was begun: the activity that it proves then, 0 if it is
    kept with the others until that is said. None for the first of its album."""
    note = ctx.store.buttons.get(_note(ctx, album)) if album else None
    draft = ctx.store.drafts.by_token(note.arguments["draft"]) if note else None
    if draft is None:
        return None
    activity = int(draft.arguments["activity"])
    if not activity:
        ctx.store.drafts.update(
            draft.token, arguments={**draft.arguments, "files": _written([*_read(draft), file])}
        )
    return activity


def files_behind(ctx: Context, token: str, activity: int) -> tuple[File, ...] | None:
    """The files of the caller behind a token, which from now on prove that activity; none if they do
    already. None where there is no such token of theirs."""
    draft = ctx.store.drafts.by_token(token)
    if draft is None or draft.command != COMMAND or draft.account_id != ctx.identity.account_id:
        return None
    if draft.state == "done":
        return ()
    ctx.store.drafts.update(token, arguments={"files": "[]", "activity": str(activity)})
    ctx.store.drafts.close(token)
    return _read(draft)


def kept_since(ctx: Context, token: str) -> datetime | None:
    """When the caller's files behind a token were put there (UTC); None where there are none of theirs."""
    draft = ctx.store.drafts.by_token(token)
    ours = draft is not None and draft.command == COMMAND and draft.account_id == ctx.identity.account_id
    return draft.created_at if draft is not None and ours else None


def _written(files: Sequence[File]) -> str:
    return json.dumps([[one.id, one.name] for one in files])


def _read(draft: Draft) -> tuple[File, ...]:
    return tuple(File(number, name) for number, name in json.loads(draft.arguments["files"]))


def _note(ctx: Context, album: str) -> str:
    place = ctx.place
    what = f"{place.platform}\n{place.channel}\n{ctx.incoming.account.user}\n{album}"
    return "f" + hashlib.blake2b(what.encode(), digest_size=12).hexdigest()
