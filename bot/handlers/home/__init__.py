"""What somebody finds at home: how far we are, what is owed, what comes next; and logging and voting from a
message."""
