"""Whom something reaches, and whom not and why: chats and people, each person once, on one platform."""
