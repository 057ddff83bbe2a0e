"""Pictures as they are drawn: legible on a phone, in both themes, to the colour-blind, in nine languages."""

from __future__ import annotations

import io
import struct
from itertools import combinations, pairwise

import pytest
from PIL import Image

from bot.pictures import INKS, Bar, Chart, Ink, Mark, Part, picture
from bot.pictures.inks import FRAME, GROUND, LETTERS, OUTLINE, QUIET, TRACK, Colour
from bot.pictures.layout import BAR, EDGE, WIDTH, laid_out
from bot.pictures.lettering import has_letter, letters, lines, readable

LIGHT: Colour = (255, 255, 255)  # the grounds of Slack and Telegram
DARKS: tuple[Colour, ...] = ((26, 29, 33), (24, 25, 29), (14, 22, 33), (0, 0, 0))
SIDE_BY_SIDE: tuple[tuple[Ink, ...], ...] = (
    ("sure", "likely", "ahead"),
    ("for", "against", "abstain", "absent", "part"),
    ("for", "rest", "part"),
)
# How people with no cones of one kind see linear light: Machado, Oliveira and Fernandes 2009, severity 1.
SEEN = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
LETTERS_OF = {
    "de": "äöüßÄÖÜẞ„“",
    "es": "áéíóúñüÁÉÍÓÚÑÜ¿¡ªº",
    "fr": "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ«»’",
    "it": "àèéìòùÀÈÉÌÒÙ",
    "lv": "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ",
    "pl": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
    "pt": "áâãàçéêíóôõúÁÂÃÀÇÉÊÍÓÔÕÚ",
    "ro": "ăâîșțşţĂÂÎȘȚŞŢ",
    "our own": "✓·…–—×≥≤%&/()0123456789",
    "Greek and Bulgarian": "ΑΒΓΔΩαβγδωάήώБЖЩЪЯбжщъя",
}
LONG = "Wissensaustauschveranstaltungen zwischen Clustern verschiedener Mitgliedsländer und ihren Unternehmen"


def row(label: str, done: int, logged: int, ahead: int, target: int) -> Bar:
    parts = (Part(done, "sure"), Part(logged, "likely"), Part(ahead, "ahead"))
    whole = max(target, done + logged + ahead, 1)
    return Bar(label, f"{done + logged} of {target}", parts, whole, Mark(target))


def chart(*bars: Bar, title: str = "The alliance in 2026", under: str = "") -> Chart:
    legend: tuple[tuple[Ink, str], ...] = (
        ("sure", "Confirmed"),
        ("likely", "Logged"),
        ("ahead", "Planned"),
        ("mark", "Target"),
    )
    return Chart("indicators", title, under, bars, legend, "As it stands on Tue 24 Nov.", "Two of two.")


STATES = {
    "nothing yet": chart(row("Knowledge exchange", 0, 0, 0, 2), row("SMEs reached", 0, 0, 0, 20)),
    "some": chart(row("Knowledge exchange", 1, 0, 1, 2), row("SMEs reached", 5, 3, 0, 20)),
    "far above": chart(row("Knowledge exchange", 30, 9, 4, 2)),
    "no target": chart(row("Knowledge exchange", 0, 0, 0, 0)),
    "eight": chart(*(row(f"Indicator {n}", 2, 0, 0, 2) for n in range(8))),
    "long": chart(row(LONG, 1, 1, 0, 4), title=LONG, under="x" * 300),
    "a long number": chart(Bar("Reached", f"{LONG[:60]} · elected", (Part(1, "for"),), 3)),
    "at most none": chart(Bar("Objections", "0", (Part(0, "against"),), 7, Mark(0, "at most 0"))),
    "nobody": chart(Bar("Took part", "0 of 0", (Part(0, "part"),), 0)),
}


def opened(one: Chart) -> Image.Image:
    return Image.open(io.BytesIO(picture(one).content))


@pytest.mark.parametrize("state", STATES)
def test_nothing_overlaps_or_leaves_the_picture_and_a_phone_can_read_it(state: str) -> None:
    sheet = laid_out(STATES[state])
    assert min(words.size for words in sheet.words) * 400 / WIDTH >= 14
    for words in sheet.words:
        assert words.x >= EDGE - 1
        assert words.right <= WIDTH - EDGE + 1
        assert 0 < words.y < sheet.height - words.size
    for one, other in combinations(sheet.words, 2):
        apart = one.right <= other.x or other.right <= one.x
        under = one.y + one.size <= other.y or other.y + other.size <= one.y
        assert apart or under, (one.says, other.says)
    for words in sheet.words:
        for box in sheet.boxes:
            above, below = words.y + words.size <= box.top, words.y >= box.bottom
            assert above or below or words.right <= box.left or words.x >= box.right
    image = opened(STATES[state])
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (WIDTH, sheet.height))
    assert image.info == {}
    assert len(picture(STATES[state]).content) < 300_000


def test_a_bar_is_as_long_as_its_number_and_the_mark_stands_at_the_target() -> None:
    sheet = laid_out(chart(row("Knowledge exchange", 1, 2, 1, 8)))
    inner = WIDTH - 2 * EDGE
    parts = [box for box in sheet.boxes if box.ink and box.bottom - box.top == BAR]
    assert [(box.ink, box.right - box.left) for box in parts] == [
        ("sure", inner // 8),
        ("likely", inner // 4),
        ("ahead", inner // 8),
    ]
    assert all(one.right == other.left for one, other in pairwise(parts))
    beyond = laid_out(chart(row("Knowledge exchange", 6, 2, 0, 2)))
    middle = (beyond.marks[0].left + beyond.marks[0].right) / 2
    assert middle == EDGE + inner / 4
    assert max(box.right for box in beyond.boxes) == WIDTH - EDGE


def test_a_mark_at_the_end_closes_the_bar_and_the_legend_takes_one_line() -> None:
    sheet = laid_out(chart(row("Zināšanu apmaiņa", 1, 0, 1, 2)))
    assert sheet.marks[0].right == WIDTH - EDGE
    names = ("Apstiprinātas", "Pierakstītas", "Plānotas", "Mērķis")  # as long as in any of our languages
    inks: tuple[Ink, ...] = ("sure", "likely", "ahead", "mark")
    sheet = laid_out(Chart("any", "", "", (), tuple(zip(inks, names, strict=True))))
    assert len({words.y for words in sheet.words}) == 1


def test_dots_stand_as_far_from_the_top_as_from_the_bottom() -> None:
    one = Chart("dots", "", "", (Bar("", "", (Part(1, "ahead"),), 1),))
    box = next(box for box in laid_out(one).boxes if box.ink)
    inside = opened(one).crop((box.left + 4, box.top + 4, box.right - 4, box.bottom - 4)).convert("L")
    rows = [min(inside.crop((0, y, inside.width, y + 1)).tobytes()) < 200 for y in range(inside.height)]
    assert abs(rows.index(True) - rows[::-1].index(True)) <= 1  # a dot is an odd number of pixels wide


def test_the_picture_shows_what_it_was_given() -> None:
    image = opened(chart(row("Knowledge exchange", 1, 1, 0, 4)))
    sheet = laid_out(chart(row("Knowledge exchange", 1, 1, 0, 4)))
    sure = next(box for box in sheet.boxes if box.ink == "sure")
    likely = next(box for box in sheet.boxes if box.ink == "likely")
    inside = image.crop((sure.left + 10, sure.top + 10, sure.right - 10, sure.bottom - 10))
    assert inside.getcolors() == [(inside.width * inside.height, INKS["sure"].colour)]
    hatched = image.crop((likely.left + 10, likely.top + 10, likely.right - 10, likely.bottom - 10))
    seen = {colour for _, colour in hatched.getcolors(10_000) or []}
    assert {INKS["likely"].colour, GROUND} <= seen
    assert image.getpixel((0, 0)) == FRAME
    assert image.getpixel((WIDTH // 2, 10)) == GROUND


def test_it_carries_its_words_and_is_drawn_once() -> None:
    file = picture(STATES["some"])
    assert (file.name, file.mime, file.alt, file.is_picture) == (
        "indicators.png",
        "image/png",
        "Two of two.",
        True,
    )
    assert picture(STATES["some"]) is file
    assert struct.unpack(">II", file.data[16:24]) == (WIDTH, laid_out(STATES["some"]).height)


def test_letters_and_parts_stand_out_from_the_ground_in_a_dark_and_in_a_light_theme() -> None:
    for colour in (LETTERS, QUIET):
        assert contrast(colour, GROUND) >= 4.5  # WCAG 2.2, 1.4.3
    for ground in (GROUND, TRACK):
        assert contrast(OUTLINE, ground) >= 3  # 1.4.11; every part is outlined
    for ink, look in INKS.items():
        if look.pattern == "empty":
            continue
        inner = look.ground if look.pattern != "solid" else GROUND
        assert contrast(look.colour, inner) >= 3, ink  # its lines and dots are seen, too
    assert contrast(FRAME, LIGHT) >= 3  # where the page is white, the frame ends the picture
    for dark in DARKS:
        assert contrast(GROUND, dark) >= 3


@pytest.mark.parametrize("eyes", ["all", *SEEN])
@pytest.mark.parametrize("inks", SIDE_BY_SIDE)
def test_no_two_inks_look_alike_to_anybody(inks: tuple[Ink, ...], eyes: str) -> None:
    for one, other in combinations(inks, 2):
        assert INKS[one].pattern != INKS[other].pattern or INKS[one].colour != INKS[other].colour
        colours = [_mean(ink) for ink in (one, other)]
        seen = [_as_seen(colour, eyes) for colour in colours]
        distance = sum((a - b) ** 2 for a, b in zip(_lab(seen[0]), _lab(seen[1]), strict=True)) ** 0.5
        assert distance > 10, (one, other, round(distance))


@pytest.mark.parametrize(
    "text",
    ["", "\x00\x07", "half \ud800", "x" * 9_000, "word " * 9_000, "🗳" * 50, "\u0301", "\u202e abc", "שלום"],
)
def test_whatever_people_write_can_be_drawn(text: str) -> None:
    bar = Bar(text, "1", (Part(-1, "for"), Part(10**9, "against")), 0, Mark(3, "3 needed"))
    drawn = opened(Chart("any", text, text, (bar,), note=text))
    assert drawn.width == WIDTH
    assert drawn.height < 1500


@pytest.mark.parametrize("language", LETTERS_OF)
def test_there_is_a_letter_for_every_letter(language: str) -> None:
    assert [one for one in LETTERS_OF[language] if not has_letter(one)] == []
    assert not has_letter("\uffff")


def test_what_has_no_letter_is_left_out_and_long_words_break() -> None:
    assert readable("Vote 🗳 now\nor 後 later") == "Vote now or later"
    font = letters(46)
    broken = lines(LONG * 3, font, 500)
    assert len(broken) == 3
    assert broken[-1].endswith("…")
    assert all(font.getlength(line) <= 500 for line in broken)
    assert "".join(lines("Donaudampfschifffahrt" * 2, font, 500)) == "Donaudampfschifffahrt" * 2
    assert lines("", font, 500) == []


def contrast(one: Colour, other: Colour) -> float:
    """WCAG's contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(level: float) -> float:
    part = level / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _mean(ink: Ink) -> tuple[float, float, float]:
    """The colour that a patterned part has from afar, as linear light."""
    from_afar = Chart("ink", "", "", (Bar("", "", (Part(1, ink),), 1),))
    box = next(one for one in laid_out(from_afar).boxes if one.ink)
    inside = opened(from_afar).crop((box.left + 8, box.top + 8, box.right - 8, box.bottom - 8))
    colours = inside.getcolors(100_000) or []
    total = sum(count for count, _ in colours)
    red, green, blue = (
        sum(count * _linear(colour[i]) for count, colour in colours if isinstance(colour, tuple)) / total
        for i in range(3)
    )
    return red, green, blue


def _as_seen(light: tuple[float, float, float], eyes: str) -> tuple[float, float, float]:
    if eyes == "all":
        return light
    red, green, blue = (
        min(max(sum(a * b for a, b in zip(line, light, strict=True)), 0.0), 1.0) for line in SEEN[eyes]
    )
    return red, green, blue


def _lab(light: tuple[float, float, float]) -> tuple[float, float, float]:
    """CIE L*a*b* of linear sRGB under D65."""
    red, green, blue = light
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (one ** (1 / 3) if one > 0.008856 else 7.787 * one + 16 / 116 for one in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
