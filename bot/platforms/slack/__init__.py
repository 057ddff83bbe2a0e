"""Slack: events over Socket Mode or HTTP in, answers and posts out."""

from bot.platforms.slack.port import SlackPort

__all__ = ["SlackPort"]
