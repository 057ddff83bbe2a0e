"""Announcements: asked for once, carried to every chat and person they are for (engagement.md section 4)."""
