"""What the terminal itself says, beside the bot."""

from __future__ import annotations

from bot.commands import N_

EXPLAINED = N_(
    "as NAME: be somebody else · in PLACE: go to a group, in direct: back to the direct chat\n"
    "reply N words: answer in the thread of message N · tap N LABEL: press a button of message N\n"
    "later N days: let time pass, and see what happens by itself (also weeks, hours)\n"
    "/command or plain words: said to the bot (in a group begin with @bot, or reply to a message)\n"
    "/language Italiano: be answered in another language (here I begin in English with everybody)\n"
    "quit or Ctrl-D: leave"
)
NOT_THERE = N_("There is no message %(number)s in front of you.")
THESE_BUTTONS = N_("Message %(number)s has these buttons: %(labels)s")
HOW_TO = {
    "as": N_("as NAME: be somebody else. Here are %(people)s; any other name is a stranger's."),
    "in": N_("in PLACE: go to a group, as in Hall · in direct: back to the direct chat"),
    "tap": N_("tap N LABEL: press a button of message N, as in tap 2 We did"),
    "later": N_("later N hours, later N days, later N weeks: let time pass, as in later 2 weeks"),
    "reply": N_("reply N words: answer in the thread of message N, as in reply 2 thank you"),
}
CLOSE = N_("%(typed)s is a stranger here. If you meant %(known)s: as %(known)s")
THERE = N_("You're in the group %(name)s now. in direct: back to the direct chat")
NO_BUTTONS = N_("Message %(number)s has no buttons.")
A_FILE = N_("File: %(path)s")
A_LINK = N_("That button opens %(url)s")
NOW_IT_IS = N_("It is %(moment)s now, in this rehearsal.")
NOT_RECORDED = N_("I couldn't write that down just now; nothing was saved. Please try again in a minute.")
NEW_FOR = N_("%(count)s new for %(name)s. Read them with: as %(name)s")
FOR = N_("For %(name)s:")
