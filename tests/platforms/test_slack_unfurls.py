"""Links in what we write are never unfolded: not on a post, an answer, or a correction of either."""

from __future__ import annotations

from bot.messages import Attachment, Message
from tests.platforms.slack_scene import Scene, place, says
from tests.servers.slack.delivery import NotAcknowledged

PAGE = "Read it: [our page](https://bot.example.org/newsletter/3)"
NEVER = {"unfurl_links": False, "unfurl_media": False}
TAKE_FLAGS = ("chat.postMessage", "respond")  # others of ours never unfold anything


def flags(scene: Scene) -> list[tuple[str, dict[str, object]]]:
    """With which flags we wrote, of all that takes them."""
    calls = (one for one in scene.server.calls if one.method in TAKE_FLAGS)
    return [(one.method, {name: one.arguments.get(name) for name in NEVER}) for one in calls]


async def test_no_post_of_ours_unfolds_a_link(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    hall = scene.server.channel("hall", ana)
    here, calendar = place(hall.id), Attachment("event.ics", "text/calendar", "BEGIN:VCALENDAR")

    await scene.port.send(here, Message(PAGE))
    await scene.port.send(here, Message(PAGE, file=calendar))
    await scene.port.send(here, Message("\n\n".join(f"{n} {PAGE} " + "word " * 400 for n in range(12))))

    assert len(flags(scene)) >= 4
    assert {method for method, _ in flags(scene)} == {"chat.postMessage"}
    assert all(one == NEVER for _, one in flags(scene))
    completed = [one for one in scene.server.calls if one.method == "files.completeUploadExternal"]
    assert ["initial_comment" in one.arguments for one in completed] == [False]  # a comment would unfold


async def test_no_answer_of_ours_unfolds_a_link(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    hall = scene.server.channel("hall", ana)
    acked: list[object] = []
    passing = scene.server.delivery.interact

    async def seen(kind: str, payload: dict[str, object]) -> object:
        try:
            acked.append(await passing(kind, payload))
        except NotAcknowledged:
            acked.append(None)
            raise
        return acked[-1]

    scene.server.delivery.interact = seen  # type: ignore[method-assign]
    scene.inbox.always = says(PAGE, "More")
    scene.inbox.answers["more"] = says(PAGE)
    long = "\n\n".join(f"{n} {PAGE} " + "word " * 400 for n in range(12))
    scene.inbox.answers["log x"] = says(long)

    [answer] = await ana.types("/indicators", hall)
    [ack] = acked
    assert isinstance(ack, dict)
    assert {name: ack.get(name) for name in NEVER} == NEVER
    await ana.taps(answer, "More")
    await ana.types("/log x", hall)

    assert len(flags(scene)) >= 3
    assert {method for method, _ in flags(scene)} == {"respond"}
    assert all(one == NEVER for _, one in flags(scene))
