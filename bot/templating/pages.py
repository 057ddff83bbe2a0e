"""Pages and mails: HTML and plain text from `templates/pages` and `templates/email`.

As in `bot.templating`, words stand in `{% trans %}` and values are read as they were typed: in an `.html`
file as HTML's text, in a `.txt` file as they are. The filters of chat templates are here too, and `md`
(Markdown as safe HTML), `plain` (Markdown as plain text), `safe_link` (an address that may be led to, or "")
and `site_name` (whose it is).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.templating import wording
from bot.templating.catalogues import Catalogues
from bot.templating.html import safe_link, to_html, to_text
from bot.templating.wording import SPEECH

__all__ = ["Pages"]

ENDING = ".j2"


class Pages:
    """The pages and mails of `folder`, each compiled once. `folder` is the one that holds `pages/` and
    `email/`. Safe to use from several threads."""

    def __init__(self, folder: Path, catalogues: Catalogues | None = None) -> None:
        self.folder = folder
        self._catalogues = catalogues or Catalogues()
        self._environment = _environment(folder)

    def render(
        self,
        name: str,
        values: Mapping[str, Any],
        language: str = "en",
        zone: str = "Europe/Brussels",
        now: datetime | None = None,
    ) -> str:
        """The page or mail `name` ("pages/letter.html", "email/plain.txt") in a reader's language and IANA
        zone. A template also reads `language`, the tag for its `lang`.

        Raises jinja2.TemplateNotFound for an unknown name, jinja2.UndefinedError for a value that the
        template needs and was not given, and zoneinfo.ZoneInfoNotFoundError for a zone that is none.
        """
        template = self._environment.get_template(name + ENDING)
        with self._catalogues.speaking(language, zone, now):
            return template.render({"language": language, **values})

    def translate(self, message_id: str, language: str, **values: Any) -> str:
        """A message id in `language`, with its %(name)s filled: plain text, for labels and titles."""
        return self._catalogues.translate(message_id, language, **values)

    def language_for(self, accepted: str) -> str:
        """The language to answer in, for what a browser accepts ("pt-BR, pt;q=0.9, en;q=0.5"): the one it
        likes best among those that have a catalogue; English if there is none (RFC 9110, 12.5.4)."""
        spoken = self._catalogues.languages()
        for tag in _by_liking(accepted):
            if (short := tag.partition("-")[0]) in spoken:
                return short
        return "en"


def _by_liking(accepted: str) -> list[str]:
    """The tags of an Accept-Language, the best liked first; those that are not taken at all are left out."""
    liked: list[tuple[float, str]] = []
    for one in accepted[:1000].split(","):
        tag, _, quality = one.strip().lower().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag and 0 < weight <= 1:
            liked.append((weight, tag.strip()))
    return [tag for _, tag in sorted(liked, key=lambda pair: -pair[0])]


def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=lambda name: name is None or name.endswith(".html" + ENDING),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        keep_trailing_newline=True,
        finalize=lambda value: "" if value is None else wording.aloud(value),
        extensions=["jinja2.ext.i18n"],
    )
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the i18n extension's own setting
    environment.globals.update(gettext=_trans, ngettext=_trans_many, _=wording.translated)
    ours = {"utc_time": _utc_time, "listing": _listing, "md": to_html, "plain": to_text}
    links = {"safe_link": safe_link, "site_name": _site_name}
    environment.filters.update(wording.FILTERS | ours | links)
    return environment


@pass_context
def _trans(context: Context, message_id: str, /, **values: Any) -> str:
    """What `{% trans %}` calls: the template's own words are HTML in an `.html` file, the values never."""
    return _filled(context, SPEECH.get().catalogue.gettext(message_id), message_id, values)


@pass_context
def _trans_many(context: Context, one: str, many: str, number: int, /, **values: Any) -> str:
    """What `{% trans %}` with `{% pluralize %}` calls."""
    text = SPEECH.get().catalogue.ngettext(one, many, number)
    return _filled(context, text, one if number == 1 else many, {"num": number, **values})


def _filled(context: Context, text: str, message_id: str, values: Mapping[str, Any]) -> str:
    kind: Callable[[str], str] = Markup if context.eval_ctx.autoescape else str
    given = {name: "" if value is None else wording.aloud(value) for name, value in values.items()}
    try:
        return kind(wording.ended_once(text, given)) % given
    except (KeyError, TypeError, ValueError):  # a translation whose placeholders are wrong
        return kind(wording.ended_once(message_id, given)) % given


@pass_context
def _utc_time(context: Context, value: datetime | str, zone: str = "") -> str:
    """A filter: the moment as "14:00 UTC", without the link to it: no browser or mail program knows that."""
    return to_text(wording.utc_time_filter(context, value, zone))


@pass_context
def _listing(context: Context, values: Iterable[Any]) -> str:
    """A filter: several values as "A, B and C"."""
    return to_text(wording.listing_filter(context, values))


def _site_name(address: str) -> str:
    """A filter: "place.eu" for https://www.place.eu/news/7."""
    return (urlsplit(address).hostname or address).removeprefix("www.")
