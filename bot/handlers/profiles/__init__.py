"""The ECCP profile that each member keeps current, and who of it is asked (charter, Art. 4)."""
