"""Workspaces that add the app: Slack's own question, codes good once, a token for each, and its end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import web

from tests.servers.slack.world import APP_ID, BOT_USER, TEAM, World

if TYPE_CHECKING:
    from tests.servers.slack.people import User

ENDED = "token_revoked"


@dataclass
class Workspace:
    """A workspace, or a whole organisation of them (`teams`), that may have added the app."""

    id: str
    name: str
    bot_user: str
    teams: tuple[str, ...] = ()
    token: str = ""
    scopes: list[str] = field(default_factory=list)

    @property
    def is_enterprise(self) -> bool:
        """Whether it is an organisation."""
        return bool(self.teams)


@dataclass
class Installs:
    """What Slack knows of an app that can be installed. `visitor` is who sits at the browser; `denies`: they
    say no."""

    world: World
    scopes: list[str]
    client_id: str = "111.222"
    client_secret: str = "stand-in-client-secret"
    visitor: User | None = None
    denies: bool = False

    def __post_init__(self) -> None:
        self.workspaces: dict[str, Workspace] = {}
        self.ended: dict[str, str] = {}  # tokens that are over, with what Slack says to them
        self._codes: dict[str, tuple[Workspace, str, str]] = {}

    def workspace(self, number: int, name: str, teams: tuple[str, ...] = ()) -> Workspace:
        """A workspace T<number>, or an organisation E<number> of these teams."""
        key = f"{'E' if teams else 'T'}{number}"
        made = Workspace(key, name, f"UBOT{number}", teams)
        self.workspaces[key] = made
        for team in teams or (key,):
            self.world.bots[team] = made.bot_user
        return made

    def by_token(self, token: str) -> Workspace | None:
        """The workspace in which this token speaks."""
        found = (one for one in self.workspaces.values() if token and one.token == token)
        return next(found, None)

    def of_team(self, team: str) -> Workspace | None:
        """The workspace or organisation to which a team belongs."""
        found = (one for one in self.workspaces.values() if team == one.id or team in one.teams)
        return next(found, None)

    def address(self, payload: dict[str, Any], team: str) -> dict[str, Any]:
        """An event as it is sent to one installation."""
        found = self.of_team(team)
        if found is None:
            return payload
        enterprise = found.id if found.is_enterprise else None
        who = {"enterprise_id": enterprise, "team_id": team, "user_id": found.bot_user, "is_bot": True}
        who["is_enterprise_install"] = found.is_enterprise
        more = {"enterprise_id": enterprise} if enterprise else {}
        return {**payload, **more, "team_id": team, "context_team_id": team, "authorizations": [who]}

    def named_in_command(self, team: str) -> dict[str, str]:
        """What a slash command says more in a workspace whose organisation added the app."""
        found = self.of_team(team)
        if found is None or not found.is_enterprise:
            return {}
        return {"enterprise_id": found.id, "enterprise_name": found.name, "is_enterprise_install": "true"}

    def named_in_interaction(self, team: str) -> dict[str, Any]:
        """What a tap or a form says more there."""
        found = self.of_team(team)
        if found is None or not found.is_enterprise:
            return {}
        more = {"enterprise_id": found.id, "enterprise_name": found.name}
        whole = {"id": found.id, "name": found.name}
        return {
            "team": {"id": team, "domain": "green", **more},
            "enterprise": whole,
            "is_enterprise_install": True,
        }

    async def authorize(self, request: web.Request) -> web.Response:
        """Slack's question, answered by the visitor at once: back they go."""
        asked = request.query
        assert self.visitor is not None, "nobody sits at the browser"
        if asked["client_id"] != self.client_id:
            return web.Response(status=400, text="invalid_client_id")
        back = {"state": asked["state"]}
        if self.denies:
            back["error"] = "access_denied"
        else:
            back["code"] = code = secrets.token_hex(8)
            found = self.of_team(self.visitor.team)
            assert found is not None
            found.scopes = asked["scope"].split(",")
            self._codes[code] = (found, self.visitor.id, asked["redirect_uri"])
        where = f"{asked['redirect_uri']}?{urlencode(back)}"
        return web.Response(status=302, headers={"Location": where})

    def access(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """oauth.v2.access: a code becomes a token, once."""
        if arguments.get("client_secret") != self.client_secret:
            return {"ok": False, "error": "bad_client_secret"}
        found, user, redirect = self._codes.pop(str(arguments.get("code")), (None, "", ""))
        if found is None:
            return {"ok": False, "error": "invalid_code"}
        if arguments.get("redirect_uri") != redirect:
            return {"ok": False, "error": "bad_redirect_uri"}
        found.token = f"xoxb-{found.id}-{secrets.token_hex(4)}"
        named = {"id": found.id, "name": found.name}
        return {
            "ok": True,
            "app_id": APP_ID,
            "authed_user": {"id": user},
            "scope": ",".join(found.scopes),
            "token_type": "bot",
            "access_token": found.token,
            "bot_user_id": found.bot_user,
            "team": None if found.is_enterprise else named,
            "enterprise": named if found.is_enterprise else None,
            "is_enterprise_install": found.is_enterprise,
        }

    def revoke(self, workspace: Workspace, says: str = ENDED) -> None:
        """Its token is over, without a word."""
        self.ended[workspace.token] = says
        workspace.token = ""

    def auth_test(self) -> dict[str, Any]:
        """Who the calling bot is; the workspace of the stand-in's own token for any other."""
        acting = self.world.acting
        found = next((one for one in self.workspaces.values() if one.bot_user == acting), None)
        if found is None:
            return {"team": "Green Alliance", "team_id": TEAM, "user_id": BOT_USER}
        return {"team": found.name, "team_id": found.id, "user_id": found.bot_user}
