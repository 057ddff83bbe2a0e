"""Slack's markup as a person would type it."""

from __future__ import annotations

import html
import re

from bot.platforms.slack.forms import storable

REFERENCE = re.compile(r"<([@#!]|[a-z][a-z0-9+.-]*:)([^<>|]*)(?:\|([^<>]*))?>")


def readable(text: str, me: str = "") -> str:
    """Slack's text as a person would type it: our own mention (`me`, a user id) cut off, references and
    links in plain words, `&lt;` and its like undone."""

    def plain(found: re.Match[str]) -> str:
        sign, target, label = found[1], found[2], found[3] or ""
        if sign == "@":
            return "" if target == me else "@" + (label or target).lstrip("@")
        if sign == "#":
            return "#" + (label or target)
        if sign == "!":
            return label or "@" + target
        url = sign + target
        if not label or label == url:
            return url
        bare = label.lower().rstrip("/")  # a bare "example.org" that Slack has made a link of
        return label if url.lower().rstrip("/").endswith(bare) else f"{label} {url}"

    return storable(html.unescape(REFERENCE.sub(plain, text))).strip()


def first_link(text: str) -> str:
    """The first web address that Slack has made a link of, with http or https; "" for none."""
    for found in REFERENCE.finditer(text):
        if found[1] in ("http:", "https:"):
            return storable(html.unescape(found[1] + found[2]))
    return ""
