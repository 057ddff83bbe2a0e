"""What a charter file has to get right beyond each single value: names that meet, rules that are whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.charter.decisions import DecisionProfile, Majority, Quorum
from bot.charter.parts import ActivityKind, EventKind, Role
from bot.charter.publishing import NewsletterTable
from bot.charter.values import Charter


class Fault(NamedTuple):
    """Where something is off, what was expected there, and what was found."""

    path: str
    expected: str
    found: str


_BY_ARTICLE = ("objectives", "indicators", "bodies", "roles", "classes", "duties")
_GIVEN_WITH = {  # what a majority rule cannot do without
    "qualified": ("share", "base"),
    "max_against": ("share", "base"),
    "consent": ("objections",),
}


def faults(charter: Charter) -> Iterator[Fault]:
    """Everything in a charter that does not fit together, in the order of the file's sections."""
    yield from _unique_keys(charter)
    yield from _references(charter)
    yield from _articles(charter)
    yield from _words("activity_kinds", charter.activity_kinds)
    yield from _words("event_kinds", charter.event_kinds)
    yield from _words("roles", charter.roles)
    for kind, profile in charter.decisions:
        yield from _profile(f"decisions.{kind}", profile)
    if charter.newsletter_table is not None:
        yield from _newsletter(charter.newsletter_table, [one.key for one in charter.objectives])


def _unique_keys(charter: Charter) -> Iterator[Fault]:
    slugs = [organisation.slug for organisation in charter.organisations]
    yield from _unique("organisations", "slug", slugs)
    short_names = [organisation.short_name.casefold() for organisation in charter.organisations]
    yield from _unique("organisations", "short_name", short_names)
    for section in (*_BY_ARTICLE, "activity_kinds", "event_kinds"):
        yield from _unique(section, "key", [part.key for part in getattr(charter, section)])
    yield from _unique("articles", "number", [str(article.number) for article in charter.articles])


def _unique(section: str, name: str, values: list[str]) -> Iterator[Fault]:
    for place, value in enumerate(values):
        if value in values[:place]:
            first = values.index(value)
            yield Fault(f"{section}[{place}].{name}", "something of its own", f"{value!r} as in [{first}]")


def _references(charter: Charter) -> Iterator[Fault]:
    classes = [one.key for one in charter.classes]
    objectives = [objective.key for objective in charter.objectives]
    kinds = [kind.key for kind in charter.activity_kinds]
    roles = [role.key for role in charter.roles]
    for place, member in enumerate(charter.organisations):
        path = f"organisations[{place}].class"
        yield from _known(path, [member.membership_class], classes, "a class of [[classes]]")
    for place, indicator in enumerate(charter.indicators):
        path = f"indicators[{place}]"
        yield from _known(f"{path}.objective", [indicator.objective], objectives, "one of [[objectives]]")
        yield from _known(
            f"{path}.counts.kinds", indicator.counts.kinds, kinds, "kinds of [[activity_kinds]]"
        )
    for place, event in enumerate(charter.event_kinds):
        logged_as = [event.activity] if event.activity else []
        path = f"event_kinds[{place}].activity"
        yield from _known(path, logged_as, kinds, "one of [[activity_kinds]]")
    for place, body in enumerate(charter.bodies):
        yield from _known(f"bodies[{place}].seats", body.seats, roles, "roles of [[roles]]")
    for place, role in enumerate(charter.roles):
        yield from _known(f"roles[{place}].invites", role.invites, roles, "roles of [[roles]]")
    for kind, profile in charter.decisions:
        yield from _known(f"decisions.{kind}.proposers", profile.proposers, roles, "roles of [[roles]]")
    yield from _scopes(charter)


def _scopes(charter: Charter) -> Iterator[Fault]:
    scopes = {role.key: role.scope for role in charter.roles}
    for place, role in enumerate(charter.roles):
        if role.scope == "alliance":
            continue
        beyond = [key for key in role.invites if scopes.get(key) == "alliance"]
        expected = "only roles of an organisation, as this role is held in one"
        yield from (Fault(f"roles[{place}].invites", expected, repr(key)) for key in beyond)
        if "invite_all" in role.may:
            yield Fault(f"roles[{place}].scope", "'alliance' beside 'invite_all'", repr(role.scope))
    if not any(role.scope == "alliance" and "invite_all" in role.may for role in charter.roles):
        yield Fault("roles", "a role of scope 'alliance' that may 'invite_all'", "none")


def _known(path: str, values: Iterable[str], known: Collection[str], what: str) -> Iterator[Fault]:
    for value in values:
        if value not in known:
            yield Fault(path, f"{what} ({', '.join(known)})", repr(value))


def _articles(charter: Charter) -> Iterator[Fault]:
    numbers = {str(article.number) for article in charter.articles}
    for section in _BY_ARTICLE:
        for place, part in enumerate(getattr(charter, section)):
            yield from _article(f"{section}[{place}].article", part.article, numbers)
    for kind, profile in charter.decisions:
        yield from _article(f"decisions.{kind}.article", profile.article, numbers)
    for place, one in enumerate(charter.articles):
        if one.motion is not None and one.since is None:
            expected = "the day since which it reads so, as a motion changed it"
            yield Fault(f"articles[{place}].since", expected, "nothing")


def _article(path: str, reference: str | None, numbers: set[str]) -> Iterator[Fault]:
    if reference is None or reference == "Preamble":
        return
    if reference.removeprefix("Art. ").partition("(")[0] not in numbers:
        yield Fault(path, "an article of [[articles]]", repr(reference))


def _words(section: str, kinds: Sequence[ActivityKind | EventKind | Role]) -> Iterator[Fault]:
    """A typed word has to mean one kind of activity, one kind of event, and one role."""
    meant: dict[str, str] = {}
    for place, kind in enumerate(kinds):
        for word in dict.fromkeys(typed.casefold() for typed in (kind.key, _label(kind), *kind.words)):
            first = meant.setdefault(word, kind.key)
            if first != kind.key:
                found = f"{word!r} as in {first!r}"
                yield Fault(f"{section}[{place}].words", "words of its own", found)


def _label(one: ActivityKind | EventKind | Role) -> str:
    return one.title if isinstance(one, Role) else one.label


def _profile(path: str, profile: DecisionProfile) -> Iterator[Fault]:
    yield from _quorum(f"{path}.quorum", profile.quorum)
    for place, majority in enumerate(profile.majority):
        yield from _majority(f"{path}.majority[{place}]", majority)
    rules = {majority.rule for majority in profile.majority}
    if rules == {"max_against"}:
        yield Fault(f"{path}.majority", "'max_against' only beside another rule", "it alone")
    if len(profile.majority) > 1 and rules & {"none", "consent", "plurality"}:
        yield Fault(f"{path}.majority", "'none', 'consent' or 'plurality' to stand alone", "several rules")
    if profile.secret_from is not None and profile.secrecy != "secret":
        yield Fault(f"{path}.secret_from", "nothing unless secrecy is 'secret'", str(profile.secret_from))


def _quorum(path: str, quorum: Quorum) -> Iterator[Fault]:
    if quorum.rule == "none" and quorum.share is not None:
        yield Fault(f"{path}.share", "nothing, as the rule is 'none'", repr(quorum.share))
    if quorum.rule != "none" and quorum.share is None:
        yield Fault(f"{path}.share", f"a share, as the rule is {quorum.rule!r}", "nothing")


def _majority(path: str, majority: Majority) -> Iterator[Fault]:
    needed = _GIVEN_WITH.get(majority.rule, ())
    for name in ("share", "base", "objections"):
        value = getattr(majority, name)
        if name in needed and value is None:
            yield Fault(f"{path}.{name}", f"a value, as the rule is {majority.rule!r}", "nothing")
        if name not in needed and value is not None:
            yield Fault(f"{path}.{name}", f"nothing, as the rule is {majority.rule!r}", repr(value))


def _newsletter(table: NewsletterTable, objectives: list[str]) -> Iterator[Fault]:
    yield from _unique("newsletter.topics", "key", [topic.key for topic in table.topics])
    for place, topic in enumerate(table.topics):
        path = f"newsletter.topics[{place}].objectives"
        yield from _known(path, topic.objectives, objectives, "some of [[objectives]]")
    if table.most_words < table.least_words:
        expected = f"at least the {table.least_words} of 'least_words'"
        yield Fault("newsletter.most_words", expected, str(table.most_words))
