"""Announcements: whom one reaches, when it goes, how it stands."""
