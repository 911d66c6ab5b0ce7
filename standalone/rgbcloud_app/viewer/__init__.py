"""Pages of one file on which a cloud can be turned: its own, and what the lesson shares with it."""
