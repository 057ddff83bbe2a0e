"""Whose direct chat is open to us. A bot may not write first: who never pressed START goes there by a
link."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from telegram.error import BadRequest, Forbidden, TelegramError

from bot.messages import Call, Incoming
from bot.platforms.telegram.links import answer_payload, look_payload
from bot.platforms.telegram.request import Api

MOST_KNOWN = 10_000  # people; whoever is not among them is tried


class Doors:
    """The direct chats of which we know that they are open, and the links that open the others."""

    def __init__(self, api: Api, start_link: Callable[[str], str], key: bytes) -> None:
        self._api, self._start_link, self._key = api, start_link, key
        self._open: OrderedDict[str, None] = OrderedDict()

    def opened(self, user: str) -> None:
        """They wrote to us, or read us: we may write."""
        self._open[user] = None
        self._open.move_to_end(user)
        while len(self._open) > MOST_KNOWN:
            self._open.popitem(last=False)

    def closed(self, user: str) -> None:
        """We were refused."""
        self._open.pop(user, None)

    async def link(self, call: Call) -> str:
        """The link by which they come to the answer of this call, if it is the only way: "" where we may
        write to them, and where nobody can tell just now."""
        if call.account.user in self._open or not (payload := self.payload(call)):
            return ""
        return "" if await self._may_write(call.account.user) else self._start_link(payload)

    def payload(self, incoming: Incoming) -> str:
        """What a link to the answer of this event carries; "" if none can."""
        token = incoming.token if isinstance(incoming, Call) else ""
        if token.startswith("="):  # a look is recorded nowhere: it is taken again
            return look_payload(token)
        return answer_payload(incoming.event, incoming.account.user, self._key)

    def where_it_waits(self, incoming: Incoming) -> Call | None:
        """The call that has one line say in a group where the answer to this event waits; None if no link can
        lead there."""
        payload = self.payload(incoming)
        if not payload:
            return None
        return Call(
            f"{incoming.event}:waits",
            incoming.account,
            incoming.place,
            incoming.received_at,
            command="answer waits",
            arguments={"payload": payload},
            message_id=incoming.message_id,
        )

    async def _may_write(self, user: str) -> bool:
        """Tried by the one call that shows nothing which stays: "typing…"."""
        try:
            await self._api.call("sendChatAction", chat_id=int(user), action="typing")
        except (Forbidden, BadRequest):
            return False
        except TelegramError:
            return True
        self.opened(user)
        return True
