"""Whose an address is: asked by mail, answered on a page, and what comes there is chosen in chat."""

from __future__ import annotations

from tests.mail_world import world as world
from tests.world import World

LAST = "By them, a list of who came knows you. Only you see them here."


async def test_an_address_is_confirmed_by_its_reader_and_then_it_is_asked_what_comes_there(
    world: World,
) -> None:
    ana = await world.member("Ana", "cimes")
    mailbox = world.mail.reader("Ana", "ana@example.org")
    heard = await ana.types("/email Ana@Example.org")
    assert heard.lines == [
        "✓ ana@example.org is put down as yours.",
        "A mail is on its way there. One tap in it says that it's you.",
        "ana@example.org: waits for your yes, in the mail there",
        LAST,
    ]
    assert heard.buttons == ["Undo"]
    mail = await mailbox.reads_mail()
    assert mail.subject == "Is ana@example.org your address? Ana (CIMES) says so"
    assert mail.lines[1:4] == [
        f"I keep the diary and the votes of the {world.charter.alliance.name}.",
        "If it's yours, your events can come to your calendar here.",
        "If not, press Not mine, and I forget it. Without an answer nothing more comes.",
    ]
    heard = await ana.types("/email ana@example.org")
    assert heard.first == "ana@example.org is yours already."
    await world.settled()
    assert len(mailbox.mails) == 1, "an address is asked once an hour"

    page = await mailbox.presses(mail.links["Yes, it's mine"], "Yes, it's mine")
    assert "✓ ana@example.org is confirmed for Ana." in page.text
    asked = ana.reads()
    assert asked.lines == [
        "✓ ana@example.org is confirmed. What should come there?",
        "Until you choose, calendar invitations do: of each event you go to.",
    ]
    assert asked.buttons == ["Calendar invitations", "Everything", "Nothing by mail"]
    heard = await ana.taps("Everything")
    name = world.platform.capitalize()
    assert heard.lines == [
        "✓ Everything comes to ana@example.org from now on.",
        f"Here on {name} you can still ask me anything.",
    ]
    assert "ana@example.org: everything comes there" in (await ana.types("/email")).lines
    heard = await ana.taps("Back to chat")
    assert heard.lines == [
        "✓ Calendar invitations come to ana@example.org: of each event you go to.",
        f"All else comes here, on {name}.",
    ]
    heard = await ana.types("/email")
    assert heard.lines[0] == "ana@example.org: calendar invitations come there"
    heard = await ana.taps("ana@example.org")
    assert heard.lines[1:] == ["What should come there?"]
    assert heard.buttons == ["Everything", "Nothing by mail"]
    heard = await ana.taps("Nothing by mail")
    assert heard.lines == ["✓ Nothing comes to ana@example.org. It stays yours."]
    assert (await ana.types("/email")).lines[0] == "ana@example.org: nothing comes there"


async def test_whoever_reads_there_says_that_it_is_not_theirs(world: World) -> None:
    ana, other = await world.member("Ana", "cimes"), world.mail.reader("Else", "anna@example.org")
    await ana.types("/email anna@example.org")
    mail = await other.reads_mail()
    page = await other.presses(mail.links["Not mine"], "Not mine")
    assert "Thank you: anna@example.org isn't Ana's, and I forgot it." in page.text
    assert ana.reads().lines == [
        "Whoever reads anna@example.org says it isn't yours, so I took it away.",
        "A letter mistyped, perhaps? Nothing else changed.",
    ]
    await ana.taps("Another address")
    heard = await ana.gives(address="ana@example.org")
    assert heard.first == "✓ ana@example.org is put down as yours."


async def test_an_address_that_two_say_is_theirs_is_asked_and_its_reader_decides(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    mailbox = world.mail.reader("Luc", "luc@example.org")
    await ana.types("/email luc@example.org")
    world.clock.pass_(hours=2)
    heard = await luc.types("/email luc@example.org")
    assert heard.lines[:3] == [
        "Somebody else put luc@example.org down, too.",
        "A mail is on its way there. Whoever reads it decides with one tap.",
        "I have no e-mail address of yours.",
    ]
    mail = await mailbox.reads_mail()
    assert mail.subject.endswith("Luc (MecaTech) says so")
    await mailbox.presses(mail.links["Yes, it's mine"], "Yes, it's mine")
    assert luc.reads().first.startswith("✓ luc@example.org is confirmed.")
    assert ana.reads().first == (
        "luc@example.org turned out to be somebody else's, so it's no longer put down for you."
    )
    heard = await ana.types("/email luc@example.org")
    assert heard.first == "luc@example.org is put down for somebody already, so I didn't add it."
    page = await mailbox.presses(mailbox.mails[0].links["Yes, it's mine"], "Yes, it's mine")
    assert "is put down for somebody already" in page.text, "the first mail gives it to nobody else"


async def test_an_address_taken_away_meanwhile_is_confirmed_for_nobody(world: World) -> None:
    ana, mailbox = await world.member("Ana", "cimes"), world.mail.reader("Ana", "ana@example.org")
    await ana.types("/email ana@example.org")
    mail = await mailbox.reads_mail()
    await ana.taps("Undo")
    page = await mailbox.presses(mail.links["Yes, it's mine"], "Yes, it's mine")
    assert "Nobody says any more that ana@example.org is theirs." in page.text
    assert (await ana.types("/email")).first == "I have no e-mail address of yours."
