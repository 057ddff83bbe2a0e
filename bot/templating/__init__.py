"""Templates and translations: a name, values and a language become Markdown.

Whatever a template prints is escaped, in `{{ title }}` and in `{% trans %}...{{ title }}...{% endtrans %}`,
so that it is read as it was typed. Only the template's own words, their translations and what passed
`|safe_md` are Markdown; the outcome of a macro or a `{% set %}` block is printed with `|safe_md`.
A Phrase that comes as a value is printed in the reader's language, as text; `{{ _(question) }}` says the same
of any string.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.meta import find_referenced_templates

from bot.templating import wording
from bot.templating.catalogues import Catalogues, Otherwise, Sentence
from bot.templating.escaping import Md, as_code, escape, kept_lines

__all__ = ["Md", "Sentence", "Templates", "escape"]

ENDING = ".md.j2"


class Templates:
    """The messages of `folder`/chat, each compiled once.

    `folder` is the one that holds `chat/`. Safe to use from several threads.
    """

    def __init__(self, folder: Path, catalogues: Catalogues | None = None) -> None:
        self._folder = folder / "chat"
        self._catalogues = catalogues or Catalogues()
        self._environment = _environment(self._folder)
        files = (file.relative_to(self._folder).as_posix() for file in self._folder.rglob("*" + ENDING))
        self._files = frozenset(file.removesuffix(ENDING) for file in files)
        self._compiled: dict[str, Template] = {}

    def render(
        self,
        name: str,
        values: Mapping[str, Any],
        language: str = "en",
        zone: str = "Europe/Brussels",
        now: datetime | None = None,
        platform: str = "",
    ) -> str:
        """The Markdown of message `name` with `values`, in a reader's language and IANA zone.

        `name.<platform>` is taken where there is one. Raises jinja2.TemplateNotFound for an unknown name,
        jinja2.UndefinedError for a value that the template needs and was not given, and
        zoneinfo.ZoneInfoNotFoundError for a zone that is none.
        """
        template = self._template(f"{name}.{platform}" if f"{name}.{platform}" in self._files else name)
        with self._catalogues.speaking(language, zone, now):
            text = template.render(values)
        return _MANY_LINES.sub("\n\n", text).strip()

    def translate(self, message_id: str, language: str, **values: Any) -> str:
        """A message id in `language`, with its %(name)s filled: plain text, for labels and titles."""
        return self._catalogues.translate(message_id, language, **values)

    def say_otherwise(self, wordings: tuple[Otherwise, ...]) -> None:
        """How members would have it said, from now on, in place of what the catalogues say."""
        self._catalogues.say_otherwise(wordings)

    def sentences(self, language: str) -> tuple[Sentence, ...]:
        """All that is said in a language."""
        return self._catalogues.sentences(language)

    def exists(self, name: str) -> bool:
        """Whether there is a message of that name."""
        return name in self._files

    def names(self) -> list[str]:
        """The names of all messages, without those for one platform only."""
        return sorted(name for name in self._files if "." not in name)

    def check(self) -> list[str]:
        """One sentence for every template that cannot be read or names another that is not there."""
        return [says for name in sorted(self._files) for says in self._faults(name)]

    def _faults(self, name: str) -> list[str]:
        file = self._folder / (name + ENDING)
        try:
            source = file.read_text(encoding="utf-8")
            tree = self._environment.parse(source, name + ENDING)
            named = set(find_referenced_templates(tree))
            self._environment.compile(tree, name + ENDING, raw=True)
        except TemplateSyntaxError as fault:
            return [f"{file}, line {fault.lineno}: {fault.message}"]
        except (OSError, UnicodeDecodeError) as fault:
            return [f"{file} cannot be read: {fault}"]
        known = {other + ENDING for other in self._files}
        return [f"{file} names {other}, which is not there" for other in sorted(filter(None, named - known))]

    def _template(self, name: str) -> Template:
        template = self._compiled.get(name)
        if template is None:
            template = self._compiled[name] = self._environment.get_template(name + ENDING)
        return template


_MANY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


class _TransKeepsItsLine(Extension):
    """A `{% trans %}` is text: the line end behind it stays, unlike that behind other statements."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        return re.sub(r"endtrans\s*%}", "endtrans +%}", source)


def _environment(folder: Path) -> Environment:
    environment = Environment(  # no autoescape: that is HTML's; ours is printed_aloud()
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        finalize=wording.printed_aloud,
        extensions=["jinja2.ext.i18n", _TransKeepsItsLine],
    )
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the i18n extension's own setting
    environment.globals.update(gettext=wording.trans, ngettext=wording.trans_many, _=wording.translated)
    environment.filters.update(wording.FILTERS, lines=kept_lines, code=as_code, safe_md=Md)
    return environment
