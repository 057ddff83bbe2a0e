"""Notices: messages that nobody asked for just now, each with its reason and its stop condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.commands import N_
from bot.messages import Reply

# What goes first when several wait (design.md, Delivery); an answer goes before all of them.
EVENT_CHANGE: Final = 1
QUESTION: Final = 2
REMINDER: Final = 3
BROADCAST: Final = 4

Values = Mapping[str, Any]
Renders = Callable[[Any, Values], Reply]  # the first is a Context, a room above
StillDue = Callable[[Any, Values], bool]
About = Callable[[Values], Iterable[str]]
WEEKS: Final = timedelta(days=21)


def what_is_owed(values: Values) -> tuple[str, ...]:
    """What a notice about something owed is about: that, by the name of what is owed (`people/duties.py`)."""
    return (values["owed"],) if "owed" in values else ()


@dataclass(frozen=True, slots=True)
class Theme:
    """What notices can be about, as people choose in `/notify`: `title` and `summary` are message ids."""

    key: str
    title: str
    summary: str


THEMES: Final = (
    Theme("votes", N_("Votes"), N_("motions, votes to cast, results")),
    Theme("events", N_("Events"), N_("invitations, reminders, changes")),
    Theme("activities", N_("Activities"), N_("what is logged, confirmations, questions")),
    Theme("indicators", N_("Indicators"), N_("targets that are not met yet")),
    Theme("newsletter", N_("Newsletter"), N_("the newsletter itself, and items for it")),
    Theme("announcements", N_("Announcements"), N_("what members tell everybody")),
    Theme("alliance", N_("Membership"), N_("people, terms, the charter, the ECCP profile")),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of notice. `title` is what people call it ("Weekly line"), `reason` the one line that says
    why they get it; `still_due` is asked again in the transaction that claims it; `useful` is how long
    after its moment it still helps; `render` is None for one that says what it was told with (`told`).

    What attention makes of it (engagement.md 2): `theme` is one of `THEMES`. `counts` says whether it takes
    from its reader's budget and may wait for a digest; not so what their own yes promised, an answer to what
    they did, or what would harm them if it came late. `any_hour`: it may come outside waking hours. `duty`:
    it asks for something that a deputy can do while its reader is away. `stoppable`: it ends with Later and
    Stop these; not so what is about their account or their safety. `line` says it in one line of a digest,
    with the taps that settle it; without one that is the first line of what it says. `about` names what it
    asks or tells about, by the same name in every kind that does: in one digest that is said once."""

    kind: str
    title: str
    reason: str
    render: Renders | None
    still_due: StillDue
    useful: timedelta
    priority: int
    theme: str = "alliance"
    counts: bool | StillDue = True
    any_hour: bool | StillDue = False
    duty: bool = False
    stoppable: bool = True
    line: Renders | None = None
    about: About = what_is_owed

    def takes(self, ctx: Any, values: Values) -> bool:
        """Whether one with these values counts: it takes from its reader's attention."""
        return self.counts if isinstance(self.counts, bool) else self.counts(ctx, values)

    def wakes(self, ctx: Any, values: Values) -> bool:
        """Whether one with these values may come outside waking hours."""
        return self.any_hour if isinstance(self.any_hour, bool) else self.any_hour(ctx, values)


NOTICES: dict[str, Notice] = {}


def notice(
    kind: str,
    title: str,
    reason: str,
    *,
    still_due: StillDue,
    useful: timedelta,
    priority: int = REMINDER,
    theme: str = "alliance",
    counts: bool | StillDue = True,
    any_hour: bool | StillDue = False,
    duty: bool = False,
    stoppable: bool = True,
    line: Renders | None = None,
    about: About = what_is_owed,
) -> Callable[[Renders], Renders]:
    """Declare the function below as what a notice of this kind says; it is returned unchanged. It is
    given a Context of its reader and the values that the notice was queued with, and only reads: what it
    says is what stands at that moment.

    Raises ValueError for a kind that is taken, and for a theme that there is not.
    """

    def declare(render: Renders) -> Renders:
        _add(
            Notice(
                kind, title, reason, render, still_due, useful, priority,
                theme, counts, any_hour, duty, stoppable, line, about,
            )
        )  # fmt: skip
        return render

    return declare


def told(
    kind: str,
    title: str,
    reason: str,
    *,
    still_due: StillDue = lambda _ctx, _values: True,
    useful: timedelta = WEEKS,
    priority: int = QUESTION,
    theme: str = "alliance",
    counts: bool | StillDue = True,
    duty: bool = False,
    stoppable: bool = True,
    about: About = what_is_owed,
) -> str:
    """Declare a kind of message that is told with its own template, values and buttons (`ctx.tell`), and
    return the kind. Raises ValueError as `notice` does."""
    _add(
        Notice(
            kind, title, reason, None, still_due, useful, priority,
            theme, counts, False, duty, stoppable, None, about,
        )
    )  # fmt: skip
    return kind


def _add(one: Notice) -> None:
    if one.kind in NOTICES:
        raise ValueError(f"there is a notice {one.kind!r} already")
    if one.theme not in {theme.key for theme in THEMES}:
        raise ValueError(f"{one.kind!r} is about none of the themes: {one.theme!r}")
    NOTICES[one.kind] = one
