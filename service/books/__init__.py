"""A user's list of names, as files bring it."""
