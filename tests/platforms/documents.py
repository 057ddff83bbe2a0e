"""Made-up documents: a small tree of CommonMark, and its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import strategies as st

PUNCTUATION = "*_~`[]<>#+-.!|&\\()@=:$'\""
WORD = st.text(alphabet="abcXY019éßłж日𝒳" + PUNCTUATION, min_size=1, max_size=6)
LETTERS = st.text(alphabet="abcXYéж日", min_size=1, max_size=4)
CODE = st.text(alphabet="abcXY01é*_~[]<>#-&@(){}=;", min_size=1, max_size=8)
KINDS = {"bold": "**", "italic": "_", "strikethrough": "~~"}


@dataclass(frozen=True)
class Words:
    """Plain words."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """Code within a line."""

    text: str


@dataclass(frozen=True)
class Inside:
    """Letters of which those in the middle are bold."""

    before: str
    bold: str
    after: str


@dataclass(frozen=True)
class Marked:
    """Some words in a style, or in a link to `url`."""

    kind: str
    inside: tuple[Inline, ...]
    url: str = ""


Inline = Words | Code | Inside | Marked


@dataclass(frozen=True)
class Paragraph:
    """Words; a heading if it has a level."""

    words: tuple[Inline, ...]
    level: int = 0


@dataclass(frozen=True)
class Item:
    """One of a list, with what is below it."""

    words: tuple[Inline, ...]
    below: Items | None = None


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Item, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Quote:
    """What somebody said."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Fence:
    """A block of code."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table, its head first."""

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


@dataclass(frozen=True)
class Rule:
    """A line across."""

    text: str = field(default="———")


Block = Paragraph | Items | Quote | Fence | Grid | Rule


# ---- making them up ----


def inlines(
    most: int = 4, kinds: tuple[str, ...] = (*KINDS, "text_link")
) -> st.SearchStrategy[tuple[Inline, ...]]:
    """Words with styles, none within the same."""
    choices: list[st.SearchStrategy[Inline]] = [
        st.lists(WORD, min_size=1, max_size=3).map(lambda words: Words(tuple(words))),
        CODE.map(Code),
    ]
    if "bold" in kinds:
        choices.append(st.builds(Inside, LETTERS, LETTERS, LETTERS))
    if most > 1:
        choices += [_marked(kind, tuple(one for one in kinds if one != kind)) for kind in kinds]
    return st.lists(st.one_of(choices), min_size=1, max_size=most).map(tuple)


def _marked(kind: str, others: tuple[str, ...]) -> st.SearchStrategy[Inline]:
    url = "https://x.eu/a?b=1&c=_d_" if kind == "text_link" else ""
    return st.deferred(lambda: inlines(2, others)).map(lambda inside: Marked(kind, inside, url))


def _items(depth: int) -> st.SearchStrategy[Items]:
    below = st.none() | _items(depth - 1) if depth > 1 else st.none()
    item = st.builds(Item, inlines(2), below)
    return st.builds(Items, st.lists(item, min_size=1, max_size=3).map(tuple), st.booleans())


def _grid() -> st.SearchStrategy[Grid]:
    def rows(columns: int) -> st.SearchStrategy[Grid]:
        row = st.tuples(*[inlines(1)] * columns)
        return st.lists(row, min_size=1, max_size=3).map(lambda made: Grid(tuple(made)))

    return st.integers(1, 4).flatmap(rows)


PARAGRAPH = st.builds(Paragraph, inlines())
SIMPLE: st.SearchStrategy[Block] = st.one_of(
    PARAGRAPH,
    st.builds(Paragraph, inlines(2), st.integers(1, 6)),
    _items(3),
    st.lists(CODE, min_size=1, max_size=3).map(lambda lines: Fence(tuple(lines))),
    st.just(Rule()),
)
BLOCK = SIMPLE | _grid() | st.lists(SIMPLE, min_size=1, max_size=3).map(lambda blocks: Quote(tuple(blocks)))
DOCUMENT = st.lists(BLOCK, min_size=1, max_size=5).map(tuple)


# ---- their source ----


def source(blocks: tuple[Block, ...]) -> str:
    """The Markdown of a document. Lists are kept apart by a paragraph, or they would be one."""
    written: list[str] = []
    for block in blocks:
        written.append("\n".join(_source_lines(block)))
        if isinstance(block, Items):
            written.append("end")
    return "\n\n".join(written)


def _source_lines(block: Block) -> list[str]:
    match block:
        case Paragraph(words, level):
            return [f"{'#' * level} {_typed(words)}" if level else _typed(words)]
        case Items():
            return list(_source_items(block, ""))
        case Quote(blocks):
            return [f"> {line}".rstrip() for line in source(blocks).split("\n")]
        case Fence(lines):
            return ["```", *lines, "```"]
        case Grid(rows):
            head, *others = ["| " + " | ".join(_typed(cell) for cell in row) + " |" for row in rows]
            return [head, "|" + "--|" * len(rows[0]), *others]
        case Rule():
            return ["---"]


def _source_items(block: Items, indent: str) -> Iterator[str]:
    for number, item in enumerate(block.items, start=1):
        marker = f"{number}. " if block.numbered else "- "
        yield f"{indent}{marker}{_typed(item.words)}"
        if item.below:
            yield from _source_items(item.below, indent + " " * len(marker))


def _typed(words: tuple[Inline, ...]) -> str:
    return " ".join(_one_typed(one) for one in words)


def _one_typed(one: Inline) -> str:
    match one:
        case Words(words):
            return " ".join(_escaped(word) for word in words)
        case Code(text):
            return f"`{text}`"
        case Inside(before, bold, after):
            return f"{before}**{bold}**{after}"
        case Marked("text_link", inside, url):
            return f"[{_typed(inside)}]({url})"
        case Marked(kind, inside):
            return f"{KINDS[kind]}{_typed(inside)}{KINDS[kind]}"


def _escaped(word: str) -> str:
    return "".join(f"\\{letter}" if letter in PUNCTUATION else letter for letter in word)
