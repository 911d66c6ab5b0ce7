"""What everything here asks of Maya: messages, undo, units, paths, waiting without blocking."""
