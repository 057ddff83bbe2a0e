"""When something owed is reminded of: pure cadences (spec/engagement.md section 2)."""
