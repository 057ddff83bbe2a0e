"""Cards: posts that show a topic as it stands. Declared here, rendered when sent, edited when stale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.context import Context
from bot.messages import Reply

Renders = Callable[[Context, str], Reply]


@dataclass(frozen=True, slots=True)
class Card:
    """How one kind of topic is shown. `shows` are the nouns of storage whose every change makes its
    cards stale; other changes say so themselves (`ctx.stale`)."""

    kind: str
    render: Renders
    shows: tuple[str, ...] = ()


CARDS: dict[str, Card] = {}


def card(kind: str, shows: tuple[str, ...] = ()) -> Callable[[Renders], Renders]:
    """Declare the function below as the card of topics of this kind; it is returned unchanged. It is
    given a Context of the place where the card stands and the topic's key, and only reads.

    Raises ValueError for a kind that has a card already.
    """

    def declare(render: Renders) -> Renders:
        if kind in CARDS:
            raise ValueError(f"there is a card for {kind!r} already")
        CARDS[kind] = Card(kind, render, shows)
        return render

    return declare
