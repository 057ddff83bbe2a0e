"""Templates: what is printed is escaped, in every language, with days and times as people read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import TemplateNotFound, UndefinedError

from bot.platforms.markup import plain_text, telegram_text, terminal_text
from bot.templating import Md, Templates, escape
from bot.templating.catalogues import Catalogues

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOSTILE = "<!channel> *bold* _it_ ~~s~~ `c` [l](http://x.eu) <b>&amp;</b> # 1. - > \\"
MARKS = st.text(alphabet="*_~`[]()<>!#+-=.>|&\\:/ \n\t10ab@é😀")
ANYTHING = st.text() | MARKS | st.text(alphabet=st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zs", "P")))


def write(folder: Path, **templates: str) -> Templates:
    for name, text in templates.items():
        file = folder / "chat" / (name.replace("__", "/") + ".md.j2")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Templates(folder, Catalogues(folder / "catalogues"))


def translate_to(
    folder: Path, language: str, words: dict[str | tuple[str, str], str | tuple[str, str]]
) -> None:
    catalogue = Catalog(locale=language)
    for original, translation in words.items():
        catalogue.add(original, translation)
    file = folder / "catalogues" / f"{language}.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        write_po(opened, catalogue)


def say(
    folder: Path, template: str, language: str = "en", zone: str = "Europe/Brussels", **values: Any
) -> str:
    return write(folder, it=template).render("it", values, language, zone, NOW)


def letters(text: str) -> str:
    """What must survive: everything but white space, controls and marks of direction."""
    gone = {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    kept = (character for character in text if ord(character) not in gone and not character.isspace())
    return "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= c <= "\udfff" else c for c in kept)


def test_values_are_read_as_typed_inside_and_outside_of_trans(tmp_path: Path) -> None:
    template = "{{ title }}\n{% trans %}Logged: *{{ title }}* · {{ kind }}{% endtrans %}\nEnd."
    text = say(tmp_path, template, title=HOSTILE, kind="workshop")
    assert plain_text(text) == f"{HOSTILE}\nLogged: {HOSTILE} · workshop\nEnd."


@pytest.mark.parametrize(
    "typed", ["# A", "1. A", "12) A", "- A", "+ A", "> A", "* A", "---", "===", "~~~", "    A"]
)
def test_a_value_at_the_start_of_a_line_begins_nothing(tmp_path: Path, typed: str) -> None:
    text = say(tmp_path, "Title\n{{ typed }}\n\n- {{ typed }}", typed=typed)
    assert plain_text(text) == f"Title\n{typed.strip()}\n\n• {typed.strip()}"
    assert [part[1] for part in telegram_text(text)] == [[]]


def test_escaped_text_would_begin_nothing_in_any_markdown() -> None:
    assert escape("===") == "\\==="
    assert escape(" - 1. (a) <b>") == " \\- 1. \\(a\\) \\<b\\>"
    assert escape("12. a 3. b") == "12\\. a 3. b"
    assert escape("3.5 in 2026.") == "3.5 in 2026."
    assert escape("a\u202eb\u2066c\x00d") == "abcd"


def test_a_value_keeps_the_emphasis_around_it(tmp_path: Path) -> None:
    text = say(tmp_path, "{% trans %}*{{ title }}*{% endtrans %}", title=" *Open* day\n")
    ((shown, entities),) = telegram_text(text)
    assert shown == "*Open* day"
    assert [entity.type for entity in entities] == ["italic"]


def test_values_beside_each_other_begin_nothing(tmp_path: Path) -> None:
    text = say(tmp_path, "{{ one }}{{ two }}", one="1", two=". A")
    assert plain_text(text) == "1. A"
    assert "\\" in text


@given(ANYTHING)
@example("\ud800 lone half")
@example("a\x00b\x1b[31mc")
def test_any_text_comes_out_of_every_platform_as_it_went_in(typed: str) -> None:
    text = escape(typed)
    assert letters(plain_text(text)) == letters(typed)
    assert letters(terminal_text(text, colour=False)) == letters(typed)
    assert "\x1b" not in terminal_text(text)
    # a word joiner behind an "@" keeps Telegram from making a mention of it
    shown = "".join(letters(part) for part, _ in telegram_text(text))
    assert shown.replace("\u2060", "") == letters(typed).replace("\u2060", "")
    assert not any(entities for _, entities in telegram_text(text))
    assert letters(plain_text(f"Logged: **{text.strip()}x** · *x{text.strip()}*")) == (
        f"Logged:{letters(typed)}x·x{letters(typed)}"
    )


@given(ANYTHING)
def test_escaped_text_stays_on_one_line_and_is_storable(typed: str) -> None:
    assert len(escape(typed).splitlines()) <= 1
    assert escape(typed).encode() is not None
    assert "\x00" not in escape(typed)


def test_what_is_markdown_already_stays_so(tmp_path: Path) -> None:
    assert say(tmp_path, "{{ a }} {{ '*b*'|safe_md }} {{ '*c*' }}", a=Md("*a*")) == "*a* *b* \\*c\\*"


def test_lines_are_kept_only_where_asked_for(tmp_path: Path) -> None:
    typed = "one\n# two\r\n\n\nthree"
    assert plain_text(say(tmp_path, "{{ typed }}", typed=typed)) == "one # two    three"
    assert plain_text(say(tmp_path, "{{ typed|lines }}", typed=typed)) == "one\n# two\n\nthree"


@pytest.mark.parametrize("typed", ["K7Q2-M4", "a*b*", "a`b", "``", "`", "<x>", " a  b "])
def test_code_is_shown_letter_by_letter(tmp_path: Path, typed: str) -> None:
    text = say(tmp_path, "Code {{ typed|code }}.", typed=typed)
    assert plain_text(text) == f"Code {' '.join(typed.split())}."
    assert [entity.type for entity in telegram_text(text)[0][1]] == ["code"]


def test_statements_leave_no_lines_and_many_blank_lines_become_one(tmp_path: Path) -> None:
    template = "\n\n{% if yes %}\nOne\n{% endif %}\n\n\n \n\n{% trans %}Two{% endtrans %}\n"
    template += "{% trans %}Three{% endtrans %}\n\n"
    assert say(tmp_path, template, yes=True) == "One\n\nTwo\nThree"


def test_days_and_times_are_the_readers(tmp_path: Path) -> None:
    template = (
        "{{ at|moment }} · {{ at|clock }} · {{ at|day }} · {{ day|day }} · {{ old|day }} · {{ text|day }}"
    )
    values: dict[str, Any] = {"day": date(2026, 11, 24), "old": date(2025, 9, 4), "text": "2026-05-12"}
    at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert (
        say(tmp_path, template, at=at, zone="Europe/Riga", **values)
        == "Tue 24 Nov, 01:30 · 01:30 · Tue 24 Nov · Tue 24 Nov · Thu 4 Sep 2025 · Tue 12 May"
    )
    assert say(tmp_path, "{{ at|moment }}", at=at.isoformat(), zone="Europe/Lisbon") == "Mon 23 Nov, 23:30"
    assert say(tmp_path, "{{ at|moment_in }}", at=at, zone="Europe/Riga") == "Tue 24 Nov, 01:30 in Riga"
    assert say(tmp_path, "{{ at|clock('Europe/Paris') }}", at=at, zone="Europe/Lisbon") == "00:30"
    assert say(tmp_path, "{{ day|day }}", language="fr", **values) == "mar. 24 nov."
    assert say(tmp_path, "{{ old|day }}", language="it-CH", **values) == "gio 4 set 2025"


def test_the_year_is_named_when_it_is_another_where_the_reader_is(tmp_path: Path) -> None:
    templates = write(tmp_path, it="{{ day|day }}")
    midnight = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    values: dict[str, Any] = {"day": "2027-01-02"}
    assert templates.render("it", values, "en", "Europe/Riga", midnight) == "Sat 2 Jan"
    assert templates.render("it", values, "en", "Europe/Lisbon", midnight) == "Sat 2 Jan 2027"


def test_a_moment_without_its_offset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="offset"):
        say(tmp_path, "{{ at|moment }}", at="2026-11-24T13:00:00")


def test_places_lists_and_numbers(tmp_path: Path) -> None:
    template = "{{ place|zone_city }} · {{ names|listing }} · {{ one|listing }} · {{ nobody|listing }}"
    template += " · {{ big|number }}"
    values: dict[str, Any] = {
        "place": "Europe/Lisbon",
        "names": ["A", "*B*", "C"],
        "one": ["A"],
        "nobody": [],
        "big": 12345,
    }
    assert plain_text(say(tmp_path, template, **values)) == "Lisbon · A, *B* and C · A ·  · 12,345"
    assert plain_text(say(tmp_path, template, "de", **values)) == "Lissabon · A, *B* und C · A ·  · 12.345"
    assert say(tmp_path, "{{ place|zone_city }}", place="Nowhere/Far_Away") == "Far Away"


def test_translations(tmp_path: Path) -> None:
    translate_to(
        tmp_path,
        "fr",
        {
            "Logged: *%(title)s*": "Noté : *%(title)s*",
            ("%(num)s seat", "%(num)s seats"): ("%(num)s place", "%(num)s places"),
            "Undo": "Annuler",
            "What *was* it?": "C'était *quoi* ?",
            "Hello %(name)s": "Bonjour %(nom)s",
        },
    )
    template = (
        "{% trans %}Logged: *{{ title }}*{% endtrans %}\n"
        "{% trans num=seats %}{{ num }} seat{% pluralize %}{{ num }} seats{% endtrans %}\n"
        "{{ _(question) }} {% trans %}100% new{% endtrans %}"
    )
    values: dict[str, Any] = {"title": "*50%*", "seats": 2, "question": "What *was* it?"}
    french = say(tmp_path, template, "fr-BE", **values)
    assert plain_text(french) == "Noté : *50%*\n2 places\nC'était *quoi* ? 100% new"
    english = say(tmp_path, template, "lv", **{**values, "seats": 1})
    assert plain_text(english) == "Logged: *50%*\n1 seat\nWhat *was* it? 100% new"
    templates = write(tmp_path)
    assert templates.translate("Undo", "fr") == "Annuler"
    assert templates.translate("Undo", "xx") == "Undo"
    assert templates.translate("", "fr") == ""
    assert templates.translate("100 % sure", "fr") == "100 % sure"
    assert templates.translate("Hello %(name)s", "de", name="*Ana*") == "Hello *Ana*"
    assert templates.translate("Hello %(name)s", "fr", name="Ana") == "Hello Ana"  # its placeholder is wrong


def test_one_template_speaks_to_many_readers_in_turn(tmp_path: Path) -> None:
    translate_to(tmp_path, "fr", {"Hello": "Bonjour"})
    templates = write(
        tmp_path,
        macros="{% macro greet(day) %}{% trans %}Hello{% endtrans %} {{ day|day }}{% endmacro %}",
        it='{% from "macros.md.j2" import greet %}{{ greet("2026-11-24")|safe_md }} {{ 1234.5|number }}',
    )
    said = [templates.render("it", {}, language, now=NOW) for language in ("fr", "en", "fr")]
    assert said[1] == "Hello Tue 24 Nov 1,234.5"
    assert said[0] == said[2] == "Bonjour mar. 24 nov. 1\u202f234,5"


def test_names_variants_and_missing_ones(tmp_path: Path) -> None:
    templates = write(tmp_path, log="Said", **{"log.slack": "Said on Slack", "refusals__day": "No day"})
    assert templates.names() == ["log", "refusals/day"]
    assert templates.exists("refusals/day")
    assert not templates.exists("refusals/night")
    assert templates.render("log", {}, platform="slack") == "Said on Slack"
    assert templates.render("log", {}, platform="telegram") == "Said"
    with pytest.raises(TemplateNotFound):
        templates.render("nothing", {})


@pytest.mark.parametrize(
    "template", ["{{ gone }}", "{{ gone|lines }}", "{% trans %}{{ gone }}{% endtrans %}"]
)
def test_a_value_that_was_not_given_is_noticed(tmp_path: Path, template: str) -> None:
    with pytest.raises(UndefinedError):
        say(tmp_path, template)


def test_check_names_file_line_and_fault(tmp_path: Path) -> None:
    templates = write(
        tmp_path,
        good="{% trans %}Fine{% endtrans %}",
        unclosed="One\n{% if yes %}",
        strange="One\n\n{{ day|dya }}",
        lonely='{% include "none.md.j2" %}',
    )
    (tmp_path / "chat" / "latin.md.j2").write_bytes(b"caf\xe9")
    templates = Templates(tmp_path)
    faults = templates.check()
    assert len(faults) == 4
    assert "latin.md.j2 cannot be read" in faults[0]
    assert faults[1].endswith("lonely.md.j2 names none.md.j2, which is not there")
    assert faults[2].endswith("strange.md.j2, line 3: No filter named 'dya'.")
    assert "unclosed.md.j2, line 2: " in faults[3]


def test_a_sentence_ends_once(tmp_path: Path) -> None:
    """Short months end in a point: "le 24 nov." is no reason for a second one."""
    template = (
        "{% trans day=day|day %}It closes *{{ day }}*.{% endtrans %}\n"
        "{% trans day=day|day, title=title %}Is it {{ day }}? {{ title }}. So ({{ day }}).{% endtrans %}"
    )
    translate_to(tmp_path, "fr", {"It closes *%(day)s*.": "Clôture le *%(day)s*."})
    translate_to(tmp_path, "pl", {"It closes *%(day)s*.": "Koniec: *%(day)s*."})
    values: dict[str, Any] = {"day": date(2026, 11, 24), "title": "Who decides?"}
    said = {language: say(tmp_path, template, language, **values) for language in ("en", "fr", "pl")}
    assert said["en"].splitlines()[0] == "It closes *Tue 24 Nov*."
    assert said["fr"].splitlines() == [
        "Clôture le *mar. 24 nov.*",
        "Is it mar. 24 nov.? Who decides? So (mar. 24 nov.).",
    ]
    assert said["pl"].splitlines()[0] == "Koniec: *wt., 24 lis*."
    assert say(tmp_path, template, "pl", **{**values, "title": "Tak!"}).endswith("Tak! So (wt., 24 lis).")
    in_code = Catalogues(tmp_path / "catalogues").translate("Since %(day)s.", "fr", day="24 nov.")
    assert in_code == "Since 24 nov."


def test_what_stands_before_a_colon_has_the_space_of_its_language(tmp_path: Path) -> None:
    translate_to(tmp_path, "fr", {"%(what)s: %(words)s": "%(what)s\u00a0: %(words)s"})
    template = "{{ what|labelled(words) }}"
    assert say(tmp_path, template, what="A_b", words="yes") == "A\\_b: yes"
    assert say(tmp_path, template, "fr", what="Quorum", words=Md("**oui**")) == "Quorum\u00a0: **oui**"


def test_plural_forms_follow_a_number() -> None:
    """Jinja takes the first value of a sentence: a name there would choose the form."""
    sentence = re.compile(r"{% trans (\w+)=[^%]* %}(?:(?!endtrans).)*{% pluralize %}")
    files = Path(__file__).parents[1].joinpath("templates").rglob("*.j2")
    first = {found[1] for file in files for found in sentence.finditer(file.read_text(encoding="utf-8"))}
    assert first <= {"count", "waits"}
    assert "count" in first
