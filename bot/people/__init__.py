"""Somebody of the alliance as the bot meets them: what they owe, when they work, how they are reached."""
