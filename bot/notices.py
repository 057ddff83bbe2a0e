"""Notices: messages that nobody asked for just now, each with its reason and its stop condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.messages import Reply

# What goes first when several wait (design.md, Delivery); an answer goes before all of them.
EVENT_CHANGE: Final = 1
QUESTION: Final = 2
REMINDER: Final = 3
BROADCAST: Final = 4

Values = Mapping[str, Any]
Renders = Callable[[Any, Values], Reply]  # the first is a Context, a room above
StillDue = Callable[[Any, Values], bool]


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of notice. `title` is what people call it ("Weekly line"), `reason` the one line that says
    why they get it; `still_due` is asked again in the transaction that claims it; `useful` is how long
    after its moment it still helps."""

    kind: str
    title: str
    reason: str
    render: Renders
    still_due: StillDue
    useful: timedelta
    priority: int


NOTICES: dict[str, Notice] = {}


def notice(
    kind: str,
    title: str,
    reason: str,
    *,
    still_due: StillDue,
    useful: timedelta,
    priority: int = REMINDER,
) -> Callable[[Renders], Renders]:
    """Declare the function below as what a notice of this kind says; it is returned unchanged. It is
    given a Context of its reader and the values that the notice was queued with, and only reads: what it
    says is what stands at that moment.

    Raises ValueError for a kind that is taken.
    """

    def declare(render: Renders) -> Renders:
        if kind in NOTICES:
            raise ValueError(f"there is a notice {kind!r} already")
        NOTICES[kind] = Notice(kind, title, reason, render, still_due, useful, priority)
        return render

    return declare
