"""Coming in by mail, for people who read nothing else."""

from __future__ import annotations

from tests.mail_world import comes_back
from tests.mail_world import world as world
from tests.world import World


async def test_somebody_comes_in_by_a_mail_and_says_their_name_on_the_page(world: World) -> None:
    gina = await world.member("Gina", "clust-er-mech", "coordinator")
    await world.grants(gina, "coordinator", "")
    luc = await world.member("Luc", "mecatech")
    anna = world.mail.reader("Anna", "anna@example.org")
    heard = await gina.types("/invite MecaTech representative by mail to Anna@example.org")
    assert heard.lines == [
        "✓ An invitation is on its way to anna@example.org: MecaTech, Representative.",
        "Good once, until Thu 24 Dec. They come in by one press in the mail.",
        "From then on they read everything by mail, and answer there.",
    ]
    mail = await anna.reads_mail()
    alliance = world.charter.alliance.name
    assert mail.subject == f"You're invited to the {alliance}, for MecaTech (Representative)"
    assert "Gina invites you; it's good until Thu 24 Dec." in mail.lines
    assert list(mail.links)[:3] == ["Yes, that's me", "Someone else", "Privacy notice"]

    page = await anna.presses(mail.links["Yes, that's me"], "Yes, that's me")
    assert "What is your name?" in page.text
    page = await anna.presses_on(page, "Send", words="Anna Berg")
    assert "Welcome, Anna! You're in for MecaTech (Representative)." in page.text
    assert luc.reads().first == "Anna Berg (Email) came in for MecaTech (Representative)."
    page = await anna.follows(mail.links["Yes, that's me"])
    assert "You pressed Yes, that's me on Tue 24 Nov" in page.text


async def test_an_organisations_mailbox_is_called_as_the_inviter_says(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    office = world.mail.reader("Office", "office@cimes.example")
    heard = await marie.types("/invite by mail to office@cimes.example called CIMES office")
    assert heard.first == "✓ An invitation is on its way to office@cimes.example: CIMES, Representative."
    mail = await office.reads_mail()
    page = await office.presses(mail.links["Yes, that's me"], "Yes, that's me")
    assert "Welcome, CIMES!" in page.text
    assert marie.reads().first == "CIMES office (Email) came in for CIMES (Representative)."
    heard = await marie.types("/email office@cimes.example")
    assert heard.first == "office@cimes.example is put down for somebody already, so I didn't add it."


async def test_a_mail_that_reached_somebody_else_lets_nobody_in(world: World) -> None:
    marie, other = await world.member("Marie", "cimes"), world.mail.reader("Else", "else@example.org")
    await marie.types("/invite to else@example.org")
    mail = await other.reads_mail()
    page = await other.presses(mail.links["Someone else"], "Someone else")
    assert "Thank you. Nobody comes in by this invitation now." in page.text
    assert marie.reads().lines == [
        "Your invitation to else@example.org (CIMES, Representative) reached somebody else.",
        "Nobody comes in by it now. Do you have another address?",
    ]
    await marie.taps("Invite by mail")
    heard = await marie.gives(to="anna@example.org")
    assert heard.first == "✓ An invitation is on its way to anna@example.org: CIMES, Representative."


async def test_who_called_our_mails_unwanted_is_not_invited_by_mail(world: World) -> None:
    marie, other = await world.member("Marie", "cimes"), world.mail.reader("Else", "else@example.org")
    await marie.types("/invite to else@example.org")
    await other.reads_mail()
    await comes_back(world, other, "complaint")
    heard = await marie.types("/invite to else@example.org")
    assert heard.lines[:2] == [
        "Somebody at else@example.org asked for no more mails, so I send none there.",
        "Nobody is invited yet. Without an address you get a code to forward.",
    ]
    heard = await marie.types("/email else@example.org")
    assert "no mails go there since Tue 24 Nov, as somebody there asked" in heard.text
    await world.settled()
    assert len(other.mails) == 1


async def test_where_no_mails_can_be_sent_a_code_is_given(world: World) -> None:
    object.__setattr__(world.dispatch._around, "mail_from", "")
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/invite to anna@example.org")
    assert heard.first == "I can't send mails here yet, so nobody is invited. Forward a code instead."
    heard = await marie.taps("A code instead")
    assert heard.first.startswith("For CIMES, Representative: good for one person")


async def test_role_organisation_and_address_may_stand_in_a_row(world: World) -> None:
    gina = await world.member("Gina", "", "coordinator")
    heard = await gina.types("/invite as advisor of MecaTech")
    assert "For which organisation?" not in heard.text
    heard = await gina.types("/invite nadia@mecatech.example as deputy of mecatech")
    assert heard.first == 'I don\'t know a role called "deputy". Which one fits? No invitation is made yet.'
    heard = await gina.taps("Representative")
    sent = "✓ An invitation is on its way to nadia@mecatech.example: MecaTech, Representative."
    assert heard.first == sent
