"""Charterbot: the chat bot that runs an alliance under its own charter."""
