"""What a hand makes of a palette, and undo; without Qt."""
