"""The terminal's port: what is written, for whose eyes, and what is changed."""

from __future__ import annotations

import pytest

from bot.messages import Answer, Key, Message, Place
from bot.platforms.port import SendFailed
from bot.platforms.terminal import TerminalPort, account_of, direct_of

ANA, LUC = account_of("Ana"), account_of("Luc")
HALL = Place("terminal", "local", "group:hall", kind="group", name="Hall")


async def test_an_edit_replaces_and_is_read_again() -> None:
    port = TerminalPort()
    post = await port.send(direct_of(ANA), Message("First"))
    port.written[0].seen_by.add("ana")
    assert await port.edit(post, Message("Second", (Key("Go", "t"),))) == post
    assert [(one.text, one.keys, one.seen_by) for one in port.written] == [
        ("Second", (Key("Go", "t"),), set())
    ]
    await port.delete(post)
    await port.delete(post)
    assert port.written == []
    with pytest.raises(SendFailed, match="deleted"):  # whoever wants it seen posts it anew
        await port.edit(post, Message("Third"))


async def test_an_answer_of_yesterday_is_given_to_its_person_alone() -> None:
    port = TerminalPort()
    post = await port.give(HALL, ANA, Answer(Message("Logged")))
    assert post is not None
    (written,) = port.written
    assert written.readable("ana", {"group:hall"})
    assert not written.readable("luc", {"group:hall"})
    assert await port.give(HALL, ANA, Answer()) is None
    await port.give(HALL, ANA, Answer(Message("For all"), public=True))
    assert port.written[1].readable("luc", {"group:hall"})
    assert not port.written[1].readable("luc", set())


async def test_the_port_knows_only_people_at_the_terminal() -> None:
    port = TerminalPort()
    assert await port.direct(LUC) == direct_of(LUC)
    with pytest.raises(SendFailed, match="gone"):
        await port.direct(account_of("Ana").__class__("slack", "T1", "U1"))
    with pytest.raises(SendFailed, match="refused"):  # nobody can send one there
        await port.fetch("notes.txt")
    assert (port.ready(), port.routes(), port.start_link("x"), await port.check()) == (False, (), "", [])
