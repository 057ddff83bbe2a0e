"""Better words for what the bot says: suggested by members, used once a coordinator agrees."""
