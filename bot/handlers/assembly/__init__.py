"""The General Assembly: its date, agenda, attendance and minutes; who sits where."""
