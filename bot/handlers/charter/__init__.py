"""The charter as text, its signatures, the Partnership Agreement, the yearly renewal."""
