"""E-mail as a way to somebody: addresses, invitations by mail, calendars, mails that come back."""
