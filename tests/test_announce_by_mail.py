"""An announcement to somebody who only reads mail: sent, never edited, corrected by another mail."""

from __future__ import annotations

from storage.store import Storage
from tests.announce_stage import cooled, coordinator, heard_with, written
from tests.world import World


async def test_a_mail_is_corrected_by_another_mail(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with World("telegram", storage, mail=True) as world:
        vera = await coordinator(world)
        anna = await world.mail.person("Anna", "cimes")
        await written(vera, "**Meet** at 9")
        await vera.taps("Send to 2")
        await cooled(world)
        mail = await anna.reads_mail()
        assert mail.subject == "Meet at 9"
        assert "From Vera, Green Manufacturing" in mail.text

        await vera.taps("Fix text")
        await vera.gives(text="**Meet** at 10")
        heard = await vera.taps("Just fix it")
        assert heard.lines[1] == "1 mail can't be edited."
        assert heard.buttons[0] == "Correct by mail"
        heard = await vera.taps("Correct by mail")
        assert heard.first == "Meet at 10: 1 reader has it as a mail."
        heard = await vera.says("It begins at ten.")
        assert heard.first == "✓ A correction of Meet at 10 goes to 1 reader by mail."
        await world.passes(minutes=1)
        mail = await anna.reads_mail()
        assert mail.subject == "Correction: Meet at 10"
        assert "It begins at ten." in mail.text
        await vera.types("/announcement 1")
        assert "Correct by mail" not in vera.reads().buttons

        await vera.taps("Take back")
        assert "1 mail stays where it is." in vera.reads().lines
        await vera.taps("Yes, take it back")
        await world.passes(minutes=1)
        assert heard_with(vera, "It remains in").lines[-2] == "It remains in 1 mail."
    storage.close_now()
