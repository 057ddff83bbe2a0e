"""Pages and mails as templates: values are text, words are translated, languages are chosen."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from jinja2 import TemplateNotFound, UndefinedError

from bot.templating.catalogues import Catalogues
from bot.templating.pages import Pages

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HOSTILE = "<b>\"Tom\" & 'Ann'</b> *x* 100%"


def written(folder: Path, **templates: str) -> Pages:
    for name, text in templates.items():
        file = folder / (name.replace("__", "/").replace("_html", ".html").replace("_txt", ".txt") + ".j2")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Pages(folder, Catalogues(folder / "catalogues"))


def speaks(folder: Path, language: str, **words: str) -> None:
    catalogue = Catalog(locale=language)
    for original, translation in words.items():
        catalogue.add(original.replace("_", " "), translation)
    file = folder / "catalogues" / f"{language}.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        write_po(opened, catalogue)


def test_a_value_is_text_in_html_and_itself_in_plain_text(tmp_path: Path) -> None:
    words = "{{ it }} {% trans it=it %}<i>{{ it }}</i>, 7%{% endtrans %}"
    pages = written(tmp_path, pages__a_html=words, email__a_txt=words)
    safe = "&lt;b&gt;&#34;Tom&#34; &amp; &#39;Ann&#39;&lt;/b&gt; *x* 100%"
    assert pages.render("pages/a.html", {"it": HOSTILE}) == f"{safe} <i>{safe}</i>, 7%"
    assert pages.render("email/a.txt", {"it": HOSTILE}) == f"{HOSTILE} <i>{HOSTILE}</i>, 7%"


def test_days_places_and_lists_are_said_as_in_chats(tmp_path: Path) -> None:
    words = "{{ at|day }} · {{ at|moment_in }} · {{ at|utc_time }} · {{ names|listing }} · {{ 1234|number }}"
    pages = written(tmp_path, pages__a_html=words)
    said = pages.render(
        "pages/a.html", {"at": NOW, "names": ["A<b>", "B_c", "D"]}, "en", "Europe/Lisbon", NOW
    )
    assert said == ("Tue 24 Nov · Tue 24 Nov, 09:30 in Lisbon · 09:30 UTC · A&lt;b&gt;, B_c and D · 1,234")


def test_markdown_becomes_html_in_one_and_words_in_the_other(tmp_path: Path) -> None:
    pages = written(tmp_path, pages__a_html="{{ it|md }}", email__a_txt="{{ it|plain }}")
    it = {"it": "*Hi* [you](https://a.eu) <b>"}
    assert pages.render("pages/a.html", it) == (
        '<p><em>Hi</em> <a href="https://a.eu" rel="nofollow noopener">you</a> &lt;b&gt;</p>'
    )
    assert pages.render("email/a.txt", it) == "Hi you (https://a.eu) <b>"


def test_a_page_speaks_the_language_that_a_browser_likes_best(tmp_path: Path) -> None:
    speaks(tmp_path, "pt", Older="Mais <antigas>", It_is_x="É %(wrong)s")
    pages = written(tmp_path, pages__a_html="{{ language }} {% trans %}Older{% endtrans %} {{ _('Older') }}")
    for accepted, spoken in (
        ("pt-PT, en;q=0.5", "pt"),
        ("de, en;q=0.3, pt;q=0.9", "pt"),
        ("de-CH", "en"),
        ("pt;q=0, en", "en"),
        ("pt;q=x,,;q=1, *", "en"),
        ("", "en"),
    ):
        assert pages.language_for(accepted) == spoken
    assert pages.render("pages/a.html", {}, "pt") == "pt Mais <antigas> Mais &lt;antigas&gt;"
    assert pages.translate("Older", "pt") == "Mais <antigas>"
    assert Pages(tmp_path).language_for("pt") == "en"


def test_a_translation_with_a_wrong_placeholder_is_said_in_english(tmp_path: Path) -> None:
    pages = written(
        tmp_path, pages__a_html="{% trans n=n %}One{% pluralize n %}{{ n }} of them{% endtrans %}"
    )
    assert pages.render("pages/a.html", {"n": 1}) == "One"
    assert pages.render("pages/a.html", {"n": 3}) == "3 of them"
    broken = Catalog(locale="fr")
    broken.add("It is %(x)s", "C'est %(y)s")
    file = tmp_path / "catalogues/fr.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        write_po(opened, broken)
    pages = written(tmp_path, pages__b_html="{% trans x=x %}It is {{ x }}{% endtrans %}")
    assert pages.render("pages/b.html", {"x": "<7>"}, "fr") == "It is &lt;7&gt;"


def test_what_is_not_there_is_said_loudly(tmp_path: Path) -> None:
    pages = written(tmp_path, pages__a_html="{{ nobody }}")
    with pytest.raises(UndefinedError):
        pages.render("pages/a.html", {})
    with pytest.raises(TemplateNotFound):
        pages.render("pages/b.html", {})


def contrast(one: str, other: str) -> float:
    """How well two colours are told apart (WCAG 2.2, 1.4.3)."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_are_readable_by_day_and_by_night() -> None:
    style = (ROOT / "templates/pages/style.css").read_text()
    assert "url(" not in style
    assert "@import" not in style
    for palette in style.split("prefers-color-scheme: dark")[:2]:
        block = palette[palette.index("--paper") : palette.index("}", palette.index("--paper"))]
        colours = dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", block))
        for ink, paper in (
            ("--ink", "--paper"),
            ("--soft", "--paper"),
            ("--green", "--paper"),
            ("--on-green", "--green"),
            ("--ink", "--tint"),
            ("--green", "--tint"),
        ):
            assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)
