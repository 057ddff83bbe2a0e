"""How the Assembly decides: the counts, the rules, the dates, the ballot book (spec/decisions.md)."""
