"""What `python -m bot` does besides running: check, chat, invite, backup, restore, recount."""
