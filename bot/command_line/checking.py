"""`python -m bot check`: everything that has to be right before a start, one line each."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bot.app import TEMPLATES, StartFault, ports_for
from bot.charter import Charter, CharterFault, load, load_people
from bot.platforms.email import checking as mail
from bot.platforms.email.addresses import sender_of, server_of
from bot.platforms.port import Finding, Port
from bot.seeding import REHEARSAL, AllianceMismatch, compare, people_beside, platforms_of_members
from bot.settings import Settings, SettingsFault, load_settings
from bot.templating import Templates
from bot.templating.catalogues import Catalogues
from bot.translating.updating import all_faults
from storage.store import Busy, Storage, Store

ROOMS = Path(__file__).parents[1]
PATIENCE = 20.0  # seconds for a platform to answer
MIGRATE = "run: python -m bot migrate"
# where the calls below name a template: (argument, folder)
NAMES_A_TEMPLATE = {
    "Reply": (0, ""),
    "Refusal": (0, "refusals/"),
    "Ask": (1, ""),
    "tell": (1, ""),
    "tell_account": (1, ""),
}


async def check_all(env_file: str | None = ".env") -> list[Finding]:
    """Settings, charter, templates, database, then each platform's own answer about its tokens. Nothing
    is written, and nothing after the settings is tried while they are not right."""
    try:
        settings = load_settings(env_file)
    except SettingsFault as fault:
        return [Finding("settings", False, line) for line in fault.lines]
    charter, findings = check_charter(settings)
    return [
        Finding("settings", True, "All of them can be used."),
        *findings,
        *_check_own_templates(),
        *check_translations(ROOMS.parent),
        *await asyncio.to_thread(check_database, settings, charter),
        *await check_platforms(settings),
        *await check_mail(settings),
    ]


def check_charter(settings: Settings) -> tuple[Charter | None, list[Finding]]:
    """The charter file, and the made-up people beside it if there are any."""
    people = people_beside(settings.charter)
    try:
        charter = load(settings.charter)
        if people.exists():
            load_people(people, charter)
    except CharterFault as fault:
        return None, [Finding("charter", False, line) for line in fault.lines]
    says = (
        f"{settings.charter}: {charter.alliance.name}, {len(charter.organisations)} organisations, "
        f"{len(charter.indicators)} indicators."
    )
    return charter, [Finding("charter", True, says)]


def check_templates(templates: Templates, rooms: Path = ROOMS) -> list[Finding]:
    """Every template compiles, and every one that the code names is there."""
    lines = templates.check()
    for name, where in sorted(named_templates(rooms).items()):
        if not templates.exists(name):
            lines.append(f"{where} names {name}, which is not there")
    if lines:
        return [Finding("templates", False, line) for line in lines]
    return [Finding("templates", True, f"{len(templates.names())} messages can be written.")]


@lru_cache(maxsize=1)  # ours do not change while the program runs
def _check_own_templates() -> tuple[Finding, ...]:
    return tuple(check_templates(Templates(TEMPLATES)))


@lru_cache(maxsize=4)  # neither do the catalogues
def check_translations(root: Path) -> tuple[Finding, ...]:
    """Nothing that somebody would read is translated in an unsafe way. What is missing is said in English."""
    unsafe = all_faults(root, ())
    if unsafe:
        return tuple(Finding("languages", False, line) for line in unsafe)
    languages = Catalogues(root / "catalogues").languages()
    return (Finding("languages", True, f"It speaks {', '.join(sorted(languages))}."),)


@lru_cache(maxsize=4)  # the code does not change while it runs
def named_templates(rooms: Path = ROOMS) -> dict[str, str]:
    """The templates that the code names as it stands, each with one place that does."""
    found: dict[str, str] = {}
    for file in sorted(rooms.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for name in _names(node):
                    found.setdefault(name, f"{file.relative_to(rooms.parent)}:{node.lineno}")
    return found


def check_database(settings: Settings, charter: Charter | None) -> list[Finding]:
    """The database answers, its tables are at the newest version, and it serves this alliance."""
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.database_url.startswith("sqlite:///") and not file.exists():
        return [Finding("database", False, f"{file} is not there yet; {MIGRATE}")]
    try:
        storage = Storage(settings.database_url)
    except (OSError, ValueError) as fault:
        return [Finding("database", False, f"It cannot be opened ({type(fault).__name__}).")]
    try:
        if not storage.at_head():
            return [Finding("database", False, f"Its tables are not at the newest version; {MIGRATE}")]
        return [
            Finding("database", True, f"{storage.dialect} answers, its tables are at the newest version."),
            *(storage.read_now(lambda store: _check_alliance(store, charter, settings)) if charter else ()),
        ]
    except AllianceMismatch as fault:
        return [Finding("alliance", False, str(fault))]
    except Busy:
        return [Finding("database", False, "It does not answer.")]
    except Exception as fault:  # a file that is no database, a server that speaks something else
        return [Finding("database", False, f"It cannot be used ({type(fault).__name__}).")]
    finally:
        storage.close_now()


async def check_platforms(settings: Settings) -> list[Finding]:
    """What each platform says about its tokens, asked of the platform itself."""
    try:
        ports = ports_for(settings)
    except StartFault as fault:
        return [Finding("settings", False, line) for line in fault.lines]
    if not ports and not settings.has_mail:
        return [Finding("platforms", True, "No tokens are set: run opens the terminal workspace.")]
    asked = await asyncio.gather(*(_ask(port) for port in ports.values()))
    return [finding for findings in asked for finding in findings]


async def check_mail(settings: Settings) -> list[Finding]:
    """What the mail server and the mailbox say about their users and passwords; nothing if there is none."""
    if not settings.has_mail:
        return []
    box = settings.mailbox_url.get_secret_value()
    try:
        server, sender = server_of(settings.smtp_url.get_secret_value()), sender_of(settings.mail_from)
        mailbox = server_of(box) if box else None
        return await asyncio.wait_for(mail.findings(server, sender, settings.public_url, mailbox), PATIENCE)
    except TimeoutError:
        return [Finding("mail server", False, "It does not answer.")]
    except ValueError as fault:
        return [Finding("settings", False, str(fault))]


async def _ask(port: Port) -> list[Finding]:
    try:
        return await asyncio.wait_for(port.check(), PATIENCE)
    except Exception as trouble:  # one platform's trouble hides no other line
        return [Finding(port.name, False, f"It does not answer ({type(trouble).__name__}).")]
    finally:
        await port.disconnect()


def _check_alliance(store: Store, charter: Charter, settings: Settings) -> list[Finding]:
    found = compare(store, charter)
    if found is None:
        return [Finding("alliance", True, "None yet; the first start takes it from the charter file.")]
    says = f"It serves {charter.alliance.name}, charter version {found.version}."
    if found.differs:
        says += " The charter file says something else; the version in the database stands."
    findings = [Finding("alliance", True, says)]
    connected = settings.has_slack or settings.has_telegram
    if connected and REHEARSAL in platforms_of_members(store, charter):
        says = "The rehearsal's made-up people are members here; set DATABASE_URL to a fresh database."
        findings.append(Finding("people", False, says))
    return findings


def _names(call: ast.Call) -> Iterator[str]:
    function = call.func
    named = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if named not in NAMES_A_TEMPLATE:
        return
    place, folder = NAMES_A_TEMPLATE[named]
    if len(call.args) <= place:
        return
    said = call.args[place]
    for one in (said.body, said.orelse) if isinstance(said, ast.IfExp) else (said,):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
            yield folder + one.value
