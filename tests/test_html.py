"""Markdown for pages and mails: nothing that somebody types runs, is fetched, or is lost."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.templating import escape
from bot.templating.html import safe_link, to_html, to_text

TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
ATTRIBUTES = {"a": {"href", "rel"}, "td": {"align"}, "th": {"align"}, "ol": {"start"}, "code": {"class"}}
MARKS = st.text(alphabet="*_~`[]()<>!#+-=.:|&\\/ \n\t10ab\"'@é😀") | st.text()
HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "<img src=x onerror=y>",
        "![x](data:text/html;base64,AAAA)",
        "[x](data:text/html,y)",
        "[x](//evil.example)",
        "<javascript:y>",
        '[x](http://a.eu "y\\" onclick=z")',
        'https://a.eu/"onmouseover=y',
        "[a]: javascript:y\n\n[a]",
        "&lt;b&gt;",
        '<http://a.eu/"x>',
        '```"><script>\nx\n```',
        "|a|\n|-|\n|<b>|",
    ]
)


class Read(HTMLParser):
    """What a browser makes of it: tags with their attributes, and the words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(str(text))  # what is added to Markup is escaped
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def links(markdown: str) -> list[str | None]:
    return [given["href"] for tag, given in Read(to_html(markdown)).tags if tag == "a"]


def test_commonmark_with_tables_and_strikethrough() -> None:
    assert to_html("Some *words*, **more** and ~~less~~") == (
        "<p>Some <em>words</em>, <strong>more</strong> and <s>less</s></p>"
    )
    assert to_html("one\ntwo") == "<p>one<br />\ntwo</p>"
    assert to_html("# News") == "<p><strong>News</strong></p>"  # the page has its own headings
    table = to_html("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<th align="right">b</th>' in table
    assert "style" not in table


def test_links_lead_to_the_web_or_to_a_mail_and_nowhere_else() -> None:
    assert to_html("[us](https://a.eu/?b=1&c=2)") == (
        '<p><a href="https://a.eu/?b=1&amp;c=2" rel="nofollow noopener">us</a></p>'
    )
    assert links("<mailto:a@b.eu> [b](mailto:c@d.eu)") == ["mailto:a@b.eu", "mailto:c@d.eu"]
    for address in (
        "javascript:x",
        "data:text/html,x",
        "//a.eu",
        "/inside",
        "vbscript:x",
        "file:///x",
        "time:7",
    ):
        assert to_html(f"[us]({address})") == "<p>us</p>"


def test_a_bare_address_is_a_link_without_the_end_of_its_sentence() -> None:
    assert links("See https://a.eu/b_c, (https://a.eu/d_(e)) and http://a.eu/f?g=1.") == [
        "https://a.eu/b_c",
        "https://a.eu/d_(e)",
        "http://a.eu/f?g=1",
    ]
    assert links("`https://a.eu` and https://") == []
    assert links(escape("https://a.eu/b_c*d")) == ["https://a.eu/b_c*d"]


def test_a_picture_is_a_link_that_says_what_it_shows() -> None:
    assert to_html("![Our stand](https://a.eu/p.png)") == (
        '<p><a href="https://a.eu/p.png" rel="nofollow noopener">Our stand</a></p>'
    )
    assert to_text("![Our stand](https://a.eu/p.png)") == "Our stand (https://a.eu/p.png)"
    assert to_html("![Our stand](data:image/png,x)") == "<p>Our stand</p>"


@given(st.lists(MARKS | HOSTILE, max_size=6).map("\n".join))
def test_whatever_is_typed_the_page_holds_only_what_we_let_in(typed: str) -> None:
    for tag, given_ in Read(to_html(typed)).tags:
        assert tag in TAGS
        assert given_.keys() <= ATTRIBUTES.get(tag, set())
        if tag == "a":
            assert re.match(r"(https?://[^/]|mailto:.)", given_["href"] or "")
            assert given_["rel"] == "nofollow noopener"


@given(MARKS)
def test_an_escaped_value_is_read_as_it_was_typed(typed: str) -> None:
    value = escape(typed)
    wanted = " ".join(html.unescape(html.escape(re.sub(r"\\(.)", r"\1", value))).split())
    assert " ".join(Read(to_html(f"Title\n{value}")).words.split()) == f"Title {wanted}".strip()
    assert " ".join(to_text(f"Title\n{value}").split()) == f"Title {wanted}".strip()


def test_plain_text_keeps_lists_quotes_tables_and_writes_links_out() -> None:
    typed = """# Two things
Read [the call](https://a.eu/call), <https://b.eu> or <a@b.eu>.

2. one
   - inner
3. two

> said
> > before

| a | b |
|---|---|
| 1 | [2](https://c.eu) |

```
as  is
```"""
    assert to_text(typed).splitlines() == [
        "Two things",
        "Read the call (https://a.eu/call), https://b.eu or a@b.eu.",
        "",
        "2. one",
        "  • inner",
        "3. two",
        "",
        "> said",
        "> > before",
        "",
        "a | b",
        "1 | 2 (https://c.eu)",
        "",
        "as  is",
    ]


@pytest.mark.parametrize(
    "address", ["http://", "https:///x", "http://[x", "mailto:", "", "a.eu", "ftp://a.eu"]
)
def test_what_is_no_address_is_no_link(address: str) -> None:
    assert safe_link(address) == ""
