"""Batches: all the messages that one decision puts on its way; stopped, edited or taken back together."""
