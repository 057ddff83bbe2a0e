"""Announcements: written, previewed, confirmed, followed and mended (spec/engagement.md section 4)."""
