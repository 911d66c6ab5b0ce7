"""What everything here asks of Maya: messages, undo, units, paths of the project, waiting without blocking."""
